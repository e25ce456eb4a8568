"""Lines become running text: joined inside paragraphs and over the ends of columns and pages, broken where they end."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from ingest.readers.documents.layout.order import Block, body_size, letters
from ingest.readers.documents.layout.segments import Segment
from ingest.readers.documents.text import Page

_FULL_STOPS, _CLOSERS, _ENGLISH_CLOSERS = tuple("。．！？!?：:"), "」』）)]", "\"'”’)]"
_ITEM = re.compile(
    r"[・●○■□◆◇▲△▼▽★☆※•‣◦▪◉➢→⇒]"
    r"|[-–—*]\s|[（(]?[0-9０-９]{1,2}[)）．]|[0-9０-９]{1,2}\.(?:\s|\d|(?=[^\x00-\x7f]))|[（(][一二三四五六七八九十ア-ンa-z]{1,2}[)）]"
    r"|[①-⑳]|[ア-ンa-z][)）]|第[0-9０-９一二三四五六七八九十]+[章節条編項回部]|(?:chapter|section|article)\s+\d"
    r"|[IVX]+\.\s",
    re.IGNORECASE,
)
_WIDE = re.compile(r"[\u1100-\uffef]")
_SHORT_HEADING = 40.0
# line spacing, size and indent beyond these, in terms of the letter's size or of the usual spacing, part paragraphs
_WIDER_SPACING, _OTHER_SIZE, _INDENT = 1.4, 1.12, 0.7
# room for another Japanese word, and for the space before an English one, in letters
_LEFT_ROOM, _LEAST_ROOM = 2.0, 0.5


@dataclass(slots=True)
class _Last:
    """The line that was written last, with its block and the usual distance of that block's lines."""

    line: Segment
    block: Block
    spacing: float


class Writer:
    """Writes page after page into one text and remembers where each one and each heading stands.

    ``grow`` is told the text's length after each page, and may raise where it is too long.
    """

    def __init__(self, grow: Callable[[int], None]) -> None:
        self._grow = grow
        self._parts: list[str] = []
        self._length = 0
        self._last: _Last | None = None
        self.pages: list[Page] = []
        self.headings: list[tuple[int, int]] = []

    def add(self, number: int, blocks: Sequence[Block]) -> None:
        """Write one page; a page without text leaves no trace."""
        body = body_size([line for block in blocks for line in block.lines])
        start: int | None = None
        if self.pages and self.pages[-1].number != number - 1 and self._last:
            # what stood on the page between is missing
            self._last.line.row = True
        for block in blocks:
            spacing = _spacing(block)
            for line in block.lines:
                before = self._break_before(line, block)
                self._write(before)
                start = self._length if start is None else start
                self._heading(line, body)
                # a hyphen that is followed by another word after all was one
                self._write(line.text)
                self._last = _Last(line, block, spacing)
        if start is not None:
            self.pages.append(Page(number, start, self._length))
        self._grow(self._length)

    def text(self) -> str:
        """All that was written."""
        return "".join(self._parts)

    def _write(self, text: str) -> None:
        if text:
            self._parts.append(text)
            self._length += len(text)

    def _heading(self, line: Segment, body: float) -> None:
        if line.size >= _OTHER_SIZE * body and not line.row and letters(line.text) <= _SHORT_HEADING:
            self.headings.append((self._length, self._length + len(line.text)))

    def _break_before(self, line: Segment, block: Block) -> str:
        last = self._last
        if last is None:
            return ""
        if _continues(last, line, block):
            return _joint(last.line, line)
        return "\n\n" if _parted(last, line, block) else "\n"


def _spacing(block: Block) -> float:
    """The usual distance of two baselines; where there are none, that of ordinary text."""
    bases = [line.base for line in block.lines]
    steps = [above - below for above, below in pairwise(bases) if above > below]
    return median(steps) if steps else 1.6 * (block.lines[0].size if block.lines else 10.0)


def _continues(last: _Last, line: Segment, block: Block) -> bool:
    """Whether the line goes on with the sentence or paragraph of the one before it."""
    above = last.line
    if above.row or line.row or _ITEM.match(line.text) or not _same_size(above, line):
        return False
    if above.hyphen:
        return True
    # ragged lines end early; a small letter at the start says that the sentence goes on
    if _room_left(last, line) and not (line.text[:1].islower() and not _ends_sentence(above.text)):
        return False
    if last.block is not block:
        return not _ends_sentence(above.text)
    return not _wide_gap(last, line) and not (_indented(line, block) and _ends_sentence(above.text))


def _ends_sentence(text: str) -> bool:
    """Whether there is a full stop at the end, which quotation marks and brackets may close."""
    return text.rstrip(_CLOSERS).endswith(_FULL_STOPS) or text.rstrip(_ENGLISH_CLOSERS).endswith(".")


def _parted(last: _Last, line: Segment, block: Block) -> bool:
    if last.line.row and line.row:
        return False
    return last.block is not block or not _same_size(last.line, line) or _wide_gap(last, line)


def _same_size(above: Segment, line: Segment) -> bool:
    return max(above.size, line.size) <= _OTHER_SIZE * min(above.size, line.size)


def _wide_gap(last: _Last, line: Segment) -> bool:
    # whatever the usual distance, two and a half letters are a gap
    return last.line.base - line.base > max(_WIDER_SPACING * min(last.spacing, 1.8 * line.size), 1.3 * line.size)


def _indented(line: Segment, block: Block) -> bool:
    return line.left - block.left > _INDENT * line.size or line.text.startswith("　")


def _room_left(last: _Last, line: Segment) -> bool:
    """Whether the next line's first word would have fitted behind the line, so that it ended on purpose."""
    room = last.block.right - last.line.right
    if room <= _LEAST_ROOM * last.line.size:
        return False
    first = line.text.split(maxsplit=1)[0] if line.text.strip() else ""
    need = _LEFT_ROOM if _WIDE.match(first) else letters(first) + _LEAST_ROOM
    return room > need * last.line.size


def _joint(above: Segment, line: Segment) -> str:
    """What stands between two lines of one paragraph: nothing where either side is Japanese, else a space."""
    if above.hyphen:
        # a hyphen before a capital or a figure belongs to the word
        return "-" if line.text[:1].isupper() or line.text[:1].isdigit() else ""
    joined_closely = _WIDE.match(above.text[-1:]) or _WIDE.match(line.text[:1])
    return "" if joined_closely or above.text[-1:].isspace() else " "
