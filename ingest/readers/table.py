"""What every reader of registrations yields: rows of named cells with their place in the file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.normalise.text import fold

HEADER_SEARCH_ROWS = 20


@dataclass(frozen=True)
class Row:
    """One row: ``number`` counts as the file's own program does, ``cells`` maps header to raw value.

    ``extra`` holds the values that stand beyond the last header, which make a row ragged.
    """

    number: int
    cells: dict[str, object]
    sheet: str | None = None
    extra: list[object] = field(default_factory=list)


def find_header(rows: Sequence[Sequence[object]], known: frozenset[str]) -> int:
    """The index of the header among the first rows: the one with the most known headers, the first of equals.

    Offices put titles and notes above the table, so the first row is not always the header.
    """

    def known_cells(row: Sequence[object]) -> int:
        return sum(header_key(cell) in known for cell in row if isinstance(cell, str))

    scores = [known_cells(row) for row in rows[:HEADER_SEARCH_ROWS]]
    if scores and max(scores) > 0:
        return scores.index(max(scores))
    filled = (index for index, row in enumerate(rows) if sum(cell not in (None, "") for cell in row) > 1)
    return next(filled, 0)


def header_key(header: object) -> str:
    """Headers are compared without width, case, spaces and line breaks."""
    return "".join(fold(str(header)).casefold().split())


def named_cells(header: Sequence[object], values: Sequence[object]) -> tuple[dict[str, object], list[object]]:
    """The row's cells by header (the header's own text), and the values that no header names."""
    names = [fold(str(name)) if name not in (None, "") else "" for name in header]
    cells: dict[str, object] = {}
    extra: list[object] = []
    for index, value in enumerate(values):
        name = names[index] if index < len(names) else ""
        if name and name not in cells:
            cells[name] = value
        elif value not in (None, ""):
            extra.append(value)
    return cells, extra
