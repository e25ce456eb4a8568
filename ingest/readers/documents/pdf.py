"""PDF by PDFium: the only importer of pypdfium2. Layout (columns, running lines, ruby, paragraphs) is in ``layout``."""

from __future__ import annotations

import ctypes
import math
import re
import unicodedata
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from typing import Any

from ingest.limits import Limits
from ingest.readers.documents.layout.order import CELL_GAP, blocks_of
from ingest.readers.documents.layout.paragraphs import Writer
from ingest.readers.documents.layout.running import without_running_lines
from ingest.readers.documents.layout.segments import Box, Glyphs, PageLayout, flows_of
from ingest.readers.documents.text import DocumentText, PageProgress, Remark
from ingest.readers.errors import broken, encrypted, needs_ocr, too_large

# where a line ended with a hyphen, PDFium joins the word and leaves this mark
_HYPHEN_MARK = "\ufffe"
# no gap between columns is narrower (points); spares a question at most spaces
_LEAST_GAP = 6.0
_SCANNED_LETTERS = 20
_SCANNED_SHARE = 0.5
_UNREADABLE_SHARE = 0.3
_PASSWORD_ERROR = 4
# radicals and ligatures that fonts without proper tables yield in place of the characters that they look like
_LOOKALIKES = {
    code: unicodedata.normalize("NFKC", chr(code))
    for span in (range(0x2E80, 0x2FE0), range(0xFB00, 0xFB07))
    for code in span
}
_NO_TEXT = dict.fromkeys((*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F, 0xFFFF, 0xAD))
_LINES = re.compile(rf"[^\r\n{_HYPHEN_MARK}]+{_HYPHEN_MARK}?")
_ODD = re.compile("[\x00-\x1f\x7f\xad\u2e80-\u2fdf\ufb00-\ufb06\uffff]")
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
    with closing(_open(content, name)) as pdf:
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


def _open(content: bytes, name: str) -> Any:
    import pypdfium2  # noqa: PLC0415  (loads a shared library)

    try:
        pdf = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise (
            encrypted(name) if getattr(error, "err_code", None) == _PASSWORD_ERROR else broken(name, str(error))
        ) from error
    return pdf


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
    title = " ".join(pdf.get_metadata_value("Title").translate(_NO_TEXT).split())
    return None if _NO_TITLE.fullmatch(title) else title


def _issued(pdf: Any) -> date | None:
    said = pdf.get_metadata_value("CreationDate")
    found = None if said.startswith(_NO_DATE) else _PDF_DATE.match(said)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def _pages(pdf: Any, progress: PageProgress) -> Iterator[PageLayout]:
    for index in range(len(pdf)):
        with closing(pdf[index]) as page:
            yield _page(page, index + 1)
        progress(index + 1, len(pdf))


def _page(page: Any, number: int) -> PageLayout:
    width, height = page.get_size()
    if page.get_rotation() in (90, 270):
        # the size is that of the page as it is shown, places are those before it is turned
        width, height = height, width
    with closing(page.get_textpage()) as text_page:
        glyphs, readable, unreadable = _glyphs(text_page)
    layout = PageLayout(number, flows_of(glyphs, width, height))
    layout.unreadable = unreadable > _UNREADABLE_SHARE * (readable + unreadable)
    layout.scanned = readable < _SCANNED_LETTERS and _covered_by_pictures(page, width * height)
    return layout


def _covered_by_pictures(page: Any, area: float) -> bool:
    import pypdfium2.raw as pdfium  # noqa: PLC0415

    covered = 0.0
    for picture in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        left, bottom, right, top = picture.get_bounds()
        covered += max(right - left, 0) * max(top - bottom, 0)
    return covered > _SCANNED_SHARE * area


def _glyphs(text_page: Any) -> tuple[list[Glyphs], int, int]:
    """The page's pieces of text, and how many of its characters have a meaning and how many none."""
    text: str = text_page.get_text_range()
    probe = _Probe(text_page)
    if len(text) != text_page.count_chars():
        text = probe.characters(text_page.count_chars())
    unreadable = len(_UNREADABLE.findall(text))
    readable = sum(map(len, text.split())) - unreadable
    glyphs: list[Glyphs] = []
    for match in _LINES.finditer(text):
        for start, end in probe.pieces(text, *match.span()):
            piece = probe.glyphs(text, start, end)
            if piece is not None:
                glyphs.append(piece)
    return glyphs, readable, unreadable


def _distance(one: Box, other: Box) -> float:
    """How far apart two boxes are, along whichever axis they are."""
    return max(other[0] - one[2], one[0] - other[2], other[1] - one[3], one[1] - other[3])


class _Probe:
    """Asks PDFium where characters stand; a few questions a line, because each costs about a microsecond."""

    def __init__(self, text_page: Any) -> None:
        import pypdfium2.raw as pdfium  # noqa: PLC0415

        self._raw = pdfium
        self._page = text_page.raw
        self._box, self._matrix = pdfium.FS_RECTF(), pdfium.FS_MATRIX()
        self._x, self._y = ctypes.c_double(), ctypes.c_double()

    def characters(self, count: int) -> str:
        """The text character by character, where PDFium's own text leaves some out."""
        ask = self._raw.FPDFText_GetUnicode
        codes = (ask(self._page, index) for index in range(count))
        return "".join(_HYPHEN_MARK if code == 2 else chr(code) if code < 0x110000 else "\ufffd" for code in codes)

    def pieces(self, text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
        """A line cut at spaces that PDFium put in for a gap as wide as between columns."""
        place = text.find(" ", start, end)
        while place >= 0:
            if start < place < end - 1 and self._raw.FPDFText_IsGenerated(self._page, place) == 1:
                gap = _distance(self._extent(place - 1), self._extent(place + 1))
                if gap > _LEAST_GAP and gap > CELL_GAP * self._angle_and_size(place - 1)[1]:
                    yield start, place
                    start = place + 1
            place = text.find(" ", place + 1, end)
        yield start, end

    def glyphs(self, text: str, start: int, end: int) -> Glyphs | None:
        """A piece with its place; None where it is nothing but spaces."""
        while start < end and text[start].isspace():
            start += 1
        while end > start and (text[end - 1].isspace() or text[end - 1] == _HYPHEN_MARK):
            end -= 1
        shown = text[start:end]
        if _ODD.search(shown):
            shown = shown.translate(_LOOKALIKES).translate(_NO_TEXT)
        if not shown:
            return None
        hyphen = text[end : end + 1] == _HYPHEN_MARK
        self._raw.FPDFText_GetCharOrigin(self._page, start, self._x, self._y)
        angle, size = self._angle_and_size(start)
        first = self._extent(start)
        last = self._extent(end - 1) if end - 1 > start else first
        return Glyphs(shown, self._x.value, self._y.value, angle, size, first, last, hyphen)

    def _angle_and_size(self, index: int) -> tuple[float, float]:
        """A character's turn in radians and its size in points: the font's size under the matrix of its text."""
        matrix = self._matrix
        size = self._raw.FPDFText_GetFontSize(self._page, index)
        if not self._raw.FPDFText_GetMatrix(self._page, index, matrix):
            return 0.0, size
        return math.atan2(matrix.b, matrix.a), max(size * math.hypot(matrix.c, matrix.d), 0.1)

    def _extent(self, index: int) -> Box:
        box = self._box
        self._raw.FPDFText_GetLooseCharBox(self._page, index, box)
        return box.left, box.bottom, box.right, box.top
