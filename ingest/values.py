"""Row → values: each cell is read by its column's type; what cannot be read becomes a problem of the row."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

from ingest.columns import Columns
from ingest.limits import Limits
from ingest.normalise.amounts import Amount, parse_amount, parse_number, split_header
from ingest.normalise.corporate_number import parse_corporate_number
from ingest.normalise.dates import parse_date, parse_year
from ingest.normalise.text import cell_text, organisation_name, split_list
from ingest.problems import Problems
from ingest.readers.table import Row

Values = dict[str, object]
Parser = Callable[[str, str, Problems], object]

# NUL, and the halves of UTF-16 pairs that JSON can smuggle in: neither can be written to the graph
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")
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
        if field is None:
            amounts += _read_amount(header, raw, problems)
        elif field not in values:
            _read_field(field, columns.type_of[field], raw, problems, values)
        elif text := cell_text(_as_text(raw)):
            problems.warn("field_repeated", header, text)
    if amounts or "amount" in values:
        values["amounts"] = amounts + _plain_amount(values, problems)
    return values


# columns that hold what the graph must never hold
CONTACT_FIELDS = ("contact_person", "phone", "email")


def contact_data(values: Values) -> dict[str, str]:
    """What the row says of people: for the relational store, never for the graph."""
    return {name: str(values[name]) for name in CONTACT_FIELDS if name in values}


def stated_language(values: Values) -> str | None:
    """The language that the row says its texts are in, "ja" or "en"; None where it says nothing usable."""
    stated = str(values.get("language", "")).casefold()
    names = {"日本語": "ja", "英語": "en", "japanese": "ja", "english": "en", "ja": "ja", "en": "en"}
    return names.get(stated)


def _safe(header: str, raw: object, limits: Limits, problems: Problems) -> bool:
    """Whether a cell may be looked at: text (or a list of it) without NUL, not larger than the limit."""
    if isinstance(raw, list | tuple):
        return all(_safe(header, item, limits, problems) for item in raw)
    if isinstance(raw, dict):
        problems.error("value_nested", header, raw)
        return False
    text = raw if isinstance(raw, str) else ""
    if _NO_TEXT.search(text):
        problems.error("text_hostile", header, text)
        return False
    if len(text) * 4 >= limits.cell_bytes and len(text.encode()) >= limits.cell_bytes:
        problems.error("cell_too_large", header, text[:50], f"{limits.cell_bytes:,} bytes")
        return False
    return True


def _read_field(field: str, type_: str, raw: object, problems: Problems, values: Values) -> None:
    if type_ == "date" and isinstance(raw, date | datetime):
        values[field] = parse_date(raw)
        return
    if type_ == "list":
        values.update({field: items} if (items := _items(raw)) else {})
        return
    text = "、".join(_items(raw)) if isinstance(raw, list | tuple) else cell_text(_as_text(raw))
    if not text:
        return
    value = _PARSERS[type_](field, text, problems)
    if value is not None:
        values[field] = value


def _items(raw: object) -> list[str]:
    """A list states its items itself; only cells are split."""
    if isinstance(raw, list | tuple):
        return [text for item in raw if (text := cell_text(_as_text(item)))]
    return split_list(_as_text(raw))


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


def _number(field: str, text: str, problems: Problems) -> Decimal | None:
    """A bare number; a unit behind it belongs into its own column and is not read."""
    try:
        return parse_number(text)[0]
    except ValueError:
        problems.warn("number_invalid", field, text)
        return None


def _year(field: str, text: str, problems: Problems) -> int | None:
    """A Gregorian or era year, with or without 年 and 年度."""
    try:
        return parse_year(text)
    except ValueError:
        problems.warn("number_invalid", field, text)
        return None


def _count(field: str, text: str, problems: Problems) -> int | None:
    """A whole number such as 12 or 12か月."""
    number = _number(field, text, problems)
    return None if number is None else int(number)


_PARSERS: dict[str, Parser] = {
    "text": lambda field, text, problems: text,
    "organisation": lambda field, text, problems: organisation_name(text),
    "flag": lambda field, text, problems: text.casefold() in _YES,
    "code": lambda field, text, problems: text,
    "date": _date,
    "corporate_number": _corporate_number,
    "url": _url,
    "number": _number,
    "year": _year,
    "count": _count,
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
