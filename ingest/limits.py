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
    # a spreadsheet is an archive: what it unpacks to is limited apart from its own size
    unpacked_bytes: int = 2 * 2**30
    nesting: int = 20
    document_characters: int = 5_000_000


DEFAULT_LIMITS = Limits()
