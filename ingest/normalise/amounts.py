"""Amounts with units: 1.2万t, 約3割, 1,200トン/年 become plain numbers and a unit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from ingest.normalise.text import fold

_POWERS = {"千": 10**3, "万": 10**4, "百万": 10**6, "億": 10**8, "兆": 10**12}
_UNITS = {
    "トン": "t",
    "ton": "t",
    "tons": "t",
    "tonnes": "t",
    "キログラム": "kg",
    "リットル": "L",
    "l": "L",
    "ヘクタール": "ha",
    "パーセント": "%",
    "%": "%",
}
_NUMBER = re.compile(
    r"^(?:約|およそ|年間|およそ約|approx\.?|about|ca\.?)?\s*(?P<number>[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)\s*"
    r"(?P<power>百万|千|万|億|兆)?\s*(?P<unit>\S.*)?$",
    re.IGNORECASE,
)
_HEADER_UNIT = re.compile(r"^(?P<name>.+?)\s*[(\[](?P<unit>[^()\[\]]{1,12})[)\]]$")


@dataclass(frozen=True)
class Amount:
    """A number with its unit, under the name that its source gave it."""

    header: str
    value: Decimal
    unit: str


def parse_number(text: str) -> tuple[Decimal, str]:
    """The number and what follows it (the unit, normalised, maybe empty).

    Raises:
        ValueError: where the text does not begin with a number.
    """
    match = _NUMBER.match(fold(text))
    if not match:
        raise ValueError(f"not a number: {text!r}")
    value = Decimal(match["number"].replace(",", "")) * _POWERS.get(match["power"] or "", 1)
    unit = normalise_unit(match["unit"] or "")
    if unit == "割":
        return value * 10, "%"
    return value, unit


def normalise_unit(unit: str) -> str:
    """One spelling for each common unit; the time after a slash stays ("トン/年" → "t/年")."""
    head, slash, tail = unit.strip().partition("/")
    return _UNITS.get(head.casefold(), head) + slash + tail


def split_header(header: str) -> tuple[str, str] | None:
    """The name and unit of a header such as 発生量(t/年); None where it names no unit."""
    match = _HEADER_UNIT.match(fold(header))
    return (match["name"].strip(), normalise_unit(match["unit"])) if match else None


def parse_amount(header: str, text: str, unit: str = "") -> Amount:
    """An amount from a cell; a unit in the cell wins over the header's. ValueError where there is no number."""
    value, own_unit = parse_number(text)
    return Amount(header, value, own_unit or normalise_unit(unit))
