"""Documents are read in a process that is ended when it passes a limit, and the next one is read all the same."""

from __future__ import annotations

import io

import pytest

from ingest.limits import Limits
from ingest.readers.documents.process import DocumentProcess
from ingest.readers.errors import FileRejected


def pdf(*pages: str) -> bytes:
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfbase.pdfmetrics import registerFont
    from reportlab.pdfgen.canvas import Canvas

    registerFont(UnicodeCIDFont("HeiseiMin-W3"))
    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    for page in pages:
        canvas.setFont("HeiseiMin-W3", 12)
        canvas.drawString(72, 700, page)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def test_pages_are_known_by_their_offsets() -> None:
    document = DocumentProcess().read(pdf("廃食用油を集める。", "燃料にする。"), "a.pdf", ".pdf")
    assert [(p.number, document.text[p.start : p.end]) for p in document.pages] == [
        (1, "廃食用油を集める。"),
        (2, "燃料にする。"),
    ]
    assert document.page_at(0) == 1
    assert document.page_at(len(document.text) - 1) == 2


def test_a_reader_that_takes_too_long_is_ended_and_replaced() -> None:
    process = DocumentProcess(Limits(document_seconds=0.0))
    with pytest.raises(FileRejected) as refused:
        process.read(pdf("油"), "slow.pdf", ".pdf")
    assert refused.value.code == "document_too_slow"


def test_damage_is_reported_and_the_process_reads_on() -> None:
    process = DocumentProcess()
    with pytest.raises(FileRejected) as refused:
        process.read(b"%PDF-1.7 nothing", "torn.pdf", ".pdf")
    assert refused.value.code == "file_damaged"
    assert process.read(pdf("油"), "a.pdf", ".pdf").text == "油"
