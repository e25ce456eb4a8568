"""Whatever bytes come in, a reader yields rows or refuses the file; no other exception leaves it."""

from __future__ import annotations

import io
import zipfile

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


@given(st.data())
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_a_workbook_with_changed_xml(data: st.DataObject) -> None:
    """Damage inside an archive that is whole: the XML of one member loses or gains a piece."""
    with zipfile.ZipFile(io.BytesIO(BOOK)) as source:
        members = {entry.filename: source.read(entry) for entry in source.infolist()}
    name = data.draw(st.sampled_from(sorted(members)))
    start = data.draw(st.integers(0, len(members[name])))
    piece = data.draw(
        st.sampled_from([b"", b"<", b'"', b"&x;", b"<row r='-1'>", b"<c r='ZZZZ1'/>", b"\x00", b"9" * 40])
    )
    members[name] = members[name][:start] + piece + members[name][start + data.draw(st.integers(0, 40)) :]
    saved = io.BytesIO()
    with zipfile.ZipFile(saved, "w") as target:
        for member, xml in members.items():
            target.writestr(member, xml)
    read(read_workbook, saved.getvalue(), "f.xlsx")
