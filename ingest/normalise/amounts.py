"""Amounts with units: 1.2万t, 約3割, 1,200トン/年 become plain numbers and a unit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from ingest.normalise.text import fold

_POWERS = {"十": 10, "百": 10**2, "千": 10**3, "万": 10**4, "億": 10**8, "兆": 10**12}
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
# a decimal in the graph has 18 digits before its point; beyond lie keys held down and hostile cells
_LONGEST = 60
_MOST = Decimal(10) ** 18
# no number has a zero in front: 09012345678 is a telephone, 01100 a code
_PLAIN = r"(?:[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d*|0)(?:\.\d+)?"
_POWER = r"(?:[十百千]?[万億兆]|[十百千])"
_STEP = re.compile(rf"({_PLAIN})\s*({_POWER})?")
_SIGNS = {"-": -1, "−": -1, "▲": -1, "△": -1}
# a unit begins with a letter or a sign, and of digits holds no more than m2, Nm3 or CO2 do: 300-500 t is no amount
_NUMBER = re.compile(
    r"(?:約|およそ約?|年間|approx\.?|about|ca\.?)?\s*(?P<sign>[+\-−▲△])?\s*"
    rf"(?P<number>(?:{_PLAIN}\s*{_POWER}\s*)*(?:{_PLAIN}\s*{_POWER}?))\s*"
    r"(?P<unit>(?:[^\W\d_]|[%°$¥€/])(?:[^\d,、。;]|(?<=m)[23]|(?<=CO)2)*)?",
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
        ValueError: where the text is anything else than one number with a unit (a range, a telephone, a date).
    """
    match = _NUMBER.fullmatch(fold(text)) if len(text) <= _LONGEST else None
    if not match:
        raise ValueError(f"not a number: {text!r}")
    value = _value(match["number"]) * _SIGNS.get(match["sign"] or "", 1)
    unit = normalise_unit(match["unit"] or "")
    if abs(value) >= _MOST or (unit.startswith("割") and unit != "割"):
        raise ValueError(f"not a number: {text!r}")
    return (value * 10, "%") if unit == "割" else (value, unit)


def _value(number: str) -> Decimal:
    """3億2000万 is the sum of its steps, each smaller than the one before it."""
    total, last = Decimal(0), None
    for digits, power in _STEP.findall(number):
        scale = 1
        for sign in power:
            scale *= _POWERS[sign]
        if last is not None and scale >= last:
            raise ValueError(f"not a number: {number!r}")
        total, last = total + Decimal(digits.replace(",", "")) * scale, scale
    return total


def normalise_unit(unit: str) -> str:
    """One spelling for each common unit; the time after a slash stays ("トン/年" → "t/年")."""
    head, slash, tail = (part.strip() for part in unit.partition("/"))
    return _UNITS.get(head.casefold(), head) + slash + tail


def split_header(header: str) -> tuple[str, str] | None:
    """The name and unit of a header such as 発生量(t/年); None where it names no unit."""
    match = _HEADER_UNIT.match(fold(header))
    return (match["name"].strip(), normalise_unit(match["unit"])) if match else None


def parse_amount(header: str, text: str, unit: str = "") -> Amount:
    """An amount from a cell; a unit in the cell wins over the header's. ValueError where there is no number."""
    value, own_unit = parse_number(text)
    return Amount(header, value, own_unit or normalise_unit(unit))
