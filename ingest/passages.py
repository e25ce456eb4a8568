"""A document's text cut into passages that keep their place: every passage is a verbatim part of the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.normalise.text import language_of

# about what the embedding model reads well at once; Japanese says more in a character
TARGET_CHARACTERS = {"ja": 300, "en": 700}

# line ends stay as the file has them, because offsets count the file's own characters
_PARAGRAPH = re.compile(r"\S(?:[^\r\n]*\S)?(?:(?:\r\n|\r|\n)[^\S\r\n]*(?![\r\n])\S(?:[^\r\n]*\S)?)*")
_SENTENCE_END = re.compile(r"[。！？!?]+[」』）)]*|\.(?=\s)|[\r\n]+")


@dataclass(frozen=True)
class Passage:
    """``text`` equals the document's characters from ``start`` to ``end`` (half-open)."""

    start: int
    end: int
    text: str
    lang: str


def split_passages(text: str) -> list[Passage]:
    """Paragraphs, long ones cut at sentence ends, short ones joined with what follows them."""
    spans = [span for paragraph in _PARAGRAPH.finditer(text) for span in _cut(text, *paragraph.span())]
    return [Passage(start, end, text[start:end], language_of(text[start:end])) for start, end in _join(text, spans)]


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Pieces of at most about the target length, ending where sentences end wherever there is such a place."""
    limit = TARGET_CHARACTERS[language_of(text[start:end])]
    while end - start > limit * 1.3:
        ends = [m.end() for m in _SENTENCE_END.finditer(text, start, start + limit)]
        cut = ends[-1] if ends else start + limit
        yield _trim(text, start, cut)
        start = cut
    yield _trim(text, start, end)


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())


def _join(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Neighbours that fit together within the target become one passage, so that headings go with their text."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if start >= end:
            continue
        if joined and end - joined[-1][0] <= TARGET_CHARACTERS[language_of(text[joined[-1][0] : end])]:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined
