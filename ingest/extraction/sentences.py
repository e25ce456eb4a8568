"""A text read once: folded without shifting a character, cut into sentences with their language and words."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from ingest.nlp.packed import PackedWords, Packer
from ingest.nlp.words import Lang, Word, each_word
from ingest.normalise.text import language_of

# an abbreviation ends a sentence only where the next word could not go on with it
_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:Co|Ltd|Inc|Corp|LLC|Mr|Mrs|Ms|Dr|Prof|St|No|vs|approx|ca|etc|e\.g|i\.e|[A-Z])\.$"
)
_TITLE = re.compile(r"(?:Mr|Mrs|Ms|Dr|Prof|St|No|vs|approx|ca|e\.g|i\.e|(?:^|[\s(])[A-Z])\.$")
_STARTER = re.compile(
    r"\s+(?:The|They|It|Its|This|That|These|Those|We|Our|A|An|In|By|At|On|For|From|However|But|After|He"
    r"|She)\b"
)
_COMPANY = re.compile(r"(?:Co|Ltd|Inc|Corp|LLC)\.$")
_CAPITAL = re.compile(r"\s+(?!Ltd|Inc|Limited|LLC|K\.K)[A-Z]")
_END = re.compile(r"[。！？]+[」』）)]*|(?<=[^\d\s])[!?]+[\"')]*(?=\s|$)|\.[\"')]*(?=\s|$)|\n+|\r\n?")
_NUMBERED = re.compile(r"(?:^|\n)\s*[(（]?\d{1,2}[.)）]?$")
_FRESH_LINE = re.compile(
    r"[ \t\u3000]*(?:$|[-*+#・●○■□◆◇▼※|>「（(【《<]|\d{1,2}\s*[.)．）、:：\s]|[①-⑳]"
    r"|第[\d一二三四五六七八九十]+|[A-Z][\w ]{0,24}:|Item\b)"
)
# words that labels are looked for in at once
_SECTION = 5_000


@lru_cache(maxsize=4_096)
def _folded(char: str) -> str:
    """One character for one: widths folded where that does not change the length."""
    if char in "\u3000\t\xa0":
        return " "
    folded = unicodedata.normalize("NFKC", char)
    return folded if len(folded) == 1 else char


def fold_in_place(text: str) -> str:
    """The text with full-width digits and letters made plain; every character keeps its place."""
    return text if text.isascii() else "".join(map(_folded, text))


@dataclass(frozen=True)
class Sentence:
    """A sentence or a line that stands alone; ``text`` is folded."""

    start: int
    end: int
    text: str
    lang: Lang
    paragraph: int
    packed: PackedWords

    @property
    def words(self) -> list[Word]:
        """The words of ``text``, with their places in the document."""
        return self.packed.words()


@dataclass(frozen=True)
class Reading:
    """A document's text as extraction sees it; ``folded`` has the same length as ``text``."""

    text: str
    folded: str
    sentences: list[Sentence]

    def sections(self, lang: Lang) -> Iterator[list[Word]]:
        """The words of one language, in order and in sections, each of which ends with a full stop where it can."""
        words: list[Word] = []
        for sentence in self.sentences:
            if sentence.lang == lang:
                words += sentence.words
                if len(words) > (_SECTION if sentence.text.endswith(("。", ".")) else 2 * _SECTION):
                    yield words
                    words = []
        if words:
            yield words

    def at_word_bounds(self, start: int, end: int) -> bool:
        """Whether a word begins at ``start`` and one ends at ``end``."""
        first, last = self._sentence_at(start), self._sentence_at(end - 1)
        if first is None or last is None:
            return False
        return any(word.start == start for word in first.words) and any(word.end == end for word in last.words)

    def _sentence_at(self, place: int) -> Sentence | None:
        number = bisect_right(self.sentences, place, key=lambda sentence: sentence.start) - 1
        return self.sentences[number] if number >= 0 else None


def read_text(text: str) -> Reading:
    """Cut a text into sentences and read their words."""
    folded = fold_in_place(text)
    spans = list(_spans(folded))
    langs: list[Lang] = ["ja" if language_of(folded[start:end]) == "ja" else "en" for start, end in spans]
    words = _words(folded, spans, langs)
    sentences, paragraph = [], 0
    for number, ((start, end), lang, packed) in enumerate(zip(spans, langs, words, strict=True)):
        if number and "\n\n" in folded[spans[number - 1][1] : start].replace("\r", ""):
            paragraph += 1
        sentences.append(Sentence(start, end, folded[start:end], lang, paragraph, packed))
    return Reading(text, folded, sentences)


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """Sentences without the white space around them; a wrapped line goes on in the next one."""
    start = 0
    for match in _END.finditer(text):
        if _goes_on(text, start, match):
            continue
        yield from _trimmed(text, start, match.end())
        start = match.end()
    yield from _trimmed(text, start, len(text))


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    piece = text[start:end]
    if stripped := piece.strip():
        first = start + piece.index(stripped[0])
        yield first, first + len(stripped)


def _goes_on(text: str, start: int, match: re.Match[str]) -> bool:
    if match[0][0] in "\r\n":
        return _wrapped(text, start, match)
    if not match[0].startswith("."):
        return False
    before = text[max(start, match.start() - 12) : match.start() + 1]
    if _NUMBERED.search(text[max(0, match.start() - 5) : match.start()]):
        return True
    if not _ABBREVIATION.search(before):
        return False
    if _COMPANY.search(before) and _CAPITAL.match(text, match.end()):
        return False
    return bool(_TITLE.search(before)) or not _STARTER.match(text, match.end())


def _wrapped(text: str, start: int, match: re.Match[str]) -> bool:
    """Whether a line end is only a wrap: a long line that ends without a stop, before one that begins no list."""
    if match[0].count("\n") > 1:
        return False
    line = text[max(text.rfind("\n", 0, match.start()) + 1, start) : match.start()].rstrip()
    long = 24 if language_of(line) == "ja" else 48
    if len(line) < long or line[-1] in "。.!?！？:：;」）)|" or line.lstrip().startswith(("#", "|")):
        return False
    rest = text[match.end() : match.end() + 40]
    return not _FRESH_LINE.match(rest.partition("\n")[0])


def _words(text: str, spans: list[tuple[int, int]], langs: list[Lang]) -> Iterator[PackedWords]:
    """The words of each sentence. Neighbours of one language are read together, which is faster than one by one."""
    packer, first = Packer(), 0
    while first < len(spans):
        last = first
        while last + 1 < len(spans) and langs[last + 1] == langs[first]:
            last += 1
        run = each_word(langs[first], text[spans[first][0] : spans[last][1]], spans[first][0])
        yield from map(packer.pack, _parted(run, spans[first : last + 1]))
        first = last + 1


def _parted(run: Iterator[Word], spans: list[tuple[int, int]]) -> Iterator[list[Word]]:
    """The words that begin in each of the spans; those between two of them are left out."""
    place, words = 0, list[Word]()
    for word in run:
        while word.start >= spans[place][1] and place < len(spans) - 1:
            yield words
            place, words = place + 1, []
        if word.start >= spans[place][0]:
            words.append(word)
    yield words
    yield from ([] for _ in spans[place + 1 :])
