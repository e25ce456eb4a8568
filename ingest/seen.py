"""Which records the rows of one file held so far, and where each was first seen."""

from __future__ import annotations

from typing import Protocol


class Seen(Protocol):
    """The ids of one file's records."""

    def rows_of(self, id_: str) -> list[tuple[int, str]]:
        """The rows whose record would have this id, with the hash of each, in their order."""
        ...

    def first(self, made: str) -> tuple[int, str] | None:
        """The row that was stored under this id, with its hash."""
        ...

    def add(self, id_: str, made: str, row: int, digest: str) -> None:
        """A row's record would have an id, and is stored under the one that was made of it."""
        ...

    def name(self, id_: str) -> None:
        """The file names this record, although no row of it is stored under the id."""
        ...
