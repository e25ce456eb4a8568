"""Workbooks that hold text rather than registrations: every visible sheet is a page, its rows lines with tabs."""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import Any

from ingest.limits import Limits
from ingest.normalise.text import is_sheet_error
from ingest.readers.documents.archive import check_office_archive
from ingest.readers.documents.pieces import Pieces
from ingest.readers.documents.text import DocumentText, PageProgress, Remark
from ingest.readers.errors import too_large


def read_workbook(content: bytes, name: str, limits: Limits, progress: PageProgress) -> DocumentText:
    """The visible sheets' values; formulas as the value that was stored with them, failed ones counted in a remark.

    Raises FileRejected as ``check_office_archive`` does, and where there is too much text.
    """
    import openpyxl  # noqa: PLC0415

    check_office_archive(content, name, limits, suffix=".xlsx", folder="xl/")
    workbook = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    pieces = Pieces(name, limits)
    sheets = [sheet for sheet in workbook.worksheets if sheet.sheet_state == "visible"]
    failed = 0
    for number, sheet in enumerate(sheets, start=1):
        pieces.page(number)
        failed += _read_sheet(sheet, pieces, name, limits)
        progress(number, len(sheets))
    properties = workbook.properties
    remarks = (Remark("cells_with_errors", str(failed)),) if failed else ()
    return pieces.document(title=properties.title, issued=properties.created, remarks=remarks)


def _read_sheet(sheet: Any, pieces: Pieces, name: str, limits: Limits) -> int:
    """Adds a sheet's rows; returns how many cells were left out because they show an error."""
    sheet.reset_dimensions()
    named = False
    failed = 0
    # the library yields every row up to the highest number that a file names, so they are counted
    for count, row in enumerate(sheet.iter_rows(values_only=True, max_col=limits.columns), start=1):
        if count > limits.rows:
            raise too_large(name, "rows", "行数", limits.rows)
        shown = [_shown(value) for value in row if value not in (None, "")]
        cells = [text for text in shown if not is_sheet_error(text)]
        failed += len(shown) - len(cells)
        if cells:
            if not named:
                pieces.add(sheet.title, heading=True)
                named = True
            pieces.add("\t".join(cells), close=True)
    return failed


def _shown(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat(sep=" ") if value.time() != datetime.min.time() else value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).replace("\n", " ")
