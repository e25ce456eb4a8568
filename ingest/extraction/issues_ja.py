"""Finds issues in Japanese: noun phrases that the sentence calls a problem, or that name one by themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.extraction.noun_phrases import compound_start, is_noun, phrase_start
from ingest.extraction.sentences import Sentence
from ingest.nlp.words import Word

Span = tuple[int, int]

_DEGREE = (
    r"(?:[、は]|大きな|深刻な|長年の|喫緊の|最大の|共通の|目下の|重い|重大な|切実な|一番の|長年|大いに"
    r"|深刻に|年々|急速に|特に|一段と|ますます|依然|大きく|近年|著しく|さらに|業界の|地域の|経営の|共に"
    r"|ともに|今も|経営を|家計を|財政を)*"
)
# after the phrase: it is a problem, people suffer from it, it grows worse
_CALLED = re.compile(
    rf"(?:が|も|は){_DEGREE}(?:課題|問題|悩み|懸案|懸念|重荷|障害|負担|ネック|ボトルネック|足かせ|深刻|目立"
    rf"|絶えな|絶えず|相次|後を絶た|圧迫|足りな|不足し|追いつか|間に合わ"
    r"|頭痛の種|住民からの苦情の種|苦情の種|悩みの種|大きい(?=と|。|、)|重い(?=と|。|、)|急務|危惧|心配"
    r"|ひどく|顕著|放置|滞って|重く|のしかか|支障)"
)
_GROWS = re.compile(
    rf"(?:が|も){_DEGREE}(?:進み|進ん|進む|続き|続い|続く|起こ|起き|発生し|広が|増え|減っ|減り|生じ|悪化し"
    rf"|高騰し|かさみ|かさん|上が|止まら)"
)
_SUFFER = re.compile(
    rf"(?:に|で|には|にも){_DEGREE}(?:困って|困る|困り|お困り|悩んで|悩む|悩まされ|悩み|苦しん|苦しむ"
    rf"|苦しめ|直面|苦慮|頭を痛め|頭を悩ま|追われ|見舞われ|あえい|窮し|手を焼)"
)
_AS = re.compile(
    rf"を{_DEGREE}(?:課題|問題|悩み|懸念)(?:として|に|と)?(?:挙げ|あげ|抱え|捉え|とら|し|位置|認識|視)"
    rf"|を(?:抱え|懸念|問題視|課題視)"
)
_WORRY = re.compile(r"(?:への|に対する|をめぐる|に関する)(?:苦情|不満|懸念|不安|不便)")
_STALLED = re.compile(
    r"の(?:減量|分別|回収|活用|利用|整備|再生|保全|確保|普及|処理|更新)(?:が|も)(?:進ま|遅れ|難し|できな"
    r"|ままなら|滞|追いつか|間に合わ)"
)
_OPENING = re.compile(
    r"(?:課題|問題点?|悩み|困りごと)(?:は|として(?:は|、)?、?|に|が|には|としては)[、]?(?!なって|なった|対"
    r"|取り|向|直面|つい|関|応|苦|挙|な|を)|(?:課題|困りごと|悩み)\s*[:：]\s*"
)
# being answered makes it an issue as well: 解消, 軽減, 補う
_ANSWERED = re.compile(
    r"(?:を|が)(?:大きく|大幅に|効果的に)?(?:補[うい]|解消|解決|軽減|緩和|改善|防[ぎぐい止]|和らげ|抑え"
    r"|抑制|克服|食い止め|カバー)|の(?:解消|解決|軽減|緩和|防止|対策|抑制|克服|改善)(?:に|を|が|へ|策)"
    r"|を軽く|を減ら"
)
_STRONG_HEADS = re.compile(
    r"(?:不足|老朽化|高齢化|高騰|荒廃|流出|逼迫|ひっ迫|減便|廃線|廃止|衰退|枯渇|悪化|滞留|野焼き|不法投棄"
    r"|過疎化|空洞化|財政難|赤字|汚染|劣化|食害|獣害|漏水"
    r"|断水|渋滞|悪臭|臭気|騒音|磯焼け|ナラ枯れ|浸水|孤立|耕作放棄地|遊休農地|買い物弱者|買い物難民"
    r"|後継者難|人手不足|離職|閉校|少子化|人口減少|放置竹林|荒廃農地"
    r"|残余年数の減少|値上がり|被害|高止まり|停電|地盤沈下|土壌流出|赤潮|海洋ごみ|漂着ごみ|漂着物"
    r"|廃プラスチックの処理|焼失|倒木|枯れ|滞り|破損|誤飲)$"
)
_WEAK_HEADS = re.compile(
    r"(?:増加|減少|拡大|上昇|低下|増大|縮小|放置|廃棄|処理費|処分費|焼却費|輸送費|暖房費|燃料費|維持費"
    r"|負担|処分|処理|管理|確保|偏り|低さ|高さ|少なさ|多さ|遅れ|使用量|排出量|余り"
    r"|腐敗|大量発生|発生|埋立|苦情|ロス|空き家|危険|ごみ|廃材|残さ|かす|渋滞|格差|損失|コスト|費用|経費"
    r"|手間|減|難|回収|野積み|停滞|離れ|不振|不便|不在|維持|継承|活用)$"
)
_NOT_ISSUES = re.compile(
    r"^(?:課題|問題|悩み|対策|解決|取組|目標|計画|状況|現状|こと|もの|それ|これ|影響|一方|大きな|地域課題"
    r"|社会課題|環境問題|課題解決|同社|本システム|温室効果ガス排出量"
    r"|二酸化炭素排出量|CO2|市|町|村|県|区|市民|住民|委員|会議|本計画|導入|製品|商品|費用|効果|事業|本事業"
    r"|利用|改善|結果|理由|今後|背景|経緯)$"
)
_JOINERS = ("や", "と", "及び", "および", "並びに", "、", "・", "とか", "かつ")
_TRIM_TAIL = frozenset({"解消", "解決", "軽減", "緩和", "対策", "防止", "対応", "問題", "課題", "改善", "抑制"})

_CALLS = (
    (_CALLED, 0.85),
    (_SUFFER, 0.85),
    (_AS, 0.85),
    (_WORRY, 0.7),
    (_STALLED, 0.7),
    (_GROWS, 0.65),
    (_ANSWERED, 0.6),
)


@dataclass(frozen=True)
class FoundIssue:
    """An issue's words (half-open), how sure that is one, and whether the sentence speaks of answering it."""

    start: int
    end: int
    confidence: float
    answered: bool = False


def find_issues(sentence: Sentence, blocked: Sequence[Span]) -> list[FoundIssue]:
    """The issues of a sentence; ``blocked`` are regions, organisations and goals, which no issue runs over."""
    found: list[FoundIssue] = []
    for finder in (_called, _opened, _intrinsic):
        for issue in finder(sentence, blocked):
            if all(issue.end <= other.start or other.end <= issue.start for other in found):
                found.append(issue)
    return sorted(found, key=lambda issue: issue.start)


def _called(sentence: Sentence, blocked: Sequence[Span]) -> Iterator[FoundIssue]:
    """Phrases in front of が課題, に困っている, が深刻 and the like."""
    for pattern, confidence in _CALLS:
        for match in pattern.finditer(sentence.text):
            phrases = _phrases_before(sentence, sentence.start + match.start(), blocked)
            for start, end in phrases:
                text = sentence.text[start - sentence.start : end - sentence.start]
                if pattern in (_GROWS, _ANSWERED) and not (_STRONG_HEADS.search(text) or _WEAK_HEADS.search(text)):
                    continue
                yield FoundIssue(start, end, confidence, pattern is _ANSWERED)


def _opened(sentence: Sentence, blocked: Sequence[Span]) -> Iterator[FoundIssue]:
    """課題は、XとYである; 課題：X、Y."""
    for match in _OPENING.finditer(sentence.text):
        rest = sentence.text[match.end() :]
        ends = re.search(r"(?:である|であり|だ(?![けっ])|です|を挙げ|が挙げ|があ[るりげ]|が多|を抱え|。|$)", rest)
        if ends and ends.start():
            stop = sentence.start + match.end() + ends.start()
            for start, end in _phrases_before(sentence, stop, blocked):
                if start >= sentence.start + match.end():
                    yield FoundIssue(start, end, 0.8)


def _intrinsic(sentence: Sentence, blocked: Sequence[Span]) -> Iterator[FoundIssue]:
    """Phrases whose head alone names a problem: 担い手不足, 焼却施設の老朽化."""
    words = sentence.words
    for place, word in enumerate(words):
        followed = place + 1 < len(words) and words[place + 1].start == word.end and is_noun(words[place + 1])
        goes_on = place + 2 < len(words) and words[place + 1].text == "の" and is_noun(words[place + 2])
        if followed or goes_on or not is_noun(word):
            continue
        first = phrase_start(words, place)
        span = _clear_of(sentence, words, first, place, blocked)
        if span:
            text = sentence.text[span[0] - sentence.start : span[1] - sentence.start]
            if _STRONG_HEADS.search(text) and len(text) > 2:
                yield FoundIssue(*span, 0.5)


def _phrases_before(sentence: Sentence, end: int, blocked: Sequence[Span]) -> list[Span]:
    """The noun phrase that ends at ``end``, and those that や, と or a comma join to it."""
    words = sentence.words
    place = next((number for number, word in enumerate(words) if word.end == end), None)
    spans: list[Span] = []
    while place is not None and len(spans) < 4:
        place = _untailed(words, place)
        first = phrase_start(words, place)
        span = _clear_of(sentence, words, first, place, blocked)
        if span is None:
            break
        spans.append(span)
        place = _joined_before(words, span[0], first, bool(spans))
    return spans


def _untailed(words: Sequence[Word], place: int) -> int:
    """Without の解消 or 対策 at the end: what is to be solved is the issue."""
    if words[place].text in ("など", "等") and place:
        place -= 1
    if words[place].text in _TRIM_TAIL and place >= 2 and words[place - 1].text == "の":
        return place - 2
    return place


def _joined_before(words: Sequence[Word], start: int, first: int, several: bool) -> int | None:
    place = next((number for number, word in enumerate(words) if word.start == start), first)
    if place >= 2 and words[place - 1].text == "、" and words[place - 2].text in ("や", "と"):
        return place - 3 if place >= 3 else None
    if place >= 2 and words[place - 1].text in _JOINERS and is_noun(words[place - 2]):
        return place - 2
    return None


def _clear_of(sentence: Sentence, words: Sequence[Word], first: int, last: int, blocked: Sequence[Span]) -> Span | None:
    """The phrase from its first word behind any blocked span; None where nothing, or no issue, is left."""
    if first > last:
        return None
    start, end = words[first].start, words[last].end
    for block_start, block_end in blocked:
        if block_start < end and start < block_end:
            start = max(start, block_end)
    place = next((number for number in range(first, last + 1) if words[number].start >= start), None)
    if place is None:
        return None
    while place < last and (words[place].text in "のはがに、・" or compound_start(words, place) > place):
        place += 1
    start = words[place].start
    text = sentence.text[start - sentence.start : end - sentence.start]
    return None if len(text) < 2 or _NOT_ISSUES.match(text) or text[0].isdigit() else (start, end)
