"""Opens a file by what it is, not by what it is called, within the limits."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Protocol

from ingest.limits import Limits
from ingest.readers.csv_reader import read_csv
from ingest.readers.documents.formats import DOCUMENT_TYPES
from ingest.readers.encoding import TextSource, utf16_without_mark
from ingest.readers.errors import FileRejected, broken, encrypted, no_content, too_large, unsupported, wrong_type
from ingest.readers.mapping_reader import read_mappings
from ingest.readers.table import Row
from ingest.readers.workbook_reader import ENCRYPTED_STREAM, Workbook, read_workbook
from kg.provenance import Source

OLD_OFFICE = "an old or encrypted Office file"


class Reader(Protocol):
    """Reads rows from the bytes of a file; one that ``streams`` may be given the path instead."""

    def __call__(self, source: TextSource, name: str, known: Collection[str], limits: Limits, /) -> Iterator[Row]:
        """The rows; see the readers for what they raise."""
        ...


_READERS: dict[str, tuple[Reader, str]] = {
    ".csv": (read_csv, "text/csv"),
    ".tsv": (read_csv, "text/tab-separated-values"),
    ".xlsx": (read_workbook, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ".xlsm": (read_workbook, "application/vnd.ms-excel.sheet.macroEnabled.12"),
    ".xls": (read_workbook, "application/vnd.ms-excel"),
    ".ods": (read_workbook, "application/vnd.oasis.opendocument.spreadsheet"),
    ".json": (read_mappings, "application/json"),
    ".yaml": (read_mappings, "application/yaml"),
    ".yml": (read_mappings, "application/yaml"),
}
# read row by row from the disk; of a workbook the cells are kept, of any other file the rows
_STREAMED = (".csv", ".tsv")
_WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods")
# records of another platform, in the exchange format
EXCHANGE_TYPES = {".jsonld": "application/ld+json", ".ttl": "text/turtle"}
SUFFIXES = (*_READERS, *DOCUMENT_TYPES, *EXCHANGE_TYPES)

# what the content must be where the format has marks of its own
# (an encrypted workbook lies in a container of the old kind; its reader tells it from an old workbook)
_EXPECTED: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(_WORKBOOKS, ("ZIP/XLSX", OLD_OFFICE)),
    ".docx": ("ZIP/XLSX",),
    ".pptx": ("ZIP/XLSX",),
    ".pdf": ("PDF",),
}
# the first bytes of formats that turn up under wrong names
_MAGIC = {
    b"%PDF": "PDF",
    b"PK\x03\x04": "ZIP/XLSX",
    b"\xd0\xcf\x11\xe0": OLD_OFFICE,
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"\x1f\x8b": "gzip",
}

# a stray NUL rejects its row, not the file; this many at its start mean that it is no text
_BINARY_ZEROS = 32
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_CHUNK = 2**20


@dataclass(frozen=True)
class OpenedFile:
    """A file that was accepted, with what provenance says about it."""

    path: Path
    source: Source
    _rows: list[Row] = field(default_factory=list, repr=False, compare=False)
    _workbooks: list[Workbook] = field(default_factory=list, repr=False, compare=False)

    @cached_property
    def content(self) -> bytes:
        """The bytes of the whole file."""
        return self.path.read_bytes()

    @property
    def is_document(self) -> bool:
        """Whether this is a text to read rather than a table of registrations."""
        return self.path.suffix.lower() in DOCUMENT_TYPES

    @property
    def is_exchange(self) -> bool:
        """Whether this holds records in the exchange format."""
        return self.path.suffix.lower() in EXCHANGE_TYPES

    def rows(self, known: Collection[str], limits: Limits, sheet: str | None = None) -> Iterator[Row]:
        """The rows of the file, or of one of its sheets, any number of times; see the readers for what they raise."""
        suffix = self.path.suffix.lower()
        reader, _ = _READERS[suffix]
        if suffix in _STREAMED:
            return reader(self.path, self.path.name, known, limits)
        if suffix in _WORKBOOKS:
            if not self._workbooks:
                self._workbooks.append(Workbook(self.path.read_bytes(), self.path.name, limits))
            return self._workbooks[0].rows(known, sheet)
        if not self._rows:
            self._rows.extend(reader(self.content, self.path.name, known, limits))
        return iter(self._rows)


def open_file(path: Path, limits: Limits, source_name: str | None = None) -> OpenedFile:
    """Check that a file is what its name says, and take its fingerprint.

    Raises FileRejected: unsupported, empty, too large, of another type, or unreadable.
    """
    suffix, name = path.suffix.lower(), path.name
    if suffix not in SUFFIXES:
        raise unsupported(name, ", ".join(SUFFIXES))
    head, digest = _looked_through(path, limits)
    _check_type(head, name, suffix)
    media_type = (DOCUMENT_TYPES | EXCHANGE_TYPES).get(suffix) or _READERS[suffix][1]
    return OpenedFile(path, Source(source_name or name, digest, media_type))


def _looked_through(path: Path, limits: Limits) -> tuple[bytes, str]:
    """The first bytes and the sha256 of a file that is neither empty nor too large."""
    digest, head, size, blank = hashlib.sha256(), b"", 0, True
    try:
        if not path.is_file():
            raise broken(path.name, "no regular file" if path.exists() else "no such file")
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
                head, size, blank = head or chunk, size + len(chunk), blank and not chunk.strip()
                if size > limits.file_bytes:
                    raise too_large(path.name, "bytes", "バイト数", limits.file_bytes)
    except OSError as error:
        raise broken(path.name, error.strerror or str(error)) from error
    if blank:
        raise no_content(path.name)
    return head, digest.hexdigest()


def _check_type(head: bytes, name: str, suffix: str) -> None:
    actual = next((kind for magic, kind in _MAGIC.items() if head.startswith(magic)), None)
    if suffix in _EXPECTED:
        if actual == OLD_OFFICE and actual not in _EXPECTED[suffix] and ENCRYPTED_STREAM in head:
            raise encrypted(name)
        if actual not in _EXPECTED[suffix]:
            raise wrong_type(name, suffix, actual or "text or another format")
    elif actual is not None:
        raise wrong_type(name, suffix, actual)
    elif head[:4096].count(0) > _BINARY_ZEROS and not (head.startswith(_UTF16_MARKS) or utf16_without_mark(head)):
        raise wrong_type(name, suffix, "binary data")


__all__ = ["SUFFIXES", "FileRejected", "OpenedFile", "Reader", "open_file"]
