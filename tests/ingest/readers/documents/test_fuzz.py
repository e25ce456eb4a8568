"""Mutated files of every format are read or refused in both languages; nothing else comes out, whatever they hold."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.pdf_samples import pdf_of_pages, two_columns
from ingest.limits import Limits
from ingest.readers.documents.process import DocumentProcess
from ingest.readers.errors import FileRejected
from tests.ingest.readers.documents.test_html import page
from tests.ingest.readers.documents.test_office import slides, word, workbook

VALID = {
    ".pdf": [pdf_of_pages("廃食用油を集める。", "燃やす。", pageCompression=0), two_columns().content],
    ".docx": [word(breaks=True)],
    ".pptx": [slides()],
    ".xlsx": [workbook()],
    ".html": [page().encode(), page(charset="Shift_JIS").encode("cp932")],
    ".txt": ["廃食用油を集める。".encode("euc_jp")],
    ".md": ["# 油\n\n- 集める\n".encode()],
}
INSERTED = [
    b"\x00",
    b"\xff" * 9,
    b"<",
    b"&x;",
    b"obj",
    b"endobj",
    b"/Kids[1 0 R]",
    b"/Length 99999999999",
    b"<!DOCTYPE a>",
    b"-1 0 R",
]
# (place as a share of the length, bytes to take away, what to put there)
changes = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 40), st.sampled_from(INSERTED) | st.binary(max_size=8)),
    min_size=1,
    max_size=6,
)


@pytest.fixture(scope="module")
def process() -> Iterator[DocumentProcess]:
    process = DocumentProcess(Limits(document_seconds=20, document_memory=2**30))
    yield process
    process.close()


def mutated(content: bytes, edits: list[tuple[float, int, bytes]]) -> bytes:
    for share, taken, put in edits:
        place = int(share * len(content))
        content = content[:place] + put + content[place + taken :]
    return content


def mutated_archive(content: bytes, member: float, edits: list[tuple[float, int, bytes]]) -> bytes:
    """The change is made to one part, so that it reaches the parser of that part."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        entries = old.infolist()
        chosen = entries[int(member * (len(entries) - 1))]
        for entry in entries:
            data = old.read(entry)
            new.writestr(entry, mutated(data, edits) if entry is chosen else data)
    return buffer.getvalue()


def check(process: DocumentProcess, content: bytes, suffix: str) -> None:
    try:
        document = process.read(content, f"a{suffix}", suffix)
    except FileRejected as refused:
        assert refused.code
        assert refused.ja
        assert refused.remedy_ja
        assert refused.remedy_en
        return
    assert document.text == document.text.encode("utf-8", "replace").decode()
    place = 0
    for part in document.pages:
        assert place <= part.start < part.end <= len(document.text)
        place = part.end
    assert all(0 <= start < end <= len(document.text) for start, end in document.headings)


@pytest.mark.parametrize("suffix", VALID)
@settings(max_examples=25)
@given(st.data())
def test_mutated_bytes(process: DocumentProcess, suffix: str, data: st.DataObject) -> None:
    content = data.draw(st.sampled_from(VALID[suffix]))
    check(process, mutated(content, data.draw(changes)), suffix)


@pytest.mark.parametrize("suffix", [".docx", ".pptx", ".xlsx"])
@settings(max_examples=25)
@given(st.data())
def test_mutated_parts(process: DocumentProcess, suffix: str, data: st.DataObject) -> None:
    content = data.draw(st.sampled_from(VALID[suffix]))
    check(process, mutated_archive(content, data.draw(st.floats(0, 1)), data.draw(changes)), suffix)


@pytest.mark.parametrize("suffix", VALID)
@settings(max_examples=25)
@given(st.binary(max_size=300))
def test_any_bytes(process: DocumentProcess, suffix: str, content: bytes) -> None:
    check(process, content, suffix)
