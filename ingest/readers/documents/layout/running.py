"""Running headers, footers and page numbers: lines at a page's edge that its neighbours have in the same place."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ingest.readers.documents.layout.segments import PageLayout, Segment

# pages on either side that are compared, so that headers may change with the chapter and alternate by side
WINDOW = 4
_EDGE = 0.1
_SAME_PLACE = 3.0

_NUMBER = re.compile(
    r"(?:[-‐–—―~〜\s]*|p\.?|page|ページ|頁)?\s*(?P<number>\d+|[ivxl]+)\s*(?:(?:[/／]|of)\s*\d+)?\s*(?:ページ|頁|[-‐–—―~〜\s]*)",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d+")
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(slots=True)
class _Edge:
    """A line at an edge; ``flow`` and ``top`` say at which, ``key`` is its text with every number alike."""

    segment: Segment
    flow: int
    top: bool
    key: str

    def same_row(self, other: _Edge) -> bool:
        return self.flow == other.flow and abs(self.segment.base - other.segment.base) <= _SAME_PLACE

    def same_place(self, other: _Edge) -> bool:
        return self.key == other.key and self.top == other.top and self.same_row(other)


def without_running_lines(pages: Iterable[PageLayout], total: int) -> Iterator[PageLayout]:
    """The pages without what runs through them; holds no more than a few pages at a time.

    A line runs where at least two of the neighbours have it in the same place (one, in up to three pages).
    """
    window: deque[tuple[PageLayout, list[_Edge]]] = deque()
    place = 0
    needed = 1 if total <= 3 else 2
    for page in pages:
        window.append((page, _edges(page)))
        if len(window) > WINDOW:
            yield _cleaned(window, place, needed)
            place += 1
        if place > WINDOW:
            window.popleft()
            place -= 1
    while place < len(window):
        yield _cleaned(window, place, needed)
        place += 1


def _edges(page: PageLayout) -> list[_Edge]:
    edges: list[_Edge] = []
    for index, flow in enumerate(page.flows):
        depth = _EDGE * (flow.top - flow.bottom)
        for segment in flow.segments:
            if segment.base > flow.top - depth or segment.base < flow.bottom + depth:
                key = _DIGITS.sub("0", "".join(segment.text.split()))
                edges.append(_Edge(segment, index, segment.base > flow.top - depth, key))
    return [edge for edge in edges if not _row_of_numbers(edge, edges)]


def _row_of_numbers(edge: _Edge, edges: list[_Edge]) -> bool:
    """Whether a number stands beside other numbers, as at the edge of a table."""
    return not _LETTER.search(edge.key) and any(
        other is not edge and not _LETTER.search(other.key) and edge.same_row(other) for other in edges
    )


def _cleaned(window: deque[tuple[PageLayout, list[_Edge]]], place: int, needed: int) -> PageLayout:
    page, edges = window[place]
    others = [edges for index, (_, edges) in enumerate(window) if index != place]
    running = {id(edge.segment) for edge in edges if _runs(edge, page, others, needed)}
    if running:
        for flow in page.flows:
            flow.segments = [segment for segment in flow.segments if id(segment) not in running]
    return page


def _runs(edge: _Edge, page: PageLayout, others: list[list[_Edge]], needed: int) -> bool:
    number = _NUMBER.fullmatch(edge.segment.text.strip())
    if number and (number["number"] == str(page.number) or len(number.group().strip()) > len(number["number"])):
        return True
    # numbers without words recur at the edges of tables, too
    if not number and not _LETTER.search(edge.key):
        return False
    return sum(any(edge.same_place(other) for other in edges) for edges in others) >= needed
