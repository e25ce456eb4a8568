"""What a table file registers, sheet by sheet: the kind of its records, how its columns are read, and its rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from ingest.columns import IGNORED, Columns
from ingest.kept_fields import not_kept
from ingest.kinds import ORDER, fields_kind, kind_unknown, sheet_kind
from ingest.layout import SheetLayout, look_through
from ingest.limits import Limits
from ingest.makers import MAKERS
from ingest.normalise.text import DITTO, fold
from ingest.problems import Problem, Problems
from ingest.readers.errors import empty_file
from ingest.readers.open_file import OpenedFile
from ingest.readers.table import Row
from kg.iris import Kind

# the sheets that explain our own forms (ingest/template.py)
INSTRUCTIONS = ("記入要領", "Instructions")
# "same as above" is the longest of the marks
_LONGEST_DITTO = 15
# columns that are found beside registrations and tell nothing of what is registered
_TELLS_NOTHING = {"remarks", "title", "url", "description", "contact_person", "language", *IGNORED}


@dataclass(frozen=True)
class SheetPlan:
    """One sheet that registers something (``name`` is None where a file has no sheets)."""

    name: str | None
    kind: Kind
    columns: Columns
    layout: SheetLayout

    def unknown(self) -> list[Problem]:
        """The columns that mean nothing here, each as a warning of the file."""
        problems = Problems()
        for header in self.columns.unknown(self.layout.columns):
            if not self.layout.holds_amounts(header):
                problems.warn("column_unnamed" if header.startswith("[") else "column_unknown", header)
        for header, column in self.layout.columns.items():
            if column.used and not_kept(self.columns.field(header), self.kind):
                problems.warn("column_not_kept", header)
        return problems.found


@dataclass(frozen=True)
class FilePlan:
    """The sheets of a file in the order in which they are ingested: those first that others may refer to."""

    sheets: tuple[SheetPlan, ...]
    problems: tuple[Problem, ...] = ()

    @property
    def rows(self) -> int:
        """How many rows hold records."""
        return sum(sheet.layout.rows for sheet in self.sheets)


def plan_file(file: OpenedFile, kind: Kind | None, columns: Columns, limits: Limits) -> FilePlan:
    """Read the file to its end: what cannot be read whole is not stored in part. FileRejected where it tells no kind.

    A sheet without any known column (instructions, lists of choices) is left out, with a warning.
    """
    name = file.path.name
    layouts = look_through(file.rows(columns.known(), limits), columns)
    if not any(layout.columns for layout in layouts):
        raise empty_file(name)
    plans = _without_choices([_plan(layout, kind, columns) for layout in layouts])
    if kind is not None and not any(plans):
        # the caller said what it is, so its rows are judged even where no column is known
        plans = [SheetPlan(layout.name, kind, columns, layout) for layout in layouts]
    if not any(plans):
        raise kind_unknown(name)
    problems = Problems()
    for layout, plan in zip(layouts, plans, strict=True):
        if plan is None and layout.rows and layout.name not in INSTRUCTIONS:
            problems.warn("sheet_unknown", layout.name or "")
    kept = sorted((plan for plan in plans if plan), key=lambda plan: ORDER.index(plan.kind))
    return FilePlan(tuple(kept), tuple(problems.found))


def _without_choices(plans: list[SheetPlan | None]) -> list[SheetPlan | None]:
    """The plans without those of sheets that hold nothing but a list of choices (企業, 大学, 自治体 in one column).

    A column alone may be all that a file registers, but hardly beside a sheet that registers with several.
    """
    widths = [len(plan.layout.columns) if plan else 0 for plan in plans]
    if max(widths) <= 1:
        return plans
    return [None if width == 1 else plan for plan, width in zip(plans, widths, strict=True)]


def records_of(file: OpenedFile, plan: SheetPlan, limits: Limits) -> Iterator[Row]:
    """The rows of a sheet, ditto marks replaced by what they repeat; those that are no records keep their role."""
    rows = file.rows(plan.columns.known(), limits, plan.name)
    rows = (row for row in rows if row.sheet == plan.name)
    return _without_dittos(rows)


def _plan(layout: SheetLayout, kind: Kind | None, columns: Columns) -> SheetPlan | None:
    headers = list(layout.columns)
    fields = {field for header in headers if (field := columns.field(header))}
    if kind is None:
        kind = fields_kind(headers, columns)
        if kind in (None, "partner") and "title" in fields:
            # a general name does not say of what; the sheet's own name may
            kind = sheet_kind(layout.name) or kind
    elif not fields - _TELLS_NOTHING and "title" not in fields:
        return None
    if kind is None:
        return None
    return SheetPlan(layout.name, kind, columns.reading(headers, MAKERS[kind].title), layout)


def _without_dittos(rows: Iterable[Row]) -> Iterator[Row]:
    above: dict[str, object] = {}
    for row in rows:
        cells = row.cells
        if row.role is None:
            if any(_is_ditto(cell) for cell in cells.values()):
                cells = {header: above.get(header) if _is_ditto(cell) else cell for header, cell in cells.items()}
            above = cells
        yield row if cells is row.cells else replace(row, cells=cells)


def _is_ditto(cell: object) -> bool:
    return isinstance(cell, str) and len(cell) <= _LONGEST_DITTO and fold(cell) in DITTO
