"""Amounts with units: 1.2万t, 約3割, 1,200トン/年 become plain numbers and a unit."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from ingest.normalise.kanji import KANJI_NUMBER, kanji_number
from ingest.normalise.text import fold

_POWERS = {"十": 10, "百": 10**2, "千": 10**3, "万": 10**4, "億": 10**8, "兆": 10**12}
_POWERS_EN = {"thousand": 10**3, "million": 10**6, "billion": 10**9}
_UNITS = {
    "トン": "t",
    "ton": "t",
    "tons": "t",
    "tonnes": "t",
    "キログラム": "kg",
    "リットル": "L",
    "l": "L",
    "ヘクタール": "ha",
    "グラム": "g",
    "メートル": "m",
    "キロメートル": "km",
    "平方メートル": "m2",
    "平方キロメートル": "km2",
    "立方メートル": "m3",
    "キロワット": "kW",
    "メガワット": "MW",
    "キロワット時": "kWh",
    "¥": "円",
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
    r"(?:約|およそ約?|年間約?|approx\.?|about|ca\.?)?\s*(?P<sign>[+\-−▲△])?\s*"
    rf"(?P<number>(?:{_PLAIN}\s*{_POWER}\s*)*(?:{_PLAIN}\s*{_POWER}?))\s*"
    r"(?P<unit>(?![\u00bc-\u00be\u2150-\u215e])(?:[^\W\d_]|[%°$¥€/])(?:[^\d,、。;]|(?<=m)[23]|(?<=CO)2)*)?",
    re.IGNORECASE,
)
# what stands around a number and does not change it
_BEFORE = re.compile(
    r"^(?:最大で?|最小|平均|合計|計|総量|全体で|推計|推定|概ね|おおむね|おおよそ|日量|月間|年量)\s*(?=[約+\-−▲△\d])"
)
_AFTER = re.compile(
    r"\s*(?:程度|ほど|くらい|ぐらい|前後|以上|以下|未満|超|強|弱|余り?|見込み?|予定|相当|or (?:more|less)|approx\.?)+$"
)
# what follows a number and only says more of it: 300トン(令和5年度)
_REMARK = re.compile(r"(?<=[^\s(])\s*\([^()]{1,20}\)$")
_YEN = re.compile(r"^(?P<before>[^\d¥]*)¥\s*(?P<number>[\d,.]+\s*[十百千]?[万億]?)(?:円)?$")
_POWER_EN = re.compile(rf"\s*({'|'.join(_POWERS_EN)})\b\s*", re.IGNORECASE)
_PER = re.compile(r"\s+(?:per|a)\s+(?=(?:hour|day|week|month|year|annum|capita|person|household)\b)", re.IGNORECASE)
_WARI_BU = re.compile(r"(?:約)?\s*(?P<wari>\d)割\s*(?P<bu>\d)分")
# 10~20t; of numbers joined by a hyphen only those with a unit, since 300-500 may be anything
_RANGE = re.compile(r"(?P<low>.*?\d[^\d~〜から]{0,10}?)\s*(?:[~〜]|から)\s*(?P<high>(?:約\s*)?\d.*)")
_HYPHENED = re.compile(r"(?P<low>[\d,.]*\d)\s*[-–—]\s*(?P<high>\d[\d,.]*\s*[^\W\d_/].*)")
_DECIMAL_COMMA = re.compile(r"\d+,\d{1,2}(?!\d)|\d+,\d{4,}|\d\.\d{3},\d+|\d{1,3}(?:\.\d{3}){2,}")
_DECIMAL_POINT = re.compile(r"\d+\.\d{1,2}(?!\d)|\d+\.\d{4,}|\d,\d{3}\.\d+|\d{1,3}(?:,\d{3}){2,}")
_HEADER_UNIT = re.compile(r"^(?P<name>.+?)\s*[(\[【〔](?P<unit>[^()\[\]【】〔〕]{1,12})[)\]】〕]$")
# what may stand in the brackets of a header as a unit; other brackets hold remarks
_UNIT = re.compile(
    r"(?:[kMGT]?(?:Wh?|t|g|[Ll]|m|B|J|cal|Pa|Hz|V|A)(?:[23]|-?CO2e?)?|Nm3|ha|°C|%|ppm|dB"
    r"|[十百千]?[万億兆]?(?:円|トン)|[十百千万億兆]+(?:人|件|t)|キロ|リットル|ヘクタール|人日?|名|件|社|台|戸|世帯|校|施設"
    r"|[箇か個ヶケ]所|基|棟|区画|個|本|枚|袋|冊|頭|羽|匹|株|回|時間|分|秒|日|[かヶケ]?月|年|割|倍"
    r"|yen|JPY|USD|EUR|kgs?|tons?|tonnes?|lit(?:er|re)s?|households?|people|persons?|units?|hours?|days?|years?)"
    r"(?:\s*/\s*[^()\d]{1,8})?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Amount:
    """A number with its unit, under the name that its source gave it; of a range the lower end and ``maximum``."""

    header: str
    value: Decimal
    unit: str
    maximum: Decimal | None = None


def decimal_style(text: str) -> str | None:
    """Which sign is the decimal one, as far as the number shows it: "," in 12,5 and 1.234,5, "." in 12.5; else None."""
    if len(text) > _LONGEST or not any(char.isdigit() for char in text):
        return None
    folded = fold(text)
    comma, point = _DECIMAL_COMMA.search(folded), _DECIMAL_POINT.search(folded)
    return None if bool(comma) == bool(point) else "," if comma else "."


def parse_number(text: str, *, decimal_comma: bool = False) -> tuple[Decimal, str]:
    """The number and what follows it (the unit, normalised, maybe empty).

    ``decimal_comma`` reads 1.234,5 as 1234.5, which only the whole column can tell.

    Raises:
        ValueError: where the text is anything else than one number with a unit (a range, a telephone, a date).
    """
    if len(text) > _LONGEST:
        raise ValueError(f"not a number: {text[:_LONGEST]!r}")
    folded = _AFTER.sub("", _in_digits(_BEFORE.sub("", fold(text))))
    if parts := _WARI_BU.fullmatch(folded):
        return Decimal(parts["wari"]) * 10 + Decimal(parts["bu"]), "%"
    match = _NUMBER.fullmatch(_with_decimal_point(folded) if decimal_comma else folded)
    if not match:
        raise ValueError(f"not a number: {text!r}")
    scale, named = _scaled_en(match["unit"] or "")
    value = _value(match["number"]) * scale * _SIGNS.get(match["sign"] or "", 1)
    unit = normalise_unit(named)
    if abs(value) >= _MOST or (unit.startswith("割") and unit != "割"):
        raise ValueError(f"not a number: {text!r}")
    return (value * 10, "%") if unit == "割" else (value, unit)


def _in_digits(text: str) -> str:
    """The text with its number in digits (二十五ha → 25ha, ¥500 → 500円), without a remark in brackets behind it."""
    bare = _REMARK.sub("", text)
    if yen := _YEN.match(bare):
        return f"{yen['before']}{yen['number']}円"
    start = 1 if bare.startswith("約") else 0
    kanji = KANJI_NUMBER.match(bare, start)
    # 一般 and 百貨店 begin with numbers too, so a unit must follow
    if kanji is None or not (is_unit(bare[kanji.end() :]) or bare[kanji.end() :] == "割"):
        return bare
    return f"{bare[:start]}{kanji_number(kanji[0])}{bare[kanji.end() :]}"


def _scaled_en(unit: str) -> tuple[int, str]:
    """The English power in front of a unit, and the unit with a slash for "per" (million t per year → 10⁶, t/year)."""
    power = _POWER_EN.match(unit)
    named = _PER.sub("/", unit[power.end() :] if power else unit)
    return (_POWERS_EN[power[1].casefold()] if power else 1), named


def _with_decimal_point(text: str) -> str:
    """1.234,5 t as 1,234.5 t; only signs between digits change."""
    return re.sub(r"(?<=\d)[.,](?=\d)", lambda sign: "." if sign[0] == "," else ",", text)


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


@lru_cache(maxsize=5_000)
def normalise_unit(unit: str) -> str:
    """One spelling for each common unit; the time after a slash stays ("トン/年" → "t/年")."""
    head, slash, tail = (part.strip() for part in unit.partition("/"))
    return _UNITS.get(head.casefold(), head) + slash + tail


@lru_cache(maxsize=5_000)
def split_header(header: str) -> tuple[str, str] | None:
    """The name and the bracket of a header such as 発生量(t/年); None where it has none. See ``is_unit``."""
    match = _HEADER_UNIT.match(fold(header))
    unit = re.sub(r"^単位\s*:?\s*", "", match["unit"]) if match else ""
    return (match["name"].strip(), normalise_unit(unit)) if match and unit else None


@lru_cache(maxsize=5_000)
def is_unit(text: str) -> bool:
    """Whether a bracket of a header holds a unit (t/年, 千円) and not a remark (代表, 必須)."""
    return _UNIT.fullmatch(fold(text).removeprefix("単位").lstrip(": ")) is not None


def parse_amount(header: str, text: str, unit: str = "", *, decimal_comma: bool = False) -> Amount:
    """An amount from a cell; a unit in the cell wins over the header's. ValueError where there is no number.

    A header's unit may count in thousands or millions (千円, 万t): the value is then multiplied.
    """
    low, high, own_unit = _ends(text, decimal_comma=decimal_comma)
    if own_unit:
        return Amount(header, low, own_unit, high)
    scale, plain = _scaled(normalise_unit(unit))
    return Amount(header, low * scale, plain, None if high is None else high * scale)


def _ends(text: str, *, decimal_comma: bool) -> tuple[Decimal, Decimal | None, str]:
    """The lower end, the upper end of a range (else None), and the unit."""
    folded = fold(text[: _LONGEST + 1])
    match = _RANGE.fullmatch(folded) or _HYPHENED.fullmatch(folded)
    if match is None:
        value, unit = parse_number(text, decimal_comma=decimal_comma)
        return value, None, unit
    high, unit = parse_number(match["high"], decimal_comma=decimal_comma)
    low, low_unit = parse_number(match["low"], decimal_comma=decimal_comma)
    if low_unit not in ("", unit):
        raise ValueError(f"two units: {text!r}")
    low = _as_high(match["low"], low, match["high"], unit)
    if low > high:
        raise ValueError(f"not a range: {text!r}")
    return low, high, unit


def _as_high(low_text: str, low: Decimal, high_text: str, unit: str) -> Decimal:
    """In 2~3割 and 1~2万t the lower end means the same power as the upper one, which it leaves out."""
    if unit == "%" and "割" in high_text and "割" not in low_text:
        return low * 10
    power = re.search(rf"\d\s*({_POWER})", high_text)
    if power is None or re.search(_POWER, low_text):
        return low
    return low * math.prod(_POWERS[sign] for sign in power[1])


def _scaled(unit: str) -> tuple[int, str]:
    """The power in front of a unit and the unit without it: 千円 → 1000, 円."""
    match = re.match(rf"({_POWER})(?=円|t|トン|人|kWh|kW|L|m|個|件|世帯)", unit)
    if match is None:
        return 1, unit
    return math.prod(_POWERS[sign] for sign in match[1]), normalise_unit(unit[match.end() :])
