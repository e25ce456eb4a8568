"""Amounts inside running text, made comparable: 人口約3,000人の島, 日量5~20t, 500-3,000 t a year, 40 ha or more.

Only figures that say what they count are read: people who live somewhere, households, and masses or volumes per time
(a day, month or year; all become a year's). A number alone, a price or a length is none.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Measure = Literal["people", "households", "mass", "volume"]

#: The unit that ``low`` and ``high`` of each measure count.
BASE_UNITS: dict[Measure, str] = {"people": "人", "households": "世帯", "mass": "t/年", "volume": "kL/年"}

_POWERS = {"十": 10, "百": 100, "千": 1_000, "万": 10_000, "億": 100_000_000, "million": 1_000_000}
# atomic: in a long row of digits each of the many ways to cut it would be tried, at each place
_DIGITS = r"(?>\d{1,3}(?:,\d{3})+|\d{1,12})(?:\.\d{1,6}+)?"
_ONE = rf"{_DIGITS}(?:[十百千]?[万億]|[百千])?(?:{_DIGITS}[十百千]?)?(?:\s?million)?"
_NUMBER = (
    rf"(?:約|およそ|おおよそ|about|some|around|approximately|ca\.)?\s?(?P<low>{_ONE})"
    rf"(?:\s?(?:[~〜–—-]|から|to)\s?(?P<high>{_ONE}))?"
)
_AT_LEAST = r"(?P<least>\s?(?:以上|を超え|超|から(?!は)|(?:人|t|トン)?程度から|or more|and more|upwards|at least))?"
_AT_MOST = r"(?P<most>\s?(?:以下|未満|まで|に満たない|or less|or fewer))?"
_BEFORE_EN = r"(?P<before>at least |more than |over |at most |up to |fewer than |less than |under )?"
_MASS = r"(?P<mass>t|トン|kg|キログラム|tons?|tonnes?)"
_VOLUME = r"(?P<volume>kL|kl|KL|L|l|リットル|m3|㎥|立方メートル|lit(?:er|re)s?)"
_PERIOD_BEFORE = r"(?P<period_before>日量|1日(?:に|あたり|当たり)?|毎日|月間?|毎月|1か月|年間?|毎年|1年(?:に|間)?)"
_PERIOD_AFTER = (
    r"\s?(?:of [\w-]+(?: [\w-]+){0,2} )?(?:/|毎|a |per |each |every )?"
    r"(?P<period_after>日|day|daily|d\b|月|month|年|year|yr|y\b|annum|annually|yearly)"
)
# 人口 with something in front counts others: visitors, users of a sewer, those who work there
_PEOPLE_JA = re.compile(
    rf"(?<![給処理昼間交流関係定住対象水])人口(?:は|が|、|:)?\s?{_NUMBER}\s?人{_AT_LEAST}{_AT_MOST}"
    r"(?!\s?(?:/|密度|減|増|流出|減少))"
)
_DWELL = re.compile(
    rf"(?<![年月日回数\d,.~〜]){_NUMBER}\s?人{_AT_MOST}(?=(?:ほど|程度|余り)?(?:の(?:小さな|離)?(?:島|村|町|市|まち|都市|区|地域|自治体)|(?:が|の)?(?:住民|暮らす|住む|住んで)))"
)
_PEOPLE_EN = re.compile(
    rf"{_BEFORE_EN}{_NUMBER}[\s-](?:people|residents|inhabitants|persons?)(?=[^\w'’]|$)"
    r"(?! a (?:day|year|month)| died| were)"
    r"(?P<least>,? or more)?",
    re.IGNORECASE,
)
_POPULATION_EN = re.compile(
    rf"(?:(?:population|pop\.) (?:of |is |below |over )?|\b(?:city|town|village|island|municipality) of ){_NUMBER}"
    r"(?=\W|$)(?P<least> or more)?",
    re.IGNORECASE,
)
_HOUSEHOLDS = re.compile(
    rf"{_BEFORE_EN}{_NUMBER}\s?(?:世帯|戸(?!建|別)|households?){_AT_LEAST}{_AT_MOST}", re.IGNORECASE
)
_FLOW_JA = re.compile(rf"{_PERIOD_BEFORE}[\s、]?{_NUMBER}\s?(?:{_MASS}|{_VOLUME})(?![A-Za-z]){_AT_LEAST}{_AT_MOST}")
_FLOW = re.compile(
    rf"{_BEFORE_EN}{_NUMBER}\s?(?:{_MASS}|{_VOLUME})(?:\)|）)?{_PERIOD_AFTER}{_AT_LEAST}{_AT_MOST}", re.IGNORECASE
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_YEAR_OF = {"日": 365, "d": 365, "月": 12, "m": 12, "年": 1, "y": 1, "a": 1}
#: A figure of people is some thousand characters in at most; longer texts are documents.
LONGEST = 20_000


@dataclass(frozen=True)
class Figure:
    """``low`` and ``high`` in ``BASE_UNITS``; None where that side is open. A plain amount has both the same."""

    measure: Measure
    low: float | None
    high: float | None
    text: str
    start: int
    end: int


def figures_in(text: str) -> list[Figure]:
    """The figures of a text, in order; places are those of the text after NFKC folding (``fold`` it first)."""
    folded = unicodedata.normalize("NFKC", text[:LONGEST])
    found: list[Figure] = []
    for figure in sorted(_all(folded), key=lambda f: (f.start, -f.end)):
        if not found or figure.start >= found[-1].end:
            found.append(figure)
    return found


def _all(text: str) -> Iterator[Figure]:
    for pattern in (_PEOPLE_JA, _DWELL, _PEOPLE_EN, _POPULATION_EN):
        for match in pattern.finditer(text):
            # "since 2020 residents can"
            if not _YEAR.fullmatch(match["low"]):
                yield _figure(match, "people", 1.0)
    for match in _HOUSEHOLDS.finditer(text):
        yield _figure(match, "households", 1.0)
    for pattern in (_FLOW_JA, _FLOW):
        for match in pattern.finditer(text):
            parts = match.groupdict()
            period = parts.get("period_before") or parts.get("period_after") or "年"
            scale = _per_year(period) * _unit(parts["mass"] or parts["volume"])
            yield _figure(match, "mass" if parts["mass"] else "volume", scale)


def _figure(match: re.Match[str], measure: Measure, scale: float) -> Figure:
    parts = match.groupdict()
    low, high = _ends(parts["low"], parts["high"])
    before = (parts.get("before") or "").casefold()
    least = parts.get("least") or before in ("at least ", "more than ", "over ")
    most = parts.get("most") or before in ("at most ", "up to ", "fewer than ", "less than ", "under ")
    words = match[0].strip(" ,、")
    return Figure(
        measure,
        None if most and not least else low * scale,
        None if least else high * scale,
        words,
        match.start(),
        match.end(),
    )


def _ends(low_text: str, high_text: str | None) -> tuple[float, float]:
    """Both ends; in 1~2万 and 15万~80万 羽 the lower one shares the power that it leaves out only where it must."""
    low = _value(low_text)
    if high_text is None:
        return low, low
    high = _value(high_text)
    power = re.search(r"[十百千]?[万億]|[百千]|million", high_text)
    if power and low_text.strip().isdigit() and low < 100 and low * _power(power[0]) <= high:
        low *= _power(power[0])
    return (low, high) if low <= high else (high, low)


def _value(text: str) -> float:
    """3万4千, 1.2万, 37.5 million, 1,400."""
    total = 0.0
    for digits, power in re.findall(rf"({_DIGITS})\s?([十百千]?[万億]|[十百千]|million)?", text, re.IGNORECASE):
        total += float(digits.replace(",", "")) * _power(power)
    return total


def _power(sign: str) -> int:
    if sign.casefold() == "million":
        return _POWERS["million"]
    product = 1
    for char in sign:
        product *= _POWERS[char]
    return product


def _per_year(period: str) -> int:
    for sign in ("日", "月", "年"):
        if sign in period:
            return _YEAR_OF[sign]
    return _YEAR_OF[period[0].casefold()]


def _unit(name: str) -> float:
    """Tonnes or kilolitres in one of the unit."""
    folded = name.casefold()
    if folded in ("kg", "キログラム", "l", "リットル") or folded.startswith("lit"):
        return 0.001
    return 1.0
