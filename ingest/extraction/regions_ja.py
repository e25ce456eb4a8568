"""Finds where Japanese text names regions: 飯田市, 岡山県真庭市, 本市, 同県, and 飯田 where the context is safe."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.extraction.linking import Place
from ingest.extraction.region_names import SUFFIXES, region_names
from ingest.extraction.sentences import Sentence
from ingest.nlp.words import Word

_SUFFIX = re.compile(f"[{SUFFIXES}]")
_KANA = re.compile(r"[\u3041-\u309f]")
_KANJI = re.compile(r"[\u3400-\u9fff々ヶケ]")
# what may follow a name without a particle although the tokenizer took it with the name's last character (市内, 県産)
_AFTER_NAME = re.compile(r"内|外|産|域|全[域体]|[東西南北]部|沿岸|周辺|各地|等|及び|並びに|在住|民|職員")
_POINTER = re.compile(
    r"(?:(?P<own>本|当|我が|わが)(?P<own_kind>[市町村区県府都道])|(?P<same>同)(?P<same_kind>[市町村区県府都]))"
    r"(?=[はがのでにをとへも、。]|から|より|内|全域|として|における|$)"
)
_COUNTY = re.compile(r"[^都道府県市町村\s、。]{1,4}郡$")
_BRACKET = re.compile(r"[駅]?[（(](?P<name>[^（）()、]{2,5})[）)]")
# a stem before these is a place; before a noun it is part of a name
_SAFE_AFTER = re.compile(
    r"(?:の(?!名|さん|氏|両氏)|では|でも|で|には|にも|に|へ|から|まで|と|や|を|は、?|が|も|・|、|内|周辺"
    r"|地[域区方]|市街|$|[)）」])"
)
_AREA = frozenset(("内", "周辺", "地区", "地域", "地方", "市街", "市街地", "方面"))
_SPOKE = re.compile(r"[^。]*(?:話し|述べ|語っ|説明し|答え|挨拶|司会|同席|務め|講演|出席し)")
_PERSON_BEFORE = re.compile(
    r"(?:[長員氏課係部所]|担当|社|代表|主任|教授|講師|店|さん|委員|主査|理事|取締役)(?:の|・|は|、|[:：]|　| )?$"
)


def find_places(sentence: Sentence) -> list[Place]:
    """The places that a sentence names, unresolved; their spans do not overlap."""
    whole = list(_whole(sentence))
    taken = [(place.start, place.end) for place in whole]
    free = [p for p in (*_pointers(sentence), *_stems(sentence)) if not _overlaps(p.start, p.end, taken)]
    return sorted([*whole, *free], key=lambda place: place.start)


def _whole(sentence: Sentence) -> Iterator[Place]:
    """Names that end in 市, 町, 村, 区 or a prefecture's suffix, with the prefecture in front where there is one."""
    starts = {word.start for word in sentence.words}
    ends = {word.end for word in sentence.words}
    found: list[tuple[int, int, tuple[str, ...]]] = []
    for match in _SUFFIX.finditer(sentence.text):
        end = match.end()
        if not _ends_name(sentence, end, ends):
            continue
        for length in range(min(region_names().longest, end), 1, -1):
            codes = region_names().whole.get(sentence.text[end - length : end])
            if codes and _starts_name(sentence, end - length, starts, found):
                found.append((end - length, end, codes))
                break
    yield from _joined(sentence, found)


def _starts_name(
    sentence: Sentence, start: int, starts: set[int], found: Sequence[tuple[int, int, tuple[str, ...]]]
) -> bool:
    before = sentence.text[start - 1 : start]
    follows_name = any(end == start for _, end, _ in found)
    if _KANA.match(sentence.text, start) and _KANA.match(before):
        # 山あいの町 does not name いの町
        return sentence.start + start in starts or follows_name
    return sentence.start + start in starts or follows_name or before == "郡" or not _KANJI.match(before)


def _ends_name(sentence: Sentence, end: int, ends: set[int]) -> bool:
    rest = sentence.text[end : end + 4]
    if sentence.start + end in ends:
        return not rest.startswith("立")
    return not _KANJI.match(rest) or bool(_AFTER_NAME.match(rest))


def _joined(sentence: Sentence, found: list[tuple[int, int, tuple[str, ...]]]) -> Iterator[Place]:
    """A prefecture and the municipality right behind it are one mention; a ward belongs to the city in front."""
    prefecture: tuple[int, int, str] | None = None
    last = -1
    for start, end, codes in found:
        if start == last and sentence.text[start - 1] == "市" and sentence.text[end - 1] == "区":
            continue
        last = end
        joined = prefecture and _adjoin(sentence.text[prefecture[1] : start]) and _lies_in(codes, prefecture[2])
        if prefecture and not joined:
            yield _place(sentence, prefecture[0], prefecture[1], (prefecture[2],))
        if len(codes[0]) == 2:
            prefecture = (start, end, codes[0])
            continue
        if prefecture and joined:
            yield _place(sentence, prefecture[0], end, codes, prefecture[2])
        else:
            yield _place(sentence, start, end, codes, _prefecture_behind(sentence, end))
        prefecture = None
    if prefecture:
        yield _place(sentence, prefecture[0], prefecture[1], (prefecture[2],))


def _lies_in(codes: tuple[str, ...], prefecture: str) -> bool:
    return any(len(code) == 5 and code[:2] == prefecture for code in codes)


def _adjoin(between: str) -> bool:
    return not between or bool(_COUNTY.fullmatch(between))


def _prefecture_behind(sentence: Sentence, end: int) -> str | None:
    """府中市（広島県）, 府中市(広島)"""
    match = _BRACKET.match(sentence.text, end)
    if not match:
        return None
    names = region_names()
    codes = names.whole.get(match["name"], ()) or names.stems.get(match["name"], ())
    return next((code for code in codes if len(code) == 2), None)


def _place(sentence: Sentence, start: int, end: int, codes: tuple[str, ...], within: str | None = None) -> Place:
    return Place(sentence.start + start, sentence.start + end, codes, "whole", within)


def _pointers(sentence: Sentence) -> Iterator[Place]:
    for match in _POINTER.finditer(sentence.text):
        kind = match["own_kind"] or match["same_kind"]
        form = "own" if match["own"] else "same"
        yield Place(sentence.start + match.start(), sentence.start + match.end(), (), form, None, kind)


def _stems(sentence: Sentence) -> Iterator[Place]:
    """Names without their suffix that the tokenizer took for a name of a place, in safe company."""
    words = sentence.words
    names = region_names()
    for number, word in enumerate(words):
        codes = names.stems.get(word.text) or (("01",) if word.text == "北海道" else None)
        if codes and "固有名詞" in word.tag and _is_safe(sentence, words, number):
            yield Place(word.start, word.end, codes, "stem")


def _is_safe(sentence: Sentence, words: Sequence[Word], number: int) -> bool:
    word = words[number]
    before = sentence.text[: word.start - sentence.start]
    after = sentence.text[word.end - sentence.start :]
    if number and words[number - 1].end == word.start and words[number - 1].tag.startswith(("名詞", "接頭辞")):
        return False
    if not _SAFE_AFTER.match(after) or _PERSON_BEFORE.search(before):
        return False
    follower = words[number + 1] if number + 1 < len(words) else None
    if follower and follower.start == word.end and follower.tag.startswith(("接尾辞", "名詞")):
        return follower.text in _AREA
    return not (after.startswith(("は", "が", "も")) and ("人名" in word.tag or _SPOKE.match(after)))


def _overlaps(start: int, end: int, taken: Sequence[tuple[int, int]]) -> bool:
    return any(start < other_end and other_start < end for other_start, other_end in taken)
