"""A text read once: folded without shifting a character, cut into sentences with their language and words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from ingest.nlp.words import Lang, Word, read_words
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
    """A sentence or a line that stands alone; ``words`` are those of ``text`` (folded), with places in the document."""

    start: int
    end: int
    text: str
    lang: Lang
    paragraph: int
    words: list[Word] = field(default_factory=list)


@dataclass(frozen=True)
class Reading:
    """A document's text as extraction sees it; ``folded`` has the same length as ``text``."""

    text: str
    folded: str
    sentences: list[Sentence]

    def words(self, lang: Lang) -> list[Word]:
        """All words of one language, in order."""
        return [word for sentence in self.sentences if sentence.lang == lang for word in sentence.words]


def read_text(text: str) -> Reading:
    """Cut a text into sentences and read their words."""
    folded = fold_in_place(text)
    spans = list(_spans(folded))
    langs: list[Lang] = ["ja" if language_of(folded[start:end]) == "ja" else "en" for start, end in spans]
    words = _words(folded, spans, langs)
    sentences, paragraph = [], 0
    for number, ((start, end), lang) in enumerate(zip(spans, langs, strict=True)):
        if number and "\n\n" in folded[spans[number - 1][1] : start].replace("\r", ""):
            paragraph += 1
        sentences.append(Sentence(start, end, folded[start:end], lang, paragraph, words[number]))
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


def _words(text: str, spans: list[tuple[int, int]], langs: list[Lang]) -> list[list[Word]]:
    """The words of each sentence. Neighbours of one language are read together, which is faster than one by one."""
    words: list[list[Word]] = [[] for _ in spans]
    first = 0
    while first < len(spans):
        last = first
        while last + 1 < len(spans) and langs[last + 1] == langs[first]:
            last += 1
        run = read_words(langs[first], text[spans[first][0] : spans[last][1]], spans[first][0])
        place = first
        for word in run:
            while word.start >= spans[place][1] and place < last:
                place += 1
            if word.start >= spans[place][0]:
                words[place].append(word)
        first = last + 1
    return words
