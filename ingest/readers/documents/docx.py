"""Word documents: paragraphs, tables and headings in their order; the only importer of python-docx.

The library opens the package and its properties. Its own paragraph texts leave out insertions, fields, ruby bases and
text boxes, so the text is taken from the elements (ECMA-376 part 1, §17.3).
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from ingest.limits import Limits
from ingest.readers.documents.archive import check_office_archive
from ingest.readers.documents.pieces import Pieces
from ingest.readers.documents.text import DocumentText, PageProgress

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_TEXT, _RUN, _PARAGRAPH, _TABLE = f"{_W}t", f"{_W}r", f"{_W}p", f"{_W}tbl"
# not text of the document: readings, deleted text, what only old programs show, codes of fields
_LEFT_OUT = frozenset({f"{_W}rt", f"{_W}del", f"{_W}moveFrom", f"{_W}instrText", f"{_W}delText", _FALLBACK})
_SPACE = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
_CONTAINERS = frozenset({f"{_W}sdt", f"{_W}sdtContent", f"{_W}customXml", f"{_W}ins", f"{_W}moveTo"})
# where a note is called, and the kind of part that holds such notes
_NOTES = {f"{_W}footnoteReference": "footnotes", f"{_W}endnoteReference": "endnotes"}
_NOTE_TAGS = {"footnotes": f"{_W}footnote", "endnotes": f"{_W}endnote"}
_RENDERED_BREAK, _BREAK = f"{_W}lastRenderedPageBreak", f"{_W}br"


Notes = dict[tuple[str, str], str]


def read_docx(content: bytes, name: str, limits: Limits, progress: PageProgress) -> DocumentText:
    """The body's text, each note below the paragraph or row that calls it.

    Pages are those that Word drew last, where it said so, else those that page breaks begin.

    Raises FileRejected as ``check_office_archive`` does, and where there is too much text.
    """
    import docx  # noqa: PLC0415

    check_office_archive(content, name, limits, suffix=".docx", folder="word/")
    document = docx.Document(io.BytesIO(content))
    body = document.element.body
    reader = _Reader(
        Pieces(name, limits),
        body,
        _styles(document, "heading", "title", "見出し"),
        _styles(document, "list", "箇条書き"),
        _notes(document),
    )
    reader.read(body)
    properties = document.core_properties
    return reader.pieces.document(title=properties.title, issued=properties.created)


def _styles(document: Any, *names: str) -> frozenset[str]:
    """The ids of styles whose names begin so; Word stores English names whatever its own language."""
    return frozenset(style.style_id for style in document.styles if (style.name or "").lower().startswith(names))


def _notes(document: Any) -> Notes:
    """The text of each footnote and endnote, by the tag that calls it and its id."""
    from docx.oxml import parse_xml  # noqa: PLC0415

    found: Notes = {}
    for call, kind in _NOTES.items():
        parts = [rel.target_part for rel in document.part.rels.values() if rel.reltype.endswith(f"/{kind}")]
        for note in (note for part in parts for note in parse_xml(part.blob).iter(_NOTE_TAGS[kind])):
            paragraphs = (_plain(paragraph) for paragraph in note.iter(_PARAGRAPH))
            found[call, note.get(f"{_W}id", "")] = " ".join(text for text in paragraphs if text)
    return found


class _Reader:
    """Walks through the body and adds what it finds."""

    def __init__(
        self, pieces: Pieces, body: Any, headings: frozenset[str], lists: frozenset[str], notes: Notes
    ) -> None:
        self.pieces = pieces
        self._notes = notes
        self._headings, self._lists = headings, lists
        self._after_item = False
        rendered = next(body.iter(_RENDERED_BREAK), None) is not None
        breaks = rendered or any(_is_page_break(element) for element in body.iter(_BREAK))
        self._page_mark = _RENDERED_BREAK if rendered else _BREAK
        self._page = 1
        if breaks:
            pieces.page(1)

    def read(self, container: Any) -> None:
        """The paragraphs and tables of a container, in their order."""
        for element in container:
            if element.tag == _PARAGRAPH:
                self._paragraph(element)
            elif element.tag == _TABLE:
                self._after_item = False
                for number, row in enumerate(element.iter(f"{_W}tr")):
                    if _nearest_table(row) is element:
                        self._row(row, first=number == 0)
            elif element.tag in _CONTAINERS:
                self.read(element)

    def _paragraph(self, paragraph: Any) -> None:
        mark = paragraph.find(f"{_W}pPr/{_W}pStyle")
        style = None if mark is None else mark.get(f"{_W}val")
        heading = style in self._headings
        item = not heading and (style in self._lists or paragraph.find(f"{_W}pPr/{_W}numPr") is not None)
        below, self._after_item = item and self._after_item, item
        parts: list[str] = []
        for part in _texts(paragraph):
            if isinstance(part, str):
                parts.append(part)
            elif part.tag == self._page_mark and (part.tag == _RENDERED_BREAK or _is_page_break(part)):
                # what stands before a break inside a paragraph belongs to the page before it
                self.pieces.add("".join(parts), heading=heading, close=below)
                parts = []
                self._turn()
        self.pieces.add("".join(parts), heading=heading, close=below)
        self._called(paragraph)

    def _called(self, element: Any) -> None:
        """The notes that a paragraph or row calls, each once."""
        for call in element.iter(*_NOTES):
            self.pieces.add(self._notes.pop((call.tag, call.get(f"{_W}id", "")), ""), close=True)

    def _row(self, row: Any, *, first: bool) -> None:
        if self._page_mark == _RENDERED_BREAK and next(row.iter(_RENDERED_BREAK), None) is not None:
            self._turn()
        cells = []
        for cell in row.iter(f"{_W}tc"):
            if _nearest_row(cell) is row:
                paragraphs = (_plain(paragraph) for paragraph in cell.iter(_PARAGRAPH))
                cells.append(" ".join(text for text in paragraphs if text))
        self.pieces.add("\t".join(cells), close=not first)
        self._called(row)

    def _turn(self) -> None:
        self._page += 1
        self.pieces.page(self._page)


def _texts(element: Any) -> Iterator[Any]:
    """The strings of a paragraph, and the elements that may begin a page, in their order."""
    for child in element:
        tag = child.tag
        if tag == _TEXT:
            yield child.text or ""
        elif tag in (_BREAK, _RENDERED_BREAK):
            yield child
            yield "" if tag == _RENDERED_BREAK or _is_page_break(child) else "\n"
        elif tag in _SPACE:
            yield _SPACE[tag]
        elif tag not in _LEFT_OUT and not (tag == _RUN and _hidden(child)):
            yield from _texts(child)
            if tag == _PARAGRAPH:
                # a paragraph inside a paragraph stands in a text box
                yield "\n"


def _plain(paragraph: Any) -> str:
    return "".join(part for part in _texts(paragraph) if isinstance(part, str)).strip()


def _hidden(run: Any) -> bool:
    mark = run.find(f"{_W}rPr/{_W}vanish")
    return mark is not None and mark.get(f"{_W}val") not in ("0", "false")


def _is_page_break(element: Any) -> bool:
    return bool(element.tag == _BREAK and element.get(f"{_W}type") == "page")


def _nearest_table(row: Any) -> Any:
    return next(row.iterancestors(_TABLE), None)


def _nearest_row(cell: Any) -> Any:
    return next(cell.iterancestors(f"{_W}tr"), None)
