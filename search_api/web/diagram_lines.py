"""Lines between the boxes of a diagram: straight between neighbours, through the space between columns otherwise."""

from __future__ import annotations

import math
from dataclasses import dataclass

Point = tuple[float, float]
HEAD = 7.0


@dataclass(frozen=True)
class Box:
    """A rectangle; ``x`` and ``y`` are its upper left corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def centre(self) -> Point:
        """The middle."""
        return self.x + self.width / 2, self.y + self.height / 2


@dataclass(frozen=True)
class Route:
    """A line with its arrowhead and the place of its label."""

    names: list[str]
    points: list[Point]
    head: list[Point]
    label_at: Point


def route(source: Box, target: Box, names: list[str], *, near: bool, shift: float) -> Route:
    """The line from one box to another; ``shift`` moves it to its right, where another one comes back."""
    if not near:
        points = _around(source, target)
        return Route(names, points, _head(points[-2], points[-1]), _between(points[1], points[2], 0.5))
    points = _straight(source, target, shift)
    (x1, y1), (x2, y2) = points
    # diagonals cross each other in the middle
    at = _between(points[0], points[1], 0.32 if x1 != x2 and y1 != y2 else 0.5)
    if x1 == x2 and shift:
        aside = 3.2 * max(map(len, names)) + 4
        at = (at[0] + (aside if y2 < y1 else -aside), at[1])
    return Route(names, points, _head(points[-2], points[-1]), at)


def _straight(source: Box, target: Box, shift: float) -> list[Point]:
    """From border to border: level or upright where the boxes face each other, else between the nearest corners."""
    x = _shared(source.x, source.width, target.x, target.width)
    y = _shared(source.y, source.height, target.y, target.height)
    if x is not None:
        down = target.y > source.y
        start, end = (source.y + source.height, target.y) if down else (source.y, target.y + target.height)
        side = -shift if down else shift
        return [(x + side, start), (x + side, end)]
    right = target.x > source.x
    ends = (source.x + source.width, target.x) if right else (source.x, target.x + target.width)
    if y is not None:
        side = shift if right else -shift
        return [(ends[0], y + side), (ends[1], y + side)]
    return _diagonal(source, target, ends, shift if right == (target.y > source.y) else -shift)


def _diagonal(source: Box, target: Box, ends: tuple[float, float], side: float) -> list[Point]:
    """Between the corners that are nearest to each other, a little inside of them."""
    inset = 16.0
    if target.y > source.y:
        ys = (source.y + source.height - inset, target.y + inset)
    else:
        ys = (source.y + inset, target.y + target.height - inset)
    return [(ends[0], ys[0] + side), (ends[1], ys[1] + side)]


def _around(source: Box, target: Box) -> list[Point]:
    """Out at the side, along the space between columns, in at the side."""
    right = target.x >= source.x
    same = target.x == source.x
    start = source.x + source.width if right else source.x
    end = target.x + target.width if same else target.x if right else target.x + target.width
    lane = start + (22.0 if right else -22.0) if same else (start + end) / 2
    down = target.y > source.y
    y1 = source.y + source.height * (0.8 if down else 0.2)
    y2 = target.y + target.height * (0.35 if down else 0.65)
    return [(start, y1), (lane, y1), (lane, y2), (end, y2)]


def _shared(a: float, a_length: float, b: float, b_length: float) -> float | None:
    """The middle of what two intervals have in common, where it is wide enough for a line."""
    low, high = max(a, b), min(a + a_length, b + b_length)
    return (low + high) / 2 if high - low > 16 else None


def _between(a: Point, b: Point, part: float) -> Point:
    return a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part


def _head(before: Point, tip: Point) -> list[Point]:
    angle = math.atan2(tip[1] - before[1], tip[0] - before[0])
    wings = [(tip[0] - HEAD * math.cos(angle + turn), tip[1] - HEAD * math.sin(angle + turn)) for turn in (-0.42, 0.42)]
    return [tip, *wings]
