"""PDFs come out in reading order, without what runs through their pages; what cannot be read is said."""

from __future__ import annotations

import io
from datetime import date

import pytest
from PIL import Image

from benchmarks.pdf_samples import HEIGHT, WIDTH, Sample, book, canvas, pdf_of_pages, samples
from ingest.limits import Limits
from ingest.readers.documents.pdf import read_pdf
from ingest.readers.documents.text import DocumentText
from ingest.readers.errors import FileRejected


def read(content: bytes, limits: Limits | None = None) -> DocumentText:
    return read_pdf(content, "a.pdf", limits or Limits(), lambda done, total: None)


def paragraphs(document: DocumentText) -> list[str]:
    return [line.strip() for line in document.text.split("\n") if line.strip()]


@pytest.mark.parametrize("sample", samples(), ids=lambda sample: sample.name)
def test_text_in_reading_order(sample: Sample) -> None:
    document = read(sample.content)
    assert paragraphs(document) == list(sample.paragraphs)
    assert not [text for text in sample.absent if text in document.text]


def test_a_larger_line_is_a_heading() -> None:
    two_columns = next(sample for sample in samples() if sample.name == "two_columns")
    document = read(two_columns.content)
    assert [document.text[start:end] for start, end in document.headings] == [two_columns.paragraphs[0]]


def test_pages_follow_one_another_and_a_sentence_runs_over_their_ends() -> None:
    document = read(book(12))
    assert [page.number for page in document.pages] == list(range(1, 13))
    assert document.pages[0].start == 0
    assert document.pages[-1].end == len(document.text)
    for page, after in zip(document.pages, document.pages[1:], strict=False):
        assert document.text[page.end : after.start].strip() == ""
        assert document.page_at(after.start) == after.number
    assert any(page.end == after.start for page, after in zip(document.pages, document.pages[1:], strict=False))
    assert "素案" not in document.text
    assert not [n for n in range(1, 13) if f"- {n} -" in document.text]


def test_a_header_that_changes_with_the_chapter_and_the_side() -> None:
    paper, buffer = canvas()
    for number in range(1, 13):
        paper.setFont("HeiseiMin-W3", 9)
        header = f"第{1 if number <= 6 else 2}章　廃食用油" if number % 2 else "循環計画"
        paper.drawString(80 if number % 2 else 400, 805, header)
        paper.drawString(80, 600, f"{'甲乙丙丁戊己庚辛壬癸子丑'[number - 1]}の地区では油を集めている。")
        paper.drawString(520, 25, str(number + 7))
        paper.showPage()
    paper.save()
    text = read(buffer.getvalue()).text
    assert "循環計画" not in text
    assert "章" not in text
    assert not any(char.isdigit() for char in text)
    assert text.count("油を集めている。") == 12


def test_numbers_at_the_edges_of_tables_stay() -> None:
    paper, buffer = canvas()
    for number in range(1, 6):
        paper.setFont("HeiseiMin-W3", 10)
        for row in range(38):
            for column in range(3):
                paper.drawString(80 + 150 * column, 800 - 20 * row, str(1000 * number + 10 * row + column))
        paper.showPage()
    paper.save()
    text = read(buffer.getvalue()).text
    assert text.split() == [str(1000 * n + 10 * r + c) for n in range(1, 6) for r in range(38) for c in range(3)]


def test_title_and_date_come_from_the_properties() -> None:
    paper, buffer = canvas()
    paper.setTitle("廃食用油の報告")
    paper.drawString(72, 600, "Oil")
    paper.save()
    document = read(buffer.getvalue())
    assert document.title == "廃食用油の報告"
    assert isinstance(document.issued, date)
    assert read(pdf_of_pages("油")).title is None
    assert read(pdf_of_pages("油", invariant=1)).issued is None


def _scan(paper: object) -> None:
    from reportlab.lib.utils import ImageReader

    picture = io.BytesIO()
    Image.new("RGB", (40, 60), "white").save(picture, "PNG")
    picture.seek(0)
    paper.drawImage(ImageReader(picture), 0, 0, WIDTH, HEIGHT)  # type: ignore[attr-defined]


def test_scanned_pages_are_named_and_the_others_read() -> None:
    paper, buffer = canvas()
    for number in range(1, 6):
        if number in (2, 3, 5):
            _scan(paper)
        else:
            paper.setFont("HeiseiMin-W3", 12)
            paper.drawString(72, 600, "廃食用油を集めて燃料に変える取り組みを進める。")
        paper.showPage()
    paper.save()
    document = read(buffer.getvalue())
    assert [page.number for page in document.pages] == [1, 4]
    assert [(remark.code, remark.detail) for remark in document.remarks] == [("pages_need_ocr", "2-3, 5")]


def test_nothing_but_scanned_pages_needs_ocr() -> None:
    paper, buffer = canvas()
    _scan(paper)
    paper.save()
    with pytest.raises(FileRejected) as refused:
        read(buffer.getvalue())
    assert refused.value.code == "document_needs_ocr"
    assert "OCR" in refused.value.ja
    assert "OCR" in refused.value.en


def test_a_password_is_asked_for() -> None:
    from reportlab.lib.pdfencrypt import StandardEncryption

    with pytest.raises(FileRejected) as refused:
        read(pdf_of_pages("油", encrypt=StandardEncryption("geheim", strength=128)))
    assert refused.value.code == "file_encrypted"


def test_what_is_cut_off_is_damaged_or_read_as_far_as_it_goes() -> None:
    whole = pdf_of_pages("廃食用油を集める。")
    for length in range(0, len(whole), 97):
        try:
            document = read(whole[:length])
        except FileRejected as refused:
            assert refused.code == "file_damaged"
        else:
            assert document.text in ("", "廃食用油を集める。")


@pytest.mark.parametrize("limits", [Limits(document_pages=2), Limits(document_characters=10)])
def test_too_many_pages_or_characters(limits: Limits) -> None:
    with pytest.raises(FileRejected) as refused:
        read(pdf_of_pages(*["廃食用油"] * 3), limits)
    assert refused.value.code == "file_too_large"
