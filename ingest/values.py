"""Row → values: each cell is read by its column's type; what cannot be read becomes a problem of the row."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from ingest.columns import IGNORED, Columns
from ingest.layout import ColumnLayout, SheetLayout
from ingest.limits import Limits
from ingest.normalise.amounts import Amount, parse_amount, split_header
from ingest.normalise.contacts import parse_mail, parse_phone
from ingest.normalise.corporate_number import parse_corporate_number
from ingest.normalise.dates import Order, parse_year, read_date
from ingest.normalise.text import cell_text, is_sheet_error, organisation_name, split_list
from ingest.problems import Problems
from ingest.readers.table import Row
from ingest.regions.codes import CodeError, parse_code
from ingest.regions.names import spread_brackets

Values = dict[str, object]


@dataclass(slots=True)
class Cell:
    """The text of one cell, the field that it fills, and what its column shows as a whole."""

    field: str
    text: str
    layout: ColumnLayout
    order: Order | None = None
    unit: str = ""


Parser = Callable[[Cell, Problems], object]

# NUL, and the halves of UTF-16 pairs that JSON can smuggle in: neither can be written to the graph
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")
_URL = re.compile(r"https?://[^\s<>\"{}|^`\\]+")
_NO_SCHEME = re.compile(r"www\.[\w-]+(?:\.[\w-]+)+(?:/\S*)?", re.ASCII)
_LONGEST_URL = 2_000
_AS_TEXT = re.compile(r"""'(.*)|="([^"]*)\"""")
# what a column of dates says where no day is fixed; 9999-12-31 is what systems write for it
_NO_DAY = re.compile(
    r"無期限|(?:日程)?(?:調整|検討|確認)中|後日(?:記入|連絡)?|別途|決まり次第|要相談|非公開|期限なし|期限無し|定めなし|なし\(無期限\)|随時|常時|通年|当面の間|継続(?:中)?|現在|永続|9999[-/]12[-/]31"
    r"|no (?:expiry|end|limit|deadline)(?: date)?|indefinite(?:ly)?|permanent|ongoing|open[- ]ended|any ?time",
    re.IGNORECASE,
)
# who has no corporate number, or none yet
_NO_NUMBER = re.compile(
    r"(?:法人番号)?(?:申請|取得|登記|確認|調整|検討)中|(?:法人番号)?(?:未取得|対象外|非公開)|法人番号(?:なし|無し)|個人(?:事業主?|事業者)?|任意団体"
    r"|法人格なし|設立(?:準備)?中|後日(?:記入|連絡)?|pending|sole proprietor|individual",
    re.IGNORECASE,
)
_SPECIALITY = re.compile(r"特産|名産|産品|農産|作物|品目|果物|果樹|special(?:i)?ty|local product", re.IGNORECASE)
# lists in which a pear may stand beside other fruit
_OF_RESOURCES = {"resources", "yields", "resource_kind"}
_OF_REGIONS = {"regions", "deployed_in"}
_HEADERS_KEPT = 10_000
# where the unit waits that stands with a target's number, until a column of its own could have said it
_UNIT_BESIDE = "unit beside the target"
_YES = {"はい", "yes", "true", "1", "○", "〇", "有", "有り", "あり"}


def read_values(
    row: Row, columns: Columns, limits: Limits, problems: Problems, layout: SheetLayout | None = None
) -> Values:
    """The row's values by canonical field; empty cells are absent. Amounts stand under ``amounts``.

    ``layout`` is what the whole file shows; without it each cell speaks for itself.
    """
    return RowReader(columns, limits, layout or SheetLayout(None)).read(row, problems)


class RowReader:
    """Reads the rows of one sheet; what its headers mean is found out once. See ``read_values``."""

    def __init__(self, columns: Columns, limits: Limits, layout: SheetLayout) -> None:
        self._layout = layout
        self._columns = columns
        self._limits = limits
        self._headers: dict[str, _Header] = {}

    def read(self, row: Row, problems: Problems) -> Values:
        """The values of a row."""
        if row.extra or (row.missing and not self._layout.short_is_usual(row.missing)):
            problems.error("row_ragged", "", row.extra[0] if row.extra else None, **_ragged(row))
        values: Values = {}
        amounts: list[Amount] = []
        for name, raw in row.cells.items():
            if raw is None or raw == "":
                continue
            header = self._header(name)
            if not _safe(header.field or name, raw, self._limits, problems):
                continue
            if header.field is None:
                amounts += _amount(header, raw, problems)
            else:
                _take(header, header.field, raw, values, problems)
        if unit := values.pop(_UNIT_BESIDE, None):
            values.setdefault("target_unit", unit)
        amounts += _plain_amount(values, problems)
        return values | ({"amounts": amounts} if amounts else {})

    def _header(self, name: str) -> _Header:
        known = self._headers.get(name)
        if known is None:
            if len(self._headers) > _HEADERS_KEPT:
                self._headers.clear()
            known = self._headers[name] = _header(name, self._columns, self._layout)
        return known


@dataclass(frozen=True)
class _Header:
    """What a header says of the cells below it; ``unit`` is None where they are no amounts."""

    name: str
    field: str | None
    type: str
    layout: ColumnLayout
    order: Order | None
    pear: bool
    unit: str | None


def _header(name: str, columns: Columns, layout: SheetLayout) -> _Header:
    field, named = columns.field(name), split_header(name)
    type_ = columns.type_of[field] if field and field not in IGNORED else "text"
    holds_amounts = field is None and layout.holds_amounts(name)
    unit = (named[1] if named else "") if holds_amounts or type_ == "number" else None
    order = layout.order(name) if type_ == "date" else None
    column = layout.columns.get(name) or ColumnLayout()
    return _Header(name, field, type_, column, order, _names_a_speciality(field, name), unit)


def _ragged(row: Row) -> dict[str, str]:
    if row.extra:
        return {"detail": f"{len(row.extra)} more than", "detail_ja": f"{len(row.extra)} 個多い"}
    return {"detail": f"{row.missing} fewer than", "detail_ja": f"{row.missing} 個少ない"}


def _take(header: _Header, field: str, raw: object, values: Values, problems: Problems) -> None:
    """Add the value of a cell to those of its row."""
    if field in values:
        _repeated(header, raw, values, problems)
    elif field not in IGNORED:
        value = _field_value(header, raw, problems)
        if value is not None:
            values[field] = value
            if field == "target_value":
                values[_UNIT_BESIDE] = _unit_beside(header, raw)


def _repeated(header: _Header, raw: object, values: Values, problems: Problems) -> None:
    text = cell_text(_as_text(raw))
    if text and text != values[header.field or ""]:
        problems.warn("field_repeated", header.name, text)


def _amount(header: _Header, raw: object, problems: Problems) -> list[Amount]:
    """The amount under a header that names a unit, or in a column of amounts; other columns are reported once."""
    if header.unit is None or (text := cell_text(_as_text(raw))) is None:
        return []
    try:
        return [parse_amount(header.name, text, header.unit, decimal_comma=header.layout.decimal_comma)]
    except ValueError:
        problems.warn("number_invalid", header.name, text)
        return []


# columns that hold what the graph must never hold
CONTACT_FIELDS = ("contact_person", "phone", "email")


def contact_data(values: Values, *, with_department: bool = False) -> dict[str, str]:
    """What the row says of people: for the relational store, never for the graph.

    With ``with_department`` also where they sit: only an issue states its department in public.
    """
    names = (*CONTACT_FIELDS, "department") if with_department else CONTACT_FIELDS
    return {name: str(values[name]) for name in names if name in values}


def stated_language(values: Values) -> str | None:
    """The language that the row says its texts are in, "ja" or "en"; None where it says nothing usable."""
    stated = str(values.get("language", "")).casefold()
    names = {"日本語": "ja", "英語": "en", "japanese": "ja", "english": "en", "ja": "ja", "en": "en"}
    return names.get(stated)


def _safe(header: str, raw: object, limits: Limits, problems: Problems) -> bool:
    """Whether a cell may be looked at: text (or a list of it) without NUL, not larger than the limit."""
    if isinstance(raw, str):
        return _safe_text(header, raw, limits, problems)
    if isinstance(raw, list | tuple):
        return all(_safe(header, item, limits, problems) for item in raw)
    if isinstance(raw, dict):
        problems.error("value_nested", header, raw)
        return False
    return True


def _safe_text(header: str, text: str, limits: Limits, problems: Problems) -> bool:
    if is_sheet_error(text):
        problems.warn("cell_error", header, text)
        return False
    if _NO_TEXT.search(text):
        problems.error("text_hostile", header, text)
        return False
    if len(text) * 4 >= limits.cell_bytes and len(text.encode()) >= limits.cell_bytes:
        size = f"{limits.cell_bytes:,}"
        problems.error("cell_too_large", header, text[:50], f"{size} bytes", f"{size} バイト")
        return False
    return True


def _field_value(header: _Header, raw: object, problems: Problems) -> object:
    """The value of a cell by the type of its field; None where it holds none, or none that can be read."""
    field = header.field or ""
    if header.type == "date" and isinstance(raw, date | datetime | int | float):
        text = raw.isoformat() if isinstance(raw, date | datetime) else str(raw)
        return _date(Cell(field, text, header.layout, header.order), problems, raw)
    if field in _OF_REGIONS and isinstance(raw, str):
        raw = spread_brackets(raw)
    if header.type == "list":
        return _items(raw, pear=header.pear, among_others=field in _OF_RESOURCES) or None
    joined = "、".join(_items(raw)) if isinstance(raw, list | tuple) else _as_text(raw)
    told = cell_text(joined, pear=header.pear)
    cell = Cell(field, told or "", header.layout, header.order, header.unit or "")
    return _PARSERS[header.type](cell, problems) if told else None


def _names_a_speciality(field: str | None, header: str) -> bool:
    """Where なし is the fruit: the name of a regional resource, and any column of specialities."""
    return field == "resource" or _SPECIALITY.search(header) is not None


def _items(raw: object, *, pear: bool = False, among_others: bool = False) -> list[str]:
    """A list states its items itself; only cells are split."""
    if isinstance(raw, list | tuple):
        return [text for item in raw if (text := cell_text(_as_text(item), pear=pear))]
    return split_list(_as_text(raw), pear=pear, pear_among_others=among_others)


def _as_text(raw: object) -> str:
    """A cell as its program shows it: whole floats without ".0", dates as ISO, nothing as the empty string."""
    if type(raw) is str:
        return raw
    if raw is None:
        return ""
    if isinstance(raw, float) and raw.is_integer():
        return str(int(raw))
    if isinstance(raw, datetime):
        return raw.date().isoformat() if raw.time() == time.min else raw.isoformat(" ", "minutes")
    return str(raw)


def _typed(text: str) -> str:
    """The text without what only marks it as text for a spreadsheet: '01100 and ="01100"."""
    match = _AS_TEXT.fullmatch(text)
    return (match[1] or match[2] or "").strip() if match else text


def _date(cell: Cell, problems: Problems, raw: object = None) -> date | None:
    if raw is None and _NO_DAY.fullmatch(cell.text):
        problems.warn("date_open", cell.field, cell.text)
        return None
    try:
        reading = read_date(_typed(cell.text) if raw is None else raw, cell.order)
    except (ValueError, OverflowError):
        problems.error("date_invalid", cell.field, cell.text)
        return None
    if reading.remark:
        problems.warn(f"date_{reading.remark}", cell.field, cell.text, reading.value.isoformat())
    return reading.value


def _corporate_number(cell: Cell, problems: Problems) -> str | None:
    if _NO_NUMBER.fullmatch(cell.text):
        problems.warn("corporate_number_none", cell.field, cell.text)
        return None
    try:
        return parse_corporate_number(_typed(cell.text))
    except ValueError as error:
        problems.error("corporate_number_invalid", cell.field, cell.text, str(error))
        return None


def _code(cell: Cell, problems: Problems) -> str:
    """A municipality code; what it means is for the register to say.

    In a column of six digits, five that end in the check digit of the others with a zero in front have lost it.
    """
    digits = re.sub(r"\.0+$|\s", "", _typed(cell.text))
    if len(digits) == len("11002") and cell.layout.lost_zeros:
        with suppress(CodeError):
            return parse_code(f"0{digits}").code
    return digits


def _url(cell: Cell, problems: Problems) -> str | None:
    text = f"https://{cell.text}" if _NO_SCHEME.fullmatch(cell.text) else cell.text
    if _URL.fullmatch(text) and len(text) <= _LONGEST_URL:
        return text
    problems.warn("url_invalid", cell.field, cell.text)
    return None


def _phone(cell: Cell, problems: Problems) -> str | None:
    """The first number of the cell; further ones are reported, since a record has one."""
    first, *others = [part for part in re.split(r"[、,;/\n]", _typed(cell.text)) if part.strip()] or [cell.text]
    if others:
        problems.warn("contact_several", cell.field, cell.text)
    try:
        return parse_phone(first)
    except ValueError:
        problems.warn("phone_invalid", cell.field, cell.text)
        return None


def _email(cell: Cell, problems: Problems) -> str | None:
    # a name may stand with the address, so only parts that hold one count
    parts = [part for part in re.split(r"[、,;/\n]+|(?<=[a-z])\s+(?=\S+@)", cell.text) if "@" in part or "＠" in part]
    first, *others = parts or [cell.text]
    if others:
        problems.warn("contact_several", cell.field, cell.text)
    try:
        return parse_mail(first)
    except ValueError:
        problems.warn("email_invalid", cell.field, cell.text)
        return None


def _number(cell: Cell, problems: Problems) -> Decimal | None:
    """One number, in the header's unit (千t) where it has none; a range is none."""
    try:
        amount = parse_amount("", cell.text, cell.unit, decimal_comma=cell.layout.decimal_comma)
        if amount.maximum is None:
            return amount.value
    except ValueError:
        pass
    problems.warn("number_invalid", cell.field, cell.text)
    return None


def _unit_beside(header: _Header, raw: object) -> str:
    """The unit of a number, stated behind it or in its header; empty where there is none."""
    try:
        return parse_amount("", _as_text(raw), header.unit or "", decimal_comma=header.layout.decimal_comma).unit
    except ValueError:
        return ""


def _year(cell: Cell, problems: Problems) -> int | None:
    """A Gregorian or era year, with or without 年 and 年度."""
    try:
        return parse_year(cell.text)
    except ValueError:
        problems.warn("number_invalid", cell.field, cell.text)
        return None


def _count(cell: Cell, problems: Problems) -> int | None:
    """A whole number such as 12 or 12か月."""
    number = _number(cell, problems)
    return None if number is None else int(number)


_PARSERS: dict[str, Parser] = {
    "text": lambda cell, problems: cell.text,
    "organisation": lambda cell, problems: organisation_name(cell.text),
    "flag": lambda cell, problems: cell.text.casefold() in _YES,
    "code": _code,
    "date": _date,
    "corporate_number": _corporate_number,
    "url": _url,
    "phone": _phone,
    "email": _email,
    "number": _number,
    "year": _year,
    "count": _count,
}


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
