"""Presentations: every slide is a page; the only importer of python-pptx."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from ingest.limits import Limits
from ingest.readers.documents.archive import check_office_archive
from ingest.readers.documents.pieces import Pieces
from ingest.readers.documents.text import DocumentText, PageProgress

# placeholders that repeat on every slide, by the names of ECMA-376 part 1, §19.7.10
_RUNNING = frozenset({"dt", "ftr", "hdr", "sldNum"})
_TITLES = frozenset({"title", "ctrTitle"})
_DEPTH = 20


def read_pptx(content: bytes, name: str, limits: Limits, progress: PageProgress) -> DocumentText:
    """The slides' text: titles first, then shapes from top to bottom, then the notes. Hidden slides are left out.

    Raises FileRejected as ``check_office_archive`` does, and where there is too much text.
    """
    import pptx  # noqa: PLC0415

    check_office_archive(content, name, limits, suffix=".pptx", folder="ppt/")
    presentation = pptx.Presentation(io.BytesIO(content))
    pieces = Pieces(name, limits)
    slides = list(presentation.slides)
    for number, slide in enumerate(slides, start=1):
        if slide.element.get("show") not in ("0", "false"):
            pieces.page(number)
            _read_slide(slide, pieces)
        progress(number, len(slides))
    properties = presentation.core_properties
    return pieces.document(title=properties.title, issued=properties.created)


def _read_slide(slide: Any, pieces: Pieces) -> None:
    shapes = [shape for shape in _shapes(slide.shapes, 0) if _placeholder(shape) not in _RUNNING]
    for shape in sorted(shapes, key=_reading_key):
        if shape.has_text_frame:
            heading = _placeholder(shape) in _TITLES
            for index, paragraph in enumerate(shape.text_frame.paragraphs):
                pieces.add(paragraph.text, heading=heading, close=index > 0)
        elif getattr(shape, "has_table", False):
            for index, row in enumerate(shape.table.rows):
                cells = (cell.text.replace("\n", " ") for cell in row.cells if not cell.is_spanned)
                pieces.add("\t".join(cells), close=index > 0)
    # asking for the notes of a slide without any would make some
    frame = slide.notes_slide.notes_text_frame if slide.has_notes_slide else None
    for index, paragraph in enumerate(frame.paragraphs if frame is not None else ()):
        pieces.add(paragraph.text, close=index > 0)


def _shapes(shapes: Any, depth: int) -> Iterator[Any]:
    for shape in shapes:
        if hasattr(shape, "shapes") and depth < _DEPTH:
            yield from _shapes(shape.shapes, depth + 1)
        else:
            yield shape


def _placeholder(shape: Any) -> str | None:
    """The kind of a placeholder, as the file writes it; None for other shapes."""
    mark = next(iter(shape.element.xpath(".//p:nvPr/p:ph")), None)
    return None if mark is None else mark.get("type", "obj")


def _reading_key(shape: Any) -> tuple[bool, float, float]:
    """Titles first; others by rows of about half an inch, from left to right (places in EMU, 914,400 an inch)."""
    return _placeholder(shape) not in _TITLES, round((shape.top or 0) / 457_200), shape.left or 0
