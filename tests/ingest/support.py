"""What the tests of ingestion share: building spreadsheets, reading rows, and what a refused file must say."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl
import pytest

from ingest.columns import load_columns
from ingest.limits import DEFAULT_LIMITS, Limits
from ingest.readers.open_file import FileRejected, open_file
from ingest.readers.table import Row
from kg.errors import MeguriError

BASE = "https://example.org/id/"
COLUMNS = load_columns()
Sheet = Sequence[Sequence[object]]

_JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")


def xlsx(sheets: Mapping[str, Sheet], hidden: Sequence[str] = ()) -> bytes:
    """A workbook with these sheets, as a spreadsheet program would save it."""
    workbook = openpyxl.Workbook()
    del workbook["Sheet"]
    for title, rows in sheets.items():
        sheet = workbook.create_sheet(title)
        for row in rows:
            sheet.append(row)
        sheet.sheet_state = "hidden" if title in hidden else "visible"
    saved = io.BytesIO()
    workbook.save(saved)
    return saved.getvalue()


def rows_of(path: Path, content: bytes, limits: Limits = DEFAULT_LIMITS) -> list[Row]:
    """The rows of a file with this content, read as the ingestion reads them."""
    path.write_bytes(content)
    return list(open_file(path, limits).rows(COLUMNS.known(), limits))


def refusal(path: Path, content: bytes, limits: Limits = DEFAULT_LIMITS) -> FileRejected:
    """The error with which a file of this content is refused as a whole."""
    with pytest.raises(FileRejected) as caught:
        rows_of(path, content, limits)
    return caught.value


def assert_says_cause_and_remedy(error: MeguriError, name: str) -> None:
    """Cause (which names the file) and remedy, in Japanese and in English."""
    assert re.fullmatch(r"[a-z_]+", error.code)
    assert name in error.en
    assert name in error.ja
    assert error.remedy_en.endswith(".")
    assert not _JAPANESE.search(error.remedy_en)
    assert _JAPANESE.search(error.ja)
    assert _JAPANESE.search(error.remedy_ja)
