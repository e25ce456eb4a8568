"""Office files are archives of XML: what must not be unpacked or parsed is found here before any library sees it."""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import Iterable
from pathlib import PurePosixPath
from xml.parsers import expat

from ingest.limits import Limits
from ingest.readers.errors import (
    FileRejected,
    broken,
    encrypted,
    entities,
    hostile_path,
    too_large,
    unpacks_to_too_much,
    wrong_type,
)

_CONTENT_TYPES = "[Content_Types].xml"
_CHUNK = 64 * 1024


class _RootReached(Exception):
    """The prologue of an XML part is over."""


class _Declares(Exception):
    """A part declares a document type, which the Office formats never do."""


def check_office_archive(content: bytes, name: str, limits: Limits, *, suffix: str, folder: str) -> None:
    """Refuse what no honest file of this format is.

    Raises FileRejected: damaged, encrypted, another format (``folder`` must be there), too many entries or bytes,
    paths or links that lead out of it, macros, document type declarations (entities).
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            _check_entries(entries, name, limits)
            if not any(entry.filename.startswith(folder) for entry in entries):
                raise wrong_type(name, suffix, "another ZIP archive")
            _check_macros(archive, entries, name)
            _check_prologues(archive, entries, name)
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, ValueError, RuntimeError) as error:
        raise broken(name, str(error) or type(error).__name__) from error


def _check_entries(entries: Iterable[zipfile.ZipInfo], name: str, limits: Limits) -> None:
    total = 0
    for count, entry in enumerate(entries, start=1):
        total += entry.file_size
        if count > limits.archive_entries:
            raise too_large(name, "parts in its archive", "アーカイブ内の部品数", limits.archive_entries)
        if total > limits.document_unpacked:
            raise unpacks_to_too_much(name, limits.document_unpacked)
        if entry.flag_bits & 1:
            raise encrypted(name)
        if leads_out(entry):
            raise hostile_path(name, entry.filename)


def leads_out(entry: zipfile.ZipInfo) -> bool:
    """Whether an entry is a link, or would be written outside of the folder that an archive is unpacked to."""
    path = PurePosixPath(entry.filename.replace("\\", "/"))
    is_link = stat.S_ISLNK(entry.external_attr >> 16)
    return is_link or path.is_absolute() or ".." in path.parts or ":" in entry.filename.split("/")[0]


def _check_macros(archive: zipfile.ZipFile, entries: Iterable[zipfile.ZipInfo], name: str) -> None:
    parts = {entry.filename.lower() for entry in entries}
    types = archive.read(_CONTENT_TYPES) if _CONTENT_TYPES.lower() in parts else b""
    if b"macroEnabled" in types or any(part.endswith(("vbaproject.bin", "vbadata.xml")) for part in parts):
        raise _macros(name)


def _check_prologues(archive: zipfile.ZipFile, entries: Iterable[zipfile.ZipInfo], name: str) -> None:
    for entry in entries:
        if entry.filename.lower().endswith((".xml", ".rels", ".vml")) and _declares_type(archive, entry):
            raise entities(name)


def _declares_type(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bool:
    """Whether the part has a DOCTYPE; reads no further than its root, before which it must stand."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _declared
    parser.StartElementHandler = _reached
    try:
        with archive.open(entry) as part:
            while chunk := part.read(_CHUNK):
                parser.Parse(chunk, False)
    except _RootReached:
        return False
    except _Declares:
        return True
    except expat.ExpatError as error:
        raise ValueError(f"{entry.filename}: {error}") from error
    return False


def _declared(*_: object) -> None:
    raise _Declares


def _reached(*_: object) -> None:
    raise _RootReached


def _macros(name: str) -> FileRejected:
    return FileRejected(
        code="file_macros",
        en=f"{name} holds macros, which are not accepted.",
        ja=f"{name} にはマクロが含まれているため、受け付けられません。",
        remedy_en="Save it without macros (.docx, .pptx, .xlsx) and send it again.",
        remedy_ja="マクロなしの形式（.docx、.pptx、.xlsx）で保存し直して送ってください。",
    )
