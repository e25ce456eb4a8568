"""What became of each row of a file: the report that an ingestion prints and writes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Literal, Protocol

from ingest.normalise.amounts import Amount
from ingest.problems import Problem
from ingest.readers.roles import Role
from ingest.values import Values
from kg.errors import MeguriError

Status = Literal["valid", "rejected", "duplicate", "unchanged"]


@dataclass
class RowReport:
    """One row (or one document): its place, what became of it, and why."""

    row: int
    status: Status
    id: str | None
    values: Values
    problems: list[Problem] = field(default_factory=list)
    sheet: str | None = None

    def as_json(self, *, with_sheet: bool) -> dict[str, object]:
        """The row's object in the report."""
        entry: dict[str, object] = {
            "row": self.row,
            "status": self.status,
            "id": self.id,
            "values": plain_values(self.values),
            "problems": [problem.as_json() for problem in self.problems],
        }
        return entry | ({"sheet": self.sheet} if with_sheet else {})


@dataclass(frozen=True)
class SkippedRow:
    """A row that is no record: an example, a total, a note, a header printed again, or a hidden row."""

    row: int
    reason: Role
    sheet: str | None = None


@dataclass
class FileReport:
    """One file: its rows, or the reason why it was not read at all.

    ``missing`` are records no longer in it, ``skipped`` are rows that are no records. The rows of a table lie on the
    disk (``ingest.journal``), so whoever wants to go through many reads them one by one.
    """

    file: str
    kind: str | None
    rows: Rows = field(default_factory=lambda: RowList())
    columns: list[Problem] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    skipped: Iterable[SkippedRow] = ()
    file_error: MeguriError | None = None
    resumed: int = 0
    """Rows that an earlier run, which was cut off, had done already."""
    journal: Path | None = None
    """Where the report lies on the disk, if it outlives its process."""

    @property
    def summary(self) -> dict[str, int]:
        """How many rows ended in which state, and how many warnings there are."""
        counts, warnings = self.rows.counts()
        states: tuple[Status, ...] = ("valid", "unchanged", "duplicate", "rejected")
        total = {"total": sum(counts.values()), "warnings": warnings + len(self.columns)}
        return {state: counts[state] for state in states} | total

    @property
    def rejected(self) -> bool:
        """Whether anything of the file was not stored."""
        return self.file_error is not None or self.summary["rejected"] > 0

    def as_json(self) -> dict[str, object]:
        """The file's object in the report (design.md, Interfaces)."""
        head = self.head()
        return {"file": head.pop("file"), "kind": head.pop("kind"), "rows": list(self.row_bodies())} | head

    def head(self) -> dict[str, object]:
        """The same without its rows."""
        several = self._several_sheets()
        head: dict[str, object] = {
            "file": self.file,
            "kind": self.kind,
            "columns": [problem.as_json() for problem in self.columns],
            "missing": self.missing,
            "skipped": [
                {"row": s.row, "reason": s.reason} | ({"sheet": s.sheet} if several else {}) for s in self.skipped
            ],
            "summary": self.summary,
            "file_error": _error_json(self.file_error),
        }
        return head | ({"resumed": self.resumed} if self.resumed else {})

    def close(self) -> None:
        """Give back the file in which the rows lie; they cannot be asked for any more."""
        self.rows.close()

    def row_bodies(self) -> Iterator[dict[str, object]]:
        """The objects of the rows, one at a time."""
        several = self._several_sheets()
        yield from (row.as_json(with_sheet=several) for row in self.rows)

    def _several_sheets(self) -> bool:
        return self.rows.sheets() > 1


class Rows(Protocol):
    """The reports of a file's rows: a list, or what lies on the disk."""

    def append(self, row: RowReport, /) -> None:
        """Add a row behind the others."""
        ...

    def counts(self) -> tuple[Counter[Status], int]:
        """How many rows ended in which state, and how many warnings there are."""
        ...

    def sheets(self) -> int:
        """How many sheets hold rows; a file without sheets counts as one."""
        ...

    def close(self) -> None:
        """Give back what they lie in."""
        ...

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[RowReport]: ...

    def __getitem__(self, index: int, /) -> RowReport: ...


class RowList(list[RowReport]):
    """Rows in memory."""

    def counts(self) -> tuple[Counter[Status], int]:
        """See ``Rows``."""
        warnings = sum(problem.severity == "warning" for row in self for problem in row.problems)
        return Counter(row.status for row in self), warnings

    def close(self) -> None:
        """See ``Rows``."""

    def sheets(self) -> int:
        """See ``Rows``."""
        return len({row.sheet for row in self})


def plain_values(values: Values) -> Values:
    """Values as JSON has them: dates in ISO, amounts as objects."""
    return {name: _plain(value) for name, value in values.items()}


def _error_json(error: MeguriError | None) -> dict[str, object] | None:
    if error is None:
        return None
    return {"code": error.code, "message": {"ja": error.message("ja"), "en": error.message("en")}}


def _plain(value: object) -> object:
    """JSON forms: dates in ISO, amounts as {header, value, unit} with plain numbers."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Amount):
        upper = {} if value.maximum is None else {"maximum": _number(value.maximum)}
        return {"header": value.header, "value": _number(value.value), "unit": value.unit} | upper
    if isinstance(value, Decimal):
        return _number(value)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)
