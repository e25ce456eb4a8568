"""What PDFium is asked about many characters at once is what pypdfium2 says about each."""

from __future__ import annotations

from collections.abc import Iterator

import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from benchmarks.pdf_samples import EN, canvas
from ingest.readers.documents.pdfium import CharacterProbe


@pytest.fixture
def text_page() -> Iterator[pypdfium2.PdfTextPage]:
    """Words in two sizes, upright and turned, with spaces that are there and such as PDFium puts in."""
    paper, buffer = canvas()
    paper.setFont("Times-Roman", 11)
    for row in range(20):
        for x, word in zip(range(60, 500, 90), EN[row % 3].split(), strict=False):
            paper.drawString(x, 780 - 20 * row, f"{word} {row}")
    paper.rotate(90)
    paper.setFont("Times-Roman", 8)
    paper.drawString(100, -550, "a note at the side")
    paper.save()
    pdf = pypdfium2.PdfDocument(buffer.getvalue())
    page = pdf[0]
    yield page.get_textpage()
    pdf.close()


def test_boxes_of_more_characters_than_there_was_room_for(text_page: pypdfium2.PdfTextPage) -> None:
    places = range(text_page.count_chars())
    assert len(places) > 64
    probe = CharacterProbe()
    probe.turn_to(text_page)
    assert probe.boxes(places) == [text_page.get_charbox(place, loose=True) for place in places]
    # fewer than before: nothing of what was asked earlier is left among the answers
    assert probe.boxes([9, 3]) == [text_page.get_charbox(place, loose=True) for place in (9, 3)]


def test_sizes_and_turns(text_page: pypdfium2.PdfTextPage) -> None:
    text = text_page.get_text_range()
    probe = CharacterProbe()
    probe.turn_to(text_page)
    upright, turned = probe.angles_and_sizes([0, text.index("note")])
    assert upright == pytest.approx((0.0, 11.0))
    assert turned == pytest.approx((1.5708, 8.0), abs=1e-4)
    (x, y), *_ = probe.origins([0])
    assert (x, y) == pytest.approx((60.0, 780.0))


def test_spaces_that_pdfium_put_in(text_page: pypdfium2.PdfTextPage) -> None:
    text = text_page.get_text_range()
    spaces = [place for place, letter in enumerate(text) if letter == " "]
    probe = CharacterProbe()
    probe.turn_to(text_page)
    put_in = probe.generated(spaces)
    assert put_in == [place for place in spaces if pdfium.FPDFText_IsGenerated(text_page, place) == 1]
    assert 0 < len(put_in) < len(spaces)
    assert probe.characters(text_page.count_chars()) == text
