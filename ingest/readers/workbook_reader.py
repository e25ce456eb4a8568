"""Workbooks (XLSX, ODS and old XLS): every visible sheet with a table, values only. The only importer of calamine.

A formula counts by the value that its program saved with it; nothing is ever calculated.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from ingest.limits import Limits
from ingest.readers.documents.archive import leads_out
from ingest.readers.encoding import TextSource
from ingest.readers.errors import (
    broken,
    empty_file,
    encrypted,
    entities,
    hostile_path,
    packed_too_tightly,
    too_large,
    unpacks_to_too_much,
    wrong_type,
)
from ingest.readers.sheet_structure import (
    DoctypeError,
    SheetStructure,
    StructureError,
    ods_structures,
    shared_characters,
    xlsx_structures,
)
from ingest.readers.table import HEADER_SEARCH_ROWS, Row, find_header, header_names, table_row
from kg.errors import MeguriError

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

# the name of the stream that holds an encrypted workbook, as compound files write it
ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_COMPOUND = b"\xd0\xcf\x11\xe0"
# sheets of programs pack 5 to 30 times; what packs tighter and is large besides was made to fill the memory
_LARGE_PART = 64 * 2**20
_MOST_TIMES = 200
_CHUNK = 2**20


@dataclass(frozen=True)
class _Sheet:
    """A visible sheet: its cells as calamine holds them, and what its values do not say."""

    title: str
    cells: CalamineSheet
    structure: SheetStructure


class Workbook:
    """A workbook that was parsed, whose rows can be read any number of times.

    Its cells stay in calamine's tables; a row becomes a Python object only while it is read.
    """

    def __init__(self, content: bytes, name: str, limits: Limits) -> None:
        """Raises FileRejected for a damaged or encrypted file, and for one that passes a limit."""
        self._name, self._limits = name, limits
        self._compound = content.startswith(_COMPOUND)
        with _damage_reported(name, compound=self._compound):
            self._sheets = _sheets(content, name, limits)

    def rows(self, known: Collection[str], sheet: str | None = None) -> Iterator[Row]:
        """The rows below the header of each sheet, or of one; ``number`` is the spreadsheet's own row number.

        Rows of hidden rows come with the role "hidden". Raises FileRejected where no sheet has any row.
        """
        empty = True
        with _damage_reported(self._name, compound=self._compound):
            for each in self._sheets:
                if sheet in (None, each.title):
                    for row in _sheet_rows(each, self._name, known, self._limits):
                        empty = empty and row.role is not None
                        yield row
        if empty and sheet is None:
            raise empty_file(self._name)


def read_workbook(source: TextSource, name: str, known: Collection[str], limits: Limits) -> Iterator[Row]:
    """The rows of a workbook that is read once; see ``Workbook``."""
    content = source if isinstance(source, bytes) else source.read_bytes()
    yield from Workbook(content, name, limits).rows(known)


@contextmanager
def _damage_reported(name: str, *, compound: bool) -> Iterator[None]:
    """Whatever a damaged archive or its XML makes the libraries raise is one error with its remedy."""
    from python_calamine import PasswordError  # noqa: PLC0415

    try:
        yield
    except MeguriError:
        raise
    except PasswordError as error:
        raise encrypted(name) from error
    # a panic of the Rust library arrives as a BaseException of its own
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt | SystemExit | GeneratorExit):
            raise
        if compound and not name.lower().endswith(".xls"):
            raise wrong_type(name, name.rpartition(".")[2], "an old Office file") from error
        raise broken(name, type(error).__name__) from error


def _sheets(content: bytes, name: str, limits: Limits) -> list[_Sheet]:
    """The visible sheets, whose cells are in memory together."""
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum  # noqa: PLC0415

    structures = _structures(content, name, limits)
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
    found, extent = list[_Sheet](), 0
    for index, meta in enumerate(workbook.sheets_metadata):
        if meta.visible == SheetVisibleEnum.Visible and meta.typ == SheetTypeEnum.WorkSheet:
            structure = structures.get(meta.name) or SheetStructure()
            extent += structure.rows * structure.columns
            if extent > limits.cells:
                raise too_large(name, "cells", "セル数", limits.cells)
            found.append(_Sheet(meta.name, workbook.get_sheet_by_index(index), structure))
    return found


def _structures(content: bytes, name: str, limits: Limits) -> dict[str, SheetStructure]:
    if content.startswith(_COMPOUND):
        if ENCRYPTED_STREAM in content:
            raise encrypted(name)
        return {}  # an old XLS file has at most 65,536 rows of 256 columns
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        _check_archive(archive, name, limits)
        names = archive.namelist()
        try:
            ods = "content.xml" in names
            found = ods_structures(archive, limits) if ods else xlsx_structures(archive, limits)
            held = sum(structure.characters for structure in found.values())
            shared = sum(structure.shared for structure in found.values())
            held += shared_characters(archive, shared, limits.characters) if shared else 0
        except DoctypeError as error:
            raise entities(name) from error
        except StructureError as error:
            raise broken(name, str(error)) from error
    if held > limits.characters:
        raise too_large(name, "characters in its cells", "セルの文字数の合計", limits.characters)
    for structure in found.values():
        _check_extent(structure, name, limits)
    return found


def _check_archive(archive: zipfile.ZipFile, name: str, limits: Limits) -> None:
    """The kind of archive, and its size when unpacked, counted and not as its table of contents claims."""
    names = archive.namelist()
    spreadsheet = "xl/workbook.xml" in names or _is_ods(archive)
    if not spreadsheet:
        raise wrong_type(name, name.rpartition(".")[2], "another ZIP archive")
    if _is_encrypted_ods(archive):
        raise encrypted(name)
    stated = sum(entry.file_size for entry in archive.infolist())
    if stated > limits.unpacked_bytes:
        raise unpacks_to_too_much(name, limits.unpacked_bytes)
    for entry in archive.infolist():
        _check_entry(entry, name)
        with archive.open(entry) as stream:  # zipfile stops at the stated size, and says so where there is more
            try:
                while stream.read(_CHUNK):
                    pass
            except (zipfile.BadZipFile, zlib.error, EOFError) as error:
                raise broken(name, f"{entry.filename}: {type(error).__name__}") from error


def _check_entry(entry: zipfile.ZipInfo, name: str) -> None:
    if leads_out(entry):
        raise hostile_path(name, entry.filename)
    if entry.file_size > _LARGE_PART and entry.file_size > _MOST_TIMES * entry.compress_size:
        raise packed_too_tightly(name, _MOST_TIMES)


def _is_ods(archive: zipfile.ZipFile) -> bool:
    names = archive.namelist()
    if not {"mimetype", "content.xml"} <= set(names):
        return False
    with archive.open("mimetype") as stream:
        return stream.read(100).startswith(b"application/vnd.oasis.opendocument.spreadsheet")


def _is_encrypted_ods(archive: zipfile.ZipFile) -> bool:
    if "META-INF/manifest.xml" not in archive.namelist():
        return False
    with archive.open("META-INF/manifest.xml") as stream:
        return b"encryption-data" in stream.read(_CHUNK)


def _check_extent(structure: SheetStructure, name: str, limits: Limits) -> None:
    if structure.columns > limits.columns:
        raise too_large(name, "columns", "列数", limits.columns)
    if structure.rows > limits.rows:
        raise too_large(name, "rows", "行数", limits.rows)
    if structure.rows * structure.columns > limits.cells:
        raise too_large(name, "cells", "セル数", limits.cells)


def _sheet_rows(sheet: _Sheet, name: str, known: Collection[str], limits: Limits) -> Iterator[Row]:
    last_row, _ = sheet.cells.end or (-1, -1)
    if last_row >= limits.rows:
        raise too_large(name, "rows", "行数", limits.rows)
    filled_rows = _filled_rows(sheet)
    head = list(islice(filled_rows, HEADER_SEARCH_ROWS))
    _, last, header = find_header([values for values, _ in head], known)
    names = header_names(header)
    if len(names) > limits.columns:
        raise too_large(name, "columns", "列数", limits.columns)
    for number, (values, own) in enumerate(chain(head[last + 1 :], filled_rows), start=last + 2):
        if own:
            row = table_row(number, names, values, sheet.title)
            yield replace(row, role="hidden") if number in sheet.structure.hidden else row


def _filled_rows(sheet: _Sheet) -> Iterator[tuple[list[Any], bool]]:
    """The values of each row from A1 on, and whether it has any beside those of cells that are merged over it.

    A cell merged over several rows holds its value in each of them; over several columns only in the first.
    """
    errors, merges = _errors_by_row(sheet.structure), _merges_by_row(sheet.structure)
    over: dict[int, tuple[int, Any]] = {}  # column → last row and value of the merged cell that covers it
    left: list[Any] = [""] * (sheet.cells.start[1] if sheet.cells.start else 0)
    for index, cells in enumerate(sheet.cells.iter_rows()):
        values: list[Any] = left + cells
        for column, error in errors.get(index, ()):
            _put(values, column, error)
        own = any(cell not in (None, "") for cell in values)
        for column in [column for column, (last, _) in over.items() if last < index]:
            del over[column]
        for column, (_, value) in over.items():
            _put(values, column, value)
        over |= {column: (last, values[column]) for column, last in merges.get(index, ()) if column < len(values)}
        yield values, own


def _put(values: list[Any], column: int, value: object) -> None:
    if column < len(values) and values[column] in (None, ""):
        values[column] = value


def _errors_by_row(structure: SheetStructure) -> dict[int, list[tuple[int, str]]]:
    found = defaultdict[int, list[tuple[int, str]]](list)
    for (row, column), error in structure.errors.items():
        found[row].append((column, error))
    return found


def _merges_by_row(structure: SheetStructure) -> dict[int, list[tuple[int, int]]]:
    """First row → column and last row of the cells that are merged over several rows."""
    found = defaultdict[int, list[tuple[int, int]]](list)
    for first_row, column, last_row, _ in structure.merges:
        if last_row > first_row:
            found[first_row].append((column, last_row))
    return found
