"""Reads quantitative goals in Japanese sentences: what, how much, in which unit, until when."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from ingest.extraction.goals import Indicator, TargetYear, goal_at, last_before, read_in_order
from ingest.extraction.model import Goal
from ingest.extraction.noun_phrases import phrase_start
from ingest.extraction.sentences import Sentence
from ingest.normalise.amounts import parse_number
from ingest.normalise.dates import parse_year

_YEAR = re.compile(
    r"(?P<year>(?:令和|平成|[RHＲ](?=\d))\s?(?:\d{1,2}|元)年?度?|(?<!\d)(?:19|20|21)\d{2}(?:年度?)?(?!\d|,\d))"
    r"(?:\s?[（(](?:(?:19|20)\d{2}|(?:令和|平成)\d{1,2})年?度?[)）])?"
    r"(?P<date>\d{1,2}月(?:\d{1,2}日)?)?(?:(?:年度?)?末)?"
)
# a year before these is what is compared with, or when something was so
_BASELINE = re.compile(
    r"(?:\s?[（(][^）)]*[)）])?\s?(?:比|対比|と比べ|に比べ|より|から|の実績|実績|時点|現在"
    r"|には?[^、。]*?(?:した|だった|であった))"
)
_UNIT = (
    r"%|％|パーセント|割|ポイント|倍|t-CO2|tCO2|トン|ﾄﾝ|t|kg|キログラム|g|グラム|kL|kl|キロリットル|L"
    r"|リットル|m3|㎥|立方メートル"
    r"|GWh|MWh|kWh|MW|GW|kW|キロワット|GJ|TJ|MJ|ha|ヘクタール|a|km2|㎡|m2|km|円|人|名|世帯|戸|件|台|基"
    r"|か所|カ所|ヶ所|箇所|社|店舗?|校|地区|団体|回|本|頭|羽|日|個|品目|棟|施設"
)
_AMOUNT = re.compile(
    r"(?P<amount>(?<![\d.,A-Za-z])(?:約|年間|およそ|毎年|最大"
    r"|計)*(?P<number>\d[\d,]*(?:\.\d+)?\s?(?:[十百千]?[万億兆]|[十百千])?(?:\d[\d,]*[万千]?)?)\s?"
    rf"(?P<unit>{_UNIT})(?P<per>/年|/日|/月)?(?![a-zA-Z]))|(?P<word>実質ゼロ|ゼロ|半減|半分|倍増)"
)
_WORDS = {"実質ゼロ": ("0", ""), "ゼロ": ("0", ""), "半減": ("50", "%"), "半分": ("50", "%"), "倍増": ("2", "倍")}
# what is done to a quantity in a goal, directly behind it
_CHANGE = re.compile(
    r"(?P<gap>(?:以上|以下|未満|程度|分|相当|まで|ほど|超|を|に|へ|と|の|は|、|【】|\s|以内|にまで|も){0,4})"
    r"(?P<verb>削減|低減|減量|減少|節減|抑制|減ら|減(?=[らすをと。、）)]|$)|縮減|引き?下げ|高め|引き?上げ"
    r"|増や|増加|増(?=[やすをと。、]|$)|拡大|拡充|伸ば|広げ|"
    r"向上|普及|導入|整備|確保|供給|達成|目指|目標|実現|転換|置き?換え|切り?替え|とし|とす|にし|にす"
    r"|にとどめ|抑え|回復|創出|育成|設置|再資源化|回収|受け?入れ|する(?=[。、）)目計方考こ])|した(?=い))"
)
# 20か所に水位センサーを設置する, 240台を電動化する
_PUT_UP = re.compile(
    r"(?:に|へ|で|の)(?P<what>[^\s、。「」をにで]{2,20})を(?:新た(?:な|に))?(?:設置|導入|整備|配備|開設"
    r"|新設|建設|配置|植樹|認定|実施)"
)
_TURNED = re.compile(
    r"(?:分|以上|程度|相当)?を(?P<verb>[\u3400-\u9fff]{1,5}化|(?:エネルギー|燃料|肥料|飼料)利用|有効利用|有効活用|活用|利用|まかな|賄|代替"
    r"|再利用|堆肥に|燃料に)"
)
_BY_YEAR = re.compile(rf"(?P<particle>[をは])、?{_YEAR.pattern}(?:まで)?に、?")
_END_OF_VALUE = re.compile(r"\s*(?:以上|以下|とする|を目指す|を達成)?\s*(?:[。）)」]|$)")
_PAST = re.compile(
    r"(?:され|させ|し)?(?:した(?!い)|しました|ました|だった|でした|であった|った|えた|された|ていた|がった"
    r"|いた)"
)
_INTENT = re.compile(r"まで|目標|目指|計画|方針|予定|見込|めざ|掲げ|したい|らしたい|ゴール|KPI")
_PARTICLE = re.compile(r"(?P<particle>を|が|は|:|：)\s*、?\s*$")


def find_goals(sentence: Sentence, heading: bool = False) -> list[Goal]:
    """The goals of a sentence, in order; ``heading`` says that it stands under a heading about goals."""
    years = list(_target_years(sentence.text))
    if not years and not (heading or "目標" in sentence.text):
        return []
    found = read_in_order(sentence, _AMOUNT.finditer(sentence.text), years, partial(_goal, sentence))
    return list(_with_indicators(found))


def _with_indicators(goals: Iterable[Goal]) -> Iterator[Goal]:
    """A goal that names nothing measures what the one before it does: 2030年度に50%、2040年度に80%."""
    indicator: str | None = None
    for number, goal in enumerate(goals):
        if number and goal.indicator is None:
            goal = replace(goal, indicator=indicator, confidence=0.8)
        indicator = goal.indicator
        yield goal


def _target_years(text: str) -> Iterator[TargetYear]:
    for match in _YEAR.finditer(text):
        if _BASELINE.match(text, match.end()):
            continue
        try:
            yield TargetYear(match.start(), match.end(), parse_year(_plain_year(match["year"])))
        except ValueError:
            continue


def _plain_year(text: str) -> str:
    return re.sub(r"年度?$", "", text.replace(" ", ""))


def _goal(sentence: Sentence, match: re.Match[str], years: Sequence[TargetYear], last_end: int) -> Goal | None:
    text = sentence.text
    if match.group().startswith("約") and text[match.end() :].startswith("から"):
        return None
    if match["unit"] == "日" and text[: match.start()].endswith("月"):
        return None  # a date
    end = _goal_end(text, match)
    if end is None:
        return None
    year = _year_of(match, years, last_end, text)
    if year is None and not _INTENT.search(text):
        return None
    indicator = _measured(_indicator(sentence, match, last_end))
    places = [indicator[0] if indicator else match.start()]
    if year and last_end <= year.start < match.start():
        places.append(year.start)
    return goal_at(sentence, (min(places), end), indicator, _value(match), year)


def _measured(indicator: Indicator | None) -> Indicator | None:
    """What is measured without how much of it there is: 年間約1万2千トンの家畜ふん尿のうち → 家畜ふん尿."""
    if indicator is None or not indicator[1].endswith("のうち"):
        return indicator
    start, text = indicator
    amount = _AMOUNT.match(text)
    cut = amount.end() + 1 if amount and text[amount.end() :].startswith("の") else 0
    return start + cut, text[cut:].removesuffix("のうち")


def _goal_end(text: str, match: re.Match[str]) -> int | None:
    """Where the goal's words end: behind what is done to the quantity; None where this is no goal."""
    rest = text[match.end() :]
    if rest.startswith(("から", "より", "分の")):
        return None
    by_year = _BY_YEAR.match(rest)
    if by_year:
        # what is done stands behind the year: 4割を令和11年度までに利用する
        rest = f"{by_year['particle']}{rest[by_year.end() :]}"
    change = _CHANGE.match(rest) or _PUT_UP.match(rest) or _TURNED.match(rest)
    closes = _END_OF_VALUE.match(rest) or re.match(r"\s?[にへ]?[、,]", rest)
    if not change and not closes and not match["word"]:
        return None
    moved = by_year.end() - len(by_year["particle"]) if by_year else 0
    end = match.end() + (change.end() + moved if change else 0)
    if _PAST.match(text[end:]) or (change and _PAST.match(rest)):
        return None
    return end


def _value(match: re.Match[str]) -> tuple[float, str]:
    number, unit = _WORDS.get(match["word"] or "") or (match["number"].replace(" ", ""), match["unit"])
    value, parsed = parse_number(f"{number}{unit}")
    return float(value), parsed


def _year_of(match: re.Match[str], years: Sequence[TargetYear], last_end: int, text: str) -> TargetYear | None:
    """The year before the amount in its clause; else the one behind it; else the one that the sentence began with."""
    own = last_before(years, match.start(), last_end)
    if own:
        return own
    rest = text[match.end() :].partition("。")[0]
    behind = [year for year in years if match.end() <= year.start < match.end() + min(len(rest), 16)]
    if behind and not last_end:
        return behind[0]
    return last_before(years, match.start())


def _indicator(sentence: Sentence, match: re.Match[str], last_end: int) -> Indicator | None:
    """Where the noun phrase that is measured begins, and its text."""
    placed = _PUT_UP.match(sentence.text, match.end())
    if placed:
        return match.start(), placed["what"]
    words = [word for word in sentence.words if word.start >= sentence.start + last_end]
    for number in range(len(words) - 1, 0, -1):
        word = words[number]
        if word.end > sentence.start + match.start():
            continue
        adjacent = word.end == sentence.start + match.start() and word.tag.startswith(("名詞", "接尾辞"))
        joined = word.text == "の" and word.end == sentence.start + match.start()
        if adjacent or joined or (word.text in "をがは:：" and _may_part(sentence, word.end, match)):
            found = _phrase(sentence, words, number if adjacent else number - 1)
            if found:
                return found
    return None


def _may_part(sentence: Sentence, end: int, match: re.Match[str]) -> bool:
    """Only years, baselines and commas may stand between an indicator's particle and its amount."""
    between = sentence.text[end - sentence.start : match.start()]
    return len(between) < 50 and not re.search(r"[をが](?!、)", between)


def _phrase(sentence: Sentence, words: Sequence, last: int) -> Indicator | None:  # type: ignore[type-arg]
    first = phrase_start(words, last)
    while first <= last and re.match(r"[・\d年度末(（)）\s]+$|年間|毎年", words[first].text):
        first += 1
    if first > last or words[last].text.isdigit():
        return None
    start, end = words[first].start - sentence.start, words[last].end - sentence.start
    text = sentence.text[start:end]
    return None if _YEAR.fullmatch(text) else (start, text)
