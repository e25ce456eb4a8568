"""Dates as offices write them: ISO, slashes, 年月日, Japanese eras, spreadsheet dates."""

from __future__ import annotations

import re
from datetime import date, datetime

from ingest.normalise.text import fold

# first day of each era: https://www.ndl.go.jp/ and the era law; the year of an era starts at 1 (元年)
_ERAS = {
    "明治": (1868, date(1868, 1, 25)),
    "大正": (1912, date(1912, 7, 30)),
    "昭和": (1926, date(1926, 12, 25)),
    "平成": (1989, date(1989, 1, 8)),
    "令和": (2019, date(2019, 5, 1)),
}
_LETTERS = {"M": "明治", "T": "大正", "S": "昭和", "H": "平成", "R": "令和"}
_ERA_DATE = re.compile(
    r"(?P<era>明治|大正|昭和|平成|令和|[MTSHR])\s*(?P<year>\d{1,2}|元)\s*(?:年|[./-])\s*"
    r"(?P<month>\d{1,2})\s*(?:月|[./-])\s*(?P<day>\d{1,2})\s*日?",
    re.IGNORECASE,
)
_ERA_YEAR = re.compile(r"(?P<era>明治|大正|昭和|平成|令和|[MTSHR])\s*(?P<year>\d{1,2}|元)", re.IGNORECASE)
_DATE = re.compile(
    r"(?P<year>\d{4})\s*(?:年|[./-])\s*(?P<month>\d{1,2})\s*(?:月|[./-])\s*(?P<day>\d{1,2})\s*日?"
    r"(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
)


def parse_date(value: object) -> date:
    """A date from a cell. Years of an era count on after its end: forms of 2018 really say 平成32年.

    Raises:
        ValueError: where the text is no date, or one that the calendar does not have, or that lies before its era.
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = re.sub(r"\([月火水木金土日]\)$", "", fold(str(value))).strip()
    if match := _ERA_DATE.fullmatch(text):
        return _era_date(match)
    if match := _DATE.fullmatch(text):
        return date(int(match["year"]), int(match["month"]), int(match["day"]))
    raise ValueError(f"not a date: {text!r}")


def parse_year(text: str) -> int:
    """A Gregorian year from 2030, 2030年度, 令和12年 or R12; ValueError where the text is no year."""
    folded = re.sub(r"年度?(?:まで|末)?$", "", fold(text)).strip()
    if match := _ERA_YEAR.fullmatch(folded):
        return era_year(match["era"], 1 if match["year"] == "元" else int(match["year"]))
    if re.fullmatch(r"(?:1[89]|2[01])[0-9]{2}", folded):
        return int(folded)
    raise ValueError(f"not a year: {text!r}")


def era_year(era: str, year: int) -> int:
    """The Gregorian year of a year of an era (令和7 → 2025); ValueError for an unknown era or year 0."""
    name = _LETTERS.get(era.upper(), era)
    if name not in _ERAS or year < 1:
        raise ValueError(f"no such era year: {era}{year}")
    return _ERAS[name][0] + year - 1


def _era_date(match: re.Match[str]) -> date:
    year = 1 if match["year"] == "元" else int(match["year"])
    day = date(era_year(match["era"], year), int(match["month"]), int(match["day"]))
    first = _ERAS[_LETTERS.get(match["era"].upper(), match["era"])][1]
    if day < first:
        raise ValueError(f"{match[0]} lies before the era began")
    return day
