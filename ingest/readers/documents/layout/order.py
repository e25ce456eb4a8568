"""The reading order of a page: ruby taken away, lines made of their pieces, columns read one after another."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import attrgetter
from statistics import median

from ingest.readers.documents.layout.segments import Segment, is_kana

_RUBY_SIZE = 0.7
# a gap of this many letters separates cells and columns; pieces closer to each other belong to one line
CELL_GAP = 1.5
_SAME_LINE = 0.35
# columns of text have at least so many lines of so many full-width letters; what is shorter is a table
_COLUMN_LINES, _COLUMN_LETTERS = 3, 8.0
_GUTTER = 0.7
_CROSSING_SHARE = 0.25
_DEPTH = 4
_NARROW = re.compile(r"[\x00-\u10ff]+")
_LATIN = re.compile(r"[!-~\u00a1-\u024f]")


_left = attrgetter("left")


@dataclass(slots=True)
class Block:
    """Lines that follow one another down the page, with the edges that full lines reach."""

    lines: list[Segment]
    left: float
    right: float


def body_size(segments: Iterable[Segment]) -> float:
    """The size of most letters; 0 where there is no text."""
    exact: dict[float, int] = {}
    for segment in segments:
        exact[segment.size] = exact.get(segment.size, 0) + len(segment.text)
    weights: dict[float, int] = {}
    for size, weight in exact.items():
        weights[round(size, 1)] = weights.get(round(size, 1), 0) + weight
    return max(weights, key=lambda size: weights[size]) if weights else 0.0


def blocks_of(segments: Sequence[Segment]) -> list[Block]:
    """A flow's lines in the order in which a person reads them."""
    return _ordered(_lines(without_ruby(segments)), 0)


def without_ruby(segments: Sequence[Segment]) -> list[Segment]:
    """The segments without those that only say how the characters below them (or beside them) are read."""
    body = body_size(segments)
    small = [s for s in segments if s.size <= _RUBY_SIZE * body and is_kana(s.text)]
    if not small:
        return list(segments)
    parents = sorted((s for s in segments if s.size > _RUBY_SIZE * body), key=lambda s: s.base)
    bases = [parent.base for parent in parents]
    ruby = {id(s) for s in small if _above_one(s, parents, bases, body)}
    return [s for s in segments if id(s) not in ruby]


def _above_one(small: Segment, parents: Sequence[Segment], bases: Sequence[float], body: float) -> bool:
    nearest = bisect_right(bases, small.base - 0.2 * body)
    lowest = bisect_left(bases, small.base - 2.5 * body)
    return any(
        parent.left < small.right and small.left < parent.right and small.base - parent.base < 1.8 * parent.size
        for parent in parents[lowest:nearest]
        if small.size <= _RUBY_SIZE * parent.size
    )


def _lines(segments: Sequence[Segment]) -> list[Segment]:
    """Pieces on one baseline that nearly touch become one; those far apart stay apart. Top first, then left first."""
    lines: list[Segment] = []
    for row in _rows(segments):
        last: Segment | None = None
        for piece in sorted(row, key=_left) if len(row) > 1 else row:
            if last is not None and piece.left - last.right < CELL_GAP * max(last.size, piece.size):
                last = lines[-1] = _merged(last, piece)
            else:
                last = piece
                lines.append(piece)
    return lines


def _rows(segments: Iterable[Segment]) -> list[list[Segment]]:
    rows: list[list[Segment]] = []
    for segment in sorted(segments, key=_down):
        if rows and rows[-1][0].base - segment.base <= _SAME_LINE * min(rows[-1][0].size, segment.size):
            rows[-1].append(segment)
        else:
            rows.append([segment])
    return rows


def _down(segment: Segment) -> float:
    return -segment.base


def _merged(left: Segment, right: Segment) -> Segment:
    gap = right.left - left.right
    apart = gap > 0.15 * left.size and bool(_LATIN.match(left.text[-1]) and _LATIN.match(right.text[0]))
    text = f"{left.text} {right.text}" if apart else left.text + right.text
    base = left.base if left.size >= right.size else right.base
    return Segment(text, left.left, max(left.right, right.right), base, max(left.size, right.size), right.hyphen)


def _ordered(lines: list[Segment], depth: int) -> list[Block]:
    gutter = _gutter(lines) if depth < _DEPTH and _side_by_side(lines) else None
    if gutter is None:
        return _table(lines)
    blocks: list[Block] = []
    plain: list[Segment] = []
    for crossing, left, right in _bands(lines, gutter):
        plain += crossing
        if _are_columns(left, right):
            blocks += _table(plain) + _ordered(left, depth + 1) + _ordered(right, depth + 1)
            plain = []
        else:
            plain += left + right
    return blocks + _table(plain)


def _table(lines: Sequence[Segment]) -> list[Block]:
    """Row by row, the cells of a row from left to right."""
    if not lines:
        return []
    rows = [row[0] if len(row) == 1 else _row(sorted(row, key=_left)) for row in _rows(lines)]
    return [Block(rows, min(line.left for line in lines), max(line.right for line in lines))]


def _row(cells: list[Segment]) -> Segment:
    size = max(cell.size for cell in cells)
    text = "\t".join(cell.text for cell in cells)
    return Segment(text, cells[0].left, cells[-1].right, cells[0].base, size, row=True)


def _side_by_side(lines: Sequence[Segment]) -> bool:
    """Whether any two lines stand beside each other; most pages have none and are read from top to bottom."""
    for above, below in pairwise(sorted(lines, key=_down)):
        beside = below.left >= above.right or below.right <= above.left
        if beside and above.base - below.base < 0.8 * max(above.size, below.size):
            return True
    return False


def _gutter(lines: Sequence[Segment]) -> float | None:
    """The middle of the widest strip that (nearly) no line crosses and that has lines on both its sides."""
    least = _GUTTER * median(line.size for line in lines)
    allowed = _CROSSING_SHARE * len(lines)
    edges = sorted({edge for line in lines for edge in (line.left, line.right)})
    starts, ends = sorted(line.left for line in lines), sorted(line.right for line in lines)
    best: tuple[float, float] | None = None
    for here, there in _strips(edges, starts, ends, allowed):
        before, after = bisect_right(ends, here), len(starts) - bisect_left(starts, there)
        if there - here >= least and min(before, after) >= _COLUMN_LINES:
            crossing = len(lines) - before - after
            score = (there - here) * (1 - crossing / (allowed + 1))
            best = max(best or (0.0, 0.0), (score, (here + there) / 2))
    return best[1] if best else None


def _strips(
    edges: Sequence[float], starts: Sequence[float], ends: Sequence[float], allowed: float
) -> Iterable[tuple[float, float]]:
    """Intervals between neighbouring edges that at most ``allowed`` lines cover."""
    for here, there in pairwise(edges):
        covering = bisect_right(starts, here) - bisect_right(ends, here)
        if covering <= allowed:
            yield here, there


Band = tuple[list[Segment], list[Segment], list[Segment]]


def _bands(lines: Sequence[Segment], gutter: float) -> list[Band]:
    """From top to bottom: lines that cross the gutter, and what stands left and right of it below them."""
    bands: list[Band] = [([], [], [])]
    for line in sorted(lines, key=lambda s: -s.base):
        if line.left < gutter < line.right:
            if bands[-1][1] or bands[-1][2]:
                bands.append(([], [], []))
            bands[-1][0].append(line)
        else:
            bands[-1][1 if line.right <= gutter else 2].append(line)
    return bands


def _are_columns(left: Sequence[Segment], right: Sequence[Segment]) -> bool:
    return all(
        len(side) >= _COLUMN_LINES and median(letters(line.text) for line in side) >= _COLUMN_LETTERS
        for side in (left, right)
    )


def letters(text: str) -> float:
    """The length of a text in full-width letters; others count half."""
    return len(text) / 2 if text.isascii() else (len(text) + len(_NARROW.sub("", text))) / 2
