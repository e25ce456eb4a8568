"""Whatever bytes come in, a reader yields rows or refuses the file; no other exception leaves it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ingest.limits import Limits
from ingest.readers.csv_reader import read_csv
from ingest.readers.encoding import decode
from ingest.readers.errors import FileRejected
from ingest.readers.mapping_reader import read_mappings
from ingest.readers.open_file import Reader
from ingest.readers.table import Row
from ingest.readers.workbook_reader import read_workbook
from tests.ingest.support import COLUMNS, xlsx

LIMITS = Limits(file_bytes=10_000, columns=50, rows=100, unpacked_bytes=1_000_000)
BOOK = xlsx({"一": [["題"], ["団体名", "登録日"], ["甲", 45_000.5], ["=1+1", True]]})
# text that looks like the formats, in any order, so that the fuzz gets past the first byte
_SIGNS = [*",\t;\n\r\"{}[]:|>%@`'#?~-0\\\x00", "- ", "  ", "&a", "*a", "!!", "<<", "---", "..."]
PIECES = st.lists(st.sampled_from([*_SIGNS, "団体名", "技術名称", "null", "1e999", "\\ud800"]))

_CELL = '<table:table-cell office:value-type="string"{more}><text:p>{text}</text:p></table:table-cell>'
_ODS_NAMES = "".join(
    f' xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{prefix}:1.0"' for prefix in ("office", "table", "text")
)
ODS = {
    "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
    "META-INF/manifest.xml": b'<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
    "content.xml": (
        f"<office:document-content{_ODS_NAMES}><office:body><office:spreadsheet>"
        '<table:table table:name="A"><table:table-row>'
        + _CELL.format(more="", text="団体名")
        + _CELL.format(more=' table:number-columns-repeated="2"', text="登録日")
        + '</table:table-row><table:table-row table:number-rows-repeated="2">'
        + _CELL.format(more=' table:number-rows-spanned="2"', text="甲")
        + '<table:table-cell office:value-type="date" office:date-value="2025-04-01"/>'
        '<table:table-cell office:value-type="float" office:value="1.5"/></table:table-row></table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    ).encode(),
}
XML_PIECES = [
    *(b"", b"<", b">", b"/>", b'"', b"&x;", b"&#0;", b"\x00", b"9" * 40, b"-", b"1048576", b"4294967296"),
    *(b"<row r='-1'>", b"<row>", b"<c r='ZZZZ1'/>", b"<c r='A0'><v>1</v></c>", b"<c><v>1</v></c>"),
    *(b'<c r="B2" t="s"><v>99999</v></c>', b'<c r="B2" t="d"><v>9999-99-99</v></c>', b'<c r="B2"><v>nan</v></c>'),
    *(b'<c r="B2" s="1"><v>1e308</v></c>', b"<mergeCell ref='A1:XFD1048576'/>", b"<mergeCell ref='B2:A1'/>"),
    *(b' table:number-rows-repeated="1048576"', b' table:number-columns-repeated="-1"', b' office:value="1e999"'),
    *(b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"<!--", b"<![CDATA[", b"\xff\xfe"),
]


def read(reader: Reader, content: bytes, name: str) -> None:
    try:
        for row in reader(content, name, COLUMNS.known(), LIMITS):
            assert isinstance(row, Row)
            assert row.number >= 1
    except FileRejected as error:
        assert error.message("ja")
        assert error.message("en")


@pytest.mark.parametrize(("reader", "name"), [(read_csv, "f.csv"), (read_csv, "f.tsv")])
@given(content=st.binary(max_size=500))
@example(content=b"\xff\xfe\x00")
@example(content=b'"a"b')
def test_bytes_for_the_csv_reader(reader: Reader, name: str, content: bytes) -> None:
    read(reader, content, name)


@pytest.mark.parametrize("name", ["f.json", "f.yaml"])
@given(content=st.binary(max_size=500))
def test_bytes_for_the_reader_of_mappings(name: str, content: bytes) -> None:
    read(read_mappings, content, name)


@pytest.mark.parametrize(
    ("reader", "name"), [(read_csv, "f.csv"), (read_mappings, "f.json"), (read_mappings, "f.yaml")]
)
@given(pieces=PIECES)
def test_pieces_of_the_formats(reader: Reader, name: str, pieces: list[str]) -> None:
    read(reader, "".join(pieces).encode(), name)


@given(st.binary(max_size=300))
def test_bytes_for_the_decoder(content: bytes) -> None:
    try:
        assert isinstance(decode(content, "f.txt"), str)
    except FileRejected as error:
        assert error.code == "file_encoding"


@given(st.data())
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_a_workbook_with_changed_bytes(data: st.DataObject) -> None:
    content = bytearray(BOOK)
    for _ in range(data.draw(st.integers(1, 5))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    read(read_workbook, bytes(content), "f.xlsx")


def members(archive: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(archive)) as source:
        return {entry.filename: source.read(entry) for entry in source.infolist()}


def archived(contents: Mapping[str, bytes]) -> bytes:
    saved = io.BytesIO()
    with zipfile.ZipFile(saved, "w") as target:
        for name, content in contents.items():
            target.writestr(name, content)
    return saved.getvalue()


def test_what_is_damaged_below_was_whole_before() -> None:
    books = {"f.xlsx": BOOK, "f.ods": archived(ODS)}
    assert [len(list(read_workbook(book, name, COLUMNS.known(), LIMITS))) for name, book in books.items()] == [2, 2]


@pytest.mark.parametrize("name", ["f.xlsx", "f.ods"])
@given(data=st.data())
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_a_workbook_with_changed_xml(name: str, data: st.DataObject) -> None:
    """Damage inside an archive that is whole: the XML of one member loses or gains a piece, or the member is gone."""
    contents = members(BOOK) if name.endswith("xlsx") else dict(ODS)
    for _ in range(data.draw(st.integers(1, 3))):
        member = data.draw(st.sampled_from(sorted(contents)))
        xml = contents[member]
        # most pieces mean something only between two tags or attributes
        borders = [0, *(index for index, byte in enumerate(xml) if byte in b'<>" ')]
        start = data.draw(st.sampled_from(borders))
        end = start + data.draw(st.integers(0, 40))
        contents[member] = xml[:start] + data.draw(st.sampled_from(XML_PIECES)) + xml[end:]
    read(read_workbook, archived(contents), name)


@pytest.mark.parametrize("cell", [b"<c r='XFD1048576'><v>1</v></c>", b"<c r='xfd1048576'><v>1</v></c>"])
def test_a_cell_at_the_end_of_the_world_costs_no_memory(cell: bytes) -> None:
    contents = members(BOOK)
    sheet = "xl/worksheets/sheet1.xml"
    contents[sheet] = contents[sheet].replace(b"</row>", cell + b"</row>", 1)
    with pytest.raises(FileRejected):
        list(read_workbook(archived(contents), "f.xlsx", COLUMNS.known(), LIMITS))
