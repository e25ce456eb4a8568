"""Dates as offices write them: ISO, slashes, 年月日, Japanese eras, D/M/Y or M/D/Y, spreadsheet serials."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from ingest.normalise.kanji import kanji_number
from ingest.normalise.text import fold

Order = Literal["DMY", "MDY"]
# what a date does not say of itself, or says oddly; the keys of problems.MESSAGES without "date_"
Remark = Literal["year", "year_month", "fiscal_year", "last_day", "order_assumed", "era_ended", "serial"]

# first day of each era: https://www.ndl.go.jp/ and the era law; the year of an era starts at 1 (元年)
_ERAS = {
    "明治": (1868, date(1868, 1, 25)),
    "大正": (1912, date(1912, 7, 30)),
    "昭和": (1926, date(1926, 12, 25)),
    "平成": (1989, date(1989, 1, 8)),
    "令和": (2019, date(2019, 5, 1)),
}
_NEXT = {"明治": "大正", "大正": "昭和", "昭和": "平成", "平成": "令和"}
_LETTERS = {"M": "明治", "T": "大正", "S": "昭和", "H": "平成", "R": "令和"}
_SHORT = {"明": "明治", "大": "大正", "昭": "昭和", "平": "平成", "令": "令和"}
_ERA = r"(?P<era>明治|大正|昭和|平成|令和|[MTSHR明大昭平令])\.?\s*(?P<year>\d{1,2}|元)"
_ERA_DATE = re.compile(
    _ERA + r"\s*(?:年|[./-])\s*(?P<month>\d{1,2})\s*(?:月|[./-])\s*(?P<day>\d{1,2})\s*日?", re.IGNORECASE
)
_ERA_MONTH = re.compile(_ERA + r"\s*(?:年|[./-])\s*(?P<month>\d{1,2})\s*月?", re.IGNORECASE)
_ERA_YEAR = re.compile(_ERA, re.IGNORECASE)
_TIME = r"(?:[T ]\s*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?|\s*\d{1,2}時(?:\d{1,2}分)?)?"
_DATE = re.compile(
    r"(?P<year>\d{4})\s*(?:年|[./-])\s*(?P<month>\d{1,2})\s*(?:月|[./-])\s*(?P<day>\d{1,2})\s*日?" + _TIME
)
_MONTH = re.compile(r"(?P<year>(?:1[89]|2[01])\d{2})\s*(?:年|[./-])\s*(?P<month>\d{1,2})\s*月?")
_COMPACT = re.compile(r"(?P<year>(?:1[89]|2[01])\d{2})(?P<month>\d{2})(?P<day>\d{2})")
_MIXED = re.compile(r"(?P<first>\d{1,2})\s*[./-]\s*(?P<second>\d{1,2})\s*[./-]\s*(?P<year>\d{4})" + _TIME)
_FISCAL = re.compile(r"(?P<text>.+?)\s*年度|FY\s*(?P<year>\d{4})", re.IGNORECASE)
_YEAR_ALONE = re.compile(rf"(?:{_ERA}|(?:1[89]|2[01])\d{{2}})\s*年", re.IGNORECASE)
# the last day of what stands before it, and parts of a month that no day is named of
_END = re.compile(r"(?P<text>.+(?:年度?|月))\s*(?:末日?|の末日?)")
_PART_OF_MONTH = re.compile(r"(?<=月)\s*(?:[初上中下]旬|頭|前半|後半|中)$")
# what shows that a cell is meant as text: '2025-04-01 and ="2025-04-01"
_MONTHS = {name[:3].casefold(): number for number, name in enumerate(calendar.month_abbr) if name}
_NAMED = re.compile(
    r"(?:(?P<d1>\d{1,2})(?:st|nd|rd|th)?[\s-]+(?P<m1>[a-z]{3,9})\.?"
    r"|(?P<m2>[a-z]{3,9})\.?\s+(?P<d2>\d{1,2})(?:st|nd|rd|th)?)"
    r"[\s,-]+(?P<year>\d{4})",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(r"\s*\((?:[月火水木金土日]曜?日?|祝|mon|tue|wed|thu|fri|sat|sun)[a-z]*\)", re.IGNORECASE)
_AFTER = re.compile(r"\s*(?:現在|時点|付け?|頃|ごろ|から|より|~|〜)$")
_DASHES = str.maketrans("‐‑‒–—―−ー年月日", "--------年月日")
_KANJI_NUMBER = re.compile(r"[〇一二三四五六七八九十]+(?=[年月日])")
_EPOCH = date(1899, 12, 30)
# serial numbers of spreadsheets that are dates of people who register something: 1954 to 2119
_SERIALS = range(20_000, 80_000)
_LAST_MONTH = 12
_YEARS = range(1868, 2200)


@dataclass(frozen=True)
class DateReading:
    """A date, and what a reader should know about how it was understood."""

    value: date
    remark: Remark | None = None


def parse_date(value: object) -> date:
    """A date from a cell, without the remarks of ``read_date``; ValueError where it is none."""
    return read_date(value).value


def read_date(value: object, order: Order | None = None) -> DateReading:
    """A date from a cell; ``order`` is that of its column where year stands last.

    Years of an era count on after its end, since forms of 2018 really say 平成32年. A year, month or fiscal year alone
    (令和7年, 令和7年4月, 2025年度) means its first day, its end (令和7年度末) its last. Each of these is remarked.

    Raises:
        ValueError: where the text is no date, or one that the calendar does not have, or that lies before its era.
    """
    if isinstance(value, datetime):
        return DateReading(_possible(value.date()))
    if isinstance(value, date):
        return DateReading(_possible(value))
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _serial(value)
    text = _plain(str(value))
    reading = _era(text) or _gregorian(text) or _year_last(text, order) or _coarse(text)
    if reading is None:
        raise ValueError(f"not a date: {text!r}")
    _possible(reading.value)
    return reading


def year_last(text: str) -> tuple[int, int] | None:
    """The two numbers in front of the year in a date such as 31/12/2025, by which a column shows its order."""
    match = _MIXED.fullmatch(_plain(text)) if len(text) <= 40 else None
    return (int(match["first"]), int(match["second"])) if match else None


def parse_year(text: str) -> int:
    """A Gregorian year from 2030, 2030年度, 令和12年 or R12; ValueError where the text is no year."""
    folded = re.sub(r"年度?(?:まで|末)?$", "", fold(text)).removeprefix("西暦").removeprefix("FY").strip()
    if match := _ERA_YEAR.fullmatch(folded):
        return era_year(match["era"], _year(match))
    if re.fullmatch(r"(?:1[89]|2[01])[0-9]{2}", folded):
        return int(folded)
    raise ValueError(f"not a year: {text!r}")


def era_year(era: str, year: int) -> int:
    """The Gregorian year of a year of an era (令和7 → 2025); ValueError for an unknown era or year 0."""
    name = _era_name(era)
    if name not in _ERAS or year < 1:
        raise ValueError(f"no such era year: {era}{year}")
    return _ERAS[name][0] + year - 1


def _plain(text: str) -> str:
    folded = fold(text).translate(_DASHES).removeprefix("西暦").strip()
    folded = _PART_OF_MONTH.sub("", _AFTER.sub("", _WEEKDAY.sub("", folded))).strip()
    return _KANJI_NUMBER.sub(lambda match: str(kanji_number(match[0])), folded)


def _era_name(era: str) -> str:
    return _SHORT.get(era) or _LETTERS.get(era.upper(), era)


def _year(match: re.Match[str]) -> int:
    return 1 if match["year"] == "元" else int(match["year"])


def _era(text: str) -> DateReading | None:
    match = _ERA_DATE.fullmatch(text)
    day, remark = (int(match["day"]) if match else 1), match is None
    match = match or _ERA_MONTH.fullmatch(text)
    if match is None:
        return None
    year, month = era_year(match["era"], _year(match)), int(match["month"])
    name = _era_name(match["era"])
    value, first = date(year, month, day), _ERAS[name][1]
    if remark and (first.year, first.month) == (year, month):
        value = max(value, first)
    if value < first:
        raise ValueError(f"{match[0]} lies before the era began")
    ended = name in _NEXT and value >= _ERAS[_NEXT[name]][1]
    return DateReading(value, "era_ended" if ended else "year_month" if remark else None)


def _gregorian(text: str) -> DateReading | None:
    if match := _DATE.fullmatch(text) or _COMPACT.fullmatch(text):
        return DateReading(date(int(match["year"]), int(match["month"]), int(match["day"])))
    if match := _NAMED.fullmatch(text):
        month = _MONTHS.get((match["m1"] or match["m2"])[:3].casefold())
        return DateReading(date(int(match["year"]), month, int(match["d1"] or match["d2"]))) if month else None
    if re.fullmatch(r"[2-7]\d{4}", text):
        return _serial(int(text))
    return None


def _year_last(text: str, order: Order | None) -> DateReading | None:
    """The year stands last: the column tells the order, else a number beyond 12 does, else the day comes first."""
    match = _MIXED.fullmatch(text)
    if match is None:
        return None
    first, second, year = int(match["first"]), int(match["second"]), int(match["year"])
    if order == "MDY" or (order is None and second > _LAST_MONTH >= first):
        return DateReading(date(year, first, second))
    certain = order is not None or first > _LAST_MONTH or first == second
    return DateReading(date(year, second, first), None if certain else "order_assumed")


def _coarse(text: str) -> DateReading | None:
    if match := _MONTH.fullmatch(text):
        return DateReading(date(int(match["year"]), int(match["month"]), 1), "year_month")
    if match := _FISCAL.fullmatch(text):
        return DateReading(date(parse_year(match["text"] or match["year"]), 4, 1), "fiscal_year")
    if match := _YEAR_ALONE.fullmatch(text):
        year, first = parse_year(text), _ERAS[_era_name(match["era"])][1] if match["era"] else date.min
        # 令和元年 began in May
        return DateReading(max(date(year, 1, 1), first), "year")
    if match := _END.fullmatch(text):
        return DateReading(_last_day(match["text"]), "last_day")
    return None


def _last_day(text: str) -> date:
    """The last day of a month, a year or a fiscal year; ValueError for anything else."""
    reading = _era(text) or _coarse(text)
    if reading is None or reading.remark not in ("year", "year_month", "fiscal_year"):
        raise ValueError(f"not a span of time: {text!r}")
    first = reading.value
    if reading.remark == "year":
        return date(first.year, 12, 31)
    month, year = (first.month, first.year) if reading.remark == "year_month" else (3, first.year + 1)
    return date(year, month, calendar.monthrange(year, month)[1])


def _serial(number: float) -> DateReading:
    """Days since 1899-12-30, as a spreadsheet keeps a date whose format was lost."""
    if int(number) not in _SERIALS:
        raise ValueError(f"not a date: {number!r}")
    return DateReading(_EPOCH + timedelta(days=int(number)), "serial")


def _possible(value: date) -> date:
    if value.year not in _YEARS:
        raise ValueError(f"not a date of this age: {value.isoformat()}")
    return value
