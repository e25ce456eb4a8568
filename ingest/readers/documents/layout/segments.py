"""A piece of text and where it stands, turned so that its writing direction runs to the right."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

# text that is turned by anything but quarters is a watermark or a label in a drawing; scans lean by a degree or two
_LEANING = math.radians(5)
_QUARTER = math.pi / 2

Direction = int | str
# left, bottom, right, top in points
Box = tuple[float, float, float, float]
VERTICAL = "vertical"


class Glyphs(NamedTuple):
    """Consecutive characters as a PDF places them (points, origin below left).

    ``x``, ``y`` is the origin of the first character on its baseline, ``angle`` its turn (radians), ``size`` that
    of its letters, ``first`` and ``last`` the boxes of the first and the last character;
    ``hyphen`` where a hyphen at the end of the line was taken away.
    """

    text: str
    x: float
    y: float
    angle: float
    size: float
    first: Box
    last: Box
    hyphen: bool = False


@dataclass(slots=True)
class Segment:
    """Upright text: ``left`` to ``right`` along the line, ``base`` across it (larger is earlier), ``size`` of a letter.

    ``row`` marks a row of several cells, which are separated by tabs.
    """

    text: str
    left: float
    right: float
    base: float
    size: float
    hyphen: bool = False
    row: bool = False


@dataclass(slots=True)
class Flow:
    """The text of a page that runs in one direction; ``bottom`` and ``top`` are the page's edges in its terms."""

    segments: list[Segment]
    bottom: float
    top: float


@dataclass(slots=True)
class PageLayout:
    """A page before its lines are put in order; ``scanned`` where a picture covers it and there is hardly any text."""

    number: int
    flows: list[Flow] = field(default_factory=list)
    scanned: bool = False
    unreadable: bool = False


def flows_of(glyphs: Sequence[Glyphs], width: float, height: float) -> list[Flow]:
    """The page's text by direction, the direction with most text first; oblique text is left out."""
    groups: dict[Direction, list[Glyphs]] = {}
    singles: list[Glyphs] = []
    for piece in glyphs:
        direction = _direction(piece)
        if direction is None:
            continue
        if direction == 0 and len(piece.text) == 1:
            singles.append(piece)
        else:
            groups.setdefault(direction, []).append(piece)
    _add_singles(groups, singles)
    ordered = sorted(groups.items(), key=lambda group: -sum(len(piece.text) for piece in group[1]))
    return [_flow(direction, pieces, width, height) for direction, pieces in ordered]


def _add_singles(groups: dict[Direction, list[Glyphs]], singles: list[Glyphs]) -> None:
    """A character by itself has no direction of its own and takes that of the page's other upright text."""
    if singles:
        down, right = (sum(len(p.text) for p in groups.get(key, ())) for key in (VERTICAL, 0))
        groups.setdefault(VERTICAL if down > right else 0, []).extend(singles)


def _direction(piece: Glyphs) -> Direction | None:
    """Quarter turns of horizontal text (0 to 3), ``VERTICAL`` for text written downwards, None for oblique text."""
    quarters = round(piece.angle / _QUARTER)
    if abs(piece.angle - quarters * _QUARTER) > _LEANING:
        return None
    if quarters % 4 == 0 and len(piece.text) > 1:
        down = piece.first[3] - piece.last[3]
        along = piece.last[2] - piece.first[0]
        wide = piece.first[2] - piece.first[0]
        if down > wide / 2 and along < 2 * wide:
            return VERTICAL
    return quarters % 4


def _flow(direction: Direction, pieces: Iterable[Glyphs], width: float, height: float) -> Flow:
    along, up = _axes(direction)
    corners = [x * up[0] + y * up[1] for x in (0.0, width) for y in (0.0, height)]
    segments = [_segment(piece, along, up, downwards=direction == VERTICAL) for piece in pieces]
    return Flow(segments, min(corners), max(corners))


def _axes(direction: Direction) -> tuple[tuple[int, int], tuple[int, int]]:
    """Unit vectors along the line and from later lines to earlier ones."""
    if isinstance(direction, str):
        # downwards, and from the left (later) to the right (earlier)
        return (0, -1), (1, 0)
    along = ((1, 0), (0, 1), (-1, 0), (0, -1))[direction]
    return along, (-along[1], along[0])


def _segment(piece: Glyphs, along: tuple[int, int], up: tuple[int, int], *, downwards: bool) -> Segment:
    left, right = _extent(piece.first, along)[0], _extent(piece.last, along)[1]
    base = piece.x * up[0] + piece.y * up[1]
    if downwards:
        # the origin of such a character lies in its middle or at its side, as the font will have it
        base = sum(_extent(piece.first, up)) / 2
    return Segment(piece.text, left, max(right, left), base, piece.size, piece.hyphen)


def _extent(box: Box, axis: tuple[int, int]) -> tuple[float, float]:
    """A box's least and greatest coordinate along an axis."""
    one, other = (box[0], box[2]) if axis[0] else (box[1], box[3])
    if axis[0] + axis[1] < 0:
        one, other = -one, -other
    return (one, other) if one <= other else (other, one)


_KANA = re.compile(r"[\u3041-\u3096\u30a1-\u30faー・\s]+")


def is_kana(text: str) -> bool:
    """Whether there is nothing but kana, as in ruby."""
    return bool(_KANA.fullmatch(text))
