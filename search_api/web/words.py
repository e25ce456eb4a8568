"""Small pure functions that make values readable: dates, numbers, highlighted words, closeness."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

_MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)
# cosines after language balancing; by the corpus with multilingual-e5-small: what a query is about lies above
# 0.24, what merely comes nearest to a query that nothing answers below it. They say how near, not how probable
CLOSENESS = ((0.34, 4), (0.24, 3), (0.16, 2))
LIKELIHOOD = ((0.5, 4), (0.3, 3), (0.15, 2))


@dataclass(frozen=True)
class Piece:
    """A part of a text, and whether it stands out."""

    text: str
    marked: bool


def highlighted(text: str, terms: Iterable[str]) -> list[Piece]:
    """A text cut at the places that say one of the terms; Latin words only as beginnings of words."""
    wanted = sorted({term for term in terms if term.strip()}, key=len, reverse=True)
    if not wanted:
        return [Piece(text, marked=False)]
    # terms side by side are one place: 天ぷら and 油 mark 天ぷら油
    pattern = re.compile(f"(?:{'|'.join(_pattern(term) for term in wanted)})+", re.IGNORECASE)
    pieces, end = [], 0
    for match in pattern.finditer(text):
        pieces += [Piece(text[end : match.start()], marked=False), Piece(match.group(), marked=True)]
        end = match.end()
    pieces.append(Piece(text[end:], marked=False))
    return [piece for piece in pieces if piece.text]


def readable_date(value: str, lang: str) -> str:
    """An ISO date or time as people write it; anything else as it stands."""
    try:
        day = date.fromisoformat(value[:10])
    except ValueError:
        return value
    clock = f" {value[11:16]} UTC" if len(value) > 10 and value.endswith(("Z", "+00:00")) else ""
    if lang == "ja":
        return f"{day.year}年{day.month}月{day.day}日{clock}"
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}{clock}"


def readable_number(value: str) -> str:
    """12000 → 12,000; 3.0 → 3; anything else as it stands."""
    match = re.fullmatch(r"(-?\d+)(?:\.(\d+))?", value)
    if not match:
        return value
    whole, decimals = f"{int(match[1]):,}", (match[2] or "").rstrip("0")
    sign = "-" if match[1].startswith("-") and whole == "0" else ""
    return f"{sign}{whole}.{decimals}" if decimals else f"{sign}{whole}"


def closeness(cosine: float) -> int:
    """How near, in four steps from 1 (far) to 4 (very near)."""
    return next((step for least, step in CLOSENESS if cosine >= least), 1)


def likelihood(chance: float) -> int:
    """How likely to be useful, in four steps from 1 (unlikely) to 4 (more likely than not)."""
    return next((step for least, step in LIKELIHOOD if chance >= least), 1)


def web_address(value: str) -> str | None:
    """The value where it is an address that a link may lead to; never a script."""
    return value if re.fullmatch(r"https?://[^\s<>\"']+", value) else None


def _pattern(term: str) -> str:
    escaped = re.escape(term)
    return rf"\b{escaped}\w*" if term[0].isascii() and term[0].isalnum() else escaped
