"""Corporate numbers: the check digit tells a number from thirteen digits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.normalise.corporate_number import check_digit, parse_corporate_number

BASES = st.text("0123456789", min_size=12, max_size=12)


@given(BASES)
def test_exactly_one_check_digit_is_right(base: str) -> None:
    right = str(check_digit(base))
    assert right in "123456789"
    assert parse_corporate_number(right + base) == right + base
    for wrong in set("0123456789") - {right}:
        with pytest.raises(ValueError, match=f"should be {right}"):
            parse_corporate_number(wrong + base)


@given(BASES, st.integers(0, 11), st.integers(1, 8))
def test_a_digit_off_by_less_than_nine_is_noticed(base: str, place: int, off: int) -> None:
    # 0 and 9 are the same modulo 9, which is why the digit goes up by 8 at most
    digit = int(base[place]) + off
    if digit <= 9:
        changed = base[:place] + str(digit) + base[place + 1 :]
        with pytest.raises(ValueError):
            parse_corporate_number(f"{check_digit(base)}{changed}")


# the National Tax Agency and the Digital Agency: https://www.houjin-bangou.nta.go.jp/
@pytest.mark.parametrize("number", ["7000012050002", "8000012010038"])
def test_numbers_of_known_offices(number: str) -> None:
    assert parse_corporate_number(number) == number


@pytest.mark.parametrize("typed", ["7-0000-1205-0002", " 7 0000 1205 0002 ", "７００００１２０５０００２"])
def test_hyphens_spaces_and_widths_are_forgiven(typed: str) -> None:
    assert parse_corporate_number(typed) == "7000012050002"


@pytest.mark.parametrize(
    "typed", ["", "700001205000", "70000120500021", "7000012050003", "7.00001205E+12", "７００００１２０５０００O"]
)
def test_other_texts_are_refused(typed: str) -> None:
    with pytest.raises(ValueError):
        parse_corporate_number(typed)
