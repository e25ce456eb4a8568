"""Finds the names of organisations in Japanese: by legal form, by what they are, as companies named after places."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.extraction.noun_phrases import compound_start, is_noun
from ingest.extraction.sentences import Sentence
from ingest.nlp.words import Word

_LEGAL = re.compile(
    r"株式会社|有限会社|合同会社|合資会社|合名会社|[(（]株[)）]|㈱|[(（]有[)）]|㈲|一般社団法人"
    r"|一般財団法人|公益社団法人"
    r"|公益財団法人|特定非営利活動法人|認定NPO法人|NPO法人|国立大学法人|公立大学法人|学校法人|社会福祉法人|医療法人"
    r"|国立研究開発法人|地方独立行政法人|独立行政法人|農事組合法人|農業生産法人|一部事務組合"
)
# what an organisation is, at the end of its name
_SUFFIX = re.compile(
    r"(?:農業協同組合|漁業協同組合|生活協同組合|協同組合連合会|協同組合|森林組合|信用組合|事業組合"
    r"|組合連合会|組合|観光協会|協会"
    r"|大学院大学|短期大学|大学院|大学|高等専門学校|高専|高等学校|高校|専門学校|財団|公社|公団|公庫"
    r"|研究機構|研究所|研究会|機構"
    r"|振興会|商工会議所|商工会|銀行|信用金庫|連合会|連盟|同盟|協議会|学会|生協|農協|漁協|広域連合|コンソーシアム)"
)
_MINISTRY = re.compile(
    r"(?:環境|経済産業|農林水産|国土交通|総務|文部科学|厚生労働|財務|外務|法務|防衛)省|内閣府|(?:林野|水産"
    r"|観光|デジタル|気象|消費者"
    r"|資源エネルギー|中小企業|文化|スポーツ|特許|復興|こども家庭|金融)庁|(?:関東|近畿|中部|東北|九州"
    r"|中国四国|北海道)(?:地方環境事務所"
    r"|経済産業局|農政局|地方整備局)"
)
_OFFICE = re.compile(r"[\u3400-\u9fffヶケ]{1,6}(?:市役所|区役所|町役場|村役場|県庁|都庁|府庁|道庁)")
# what companies that are named after a place or a person make or trade
_TRADE = re.compile(
    r"(?:計器|自動車|鉱業|製糸|建機|重機|技研|重工業?|製作所|製鋼|製鉄|鉄工所?|鉄鋼|電力|電機|電工|電気"
    r"|電子|電鉄|鉄道|ガス|工業|工務店"
    r"|建設|土木|運輸|運送|物流|海運|食品"
    r"|フーズ|水産|産業|商事|商会|商店|物産|化学|化成|製紙|製薬|薬品|製材|木材|林業|造船|機械|精機|精工"
    r"|器械|バス|交通|観光|酒造|醸造"
    r"|製茶|乳業|製粉|製糖|セメント|ガラス|紡績|繊維|新聞社?|放送|テレビ|生命|火災|証券|銀行|エネルギー"
    r"|エナジー|パワー|エンジニアリング"
    r"|テクノロジーズ?|ホールディングス|システムズ|環境サービス|リサイクル|クリーン|農園|農場|牧場|園芸)$"
)
_NOT_NAMES = frozenset(
    {"各", "同", "本", "当", "両", "他", "地元", "県内", "市内", "町内", "民間", "地方", "国立", "私立", "公立", "地域"}
    | {"複数", "大手", "関係"}
)
_AREAS = re.compile(
    r"^(?:北海道|東北|北陸|関東|中部|東海|近畿|関西|中国|四国|九州|沖縄|日本|全国|全日本|西日本|東日本"
    r"|北日本|国際|アジア|瀬戸内|首都圏)"
)
_ROLE = re.compile(
    r"(?:代表|取締役|社長|会長|理事|専務|常務|部長|課長|工場|支店|支社|営業所|本社|本店|担当|社員|職員"
    r"|教授|学長|主催|製|側|様)"
)
_KATAKANA_OR_LATIN = re.compile(r"[ァ-ヺー]{2,}|[A-Za-z]{2,}")
# strong enough without a proper noun before them
_STRONG = ("機構", "連合会", "協会", "振興会", "財団", "研究所", "公社", "連盟", "広域連合", "コンソーシアム", "学会")


@dataclass(frozen=True)
class Named:
    """An organisation's name (half-open, in characters of the document) and how sure it is one."""

    start: int
    end: int
    confidence: float


def find_organisations(sentence: Sentence) -> list[Named]:
    """The organisations that a sentence names, in order, without overlaps."""
    found = [*_by_text(sentence), *(named for run in noun_runs(sentence.words) for named in _in_run(sentence, run))]
    found.sort(key=lambda named: (named.start, -named.end))
    kept: list[Named] = []
    for named in found:
        if not kept or named.start >= kept[-1].end:
            kept.append(named)
    return kept


def noun_runs(words: Sequence[Word]) -> Iterator[Sequence[Word]]:
    """The compound nouns of a sentence, each as its words."""
    last = len(words) - 1
    runs = []
    while last >= 0:
        first = compound_start(words, last) if is_noun(words[last]) else last + 1
        if first <= last:
            runs.append(words[first : last + 1])
            last = first
        last -= 1
    return reversed(runs)


def _by_text(sentence: Sentence) -> Iterator[Named]:
    starts = {word.start for word in sentence.words}
    for pattern in (_MINISTRY, _OFFICE):
        for match in pattern.finditer(sentence.text):
            start = sentence.start + match.start()
            if start in starts:
                yield Named(start, sentence.start + match.end(), 0.95)
    for match in re.finditer(r"[(（](?:株|有)[)）]|[㈱㈲]", sentence.text):
        yield from _bracketed(sentence, match)


def _bracketed(sentence: Sentence, match: re.Match[str]) -> Iterator[Named]:
    """(株)飯田製作所 and 飯田製作所(株): the tokenizer takes the brackets for marks."""
    start, end = sentence.start + match.start(), sentence.start + match.end()
    before = [place for place, word in enumerate(sentence.words) if word.end == start]
    after = next((run for run in noun_runs(sentence.words) if run[0].start == end), None)
    if after:
        yield Named(start, _without_role(sentence, after, 0), 0.95)
    elif before:
        first = compound_start(sentence.words, before[0])
        if first <= before[0]:
            yield Named(sentence.words[first].start, end, 0.95)


def _in_run(sentence: Sentence, run: Sequence[Word]) -> Iterator[Named]:
    base = run[0].start
    text = sentence.text[base - sentence.start : run[-1].end - sentence.start]
    ends = {word.end - base for word in run}
    legal = _LEGAL.search(text)
    if legal:
        yield from _by_legal_form(sentence, run, text, legal)
        return
    suffix = [m for m in _SUFFIX.finditer(text) if m.end() in ends]
    if suffix and _is_name(run, text, suffix[-1]):
        rest = text[suffix[-1].end() :]
        if not rest or _ROLE.match(rest):
            yield Named(base, base + suffix[-1].end(), 0.9)
            return
    end = _company_end(run, text)
    if end:
        yield Named(base, base + end, 0.75)


def _by_legal_form(sentence: Sentence, run: Sequence[Word], text: str, legal: re.Match[str]) -> Iterator[Named]:
    base = run[0].start
    before, after = text[: legal.start()].strip(), text[legal.end() :]
    if before and before not in _NOT_NAMES:
        yield Named(base, base + legal.end(), 0.97)
    elif after:
        yield Named(base + legal.start(), _without_role(sentence, run, legal.end()), 0.97)
    else:
        end = _quoted_end(sentence, base + legal.end())
        if end:
            yield Named(base + legal.start(), end, 0.9)


def _without_role(sentence: Sentence, run: Sequence[Word], skip: int) -> int:
    """The end of a name behind its legal form, without 代表 or 工場 behind it."""
    base = run[0].start
    for place, word in enumerate(run):
        if word.start - base > skip and place and _ROLE.match(word.text):
            return run[place - 1].end
    return run[-1].end


def _quoted_end(sentence: Sentence, start: int) -> int | None:
    """株式会社「こころ」"""
    match = re.match(r"[「『][^「」『』]{1,20}[」』]", sentence.text[start - sentence.start :])
    return start + match.end() if match else None


def _is_name(run: Sequence[Word], text: str, suffix: re.Match[str]) -> bool:
    """Whether something in front of the suffix makes a name of it: 飯伊森林組合, but not 地元の森林組合."""
    head = text[: suffix.start()]
    if not head or head in _NOT_NAMES or run[0].text in _NOT_NAMES or run[0].text.isdigit():
        return False
    before = [word for word in run if word.end - run[0].start <= suffix.start()]
    proper = any("固有名詞" in word.tag for word in before) or bool(_AREAS.match(head))
    if suffix.group() in ("協議会", "研究会", "同盟"):
        return proper
    return proper or bool(_KATAKANA_OR_LATIN.search(head)) or (suffix.group() in _STRONG and len(before) >= 2)


def _company_end(run: Sequence[Word], text: str) -> int | None:
    """Where 川崎計器 or 高知銀行 ends: the name of a place or person, then a trade."""
    if len(run) < 2 or "固有名詞" not in run[0].tag or run[1].text in "市町村区県府都道":
        return None
    for word in reversed(run[1:]):
        end = word.end - run[0].start
        if _TRADE.search(text[:end]) and end <= 14:
            rest = text[end:]
            return end if not rest or _ROLE.match(rest) else None
    return None
