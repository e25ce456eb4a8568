"""Opens a file by what it is, not by what it is called, within the limits."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.limits import Limits
from ingest.readers.csv_reader import read_csv
from ingest.readers.documents.formats import DOCUMENT_TYPES
from ingest.readers.errors import FileRejected, broken, empty_file, too_large, unsupported, wrong_type
from ingest.readers.mapping_reader import read_mappings
from ingest.readers.table import Row
from ingest.readers.xlsx_reader import read_xlsx
from kg.provenance import Source

Reader = Callable[[bytes, str, frozenset[str], Limits], Iterator[Row]]

_READERS: dict[str, tuple[Reader, str]] = {
    ".csv": (read_csv, "text/csv"),
    ".tsv": (read_csv, "text/tab-separated-values"),
    ".xlsx": (read_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ".json": (read_mappings, "application/json"),
    ".yaml": (read_mappings, "application/yaml"),
    ".yml": (read_mappings, "application/yaml"),
}
# records of another platform, in the exchange format
EXCHANGE_TYPES = {".jsonld": "application/ld+json"}
SUFFIXES = (*_READERS, *DOCUMENT_TYPES, *EXCHANGE_TYPES)

# what the content must be where the format has marks of its own
_EXPECTED = {".xlsx": "ZIP/XLSX", ".docx": "ZIP/XLSX", ".pptx": "ZIP/XLSX", ".pdf": "PDF"}
# the first bytes of formats that turn up under wrong names
_MAGIC = {
    b"%PDF": "PDF",
    b"PK\x03\x04": "ZIP/XLSX",
    b"\xd0\xcf\x11\xe0": "an old or encrypted Office file",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"\x1f\x8b": "gzip",
}

# a stray NUL rejects its row, not the file; this many at its start mean that it is no text
_BINARY_ZEROS = 32


@dataclass(frozen=True)
class OpenedFile:
    """The bytes of a file that was accepted, with what provenance says about it."""

    path: Path
    content: bytes
    source: Source

    @property
    def is_document(self) -> bool:
        """Whether this is a text to read rather than a table of registrations."""
        return self.path.suffix.lower() in DOCUMENT_TYPES

    @property
    def is_exchange(self) -> bool:
        """Whether this holds records in the exchange format."""
        return self.path.suffix.lower() in EXCHANGE_TYPES

    def rows(self, known: frozenset[str], limits: Limits) -> Iterator[Row]:
        """The file's rows; see the readers for what they raise."""
        reader, _ = _READERS[self.path.suffix.lower()]
        return reader(self.content, self.path.name, known, limits)


def open_file(path: Path, limits: Limits, source_name: str | None = None) -> OpenedFile:
    """Read a file whole and check that it is what its name says.

    Raises FileRejected: unsupported, empty, too large, of another type, or unreadable.
    """
    suffix, name = path.suffix.lower(), path.name
    if suffix not in SUFFIXES:
        raise unsupported(name, ", ".join(SUFFIXES))
    content = _bytes(path, limits)
    _check_type(content, name, suffix)
    media_type = (DOCUMENT_TYPES | EXCHANGE_TYPES).get(suffix) or _READERS[suffix][1]
    return OpenedFile(path, content, Source(source_name or name, hashlib.sha256(content).hexdigest(), media_type))


def _bytes(path: Path, limits: Limits) -> bytes:
    try:
        if not path.is_file():
            raise broken(path.name, "no such file")
        with path.open("rb") as file:
            content = file.read(limits.file_bytes + 1)
    except OSError as error:
        raise broken(path.name, error.strerror or str(error)) from error
    if len(content) > limits.file_bytes:
        raise too_large(path.name, "bytes", "バイト数", limits.file_bytes)
    if not content.strip():
        raise empty_file(path.name)
    return content


def _check_type(content: bytes, name: str, suffix: str) -> None:
    actual = next((kind for magic, kind in _MAGIC.items() if content.startswith(magic)), None)
    if suffix in _EXPECTED:
        if actual != _EXPECTED[suffix]:
            raise wrong_type(name, suffix, actual or "text or another format")
    elif actual is not None:
        raise wrong_type(name, suffix, actual)
    elif content[:4096].count(0) > _BINARY_ZEROS and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise wrong_type(name, suffix, "binary data")


__all__ = ["SUFFIXES", "FileRejected", "OpenedFile", "open_file"]
