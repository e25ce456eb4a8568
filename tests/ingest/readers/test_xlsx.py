"""Workbooks: several sheets, titles above the header, hidden sheets, values of formulas."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from ingest.limits import DEFAULT_LIMITS
from ingest.readers.open_file import open_file
from ingest.readers.table import Row
from tests.ingest.support import COLUMNS, assert_says_cause_and_remedy, refusal, rows_of, xlsx

HEADER = ["団体名", "技術名称", "概要"]
ROW = ["株式会社サンプル", "廃油の燃料化", "天ぷら油を燃料にする"]
CELLS: dict[str, object] = dict(zip(HEADER, ROW, strict=True))


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return tmp_path / "book.xlsx"


def test_row_numbers_are_the_spreadsheets_own(book: Path) -> None:
    sheet = [["技術シーズ一覧"], [], HEADER, ROW, [], ROW]
    assert rows_of(book, xlsx({"一覧": sheet})) == [Row(4, CELLS, sheet="一覧"), Row(6, CELLS, sheet="一覧")]


def test_a_table_may_begin_far_below_and_to_the_right(book: Path) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    for number, values in ((15, HEADER), (16, ROW)):
        for column, value in enumerate(values, start=5):
            sheet.cell(number, column, value)
    workbook.save(book)
    assert rows_of(book, book.read_bytes()) == [Row(16, CELLS, sheet="Sheet")]


def test_every_visible_sheet_is_read_and_no_hidden_one(book: Path) -> None:
    sheets = {"一": [HEADER, ROW], "控え": [HEADER, ROW], "二": [["注"], HEADER, ROW], "空": []}
    rows = rows_of(book, xlsx(sheets, hidden=["控え"]))
    assert [(row.sheet, row.number) for row in rows] == [("一", 2), ("二", 3)]


def test_values_keep_their_types(book: Path) -> None:
    day = datetime(2025, 4, 1)
    (row,) = rows_of(book, xlsx({"一": [["団体名", "登録日", "数量", "サンプル"], ["甲", day, 1200.5, True]]}))
    assert row.cells == {"団体名": "甲", "登録日": day.date(), "数量": 1200.5, "サンプル": True}


def test_a_formula_without_a_stored_value_is_empty_and_never_its_text(book: Path) -> None:
    (row,) = rows_of(book, xlsx({"一": [HEADER, ["甲", "乙", "=1+1"]]}))
    assert row.cells["概要"] == ""


def test_a_failed_formula_shows_its_error(book: Path) -> None:
    plain = xlsx({"一": [HEADER, ["甲", "#REF!", "#N/A"], ["乙", "#1 の課題", "丙"]]})
    failed = rewritten(plain, "xl/worksheets/sheet1.xml", b'<c r="B2" t="e"><v>', b'<c r="B2" t="e"><f>#REF!+1</f><v>')
    first, second = rows_of(book, failed)
    assert (first.cells["技術名称"], first.cells["概要"]) == ("#REF!", "#N/A")
    assert second.cells["技術名称"] == "#1 の課題"


def test_the_stored_value_of_a_formula_is_read(book: Path) -> None:
    plain = xlsx({"一": [HEADER, ["甲", "乙", "=1+1"]]})
    rows = rows_of(book, rewritten(plain, "xl/worksheets/sheet1.xml", b"<v />", b"<v>2</v>", b"<v></v>"))
    assert rows[0].cells["概要"] == 2


def test_values_beyond_the_header_make_a_row_ragged(book: Path) -> None:
    (row,) = rows_of(book, xlsx({"一": [HEADER, [*ROW, None, "余り"]]}))
    assert row.extra == ["余り"]


def test_a_merged_title_does_not_hide_the_header(book: Path) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    sheet["A1"] = "団体名・技術名称の一覧"
    sheet.merge_cells("A1:C1")
    sheet.append(HEADER)
    sheet.append(ROW)
    workbook.save(book)
    assert rows_of(book, book.read_bytes()) == [Row(3, CELLS, sheet="Sheet")]


def rewritten(content: bytes, member: str, old: bytes, new: bytes, other: bytes | None = None) -> bytes:
    """The workbook with some bytes of one member replaced."""
    saved = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(saved, "w") as target:
        for entry in source.infolist():
            data = source.read(entry)
            if entry.filename == member:
                assert old in data or (other and other in data), data
                data = data.replace(old, new).replace(other or old, new)
            target.writestr(entry, data)
    return saved.getvalue()


def test_rows_are_read_again_and_of_one_sheet(book: Path) -> None:
    book.write_bytes(xlsx({"一": [HEADER, ROW, ROW], "二": [["注"], HEADER, ROW]}))
    file = open_file(book, DEFAULT_LIMITS)
    first = list(file.rows(COLUMNS.known(), DEFAULT_LIMITS))
    assert list(file.rows(COLUMNS.known(), DEFAULT_LIMITS)) == first
    assert list(file.rows(COLUMNS.known(), DEFAULT_LIMITS, "二")) == [row for row in first if row.sheet == "二"]


def test_a_cell_merged_over_rows_far_below_the_header_holds_its_value_in_each(book: Path) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    for row in ([None, *HEADER], *([[None, f"社{n}", f"技{n}", n] for n in range(30)])):
        sheet.append(row)
    sheet.merge_cells("B25:B27")
    sheet.merge_cells("C27:D28")
    workbook.save(book)
    rows = {row.number: row.cells for row in rows_of(book, book.read_bytes())}
    assert [rows[n]["団体名"] for n in range(24, 29)] == ["社22", "社23", "社23", "社23", "社26"]
    assert [rows[n]["技術名称"] for n in (27, 28, 29)] == ["技25", "技25", "技27"]
    assert rows[28]["概要"] == ""


def test_the_cells_of_all_sheets_are_counted_together(book: Path) -> None:
    sheets = {name: [HEADER, *[ROW] * 9] for name in ("一", "二")}
    assert len(rows_of(book, xlsx(sheets), replace(DEFAULT_LIMITS, cells=60))) == 18
    error = refusal(book, xlsx(sheets), replace(DEFAULT_LIMITS, cells=59))
    assert error.code == "file_too_large"
    assert_says_cause_and_remedy(error, book.name)
