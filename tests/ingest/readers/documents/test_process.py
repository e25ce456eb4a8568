"""Documents are read in a process that is ended when it passes a limit, and the next one is read all the same."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from benchmarks.pdf_samples import book, pdf_of_pages
from ingest.limits import Limits
from ingest.readers.documents.process import DocumentProcess
from ingest.readers.errors import FileRejected


def test_pages_are_known_by_their_offsets() -> None:
    document = DocumentProcess().read(pdf_of_pages("廃食用油を集める。", "燃料にする。"), "a.pdf", ".pdf")
    assert [(p.number, document.text[p.start : p.end]) for p in document.pages] == [
        (1, "廃食用油を集める。"),
        (2, "燃料にする。"),
    ]
    assert document.page_at(0) == 1
    assert document.page_at(len(document.text) - 1) == 2


def test_a_reader_that_takes_too_long_is_ended_and_replaced() -> None:
    process = DocumentProcess(Limits(document_seconds=0.0))
    with pytest.raises(FileRejected) as refused:
        process.read(pdf_of_pages("油"), "slow.pdf", ".pdf")
    assert refused.value.code == "document_too_slow"


def test_a_reader_that_works_too_long_is_ended_by_the_system() -> None:
    process = DocumentProcess(Limits(document_seconds=1.0, document_memory=2**34))
    with pytest.raises(FileRejected) as refused:
        process.read(b"<html><body>" + b"<p>oil <b>oil" * 2_000_000, "slow.html", ".html")
    assert refused.value.code in ("document_too_slow", "file_too_large")
    assert process.read(pdf_of_pages("油"), "a.pdf", ".pdf").text == "油"


def test_damage_is_reported_and_the_process_reads_on() -> None:
    process = DocumentProcess()
    with pytest.raises(FileRejected) as refused:
        process.read(b"%PDF-1.7 nothing", "torn.pdf", ".pdf")
    assert refused.value.code == "file_damaged"
    assert process.read(pdf_of_pages("油"), "a.pdf", ".pdf").text == "油"


def memory_of(process: DocumentProcess) -> int:
    """The most memory that the process held (KiB); Linux only."""
    status = Path(f"/proc/{process._process.pid}/status").read_text()  # type: ignore[union-attr]
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1])


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads the memory of a process from /proc")
def test_memory_stays_flat_over_the_pages_of_a_pdf() -> None:
    highest = []
    for pages in (50, 500):
        process = DocumentProcess()
        process.read(book(pages, english=True), "book.pdf", ".pdf")
        highest.append(memory_of(process))
        process.close()
    # ten times the pages may cost their text and the file itself, not their layout
    assert highest[1] - highest[0] < 20 * 1024


def test_a_reader_that_needs_too_much_memory_is_refused() -> None:
    process = DocumentProcess(Limits(document_memory=256 * 2**20))
    page = b"<p>" + "油".encode() * 2**25 + b"</p>"
    with pytest.raises(FileRejected) as refused:
        process.read(page, "huge.html", ".html")
    assert refused.value.code in ("document_too_much_memory", "document_reader_ended")
    assert process.read(pdf_of_pages("油"), "a.pdf", ".pdf").text == "油"


def looping_pdf() -> bytes:
    """A page tree whose branch holds itself, and a form that draws itself."""
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[2 0 R 3 0 R]/Count 1000000>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Resources 6 0 R/Contents 5 0 R>>endobj\n"
        b"4 0 obj<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources 6 0 R/Length 5>>stream\n/F Do\nendstream endobj\n"
        b"6 0 obj<</XObject<</F 4 0 R>>>>endobj\n"
        b"5 0 obj<</Length 5>>stream\n/F Do\nendstream endobj\ntrailer<</Root 1 0 R>>"
    )


def test_a_pdf_that_holds_itself_ends() -> None:
    process = DocumentProcess(Limits(document_seconds=30))
    try:
        document = process.read(looping_pdf(), "loop.pdf", ".pdf")
    except FileRejected as refused:
        assert refused.code in ("file_damaged", "file_too_large", "document_too_slow", "document_reader_ended")
    else:
        assert document.text == ""


def test_a_process_that_was_ended_from_outside_is_replaced() -> None:
    process = DocumentProcess()
    assert process.read(pdf_of_pages("油"), "a.pdf", ".pdf").text == "油"
    process._process.kill()  # type: ignore[union-attr]
    process._process.wait()  # type: ignore[union-attr]
    assert process.read(pdf_of_pages("油"), "a.pdf", ".pdf").text == "油"


def test_progress_is_told_by_page() -> None:
    seen: list[tuple[int, int]] = []
    DocumentProcess().read(book(20, english=True), "book.pdf", ".pdf", lambda done, total: seen.append((done, total)))
    assert seen
    assert {total for _, total in seen} <= {20}


def test_no_process_is_left_behind() -> None:
    process = DocumentProcess()
    process.read(pdf_of_pages("油"), "a.pdf", ".pdf")
    worker = process._process
    assert worker is not None
    del process
    gc.collect()
    assert worker.poll() is not None
