"""A document's text cut into passages that keep their place: every passage is a verbatim part of the text."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ingest.normalise.text import language_of

# about what the embedding model reads well at once; Japanese says more in a character
TARGET_CHARACTERS = {"ja": 300, "en": 700}

# line ends stay as the file has them, because offsets count the file's own characters
_PARAGRAPH = re.compile(r"\S(?:[^\r\n]*\S)?(?:(?:\r\n|\r|\n)[^\S\r\n]*(?![\r\n])\S(?:[^\r\n]*\S)?)*")
_LINE = re.compile(r"[^\r\n]+")
_SENTENCE_END = re.compile(r"[。！？!?]+[」』）)]*|\.(?=\s)|[\r\n]+")


# a line that names what follows: Markdown's #, the marks of Japanese plans, numbered lines without a full stop
_HEADING = re.compile(
    r"[ \t\u3000]*(?:#{1,6}[ \t][^\r\n]+|[■◆●□◇▼【][^\r\n。]{1,40}"
    r"|第[0-9０-９一二三四五六七八九十]+[章節][^\r\n。]{0,40}"
    r"|(?:[0-9０-９]{1,2}[.．]|[（(][0-9０-９一二三四五六七八九十]{1,2}[)）])[^\r\n。.．]{1,40}"
    r")[ \t\u3000]*(?=[\r\n]|\Z)"
)
# below this a piece is too short to have a language of its own
_TELLING_LETTERS = 12
_ROOM_FOR_HEADING = 1.3


@dataclass(frozen=True)
class Passage:
    """``text`` equals the document's characters from ``start`` to ``end`` (half-open)."""

    start: int
    end: int
    text: str
    lang: str


class _Span(NamedTuple):
    start: int
    end: int
    heading: bool


def split_passages(text: str, headings: Sequence[tuple[int, int]] = (), borders: Sequence[int] = ()) -> list[Passage]:
    """Paragraphs, long ones cut at sentence ends, short ones joined with what follows them in the same language.

    A passage begins at each heading: at ``headings`` (start, end), as the format marks them, and at lines that
    look like one. None runs over one of the ``borders`` (offsets), where pages begin with something new.
    """
    marked = {start for start, _ in headings}
    spans = [span for paragraph in _PARAGRAPH.finditer(text) for span in _pieces(text, *paragraph.span(), marked)]
    return [
        Passage(start, end, text[start:end], language_of(text[start:end])) for start, end in _join(text, spans, borders)
    ]


def _pieces(text: str, start: int, end: int, marked: set[int]) -> Iterator[_Span]:
    """A paragraph parted at the headings among its lines, the rest cut where it is long."""
    body = start
    for line in _LINE.finditer(text, start, end):
        at = _HEADING.match(text, line.start(), line.end()) is not None or line.start() in marked
        if at:
            yield from (_Span(*piece, heading=False) for piece in _cut(text, body, line.start()) if body < line.start())
            yield from (_Span(*piece, heading=True) for piece in _cut(text, *line.span()))
            body = line.end()
    yield from (_Span(*piece, heading=False) for piece in _cut(text, body, end) if body < end)


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


def _join(text: str, spans: list[_Span], borders: Sequence[int]) -> list[tuple[int, int]]:
    """Neighbours that belong and fit together become one passage; a heading goes with what follows it."""
    joined: list[_Span] = []
    for span in spans:
        if span.start >= span.end:
            continue
        parted = joined and bisect_right(borders, joined[-1].start) != bisect_right(borders, span.start)
        if joined and not parted and _belong(text, joined[-1], span):
            joined[-1] = _Span(joined[-1].start, span.end, joined[-1].heading and span.heading)
        else:
            joined.append(span)
    return [(span.start, span.end) for span in joined]


def _belong(text: str, before: _Span, span: _Span) -> bool:
    if span.heading and not before.heading:
        return False
    own, other = _telling_language(text, before), _telling_language(text, span)
    if own and other and own != other and not before.heading:
        return False
    target = TARGET_CHARACTERS[language_of(text[before.start : span.end])]
    return span.end - before.start <= target * (_ROOM_FOR_HEADING if before.heading else 1)


def _telling_language(text: str, span: _Span) -> str | None:
    """The span's language; None where it has too few letters to tell."""
    piece = text[span.start : span.end]
    return language_of(piece) if sum(map(str.isalpha, piece)) >= _TELLING_LETTERS else None
