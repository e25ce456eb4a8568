"""Headers: the keys under which two spellings of one header meet, and the row of a sheet that is the header."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache

from ingest.normalise.amounts import is_unit
from ingest.normalise.text import fold

HEADER_SEARCH_ROWS = 20

# ①, (1), 1., １）, No.3 in front of a header, and marks that offices put around it
_NUMBERING = re.compile(
    r"^(?:[\u2460-\u2473\u3251-\u325f]|\(\d{1,2}\)|\d{1,2}[.):、](?=\D)|[A-Za-z][.)](?=.)|問\d{1,2})+"
)
_MARKS = re.compile(r"[\s_\-‐・.:*#＊★☆●○◎■□▼▽▲△◆◇※《》〈〉「」]+")
_REQUIREMENT = re.compile(
    r"(?:[(\[【〔<※*]?\s*(?:入力|記入)?(?:必須|任意|required|optional|mandatory)(?:項目|事項)?[)\]】〕>]?)", re.I
)
_BRACKETS = re.compile(r"[(\[【〔][^()\[\]【】〔〕]*[)\]】〕]?")
_NUMBERED_AGAIN = re.compile(r" #\d+$")
# a bracket that says of another thing than the header alone: its reading, its former value, another language
_OTHER_THING = re.compile(r"カナ|かな|ふりがな|フリガナ|よみ|読み|ローマ字|英|english|旧|変更前|kana", re.IGNORECASE)


def header_keys(header: object) -> Iterator[str]:
    """Keys of a header, the most exact first: as it stands; without numbering and marks; without a bracketed remark.

    A bracket is a remark (必須, 半角, 代表 …) unless it holds a unit, or says that the column is about another
    thing than its name (団体名(カナ)).
    """
    yield from _keys(str(header))


def header_key(header: object) -> str:
    """The exact key: width, case, spaces and line breaks do not count."""
    return "".join(fold(str(header)).casefold().split())


@lru_cache(maxsize=10_000)
def _keys(header: str) -> tuple[str, ...]:
    plain = _NUMBERED_AGAIN.sub("", _NUMBERING.sub("", header.strip()))
    folded = _NUMBERING.sub("", fold(plain))
    bare = _REQUIREMENT.sub("", folded)
    keys = [header_key(header), header_key(folded), loose_key(folded), loose_key(bare)]
    if not any(_OTHER_THING.search(part) or is_unit(part.strip("()[]【】〔〕")) for part in _BRACKETS.findall(bare)):
        keys.append(loose_key(_BRACKETS.sub("", bare)))
        keys.append(loose_key(_BRACKETS.sub("", bare.partition("※")[0])))
    return tuple(key for key in dict.fromkeys(keys) if key)


def loose_key(header: str) -> str:
    """The exact key without marks such as _, -, *, ★ and ・."""
    return _MARKS.sub("", fold(header).casefold())


def known_header(cell: object, known: Collection[str]) -> bool:
    """Whether a cell is a header that means a field."""
    return isinstance(cell, str) and len(cell) <= 200 and any(key in known for key in header_keys(cell))


def find_header(rows: Sequence[Sequence[object]], known: Collection[str]) -> tuple[int, int, list[object]]:
    """The first and last row of the header among the first rows, and the header itself.

    It is the row with the most known headers, the first of equals: offices put titles and notes above the
    table. Where it is two rows high (a group above its columns), the blank or unknown cells of the one row
    are filled from the known ones of the other.
    """
    found = [[known_header(cell, known) for cell in row] for row in rows[:HEADER_SEARCH_ROWS]]
    scores = [sum(row) for row in found]
    if not scores or max(scores) == 0:
        first = next((index for index, row in enumerate(rows) if sum(filled(cell) for cell in row) > 1), 0)
        return first, first, list(rows[first]) if rows else []
    best = scores.index(max(scores))
    header, last = list(rows[best]), best
    if best > 0:
        _fill(header, rows[best - 1], known)
    if best + 1 < len(found) and _continues(header, rows[best + 1], found[best + 1], known):
        _fill(header, rows[best + 1], known, replace=True)
        last = best + 1
    return best, last, header


def filled(cell: object) -> bool:
    """Whether a cell holds anything but blanks."""
    return cell is not None and cell != "" and not (isinstance(cell, str) and not cell.strip())


def _continues(
    header: Sequence[object], below: Sequence[object], found: Sequence[bool], known: Collection[str]
) -> bool:
    """Whether the row below the header is its second line: most of it are headers, where the first line has none."""
    new = sum(
        is_known and (index >= len(header) or not known_header(header[index], known))
        for index, is_known in enumerate(found)
    )
    return new > 0 and 2 * sum(found) >= sum(filled(cell) for cell in below)


def _fill(header: list[object], other: Sequence[object], known: Collection[str], *, replace: bool = False) -> None:
    header.extend([None] * (len(other) - len(header)))
    for index, cell in enumerate(other):
        free = not filled(header[index]) or (replace and not known_header(header[index], known) and filled(cell))
        if free and (replace or known_header(cell, known)):
            header[index] = cell
