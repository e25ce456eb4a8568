"""XLSX workbooks: every visible sheet with a table, values only (formulas are never evaluated)."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

from ingest.limits import Limits
from ingest.readers.errors import broken, empty_file, too_large, wrong_type
from ingest.readers.table import HEADER_SEARCH_ROWS, Row, find_header, named_cells
from kg.errors import MeguriError


def read_xlsx(content: bytes, name: str, known: frozenset[str], limits: Limits) -> Iterator[Row]:
    """The rows below each sheet's header; ``number`` is the spreadsheet's own row number.

    Raises FileRejected for a damaged archive, one that unpacks beyond the limit, or one without any table.
    """
    empty = True
    with _damage_reported(name):
        workbook = _open(content, name, limits)
        for sheet in workbook.worksheets:
            if sheet.sheet_state == "visible":
                for row in _sheet_rows(sheet, name, known, limits):
                    empty = False
                    yield row
    if empty:
        raise empty_file(name)


@contextmanager
def _damage_reported(name: str) -> Iterator[None]:
    """Whatever a damaged archive or its XML makes the libraries raise is one error with its remedy.

    Sheets are parsed while they are read, so damage may show at any row; what the reader's own caller
    raises does not pass through here.
    """
    try:
        yield
    except MeguriError:
        raise
    except Exception as error:
        raise broken(name, type(error).__name__) from error


def _open(content: bytes, name: str, limits: Limits) -> Any:
    import openpyxl  # noqa: PLC0415  (heavy)

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = archive.infolist()
    if sum(entry.file_size for entry in entries) > limits.unpacked_bytes:
        raise too_large(name, "bytes when unpacked", "展開後のバイト数", limits.unpacked_bytes)
    if not any(entry.filename.startswith("xl/") for entry in entries):
        raise wrong_type(name, ".xlsx", "another ZIP archive")
    return openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)


def _sheet_rows(sheet: Any, name: str, known: frozenset[str], limits: Limits) -> Iterator[Row]:
    # a sheet's stated size is often wrong (formatted empty columns), so it is measured from the cells
    sheet.reset_dimensions()
    numbered = enumerate(sheet.iter_rows(values_only=True, max_col=limits.columns + 1), start=1)
    head = list(islice(numbered, HEADER_SEARCH_ROWS))
    if not head:
        return
    start = find_header([values for _, values in head], known)
    header = _trimmed(head[start][1])
    if len(header) > limits.columns:
        raise too_large(name, "columns", "列数", limits.columns)
    for source in (head[start + 1 :], numbered):
        for number, values in source:
            if number > limits.rows:
                raise too_large(name, "rows", "行数", limits.rows)
            if any(value not in (None, "") for value in values):
                cells, extra = named_cells(header, values)
                yield Row(number, cells, sheet=sheet.title, extra=extra)


def _trimmed(header: Sequence[object]) -> list[object]:
    """The header without the empty cells behind it."""
    cells = list(header)
    while cells and cells[-1] in (None, ""):
        cells.pop()
    return cells
