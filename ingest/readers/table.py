"""What every reader of registrations yields: rows of named cells with their place in the file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ingest.normalise.text import fold
from ingest.readers.headers import HEADER_SEARCH_ROWS, filled, find_header, header_key
from ingest.readers.roles import Role, role_of


@dataclass(frozen=True)
class Row:
    """One row: ``number`` counts as the file's own program does, ``cells`` maps header to raw value.

    ``extra`` holds the values that stand beyond the last header, which make a row ragged; ``missing`` says how
    many cells a row of a CSV is short of its header. A row with a ``role`` is no record (an example, a total …).
    """

    number: int
    cells: dict[str, object]
    sheet: str | None = None
    extra: list[object] = field(default_factory=list)
    role: Role | None = None
    missing: int = 0


def header_names(header: Sequence[object]) -> list[str]:
    """The header's own texts (one line each), the second column of one name marked `` #2``; unnamed ones are empty."""
    names: list[str] = []
    seen: Counter[str] = Counter()
    for cell in header:
        name = " ".join(str(cell).split()) if filled(cell) else ""
        seen[fold(name)] += 1
        again = seen[fold(name)] if name else 1
        names.append(name if again == 1 else f"{name} #{again}")
    while names and not names[-1]:
        names.pop()
    return names


def table_row(
    number: int, names: Sequence[str], values: Sequence[object], sheet: str | None = None, width: int = 0
) -> Row:
    """The row of named cells; a value under no name at all stands under its column's letter in brackets.

    ``width`` is how many cells the header has where its last ones are blank: values below these are not too many.
    """
    cells: dict[str, object]
    unnamed = [""] * (min(width, len(values)) - len(names))
    if unnamed:
        cells = dict(_named([*names, *unnamed], values))
    elif all(names):
        cells = dict(zip(names, values, strict=False))
    else:
        cells = dict(_named(names, values))
    extra = [value for value in values[max(len(names), width) :] if filled(value)]
    return Row(number, cells, sheet, extra, role_of(values, names), max(0, len(names) - len(values)))


def _named(names: Sequence[str], values: Sequence[object]) -> Iterator[tuple[str, object]]:
    for index, (name, value) in enumerate(zip(names, values, strict=False)):
        if name:
            yield name, value
        elif filled(value):
            yield f"[{column_letter(index)}]", value


def column_letter(index: int) -> str:
    """The letter that a spreadsheet shows above a column (0 → A, 26 → AA)."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def numbered(rows: Sequence[Sequence[object]]) -> Iterator[tuple[int, Sequence[object]]]:
    """Rows with their numbers from 1."""
    return enumerate(rows, start=1)


__all__ = ["HEADER_SEARCH_ROWS", "Row", "column_letter", "find_header", "header_key", "header_names", "table_row"]
