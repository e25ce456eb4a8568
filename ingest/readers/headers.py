"""Headers: the keys under which two spellings of one header meet, and the row of a sheet that is the header."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache

from ingest.normalise.amounts import is_unit, split_header
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

# what politeness and forms add to a name
_POLITE = re.compile(r"^(?:貴|御|ご)(?=[^\W\d_]{2})")
_NAME_OF = re.compile(r"(?:の(?:名称|タイトル|題名|名前)|名称|タイトル)$")
_ENGLISH_NAME = re.compile(r"(name|title|date)of(?:the)?(.+)")
# signs that join two names of one column, and the border between its Japanese and its English name
_JOINTS = re.compile(r"[/|・、,;]|または|又は|\bor\b")
_TWO_LANGUAGES = re.compile(
    r"(?:([^a-zA-Z]*[\u3040-\u30ff\u4e00-\u9fff][^a-zA-Z]*?)[\s:|-]*([a-zA-Z][\x20-\x7e]*)"
    r"|([a-zA-Z][\x20-\x7e]*?)[\s:|-]*([\u3040-\u30ff\u4e00-\u9fff].*))"
)


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
    keys += [_usual_words(key) for key in (keys[0], keys[-1])]
    return tuple(key for key in dict.fromkeys(keys) if key)


def _usual_words(key: str) -> str:
    """The key in the words that the table uses: 団体名 for 貴団体名, 課題名 for 課題のタイトル."""
    shorter = _POLITE.sub("", key)
    if english := _ENGLISH_NAME.fullmatch(shorter):
        return f"{english[2]}{english[1]}"
    return _NAME_OF.sub("名", shorter)


def loose_key(header: str) -> str:
    """The exact key without marks such as _, -, *, ★ and ・."""
    return _MARKS.sub("", fold(header).casefold())


def known_header(cell: object, known: Collection[str]) -> bool:
    """Whether a cell is a header that means a field, or is made of such headers (課題名/テーマ)."""
    return isinstance(cell, str) and len(cell) <= 200 and _known(cell, known)


@lru_cache(maxsize=10_000)
def header_parts(header: str) -> tuple[tuple[str, ...], ...]:
    """The ways in which one header may be made of several: joined by a sign (企業名/団体名), or in two languages.

    Two languages are a Japanese and a Latin half, in either order (対象地域 Target region).
    """
    folded = fold(header)
    signs = tuple(part.strip() for part in _JOINTS.split(folded) if part.strip())
    halves = _TWO_LANGUAGES.fullmatch(folded)
    languages = tuple(part.strip() for part in halves.groups() if part) if halves else ()
    return tuple(parts for parts in (signs, languages) if len(parts) > 1)


def _known(header: str, known: Collection[str]) -> bool:
    if any(key in known for key in header_keys(header)):
        return True
    return any(all(any(key in known for key in _keys(part)) for part in parts) for parts in header_parts(header))


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
    """Whether the row below the header is its second line: most of it are headers, where the first line has none.

    Cells merged over both lines say the same in both.
    """
    like = [is_known or _names_a_unit(cell) for is_known, cell in zip(found, below, strict=True)]
    new = again = 0
    for index, cell in enumerate(below):
        above = header[index] if index < len(header) else None
        again += filled(cell) and cell == above
        new += like[index] and cell != above and not known_header(above, known)
    return new > 0 and again < sum(map(filled, below)) and 2 * sum(like) >= sum(map(filled, below))


def _names_a_unit(cell: object) -> bool:
    named = split_header(cell) if isinstance(cell, str) and len(cell) <= 200 else None
    return named is not None and is_unit(named[1])


def _fill(header: list[object], other: Sequence[object], known: Collection[str], *, replace: bool = False) -> None:
    header.extend([None] * (len(other) - len(header)))
    for index, cell in enumerate(other):
        free = not filled(header[index]) or (replace and not known_header(header[index], known) and filled(cell))
        if free and (replace or known_header(cell, known)):
            header[index] = cell
