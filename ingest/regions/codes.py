"""Reads municipality codes as offices write them: with or without check digit, and after Excel ate the zero.

A code of JIS X 0402 has two digits for the prefecture (JIS X 0401) and three for the municipality; the
全国地方公共団体コード of the Ministry of Internal Affairs adds a check digit. Both name the same thing.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from kg.errors import MeguriError

_PREFECTURES = range(1, 48)
# JIS X 0402 numbers places from 100 to 799; from 800 on come unions of municipalities, which are no regions.
_LOCAL = range(100, 800)
_REMEDY_EN = "Write the 5-digit JIS X 0402 code or the 6-digit code with check digit, for instance 13206 or 132063."
_REMEDY_JA = "JIS X 0402の5桁または検査数字付きの6桁で記入してください（例: 13206、132063）。"


class CodeError(MeguriError):
    """A text that cannot be a municipality code; ``code`` says why (``region-code-*``)."""

    def __init__(self, reason: str, en: str, ja: str) -> None:
        super().__init__(code=f"region-code-{reason}", en=en, ja=ja, remedy_en=_REMEDY_EN, remedy_ja=_REMEDY_JA)


@dataclass(frozen=True, order=True)
class RegionCode:
    """A well-formed code: ``code`` has 2 digits for a prefecture and 5 for anything smaller.

    Well-formed does not mean that such a place exists; the register knows that.
    """

    code: str

    @property
    def prefecture(self) -> str:
        """The prefecture's two digits (JIS X 0401)."""
        return self.code[:2]

    @property
    def is_prefecture(self) -> bool:
        """Whether the code names a whole prefecture."""
        return len(self.code) == 2

    @property
    def code6(self) -> str:
        """The six digits of the 全国地方公共団体コード; a prefecture's end in 000 and the check digit."""
        code5 = self.code.ljust(5, "0")
        return code5 + check_digit(code5)


def check_digit(code5: str) -> str:
    """The check digit of a 5-digit code: 11 less the weighted sum (6, 5, 4, 3, 2) modulo 11, last digit.

    Source: 総務省「検査数字を算出する算式」. Raises ``CodeError`` unless given five ASCII digits.
    """
    if not re.fullmatch(r"[0-9]{5}", code5):
        raise _malformed(code5)
    total = sum(int(digit) * weight for digit, weight in zip(code5, range(6, 1, -1), strict=True))
    return str((11 - total % 11) % 10)


def parse_code(text: str, *, with_check_digit: bool = False) -> RegionCode:
    """Reads a code of 5 or 6 digits, or a prefecture's 2, tolerating full-width digits and lost zeros.

    A lost leading zero is put back: 1 or 2 digits are a prefecture ("1" → "01"), 4 digits a 5-digit code
    ("1100" → "01100"). Five digits are read as they stand where that can be a place; otherwise as a 6-digit
    code that lost its zero, if the check digit agrees ("11002" → 011002 → "01100", since place 002 of
    prefecture 11 cannot be). Where both hold, the 5-digit reading wins; ``readings`` gives the other one, and
    the register chooses by what exists. Say ``with_check_digit`` where the other cells of the column have six
    digits: then five digits are six that lost a zero. Raises ``CodeError`` (wrong form, prefecture, place,
    check digit).
    """
    return readings(text, with_check_digit=with_check_digit)[0]


def readings(text: str, *, with_check_digit: bool = False) -> tuple[RegionCode, ...]:
    """Every way to read ``text`` as a code, the likeliest first, never empty; as ``parse_code`` otherwise."""
    digits = _digits(text)
    if with_check_digit and len(digits) == 5:
        digits = "0" + digits
    if len(digits) <= 2:
        return (_region(digits.zfill(2).ljust(5, "0")),)
    if len(digits) == 4:
        return (_region("0" + digits),)
    if len(digits) == 6:
        return (_checked(digits),)
    return _five_digits(digits)


def _digits(text: str) -> str:
    """The bare digits, without what spreadsheets add: blanks, a leading apostrophe, a float's ".0"."""
    plain = unicodedata.normalize("NFKC", text).strip().lstrip("'’")
    digits = re.sub(r"\.0+\Z", "", plain)
    if not re.fullmatch(r"[0-9]{1,2}|[0-9]{4,6}", digits):
        raise _malformed(text)
    return digits


def _five_digits(digits: str) -> tuple[RegionCode, ...]:
    """The 5-digit reading, then the 6-digit reading with its lost zero, as far as each can be."""
    found: list[RegionCode] = []
    problems: list[CodeError] = []
    for read, candidate in ((_region, digits), (_checked, "0" + digits)):
        try:
            found.append(read(candidate))
        except CodeError as problem:
            problems.append(problem)
    if not found:
        raise problems[0]
    return tuple(found)


def _checked(code6: str) -> RegionCode:
    region = _region(code6[:5])
    expected = check_digit(code6[:5])
    if expected != code6[5]:
        raise CodeError(
            "check-digit",
            f"The check digit of code {code6} should be {expected}.",
            f"コード{code6}の検査数字は{expected}であるべきです。",
        )
    return region


def _region(code5: str) -> RegionCode:
    prefecture, local = int(code5[:2]), int(code5[2:])
    if prefecture not in _PREFECTURES:
        raise CodeError(
            "prefecture",
            f"Code {code5}: there is no prefecture {code5[:2]} (01 to 47).",
            f"コード{code5}: 都道府県コード{code5[:2]}はありません（01～47）。",
        )
    if local and local not in _LOCAL:
        raise CodeError(
            "place",
            f"Code {code5}: {code5[2:]} cannot be a municipality (100 to 799).",
            f"コード{code5}: 市区町村の番号に{code5[2:]}はありません（100～799）。",
        )
    return RegionCode(code5 if local else code5[:2])


def _malformed(text: str) -> CodeError:
    return CodeError(
        "format",
        f"{text!r} is not a municipality code of 2, 5 or 6 digits.",
        f"「{text}」は2桁・5桁・6桁の市区町村コードではありません。",
    )
