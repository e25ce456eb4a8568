"""A file looked through before its rows are read: which columns it has, and what only a whole column can tell.

A single cell does not say whether 05/04/2025 is April or May, whether 1,200 has a decimal comma, or whether 11002
is a code of six digits that lost its zero; its column usually does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from ingest.columns import Columns
from ingest.normalise.amounts import decimal_style, is_unit, parse_amount, split_header
from ingest.normalise.dates import Order, read_date, year_last
from ingest.normalise.text import cell_text, fold
from ingest.readers.table import Row

# cells of an unknown column that are tried as amounts
_SAMPLE = 200
_LAST_MONTH = 12
# as many rows of one length as Excel leaves short at a time, when the last columns of a block of rows are empty
_EXCEL_BLOCK = 16
_CODE_WITH_CHECK_DIGIT = 6
# types of columns of which only the whole tells something; no type at all is an unknown column
_TELLING = {"code", "date", "number", ""}
# units after which a number is a date, a place or a count of the list rather than an amount
_NO_UNITS = {"年", "月", "日", "号", "番", "丁目", "番地", "時", "分", "位", "期", "年度", "月頃", "F", "階"}


@dataclass
class ColumnLayout:
    """What the cells of one column show together."""

    day_first: int = 0
    month_first: int = 0
    decimal_commas: int = 0
    decimal_points: int = 0
    long_codes: int = 0
    zero_codes: int = 0
    amounts: int = 0
    numbers: int = 0
    filled: int = 0
    used: bool = False

    @property
    def order(self) -> Order | None:
        """The order of day and month where the year stands last; None where nothing or a contradiction shows it."""
        if bool(self.day_first) == bool(self.month_first):
            return None
        return "DMY" if self.day_first else "MDY"

    @property
    def decimal_comma(self) -> bool:
        """Whether 1,5 is one and a half here."""
        return self.decimal_commas > 0 and self.decimal_points == 0

    @property
    def lost_zeros(self) -> bool:
        """Whether codes of five digits are codes of six that lost their zero; one with its zero shows they are not."""
        return self.long_codes > 0 and self.zero_codes == 0

    @property
    def holds_amounts(self) -> bool:
        """Whether at least half of an unknown column are numbers with a unit."""
        return 0 < self.filled <= 2 * self.amounts


@dataclass
class SheetLayout:
    """One sheet (or a file without sheets): its columns, the table that reads them, and the lengths of its rows."""

    name: str | None
    columns: dict[str, ColumnLayout] = field(default_factory=dict)
    lengths: Counter[int] = field(default_factory=Counter)
    rows: int = 0

    def order(self, header: str) -> Order | None:
        """The order of a column's dates; where the column leaves it open, that of the sheet's other columns."""
        own = self.columns[header].order if header in self.columns else None
        orders = {column.order for column in self.columns.values()} - {None}
        return own or (orders.pop() if len(orders) == 1 else None)

    def short_is_usual(self, missing: int) -> bool:
        """Whether rows that are short by so many cells are how a program saved the file, and not an accident."""
        count = self.lengths[missing]
        return missing == 0 or count >= _EXCEL_BLOCK or 2 * count >= self.rows

    def holds_amounts(self, header: str) -> bool:
        """Whether an unknown column holds amounts: its header names a unit, or its cells do."""
        column = self.columns.get(header) or ColumnLayout()
        named = split_header(header)
        return column.holds_amounts or (
            named is not None and (is_unit(named[1]) or 0 < column.filled <= 2 * column.numbers)
        )


def look_through(rows: Iterable[Row], columns: Columns) -> list[SheetLayout]:
    """The layout of each sheet in the order of the file; rows that are no records count only for their headers."""
    sheets: dict[str | None, SheetLayout] = {}
    types: dict[str, str] = {}
    for row in rows:
        sheet = sheets.setdefault(row.sheet, SheetLayout(row.sheet))
        for header in row.cells:
            # what a note says under no header is no column
            if header not in sheet.columns and (row.role is None or not header.startswith("[")):
                sheet.columns[header] = ColumnLayout()
        if row.role is None:
            sheet.rows += 1
            sheet.lengths[row.missing] += 1
            for header, raw in row.cells.items():
                column = sheet.columns[header]
                column.used = column.used or raw not in (None, "")
                type_ = types.get(header)
                if type_ is None:
                    type_ = types[header] = columns.type_of.get(columns.field(header) or "", "")
                if type_ in _TELLING:
                    _look_at(column, type_, raw)
    return list(sheets.values())


def _look_at(column: ColumnLayout, type_: str, raw: object) -> None:
    if type_ == "code":
        digits = str(int(raw)) if isinstance(raw, float) and raw.is_integer() else fold(str(raw))
        column.long_codes += len(digits) == _CODE_WITH_CHECK_DIGIT
        column.zero_codes += len(digits) < _CODE_WITH_CHECK_DIGIT and digits.startswith("0")
    elif not isinstance(raw, str) or not raw:
        column.filled += type_ == "" and raw not in (None, "")
        column.numbers += type_ == "" and isinstance(raw, int | float) and not isinstance(raw, bool)
    elif type_ == "date":
        _look_at_date(column, raw)
    elif type_ in ("", "number"):
        style = decimal_style(raw)
        column.decimal_commas += style == ","
        column.decimal_points += style == "."
        if type_ == "" and column.filled < _SAMPLE and len(raw) <= _SAMPLE and cell_text(raw):
            column.filled += 1
            unit = _unit_of(raw)
            column.numbers += unit == ""
            column.amounts += bool(unit) and unit not in _NO_UNITS


def _look_at_date(column: ColumnLayout, raw: str) -> None:
    numbers = year_last(raw)
    if numbers:
        # an impossible date (31/02/2025) tells no order, it is only wrong
        first, second = numbers
        column.day_first += first > _LAST_MONTH >= second and _is_date(raw, "DMY")
        column.month_first += second > _LAST_MONTH >= first and _is_date(raw, "MDY")


def _is_date(text: str, order: Order) -> bool:
    try:
        read_date(text, order)
    except ValueError:
        return False
    return True


def _unit_of(text: str) -> str | None:
    """The unit of a number, empty where it has none; None for what is no number."""
    try:
        return parse_amount("", text).unit
    except ValueError:
        return None
