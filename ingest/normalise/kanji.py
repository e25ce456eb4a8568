"""Numbers written in kanji: 二十五, 一千二百, 三億五千万."""

from __future__ import annotations

import re

DIGITS = {sign: value for value, sign in enumerate("〇一二三四五六七八九")} | {"零": 0}
_SMALL = {"十": 10, "百": 100, "千": 1_000}
_LARGE = {"万": 10**4, "億": 10**8, "兆": 10**12}
KANJI_NUMBER = re.compile(r"[〇零一二三四五六七八九十百千万億兆]{1,20}")


def kanji_number(text: str) -> int:
    """The value of a number in kanji, with powers (一千二百) or digit by digit (二〇二五).

    Raises:
        ValueError: where the signs do not make a number (二三十, 万千).
    """
    if not KANJI_NUMBER.fullmatch(text):
        raise ValueError(f"no number in kanji: {text[:20]!r}")
    if all(sign in DIGITS for sign in text):
        return int("".join(str(DIGITS[sign]) for sign in text))
    total, rest = 0, text
    for sign, scale in reversed(_LARGE.items()):
        head, mark, tail = rest.partition(sign)
        if mark:
            total, rest = total + _below_ten_thousand(head) * scale, tail
    return total + (_below_ten_thousand(rest) if rest else 0)


def _below_ten_thousand(text: str) -> int:
    """一千二百三十四; no digit in front of a power means one of it, and nothing at all in front of 万 is one."""
    match = re.fullmatch(r"(?:(.?)千)?(?:(.?)百)?(?:(.?)十)?(.?)", text)
    if match is None or any(sign and sign not in DIGITS for sign in match.groups()):
        raise ValueError(f"no number in kanji: {text[:20]!r}")
    if not text:
        return 1
    powers = zip(match.groups()[:3], ("千", "百", "十"), strict=True)
    value = sum((DIGITS[digit] if digit else 1) * _SMALL[power] for digit, power in powers if digit is not None)
    return value + (DIGITS[match[4]] if match[4] else 0)
