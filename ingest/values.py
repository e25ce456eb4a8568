"""Row → values: each cell is read by its column's type; what cannot be read becomes a problem of the row."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime

from ingest.columns import Columns
from ingest.limits import Limits
from ingest.normalise.amounts import Amount, parse_amount, split_header
from ingest.normalise.corporate_number import parse_corporate_number
from ingest.normalise.dates import parse_date
from ingest.normalise.text import cell_text, organisation_name, split_list
from ingest.problems import Problems
from ingest.readers.table import Row

Values = dict[str, object]
Parser = Callable[[str, str, Problems], object]

_URL = re.compile(r"https?://[^\s<>\"{}|^`\\]+")
_YES = {"はい", "yes", "true", "1", "○", "〇", "有", "有り", "あり"}


def read_values(row: Row, columns: Columns, limits: Limits, problems: Problems) -> Values:
    """The row's values by canonical field; empty cells are absent. Amounts stand under ``amounts``."""
    values: Values = {}
    amounts: list[Amount] = []
    if row.extra:
        problems.error("row_ragged", "", row.extra[0])
    for header, raw in row.cells.items():
        if not _safe(header, raw, limits, problems):
            continue
        field = columns.field(header)
        if field is not None and field not in values:
            _read_field(field, columns.type_of[field], raw, problems, values)
        elif field is None:
            amounts += _read_amount(header, raw, problems)
    if amounts or "amount" in values:
        values["amounts"] = amounts + _plain_amount(values, problems)
    return values


def _safe(header: str, raw: object, limits: Limits, problems: Problems) -> bool:
    """Whether a cell may be looked at: no NUL, not larger than the limit."""
    if not isinstance(raw, str):
        return True
    if "\x00" in raw:
        problems.error("text_hostile", header, raw.replace("\x00", "␀"))
        return False
    if len(raw) * 4 >= limits.cell_bytes and len(raw.encode()) >= limits.cell_bytes:
        problems.error("cell_too_large", header, raw[:50], f"{limits.cell_bytes:,} bytes")
        return False
    return True


def _read_field(field: str, type_: str, raw: object, problems: Problems, values: Values) -> None:
    if type_ == "date" and isinstance(raw, date | datetime):
        values[field] = parse_date(raw)
        return
    if isinstance(raw, list | tuple):
        # a list states its items itself; only cells are split
        items = [text for item in raw if (text := cell_text(_as_text(item)))]
        if items:
            values[field] = items if type_ == "list" else "、".join(items)
        return
    text = cell_text(_as_text(raw))
    if text is None:
        return
    value = _PARSERS[type_](field, text, problems)
    if value is not None:
        values[field] = value


def _as_text(raw: object) -> str:
    """A cell as its program shows it: whole floats without ".0", dates as ISO, nothing as the empty string."""
    if raw is None:
        return ""
    if isinstance(raw, float) and raw.is_integer():
        return str(int(raw))
    if isinstance(raw, datetime):
        return raw.date().isoformat()
    return str(raw)


def _date(field: str, text: str, problems: Problems) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        problems.error("date_invalid", field, text)
        return None


def _corporate_number(field: str, text: str, problems: Problems) -> str | None:
    try:
        return parse_corporate_number(text)
    except ValueError as error:
        problems.error("corporate_number_invalid", field, text, str(error))
        return None


def _url(field: str, text: str, problems: Problems) -> str | None:
    if _URL.fullmatch(text) and len(text) <= 2_000:
        return text
    problems.warn("url_invalid", field, text)
    return None


_PARSERS: dict[str, Parser] = {
    "text": lambda field, text, problems: text,
    "organisation": lambda field, text, problems: organisation_name(text),
    "list": lambda field, text, problems: split_list(text),
    "flag": lambda field, text, problems: text.casefold() in _YES,
    "code": lambda field, text, problems: text,
    "date": _date,
    "corporate_number": _corporate_number,
    "url": _url,
}


def _read_amount(header: str, raw: object, problems: Problems) -> list[Amount]:
    """The amount under a header that names a unit; nothing for other unknown columns, which are reported once."""
    named = split_header(header)
    text = cell_text(_as_text(raw))
    if named is None or text is None:
        return []
    try:
        return [parse_amount(named[0], text, named[1])]
    except ValueError:
        problems.warn("number_invalid", header, text)
        return []


def _plain_amount(values: Values, problems: Problems) -> list[Amount]:
    """The amount of a pair of columns 数量 and 単位."""
    text, unit = values.pop("amount", None), values.pop("unit", "")
    if text is None:
        return []
    try:
        return [parse_amount("数量", str(text), str(unit))]
    except ValueError:
        problems.warn("number_invalid", "amount", text)
        return []
