"""What the values of a workbook do not say: hidden rows, merged cells, and how far a sheet reaches.

Read from the XML of XLSX (ECMA-376) and ODS (OpenDocument 1.3) as a stream, before the values are: a sheet whose
cells lie far apart would otherwise fill the memory. Document type declarations are refused, so no entity is expanded.
"""

from __future__ import annotations

import re
import zipfile
from array import array
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import IO
from xml.parsers import expat

from ingest.limits import Limits

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")

_SHARED_TEXTS = "xl/sharedstrings.xml"
_INDEX = re.compile(r"[0-9]{1,9}")
# a sheet of nothing but failed formulas must not fill the memory with them
_MOST_ERRORS = 100_000

# first row, first column, last row, last column, each from 0
Merge = tuple[int, int, int, int]
Attributes = Mapping[str, str]


class StructureError(ValueError):
    """The XML declares a document type, is damaged, or places cells where no sheet has any."""


class DoctypeError(StructureError):
    """A document type declaration, through which entities come."""


@dataclass
class SheetStructure:
    """``hidden`` holds row numbers from 1; ``rows`` and ``columns`` reach to the last cell with a value.

    ``shared`` counts the cells of an XLSX that show one of the workbook's common texts, ``characters`` what the cells
    of an ODS hold, repetitions included. ``errors`` are the cells (row and column from 0) of an XLSX whose formula
    failed, with the error (#REF!): the values have nothing in their place.
    """

    hidden: set[int] = field(default_factory=set)
    merges: list[Merge] = field(default_factory=list)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    rows: int = 0
    columns: int = 0
    shared: int = 0
    characters: int = 0


def xlsx_structures(archive: zipfile.ZipFile, limits: Limits) -> dict[str, SheetStructure]:
    """The structure of each sheet by its name."""
    return {name: _xlsx_sheet(archive, part, limits) for name, part in _xlsx_parts(archive).items()}


def ods_structures(archive: zipfile.ZipFile, limits: Limits) -> dict[str, SheetStructure]:
    """The structure of each table by its name."""
    reader = _OdsReader(limits)
    with archive.open("content.xml") as stream:
        _parse(stream, reader.start, reader.end, partial(_hear_all, reader.text))
    return reader.sheets


def shared_characters(archive: zipfile.ZipFile, cells: int, enough: int) -> int:
    """Characters of an XLSX's common texts, counted anew for each of the ``cells`` that show one: so they are read.

    Where even the longest text in all of these cells comes to no more than ``enough``, that is the answer.
    """
    lengths = array("Q")
    for part in archive.namelist():
        if part.replace("\\", "/").lower() == _SHARED_TEXTS:
            found = _TextLengths()
            with archive.open(part) as stream:
                _parse(stream, found.start, found.end, partial(_hear_all, found.text))
            lengths = max(lengths, found.lengths, key=lambda known: max(known, default=0))
    most = cells * max(lengths, default=0)
    if most <= enough:
        return most
    shown = _ShownTexts(lengths)
    for part in _xlsx_parts(archive).values():
        with archive.open(part) as stream:
            _parse(stream, shown.start, shown.end, partial(_hear_all, shown.text))
    return shown.characters


def _parse(
    stream: IO[bytes],
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None] | None = None,
    prepare: Callable[[expat.XMLParserType], None] | None = None,
) -> None:
    """``prepare`` is given the parser, for handlers that are wanted in places only."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    if prepare is not None:
        prepare(parser)
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.ParseFile(stream)
    except expat.ExpatError as error:
        raise StructureError(str(error)) from error


def _hear_all(said: Callable[[str], None], parser: expat.XMLParserType) -> None:
    parser.buffer_text = True
    parser.CharacterDataHandler = said


def _refuse(*_: object) -> None:
    raise DoctypeError("a document type declaration")


def _elements(archive: zipfile.ZipFile, part: str, tag: str) -> Iterator[dict[str, str]]:
    found: list[dict[str, str]] = []
    with archive.open(part) as stream:
        _parse(stream, lambda name, attributes: found.append(dict(attributes)) if name.endswith(tag) else None)
    yield from found


def _xlsx_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Sheet names and the parts of the archive that hold them."""
    targets = {r["Id"]: r["Target"] for r in _elements(archive, "xl/_rels/workbook.xml.rels", " Relationship")}
    parts: dict[str, str] = {}
    for sheet in _elements(archive, "xl/workbook.xml", " sheet"):
        target = targets.get(sheet.get(f"{_REL} id") or sheet.get(f"{_STRICT} id", ""), "")
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if part in archive.namelist():
            parts[sheet.get("name", "")] = part
    return parts


def _xlsx_sheet(archive: zipfile.ZipFile, part: str, limits: Limits) -> SheetStructure:
    reader = _XlsxReader(limits)
    with archive.open(part) as stream:
        _parse(stream, reader.start, prepare=reader.listen)
    return reader.sheet


class _XlsxReader:
    """Takes rows, cells, errors and merges from one sheet; a cell counts where an element stands inside it."""

    def __init__(self, limits: Limits) -> None:
        self.sheet = SheetStructure()
        self._limits = limits
        self._row = 0
        self._column = 0
        self._letters: dict[str, int] = {}
        self._parser: expat.XMLParserType | None = None
        self._failed = False

    def listen(self, parser: expat.XMLParserType) -> None:
        """Characters are asked for inside of failed cells only: elsewhere they would cost time."""
        self._parser = parser
        parser.buffer_text = True

    def start(self, name: str, attributes: Attributes) -> None:
        tag = name.rpartition(" ")[2]
        if tag == "c":
            self._cell(attributes.get("r"))
            type_ = attributes.get("t")
            self._failed = type_ == "e"
            self.sheet.shared += type_ == "s"
            self._hear(None)
        elif tag in ("v", "is"):
            self.sheet.rows = max(self.sheet.rows, self._row)
            self.sheet.columns = max(self.sheet.columns, self._column)
            if self._failed and tag == "v":
                self._hear(self._error)
        elif tag == "row":
            self._start_row(attributes)
        elif tag == "mergeCell":
            self._merge(attributes.get("ref", ""))

    def _start_row(self, attributes: Attributes) -> None:
        self._row = _number(attributes["r"]) if "r" in attributes else self._row + 1
        self._column = 0
        if attributes.get("hidden") in ("1", "true"):
            self.sheet.hidden.add(self._row)

    def _cell(self, reference: str | None) -> None:
        if reference is None:
            self._column += 1
            return
        letters = reference.rstrip("0123456789")
        column = self._letters.get(letters)
        if column is None:
            column = self._letters[letters] = _cell_place(reference)[1] + 1
        self._column = column

    def _hear(self, said: Callable[[str], None] | None) -> None:
        if self._parser is not None and self._parser.CharacterDataHandler is not said:
            self._parser.CharacterDataHandler = said

    def _error(self, text: str) -> None:
        place = (self._row - 1, self._column - 1)
        if text.startswith("#") and len(self.sheet.errors) < _MOST_ERRORS:
            self.sheet.errors.setdefault(place, text[:20])

    def _merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        if last and len(self.sheet.merges) < self._limits.rows:
            self.sheet.merges.append((*_cell_place(first), *_cell_place(last)))


class _TextLengths:
    """The lengths of a workbook's common texts, in their order."""

    def __init__(self) -> None:
        self.lengths = array("Q")
        self._inside = False

    def start(self, name: str, _: Attributes) -> None:
        if _tag(name) == "si":
            self.lengths.append(0)
            self._inside = True

    def end(self, name: str) -> None:
        if _tag(name) == "si":
            self._inside = False

    def text(self, text: str) -> None:
        if self._inside:
            self.lengths[-1] += len(text)


class _ShownTexts:
    """Adds up the lengths of the common texts that cells show."""

    def __init__(self, lengths: array[int]) -> None:
        self.characters = 0
        self._lengths = lengths
        self._shared = False
        self._number = ""

    def start(self, name: str, attributes: Attributes) -> None:
        tag = _tag(name)
        if tag == "c":
            self._shared = attributes.get("t") == "s"
        elif tag == "v":
            self._number = ""

    def text(self, text: str) -> None:
        if self._shared:
            self._number += text.strip()

    def end(self, name: str) -> None:
        if _tag(name) == "v" and self._shared and _INDEX.fullmatch(self._number):
            index = int(self._number)
            self.characters += self._lengths[index] if index < len(self._lengths) else 0


class _OdsReader:
    """Takes rows, cells and spans from all tables of a document; repetitions count as often as they say."""

    def __init__(self, limits: Limits) -> None:
        self.sheets: dict[str, SheetStructure] = {}
        self._limits = limits
        self._sheet = SheetStructure()
        self._row = self._column = self._rows = self._columns = 0

    def start(self, name: str, attributes: Attributes) -> None:
        space, _, tag = name.rpartition(" ")
        if space == _TABLE and tag == "table":
            self._sheet = self.sheets.setdefault(attributes.get(f"{_TABLE} name", ""), SheetStructure())
            self._row = 0
        elif space == _TABLE and tag == "table-row":
            self._start_row(attributes)
        elif space == _TABLE and tag in ("table-cell", "covered-table-cell"):
            self._cell(attributes)
        elif space == _TEXT and tag == "p":
            self._sheet.rows = max(self._sheet.rows, self._row + self._rows)
            self._sheet.columns = max(self._sheet.columns, self._column)

    def end(self, name: str) -> None:
        if name == f"{_TABLE} table-row":
            self._row += self._rows
        elif name in (f"{_TABLE} table-cell", f"{_TABLE} covered-table-cell"):
            self._columns = 0

    def text(self, text: str) -> None:
        """Outside of cells no column repeats it."""
        self._sheet.characters += len(text) * self._rows * self._columns

    def _start_row(self, attributes: Attributes) -> None:
        self._rows = _number(attributes.get(f"{_TABLE} number-rows-repeated", "1"))
        self._column = 0
        if attributes.get(f"{_TABLE} visibility") in ("collapse", "filter"):
            last = min(self._row + self._rows, self._limits.rows)
            self._sheet.hidden.update(range(self._row + 1, last + 1))

    def _cell(self, attributes: Attributes) -> None:
        span = _number(attributes.get(f"{_TABLE} number-rows-spanned", "1"))
        width = _number(attributes.get(f"{_TABLE} number-columns-spanned", "1"))
        if span > 1 or width > 1:
            last = (self._row + span - 1, self._column + width - 1)
            self._sheet.merges.append((self._row, self._column, *last))
        self._columns = _number(attributes.get(f"{_TABLE} number-columns-repeated", "1"))
        self._column += self._columns


def _tag(name: str) -> str:
    """The name of an element without its namespace, whatever that is: calamine does not look at it either."""
    return name.rpartition(" ")[2]


def _cell_place(reference: str) -> tuple[int, int]:
    """Row and column from 0 of a reference such as B12."""
    match = _CELL.fullmatch(reference)
    if match is None:
        raise StructureError(f"cell {reference[:20]!r}")
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]) - 1, column - 1


def _number(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,20}", text):
        raise StructureError(f"number {text[:20]!r}")
    return int(text)
