"""Workbooks (XLSX, ODS and old XLS): every visible sheet with a table, values only. The only importer of calamine.

A formula counts by the value that its program saved with it; nothing is ever calculated.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from ingest.limits import Limits
from ingest.readers.documents.archive import leads_out
from ingest.readers.encoding import TextSource
from ingest.readers.errors import (
    broken,
    empty_file,
    encrypted,
    entities,
    hostile_path,
    too_large,
    unpacks_to_too_much,
    wrong_type,
)
from ingest.readers.sheet_structure import DoctypeError, SheetStructure, StructureError, ods_structures, xlsx_structures
from ingest.readers.table import HEADER_SEARCH_ROWS, Row, find_header, header_names, table_row
from kg.errors import MeguriError

# the name of the stream that holds an encrypted workbook, as compound files write it
ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_COMPOUND = b"\xd0\xcf\x11\xe0"
# one cell takes 24 bytes in calamine's table, which has no gaps
_MOST_CELLS = 20_000_000
_CHUNK = 2**20


def read_workbook(source: TextSource, name: str, known: Collection[str], limits: Limits) -> Iterator[Row]:
    """The rows below each sheet's header; ``number`` is the spreadsheet's own row number.

    Rows of hidden rows come with the role "hidden". Raises FileRejected for a damaged or encrypted file, one that
    unpacks beyond the limit, or one without any table.
    """
    content = source if isinstance(source, bytes) else source.read_bytes()
    with _damage_reported(name, compound=content.startswith(_COMPOUND)):
        rows = [row for sheet in _sheets(content, name, limits) for row in _sheet_rows(*sheet, name, known, limits)]
    if not any(row.role is None for row in rows):
        raise empty_file(name)
    yield from rows


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


def _sheets(content: bytes, name: str, limits: Limits) -> Iterator[tuple[str, list[list[Any]], SheetStructure]]:
    """Name, values from A1 on, and structure of each visible sheet."""
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum  # noqa: PLC0415

    structures = _structures(content, name, limits)
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
    for index, meta in enumerate(workbook.sheets_metadata):
        if meta.visible == SheetVisibleEnum.Visible and meta.typ == SheetTypeEnum.WorkSheet:
            sheet = workbook.get_sheet_by_index(index)
            structure = structures.get(meta.name) or SheetStructure()
            yield meta.name, sheet.to_python(skip_empty_area=False), structure


def _structures(content: bytes, name: str, limits: Limits) -> dict[str, SheetStructure]:
    if content.startswith(_COMPOUND):
        if ENCRYPTED_STREAM in content:
            raise encrypted(name)
        return {}  # an old XLS file has at most 65,536 rows of 256 columns
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        _check_archive(archive, name, limits)
        names = archive.namelist()
        try:
            found = ods_structures(archive, limits) if "content.xml" in names else xlsx_structures(archive, limits)
        except DoctypeError as error:
            raise entities(name) from error
        except StructureError as error:
            raise broken(name, str(error)) from error
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
        if leads_out(entry):
            raise hostile_path(name, entry.filename)
        with archive.open(entry) as stream:  # zipfile stops at the stated size, and says so where there is more
            try:
                while stream.read(_CHUNK):
                    pass
            except (zipfile.BadZipFile, zlib.error, EOFError) as error:
                raise broken(name, f"{entry.filename}: {type(error).__name__}") from error


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
    if structure.rows * structure.columns > _MOST_CELLS:
        raise too_large(name, "cells", "セル数", _MOST_CELLS)


def _sheet_rows(
    title: str, values: list[list[Any]], structure: SheetStructure, name: str, known: Collection[str], limits: Limits
) -> Iterator[Row]:
    if len(values) > limits.rows:
        raise too_large(name, "rows", "行数", limits.rows)
    for (row_index, column), error in structure.errors.items():
        if row_index < len(values) and column < len(values[row_index]) and values[row_index][column] in (None, ""):
            values[row_index][column] = error
    own = [any(cell not in (None, "") for cell in row) for row in values]
    _fill_merged(values, structure)
    start, last, header = find_header(values[:HEADER_SEARCH_ROWS], known)
    names = header_names(header)
    if len(names) > limits.columns:
        raise too_large(name, "columns", "列数", limits.columns)
    del start
    for index in range(last + 1, len(values)):
        if own[index]:
            row = table_row(index + 1, names, values[index], title)
            hidden = index + 1 in structure.hidden
            yield Row(row.number, row.cells, title, row.extra, "hidden" if hidden else row.role)


def _fill_merged(values: list[list[Any]], structure: SheetStructure) -> None:
    """A cell merged over several rows holds its value in each of them; over several columns only in the first."""
    for first_row, column, last_row, _ in structure.merges:
        if last_row > first_row and first_row < len(values) and column < len(values[first_row]):
            value: object = values[first_row][column]
            for row in _rows_between(values, first_row + 1, last_row):
                if column < len(row) and row[column] in (None, ""):
                    row[column] = value


def _rows_between(values: Sequence[list[Any]], first: int, last: int) -> Sequence[list[Any]]:
    return values[first : min(last, len(values) - 1) + 1]
