"""Dates as offices write them; what no calendar has is refused."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.normalise.dates import era_year, parse_date

DATES = st.dates(date(1900, 1, 1), date(2100, 12, 31))
FORMS = [
    "{0:%Y-%m-%d}",
    "{0:%Y/%m/%d}",
    "{0.year}.{0.month}.{0.day}",
    "{0.year}年{0.month}月{0.day}日",
    "{0:%Y-%m-%dT%H:%M:%S}",
]


@given(DATES, st.sampled_from(FORMS))
def test_every_date_is_read_in_every_western_form(day: date, form: str) -> None:
    assert parse_date(form.format(datetime(day.year, day.month, day.day))) == day


@given(
    st.dates(date(2019, 5, 1), date(2099, 12, 31)),
    st.sampled_from(["令和{0}年{1}月{2}日", "R{0}.{1}.{2}", "ｒ{0}/{1}/{2}"]),
)
def test_every_date_of_reiwa_is_read(day: date, form: str) -> None:
    assert parse_date(form.format(day.year - 2018, day.month, day.day)) == day


@given(st.integers(1900, 2100), st.integers(0, 99), st.integers(0, 99))
def test_only_what_the_calendar_has_is_a_date(year: int, month: int, day: int) -> None:
    try:
        expected = date(year, month, day)
    except ValueError:
        with pytest.raises(ValueError):
            parse_date(f"{year}年{month}月{day}日")
    else:
        assert parse_date(f"{year}年{month}月{day}日") == expected


@given(st.text())
def test_any_text_is_a_date_or_refused(text: str) -> None:
    with suppress(ValueError):
        assert isinstance(parse_date(text), date)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("令和7年4月1日", date(2025, 4, 1)),
        ("令和７年４月１日（火）", date(2025, 4, 1)),
        ("R7.4.1", date(2025, 4, 1)),
        ("R07/04/01", date(2025, 4, 1)),
        ("H30-12-31", date(2018, 12, 31)),
        ("令和元年5月1日", date(2019, 5, 1)),
        ("R元.5.1", date(2019, 5, 1)),
        ("平成31年4月30日", date(2019, 4, 30)),
        ("平成31年5月1日", date(2019, 5, 1)),  # years of an era count on after its end
        ("昭和64年1月7日", date(1989, 1, 7)),
        ("平成元年1月8日", date(1989, 1, 8)),
        ("S 50.3.9", date(1975, 3, 9)),
        ("大正15年12月24日", date(1926, 12, 24)),
        ("2025年 4月 1日", date(2025, 4, 1)),
        ("2024-02-29", date(2024, 2, 29)),
        ("2025-04-01 00:00:00", date(2025, 4, 1)),
        ("2025-04-01T09:30:00+09:00", date(2025, 4, 1)),
        (datetime(2025, 4, 1, 12, 30), date(2025, 4, 1)),
        (date(2025, 4, 1), date(2025, 4, 1)),
    ],
)
def test_forms_of_dates(typed: object, expected: date) -> None:
    assert parse_date(typed) == expected


@pytest.mark.parametrize(
    "typed",
    [
        "31/02/2025",
        "2025-02-29",
        "令和6年13月1日",
        "令和元年4月30日",
        "令和0年5月1日",
        "平成元年1月7日",
        "慶応3年1月1日",
        "2025",
        "2025-04-01-02",
        "1,200",
        "",
        "未定",
    ],
)
def test_what_is_no_date_is_refused(typed: str) -> None:
    with pytest.raises(ValueError):
        parse_date(typed)


@pytest.mark.parametrize(
    ("era", "year", "expected"), [("令和", 7, 2025), ("R", 1, 2019), ("h", 31, 2019), ("昭和", 45, 1970)]
)
def test_era_years(era: str, year: int, expected: int) -> None:
    assert era_year(era, year) == expected


@pytest.mark.parametrize(("era", "year"), [("慶応", 3), ("X", 3), ("令和", 0), ("令和", -1)])
def test_there_is_no_such_era_year(era: str, year: int) -> None:
    with pytest.raises(ValueError):
        era_year(era, year)
