"""PDF: pages are read by ``pdfium`` and ``glyphs``; columns, running lines, ruby and paragraphs are in ``layout``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from typing import Any

from ingest.limits import Limits
from ingest.readers.documents.glyphs import NO_TEXT, glyphs_of, is_plain
from ingest.readers.documents.layout.order import blocks_of
from ingest.readers.documents.layout.paragraphs import Writer
from ingest.readers.documents.layout.running import without_running_lines
from ingest.readers.documents.layout.segments import PageLayout, flows_of
from ingest.readers.documents.pdfium import CharacterProbe, area_of_pictures, open_pdf
from ingest.readers.documents.text import DocumentText, PageProgress, Remark
from ingest.readers.errors import needs_ocr, too_large

_SCANNED_LETTERS = 20
_SCANNED_SHARE = 0.5
_UNREADABLE_SHARE = 0.3
_UNREADABLE = re.compile("[\x00\ufffd\ue000-\uf8ff]")
_PDF_DATE = re.compile(r"D:(\d{4})(\d{2})(\d{2})")
# what reportlab writes where the file is to be the same whenever it is made
_NO_DATE = "D:20000101000000"
# what programs put in place of a title
_NO_TITLE = re.compile(
    r"(?i)untitled|無題.*|microsoft \w+ - .*|名称未設定.*|[\w-]+\.\w{2,4}|anonymous|\(?unspecified\)?|"
)


def read_pdf(content: bytes, name: str, limits: Limits, progress: PageProgress) -> DocumentText:
    """The text in reading order. Raises FileRejected: damaged, encrypted, too long, or nothing but scanned pages."""
    with closing(open_pdf(content, name)) as pdf:
        total = len(pdf)
        if total > limits.document_pages:
            raise too_large(name, "pages", "ページ数", limits.document_pages)

        def grow(length: int) -> None:
            if length > limits.document_characters:
                raise too_large(name, "characters", "文字数", limits.document_characters)

        writer, scanned, unreadable = Writer(grow), [], []
        for page in without_running_lines(_pages(pdf, progress), total):
            if page.scanned:
                scanned.append(page.number)
            if page.unreadable:
                unreadable.append(page.number)
                continue
            writer.add(page.number, [block for flow in page.flows for block in blocks_of(flow.segments)])
        text = writer.text()
        if not text.strip() and (scanned or unreadable):
            raise needs_ocr(name)
        return DocumentText(
            text,
            tuple(writer.pages),
            tuple(writer.headings),
            title=_title(pdf),
            issued=_issued(pdf),
            remarks=tuple(_remarks(scanned, unreadable)),
        )


def _remarks(scanned: list[int], unreadable: list[int]) -> Iterator[Remark]:
    if scanned:
        yield Remark("pages_need_ocr", _ranges(scanned))
    if unreadable:
        yield Remark("pages_without_characters", _ranges(unreadable))


def _ranges(numbers: list[int]) -> str:
    """1, 2, 3, 7 → "1-3, 7"."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(f"{first}-{last}" if last > first else str(first) for first, last in runs)


def _title(pdf: Any) -> str | None:
    title = " ".join(pdf.get_metadata_value("Title").translate(NO_TEXT).split())
    return None if _NO_TITLE.fullmatch(title) else title


def _issued(pdf: Any) -> date | None:
    said = pdf.get_metadata_value("CreationDate")
    found = None if said.startswith(_NO_DATE) else _PDF_DATE.match(said)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def _pages(pdf: Any, progress: PageProgress) -> Iterator[PageLayout]:
    probe = CharacterProbe()
    for index in range(len(pdf)):
        with closing(pdf[index]) as page:
            yield _page(page, index + 1, probe)
        progress(index + 1, len(pdf))


def _page(page: Any, number: int, probe: CharacterProbe) -> PageLayout:
    width, height = page.get_size()
    if page.get_rotation() in (90, 270):
        # the size is that of the page as it is shown, places are those before it is turned
        width, height = height, width
    with closing(page.get_textpage()) as text_page:
        probe.turn_to(text_page)
        text: str = text_page.get_text_range()
        if len(text) != (count := text_page.count_chars()):
            text = probe.characters(count)
        glyphs = glyphs_of(text, probe)
    unreadable = 0 if is_plain(text) else len(_UNREADABLE.findall(text))
    readable = sum(map(len, text.split())) - unreadable
    layout = PageLayout(number, flows_of(glyphs, width, height))
    layout.unreadable = unreadable > _UNREADABLE_SHARE * (readable + unreadable)
    layout.scanned = readable < _SCANNED_LETTERS and area_of_pictures(page) > _SCANNED_SHARE * width * height
    return layout
