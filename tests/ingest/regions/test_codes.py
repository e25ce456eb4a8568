"""Municipality codes in every form that offices send."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.regions.codes import CodeError, RegionCode, check_digit, parse_code, readings

codes5 = st.builds(lambda prefecture, local: f"{prefecture:02d}{local:03d}", st.integers(1, 47), st.integers(100, 799))
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


@pytest.mark.parametrize(
    ("code5", "digit"),
    [("13206", "3"), ("01100", "2"), ("13000", "1"), ("13101", "6"), ("47382", "1"), ("01000", "6"), ("10000", "5")],
)
def test_check_digit_of_published_codes(code5: str, digit: str) -> None:
    assert check_digit(code5) == digit


@pytest.mark.parametrize("text", ["1320", "132063", "1320a", "１３２０６", ""])
def test_check_digit_refuses_anything_but_five_digits(text: str) -> None:
    with pytest.raises(CodeError):
        check_digit(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("13206", "13206"),
        ("132063", "13206"),
        ("１３２０６", "13206"),
        (" 132063\n", "13206"),
        ("'01100", "01100"),
        ("1100", "01100"),
        ("1100.0", "01100"),
        ("11002", "01100"),
        ("11002.0", "01100"),
        ("13", "13"),
        ("1", "01"),
        ("13000", "13"),
        ("130001", "13"),
        ("1000", "01"),
        ("10006", "01"),
    ],
)
def test_forms_that_offices_write(text: str, code: str) -> None:
    assert parse_code(text) == RegionCode(code)


def test_an_ambiguous_five_digit_text_is_read_as_it_stands() -> None:
    assert check_digit("01345") == "5"  # 北海道森町
    assert readings("13455") == (RegionCode("13455"), RegionCode("01345"))
    assert parse_code("13455") == RegionCode("13455")
    assert parse_code("13455", with_check_digit=True) == RegionCode("01345")
    with pytest.raises(CodeError):
        parse_code("13206", with_check_digit=True)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("132064", "region-code-check-digit"),
        ("48201", "region-code-prefecture"),
        ("00", "region-code-prefecture"),
        ("482013", "region-code-prefecture"),
        ("13050", "region-code-place"),
        ("138012", "region-code-place"),
        ("府中市", "region-code-format"),
        ("132", "region-code-format"),
        ("1320631", "region-code-format"),
        ("13206.5", "region-code-format"),
        ("-1100", "region-code-format"),
        ("", "region-code-format"),
    ],
)
def test_a_wrong_code_says_why_in_both_languages(text: str, problem: str) -> None:
    with pytest.raises(CodeError) as caught:
        parse_code(text)
    assert caught.value.code == problem
    assert caught.value.ja
    assert caught.value.en
    assert caught.value.remedy_ja
    assert caught.value.remedy_en


@given(codes5)
def test_all_forms_of_a_code_mean_the_same(code: str) -> None:
    with_digit = code + check_digit(code)
    for text in (code, with_digit, code.translate(FULL_WIDTH), f" {with_digit} "):
        assert parse_code(text) == RegionCode(code)
    assert parse_code(code).code6 == with_digit


@given(codes5)
def test_a_lost_zero_is_always_among_the_readings(code: str) -> None:
    if code.startswith("0"):
        assert parse_code(code[1:]) == RegionCode(code)
        assert RegionCode(code) in readings(RegionCode(code).code6[1:])


@given(codes5, st.integers(0, 9))
def test_only_one_last_digit_is_right(code: str, digit: int) -> None:
    if str(digit) == check_digit(code):
        assert parse_code(f"{code}{digit}").code == code
    else:
        with pytest.raises(CodeError):
            parse_code(f"{code}{digit}")


@given(codes5, st.integers(0, 4), st.integers(1, 9))
def test_one_mistyped_digit_is_found(code: str, position: int, shift: int) -> None:
    """Modulo 11 tells all single mistakes apart, but remainders 0 (11 less 0) and 10 both give the digit 1."""
    wrong = code[:position] + str((int(code[position]) + shift) % 10) + code[position + 1 :]
    remainders = [sum(int(d) * (6 - i) for i, d in enumerate(c)) % 11 for c in (code, wrong)]
    if set(remainders) != {0, 10}:
        assert check_digit(wrong) != check_digit(code)


@given(st.text(max_size=8))
def test_any_text_is_a_code_or_a_code_error(text: str) -> None:
    try:
        code = parse_code(text).code
    except CodeError:
        return
    assert len(code) in (2, 5)
    assert 1 <= int(code[:2]) <= 47
