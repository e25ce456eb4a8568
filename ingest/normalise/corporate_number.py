"""Corporate numbers (法人番号): 13 digits whose first is a check digit."""

from __future__ import annotations

import re

from ingest.normalise.text import fold


def check_digit(base12: str) -> int:
    """The check digit of a 12-digit base: 9 − (Σ P·Q mod 9), Q alternating 1 and 2 from the right.

    Source: order of the Ministry of Finance on corporate numbers (法人番号の指定等に関する省令, article 2).
    """
    total = sum(int(digit) * (1 + index % 2) for index, digit in enumerate(reversed(base12)))
    return 9 - total % 9


def parse_corporate_number(text: str) -> str:
    """The 13 digits; hyphens and spaces are forgiven, a wrong length or check digit is not (ValueError)."""
    digits = re.sub(r"[\s-]", "", fold(text))
    if not re.fullmatch(r"[0-9]{13}", digits):
        raise ValueError("a corporate number has 13 digits")
    if int(digits[0]) != check_digit(digits[1:]):
        raise ValueError(f"the check digit should be {check_digit(digits[1:])}")
    return digits
