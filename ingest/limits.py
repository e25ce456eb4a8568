"""The limits of what is read, in one place; each says in its error when it bites."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Sizes in bytes, counts as numbers; the defaults fit an office's largest honest file."""

    file_bytes: int = 200 * 2**20
    cell_bytes: int = 2**20
    columns: int = 1_000
    rows: int = 1_000_000
    # of all visible sheets of a workbook together, gaps between them included: they are in memory as long as it is read
    cells: int = 10_000_000
    # of their texts, a text that several cells share counted for each: a workbook of 40 kB can hold terabytes of them
    characters: int = 500_000_000
    # a spreadsheet is an archive: what it unpacks to is limited apart from its own size
    unpacked_bytes: int = 2 * 2**30
    nesting: int = 20
    document_characters: int = 5_000_000
    document_pages: int = 5_000
    # documents are parsed in a process of their own, which is ended when it takes longer or more
    # (seconds of the processor's time; three times as much by the clock, since the machine may be busy)
    document_seconds: float = 180.0
    document_memory: int = 2 * 2**30
    # what a document's archive unpacks to, and how many parts it may have
    document_unpacked: int = 512 * 2**20
    archive_entries: int = 10_000


DEFAULT_LIMITS = Limits()
