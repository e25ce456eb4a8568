"""Rows of a table that are no records: the example that a form shows, totals, notes, the header printed again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from ingest.normalise.text import fold
from ingest.readers.headers import filled

Role = Literal["example", "total", "note", "header", "hidden"]

_FORM = "(?:記入|記載|入力|回答|登録|作成|記述)"
_EXAMPLE = re.compile(
    rf"[(\[【〔<《※*]*\s*(?:{_FORM}(?:見本|例)|見本|サンプル行|sample row)"
    r"|[(\[【〔<《※*]*\s*(?:example|for example|e\.g\.)(?:\W|$)"
    r"|[(\[【〔<《]\s*例\s*\d*\s*[)\]】〕>》]|例\s*\d*\s*(?:[:)]|$)"
    rf"|[(\[【〔<《]サンプル(?:データ)?[)\]】〕>》]|.+[(\[【〔]{_FORM}例[)\]】〕]$",
    re.IGNORECASE,
)
_TOTAL_WORD = (
    r"(?:(?:\S{0,12}[都道府県市区町村郡]|全国|全体|全社|年度?|[上下]期|部門|種別|区分|ページ)?"
    r"(?:総合計|合計|小計|総計|累計|計)|平均(?:値)?|(?:grand|sub)?-?total|sum|average)"
)
_TOTAL_ONLY = re.compile(_TOTAL_WORD, re.IGNORECASE)
_TOTAL = re.compile(_TOTAL_WORD + r"[(\[:]?約?[\d,.]*\S{0,3}[)\]]?", re.IGNORECASE)
_NOTE = re.compile(
    r"[※*＊†]|[(\[【]?注(?:意|記|釈)?\s*\d*[)\]】:.、 ]|[(\[【]?注\s*\d|[(\[【]?(?:注意|留意|特記)事項(?:[)\]】:]|$)"
    r"|(?:備考|出典|資料|参考|典拠|凡例|問い?合わ?せ先?|提出先|提出期限|作成者?|担当)\s*:|凡例$|notes?\s*\d*\s*[:.)]|source\s*:"
    r"|[(\[【\-ー―]?\s*以上\s*[)\]】\-ー―]?$|[(\[【\-ー―]?\s*以下\s*[、,]?余白",
    re.IGNORECASE,
)
# how many filled cells a note may have: its mark and its text
_NOTE_CELLS = 2
# the cells in front of a row in which "記入例" or "合計" stands
_FRONT = 3


def role_of(values: Sequence[object], header: Sequence[object]) -> Role | None:
    """Why a row is no record, or None for one that is."""
    # each cell of a file comes by here, so that even a call for each would cost
    full = [v for v in values if v is not None and v != "" and not (isinstance(v, str) and v.isspace())]
    texts = [fold(value) for value in full[:_FRONT] if isinstance(value, str) and len(value) <= 2_000]
    if not texts:
        return None
    if any(_EXAMPLE.match(text) for text in texts if _may_be_an_example(text)):
        return "example"
    if isinstance(full[0], str) and _is_total("".join(texts[0].split()), len(full), len(header)):
        return "total"
    if len(full) <= _NOTE_CELLS and isinstance(full[0], str) and _NOTE.match(texts[0]):
        return "note"
    return "header" if _repeats(full, header) else None


def _may_be_an_example(text: str) -> bool:
    """Whether one of the words is there at all: each row of a file is asked, and the pattern takes its time."""
    if "例" in text or "見本" in text or "サンプル" in text:
        return True
    folded = text.casefold()
    return "example" in folded or "e.g." in folded or "sample" in folded


def _is_total(first: str, cells: int, columns: int) -> bool:
    """A total says so in its first cell; a record whose first cell only begins so has its other cells filled."""
    if _TOTAL_ONLY.fullmatch(first.strip("()[]【】〔〕<>《》:")):
        return True
    match = _TOTAL.fullmatch(first)
    return match is not None and any(char.isdigit() for char in first) and 2 * cells <= max(columns, 4)


def _repeats(full: Sequence[object], header: Sequence[object]) -> bool:
    """Whether the row is the header again, as on each page of a printed list."""
    first = next((name for name in header if filled(name)), None)
    if len(full) <= 1 or _one_line(full[0]) != _one_line(first):
        return False
    return [_one_line(v) for v in full] == [_one_line(name) for name in header if filled(name)]


def _one_line(cell: object) -> str:
    return " ".join(str(cell).split())
