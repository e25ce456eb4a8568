"""What is compared of many records, on disk: memory does not grow with the store or with the file that is ingested."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any

# of the records that a new one could be the same as, it is compared with the latest ones only
LATEST = 500
_TABLES = """
CREATE TABLE entry (n INTEGER PRIMARY KEY, id TEXT UNIQUE, kind TEXT, name TEXT, key TEXT, owner TEXT, number TEXT,
                    form TEXT, text TEXT, place INTEGER, digits TEXT);
CREATE INDEX entry_number ON entry (number) WHERE number IS NOT NULL;
CREATE TABLE block (name TEXT, digits TEXT, n INTEGER, PRIMARY KEY (name, digits, n)) WITHOUT ROWID
"""


@dataclass(frozen=True)
class Entry:
    """What is compared of a record; ``owner`` is whose it is, or where; ``place`` is its row in this run.

    ``digits`` are the numbers of its key, between spaces: series of products differ in these, and are not the same.
    """

    id: str
    kind: str
    name: str
    key: str
    owner: str = ""
    number: str | None = None
    form: str = ""
    text: str = ""
    place: int | None = None
    digits: str = ""

    def said(self, lang: str) -> str:
        """The entry as a message names it."""
        name = self.name[:60]
        if lang == "ja":
            return (f"{self.place} 行目" if self.place else "") + f"「{name}」({self.id})"
        return (f"row {self.place}, " if self.place else "") + f'"{name}" ({self.id})'

    @property
    def blocks(self) -> tuple[str, ...]:
        """Only records of a common block can be the same: of one owner, or with names that begin or end alike."""
        if self.kind != "partner":
            return (f"{self.kind} {self.owner}",)
        return tuple(dict.fromkeys((f"head {self.key[:2]}", f"tail {self.key[-2:]}")))


# dataclasses.astuple copies each value, which took an eighth of an ingestion's time
_values: Callable[[Entry], tuple[Any, ...]] = attrgetter(*(field.name for field in fields(Entry)))
_COLUMNS = ", ".join(field.name for field in fields(Entry))
_MARKS = ", ".join("?" * len(fields(Entry)))


class EntryTable:
    """Entries in a temporary file. What is added to a ``branch`` is not seen by the table that it was made of."""

    def __init__(self, below: EntryTable | None = None) -> None:
        self._below = below
        self._connection = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        for statement in ("PRAGMA journal_mode = OFF", "PRAGMA synchronous = OFF", *_TABLES.split(";\n"), "BEGIN"):
            self._connection.execute(statement)

    def branch(self) -> EntryTable:
        """A table that begins with everything in this one."""
        return EntryTable(self)

    def add(self, entry: Entry) -> None:
        """Add an entry, where none of its id is there."""
        if self._below is not None and self._below.holds(entry.id):
            return
        sql = f"INSERT OR IGNORE INTO entry ({_COLUMNS}) VALUES ({_MARKS})"  # noqa: S608  (our own names)
        cursor = self._connection.execute(sql, _values(entry))
        if cursor.rowcount:
            rows = ((block, entry.digits, cursor.lastrowid) for block in entry.blocks)
            self._connection.executemany("INSERT INTO block VALUES (?, ?, ?)", rows)

    def add_sorted(self, entries: Iterable[Entry]) -> None:
        """Add many in the order of their ids: a store gives them in any order, and the first of equal ones counts."""
        self._connection.execute(f"CREATE TEMPORARY TABLE unsorted ({_COLUMNS})")
        self._connection.executemany(f"INSERT INTO unsorted VALUES ({_MARKS})", map(_values, entries))  # noqa: S608
        rows = self._connection.execute(f"SELECT {_COLUMNS} FROM unsorted ORDER BY id, rowid")  # noqa: S608
        for row in rows:
            self.add(Entry(*row))
        self._connection.execute("DROP TABLE unsorted")

    def holds(self, id_: str) -> bool:
        """Whether an entry of this id is there."""
        found = self._connection.execute("SELECT 1 FROM entry WHERE id = ?", (id_,)).fetchone()
        return found is not None or (self._below is not None and self._below.holds(id_))

    def of_number(self, number: str) -> Entry | None:
        """The first organisation of a corporate number."""
        below = self._below.of_number(number) if self._below else None
        return below or next(iter(self._entries("WHERE number = ? ORDER BY n LIMIT 1", (number,))), None)

    def near(self, entry: Entry) -> Iterator[Entry]:
        """The entries that this one could be the same as, block by block, the first ones first."""
        for block in entry.blocks:
            yield from self._block(block, entry.digits)

    def blocks(self) -> Iterator[list[Entry]]:
        """All groups of entries that could be the same."""
        names = "SELECT name, digits FROM block GROUP BY name, digits HAVING COUNT(*) > 1 ORDER BY MIN(n)"
        for block, digits in self._connection.execute(names).fetchall():
            yield self._block(block, digits, latest=-1)

    def _block(self, block: str, digits: str, latest: int = LATEST) -> list[Entry]:
        below = self._below._block(block, digits, latest) if self._below else []
        rows = "WHERE n IN (SELECT n FROM block WHERE name = ? AND digits = ? ORDER BY n DESC LIMIT ?) ORDER BY n"
        return [*below, *self._entries(rows, (block, digits, latest))]

    def _entries(self, rest: str, values: Sequence[object]) -> list[Entry]:
        query = f"SELECT {_COLUMNS} FROM entry {rest}"  # noqa: S608  (our own names)
        return [Entry(*row) for row in self._connection.execute(query, values).fetchall()]
