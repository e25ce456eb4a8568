"""Amounts with units become plain numbers; telephones, ranges and dates do not become amounts."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.normalise.amounts import normalise_unit, parse_amount, parse_number, split_header

NUMBERS = st.decimals(min_value=-(10**12), max_value=10**12, places=3)
UNITS = st.sampled_from(["", "t", "kg", "kW", "円", "t/年", "m3/h", "%", "人", "t-CO2", "世帯"])


@given(NUMBERS, UNITS, st.sampled_from(["{0:f}{1}", "{0:,f}{1}", "{0:f} {1}", "約{0:,f}{1}"]))
def test_a_written_amount_is_read_back(value: Decimal, unit: str, form: str) -> None:
    assert parse_number(form.format(value, unit)) == (value, unit)


@given(st.integers(1, 9999), st.integers(1, 9999))
def test_steps_of_large_numbers_add_up(oku: int, man: int) -> None:
    assert parse_number(f"{oku}億{man:,}万円") == (Decimal(oku * 10**8 + man * 10**4), "円")


@given(st.text())
def test_any_text_is_a_number_or_refused(text: str) -> None:
    try:
        value, unit = parse_number(text)
    except ValueError:
        return
    assert value.is_finite()
    assert normalise_unit(unit) == unit


@pytest.mark.parametrize(
    ("typed", "value", "unit"),
    [
        ("1.2万t", "12000", "t"),
        ("約3割", "30", "%"),
        ("3割5分", "35", "%"),
        ("500kW程度", "500", "kW"),
        ("最大 500 kW", "500", "kW"),
        ("500kW", "500", "kW"),
        ("３億円", "300000000", "円"),
        ("1,200トン/年", "1200", "t/年"),
        ("約 1,200 トン ／ 年", "1200", "t/年"),
        ("12.5㌧", "12.5", "t"),
        ("1億2,000万円", "120000000", "円"),
        ("1万2千人", "12000", "人"),
        ("3千万円", "30000000", "円"),
        ("2.5百万円", "2500000", "円"),
        ("▲3%", "-3", "%"),
        ("△1,000円", "-1000", "円"),
        ("年間300件", "300", "件"),
        ("about 3 tonnes", "3", "t"),
        ("1200㎥", "1200", "m3"),
        ("5Nm3/h", "5", "Nm3/h"),
        ("300kg-CO2/年", "300", "kg-CO2/年"),
        ("0", "0", ""),
        ("0.05", "0.05", ""),
    ],
)
def test_amounts_as_people_write_them(typed: str, value: str, unit: str) -> None:
    assert parse_number(typed) == (Decimal(value), unit)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "多い",
        "t",
        "03-1234-5678",  # a telephone beside a bracketed header must never become an amount in the graph
        "09012345678",
        "2025-04-01",
        "300~500t",
        "300〜500t",
        "1,23",
        "2万3億",
        "1_000",
        "٣",  # an Arabic digit: NFKC leaves it, int() would take it
        "9" * 5_000,
        "1e5000",
        "NaN",
        "Infinity",
    ],
)
def test_what_is_no_single_amount_is_refused(typed: str) -> None:
    with pytest.raises(ValueError):
        parse_number(typed)


@pytest.mark.parametrize(
    ("header", "parts"),
    [
        ("発生量（t/年）", ("発生量", "t/年")),
        ("発生量(トン／年)", ("発生量", "t/年")),
        ("出力 [kW]", ("出力", "kW")),
        ("Amount (tonnes/year)", ("Amount", "t/year")),
        ("発生量", None),
        ("(t)", None),
    ],
)
def test_units_in_headers(header: str, parts: tuple[str, str] | None) -> None:
    assert split_header(header) == parts


def test_the_units_of_a_cell_and_of_its_header() -> None:
    assert parse_amount("発生量", "1.2万", "トン/年").unit == "t/年"
    assert parse_amount("発生量", "500kg", "t/年").unit == "kg"
