"""A file that is not what it should be is one clear error with cause and remedy, in both languages."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.limits import Limits
from ingest.readers.open_file import FileRejected, open_file
from ingest.readers.workbook_reader import read_workbook
from tests.ingest.readers.test_xlsx import rewritten
from tests.ingest.support import COLUMNS, assert_says_cause_and_remedy, refusal, rows_of, xlsx
from tests.ingest.test_messy_files import ods

TABLE = "団体名,技術名称,概要\n甲,乙,丙\n".encode()
BOOK = xlsx({"一": [["団体名", "技術名称"], ["甲", "乙"]]})
_MAIN = ' xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n"


def zipped(members: dict[str, bytes]) -> bytes:
    saved = io.BytesIO()
    with zipfile.ZipFile(saved, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return saved.getvalue()


def half_of(content: bytes) -> bytes:
    return content[: len(content) // 2]


REFUSED = {
    "an empty file": ("a.csv", b"", "file_empty"),
    "white space": ("a.csv", b" \r\n\t\n", "file_empty"),
    "nothing but a byte order mark": ("a.csv", b"\xef\xbb\xbf", "file_empty"),
    "nothing but a header": ("a.csv", TABLE.splitlines()[0], "file_empty"),
    "an empty TSV": ("a.tsv", b"\n", "file_empty"),
    "an empty workbook": ("a.xlsx", xlsx({"一": []}), "file_empty"),
    "a workbook with a header only": ("a.xlsx", xlsx({"一": [["団体名"]]}), "file_empty"),
    "a workbook whose only table is hidden": (
        "a.xlsx",
        xlsx({"空": [], "表": [["団体名"], ["甲"]]}, ["表"]),
        "file_empty",
    ),
    "an empty YAML file": ("a.yaml", b"# nothing\n", "file_empty"),
    "a PDF named .csv": ("a.csv", PDF, "file_type_mismatch"),
    "a PDF named .xlsx": ("a.xlsx", PDF, "file_type_mismatch"),
    "a PDF named .txt": ("a.txt", PDF, "file_type_mismatch"),
    "a workbook named .csv": ("a.csv", BOOK, "file_type_mismatch"),
    "a workbook named .json": ("a.json", BOOK, "file_type_mismatch"),
    "a text named .xlsx": ("a.xlsx", TABLE, "file_type_mismatch"),
    "another archive named .xlsx": ("a.xlsx", zipped({"word/document.xml": b"<x/>"}), "file_type_mismatch"),
    "an old or encrypted workbook": ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "file_type_mismatch"),
    "a picture named .csv": ("a.csv", b"\x89PNG\r\n\x1a\n\x00\x00", "file_type_mismatch"),
    "binary data": ("a.csv", bytes(range(256)) * 3 + bytes(100), "file_type_mismatch"),
    "a truncated workbook": ("a.xlsx", half_of(BOOK), "file_damaged"),
    "truncated JSON": ("a.json", b'[{"technology": "X"}, {"techn', "file_damaged"),
    "truncated YAML": ("a.yaml", b'- technology: "X\n', "file_damaged"),
    "a CSV that ends inside a quotation": ("a.csv", TABLE + '丁,"終わらない'.encode(), "file_damaged"),
    "JSON named .yaml with tabs": ("a.yaml", b"{\t\n\t-", "file_damaged"),
    "a workbook without its sheet": ("a.xlsx", zipped({"xl/workbook.xml": b"<x/>"}), "file_damaged"),
    "a sheet that is no XML": (
        "a.xlsx",
        rewritten(BOOK, "xl/worksheets/sheet1.xml", b"<sheetData>", b"<sheetData><row"),
        "file_damaged",
    ),
    "bytes in no encoding": ("a.csv", b"\xff\xff\x80\x81\x00\xfe" * 5, "file_encoding"),
    "broken UTF-16": ("a.csv", b"\xff\xfea\x00\x00\xd8b\x00", "file_encoding"),
    "a kind that is not read": ("a.doc", b"text", "file_unsupported"),
}


@pytest.mark.parametrize(("name", "content", "code"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_read_is_refused_with_its_remedy(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    error = refusal(tmp_path / name, content)
    assert error.code == code
    assert_says_cause_and_remedy(error, name)


LIMITED = {
    "bytes": ("a.csv", TABLE, Limits(file_bytes=10)),
    "rows of a CSV": ("a.csv", TABLE + b"a,b,c\n" * 10, Limits(rows=5)),
    "rows of a sheet": ("a.xlsx", xlsx({"一": [["団体名"]] + [["甲"]] * 10}), Limits(rows=5)),
    "records": ("a.json", b'[{"a":1},{"a":2},{"a":3}]', Limits(rows=2)),
    "columns of a CSV": ("a.csv", b"a,b,c,d\n1,2,3,4\n", Limits(columns=3)),
    "columns of a sheet": ("a.xlsx", xlsx({"一": [["a", "b", "c", "d"], [1, 2, 3, 4]]}), Limits(columns=3)),
    "unpacked bytes": ("a.xlsx", BOOK, Limits(unpacked_bytes=1_000)),
    "a zip bomb": ("a.xlsx", zipped({"xl/workbook.xml": bytes(30_000_000)}), Limits(unpacked_bytes=20_000_000)),
    "nesting": ("a.json", b'{"a": [[[[1]]]]}', Limits(nesting=3)),
}


@pytest.mark.parametrize(("name", "content", "limits"), LIMITED.values(), ids=LIMITED.keys())
def test_what_passes_a_limit_is_refused_with_the_limit(
    tmp_path: Path, name: str, content: bytes, limits: Limits
) -> None:
    error = refusal(tmp_path / name, content, limits)
    assert error.code == "file_too_large"
    assert_says_cause_and_remedy(error, name)


@pytest.mark.parametrize("place", ["missing.csv", "."])
def test_what_is_no_file_is_refused(tmp_path: Path, place: str) -> None:
    with pytest.raises(FileRejected):
        open_file(tmp_path / place, Limits())


def test_a_row_number_out_of_this_world_ends_at_the_limit(tmp_path: Path) -> None:
    far = rewritten(BOOK, "xl/worksheets/sheet1.xml", b'<row r="2"', b'<row r="99999999999"')
    assert refusal(tmp_path / "a.xlsx", far, Limits(rows=1_000)).code == "file_too_large"


def test_external_entities_are_not_fetched(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("geheim")
    entity = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{tmp_path}/secret.txt">]><worksheet'.encode()
    hostile = rewritten(BOOK, "xl/worksheets/sheet1.xml", b"<worksheet", entity)
    # as openpyxl writes it without lxml and with it
    text, escaped = "<t>乙</t>".encode(), b"<t>&#20057;</t>"
    hostile = rewritten(hostile, "xl/worksheets/sheet1.xml", text, b"<t>&e;</t>", escaped)
    try:
        rows = list(read_workbook(hostile, "a.xlsx", COLUMNS.known(), Limits()))
    except FileRejected:
        return
    assert "geheim" not in str(rows)


def test_an_error_of_the_reader_of_rows_is_not_taken_for_damage() -> None:
    rows: Iterator[object] = read_workbook(BOOK, "a.xlsx", COLUMNS.known(), Limits())
    with pytest.raises(ZeroDivisionError):
        for _ in rows:
            raise ZeroDivisionError


def sharing(texts: list[str], cells: list[int], name: str = "xl/sharedStrings.xml", space: str = _MAIN) -> bytes:
    """A workbook whose second column shows common texts by their numbers."""
    rows = "".join(
        f'<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>甲{n}</t></is></c><c r="B{n}" t="s"><v>{cell}</v></c></row>'
        for n, cell in enumerate(cells, start=3)
    )
    book = rewritten(BOOK, "xl/worksheets/sheet1.xml", b"</sheetData>", f"{rows}</sheetData>".encode())
    table = f"<sst{space}>" + "".join(f"<si><t>{text}</t></si>" for text in texts) + "</sst>"
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        members = {entry: archive.read(entry) for entry in archive.namelist()}
    return zipped(members | {name: table.encode()})


@pytest.mark.parametrize("space", [_MAIN, ""])
@pytest.mark.parametrize("name", ["xl/sharedStrings.xml", "xl/SharedStrings.xml"])
def test_a_text_that_many_cells_share_counts_for_each_of_them(tmp_path: Path, name: str, space: str) -> None:
    limits, path = Limits(characters=1_500), tmp_path / "a.xlsx"
    error = refusal(path, sharing(["乙", "長" * 400], [1] * 4, name, space), limits)
    assert error.code == "file_too_large"
    assert_says_cause_and_remedy(error, path.name)
    # the longest text in all cells would be too much, and is not what they show
    assert len(rows_of(path, sharing(["乙", "長" * 400], [0, 0, 0, 1], name, space), limits)) == 5


def test_texts_that_an_ods_repeats_count_as_often(tmp_path: Path) -> None:
    wide = '<table:table-row table:number-rows-repeated="9"><table:table-cell office:value-type="string" '
    extra = (
        f'{wide} table:number-columns-repeated="2"><text:p>{"長" * 100}</text:p></table:table-cell></table:table-row>'
    )
    content, path = ods([["団体名", "技術名称"], ["甲", "乙"]], extra=extra), tmp_path / "a.ods"
    assert len(rows_of(path, content, Limits(characters=1_820))) == 10
    assert refusal(path, content, Limits(characters=1_800)).code == "file_too_large"
