"""What is remembered of a file while it is ingested: on disk, so that memory does not grow with the file.

A journal in a file of its own also outlives the process: an ingestion that was killed goes on behind the last row that
its journal holds. The graph stays the truth: a journal is believed only where the graph holds what it says was stored.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, overload

from ingest.problems import Problem
from ingest.report import RowReport, SkippedRow, Status, plain_values

_TABLES = """
CREATE TABLE IF NOT EXISTS fact (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS row (n INTEGER PRIMARY KEY, status TEXT, warnings INTEGER, sheet TEXT, body TEXT);
CREATE TABLE IF NOT EXISTS skipped (n INTEGER PRIMARY KEY, row INTEGER, reason TEXT, sheet TEXT);
CREATE TABLE IF NOT EXISTS seen (id TEXT, made TEXT, row INTEGER, digest TEXT);
CREATE INDEX IF NOT EXISTS seen_id ON seen (id);
CREATE INDEX IF NOT EXISTS seen_made ON seen (made);
CREATE TABLE IF NOT EXISTS named (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS stored (id TEXT PRIMARY KEY, hash TEXT) WITHOUT ROWID;
"""


class Journal:
    """The rows of one file with what became of them, and the ids that they hold (``ingest.seen.Seen``).

    Without a path it lies in a temporary file that goes with it. Changes are kept at ``commit``, all or none of them.
    Raises ``sqlite3.OperationalError`` where another process has it open.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path
        self._connection = sqlite3.connect(
            "" if path is None else path, timeout=0, isolation_level=None, check_same_thread=False
        )
        execute = self._connection.execute
        execute("PRAGMA locking_mode = EXCLUSIVE")
        # a killed process loses nothing that it committed; after a power cut the last batches are done again
        execute("PRAGMA journal_mode = WAL")
        execute("PRAGMA synchronous = NORMAL")
        execute("BEGIN IMMEDIATE")
        for statement in _TABLES.strip().split(";\n"):
            execute(statement)
        self.commit()

    def commit(self) -> None:
        """Keep everything that was added since the last time."""
        self._connection.execute("COMMIT")
        self._connection.execute("BEGIN IMMEDIATE")

    def close(self) -> None:
        """Give the file back; what was not committed is forgotten."""
        self._connection.close()

    def clear(self) -> None:
        """Forget everything."""
        for table in ("fact", "row", "skipped", "seen", "named", "stored"):
            self._connection.execute(f"DELETE FROM {table}")  # noqa: S608  (our own names)
        self.commit()

    def fact(self, name: str) -> Any:
        """A fact that was noted, None where none was."""
        found = self._connection.execute("SELECT value FROM fact WHERE name = ?", (name,)).fetchone()
        return None if found is None else json.loads(found[0])

    def note(self, name: str, value: object) -> None:
        """Note a fact, which can be written as JSON."""
        text = json.dumps(value, ensure_ascii=False)
        self._connection.execute("INSERT OR REPLACE INTO fact VALUES (?, ?)", (name, text))

    def rows_of(self, id_: str) -> list[tuple[int, str]]:
        """See ``Seen``."""
        return self._connection.execute("SELECT row, digest FROM seen WHERE id = ? ORDER BY rowid", (id_,)).fetchall()

    def first(self, made: str) -> tuple[int, str] | None:
        """See ``Seen``."""
        found = self._connection.execute("SELECT row, digest FROM seen WHERE made = ? ORDER BY rowid", (made,))
        row: tuple[int, str] | None = found.fetchone()
        return row

    def add(self, id_: str, made: str, row: int, digest: str) -> None:
        """See ``Seen``."""
        self._connection.execute("INSERT INTO seen VALUES (?, ?, ?, ?)", (id_, made, row, digest))

    def name(self, id_: str) -> None:
        """See ``Seen``."""
        self._connection.execute("INSERT OR IGNORE INTO named VALUES (?)", (id_,))

    def holds(self, id_: str) -> bool:
        """Whether a row was stored under this id, or names it."""
        query = "SELECT EXISTS (SELECT 1 FROM seen WHERE made = ?1) OR EXISTS (SELECT 1 FROM named WHERE id = ?1)"
        return bool(self._connection.execute(query, (id_,)).fetchone()[0])

    def stored(self, hashes: Iterable[tuple[str, str]]) -> None:
        """These records stand in the graph with these content hashes."""
        self._connection.executemany("INSERT OR REPLACE INTO stored VALUES (?, ?)", hashes)

    def all_stored(self) -> Iterator[tuple[str, str]]:
        """Every record that this file's rows put into the graph, with its content hash."""
        yield from self._connection.execute("SELECT id, hash FROM stored")

    def skip(self, row: SkippedRow) -> None:
        """Note a row that is no record."""
        self._connection.execute("INSERT INTO skipped VALUES (NULL, ?, ?, ?)", (row.row, row.reason, row.sheet))

    def forget_skipped(self) -> None:
        """The file is read from its start again, so they will come again."""
        self._connection.execute("DELETE FROM skipped")

    @property
    def skipped(self) -> Iterator[SkippedRow]:
        """The rows that are no records."""
        for row, reason, sheet in self._connection.execute("SELECT row, reason, sheet FROM skipped ORDER BY n"):
            yield SkippedRow(row, reason, sheet)

    @property
    def rows(self) -> RowLog:
        """The reports of the rows."""
        return RowLog(self._connection)


class RowLog(Sequence[RowReport]):
    """The reports of a file's rows, each read from the disk when it is asked for."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def append(self, row: RowReport) -> None:
        """Add a row behind the others."""
        warnings = sum(problem.severity == "warning" for problem in row.problems)
        body = json.dumps(
            [row.row, row.id, plain_values(row.values), list(map(_packed, row.problems))], ensure_ascii=False
        )
        values = (row.status, warnings, row.sheet, body)
        self._connection.execute("INSERT INTO row VALUES (NULL, ?, ?, ?, ?)", values)

    def counts(self) -> tuple[Counter[Status], int]:
        """How many rows ended in which state, and how many warnings there are."""
        found = self._connection.execute("SELECT status, COUNT(*), SUM(warnings) FROM row GROUP BY status").fetchall()
        return Counter({status: number for status, number, _ in found}), sum(warnings for _, _, warnings in found)

    def sheets(self) -> int:
        """How many sheets hold rows; a file without sheets counts as one."""
        query = "SELECT COUNT(DISTINCT sheet) + MAX(sheet IS NULL) FROM row"
        return int(self._connection.execute(query).fetchone()[0] or 0)

    def close(self) -> None:
        """See ``Rows``: the journal is closed, so that another process may read it."""
        self._connection.close()

    def __len__(self) -> int:
        return int(self._connection.execute("SELECT COUNT(*) FROM row").fetchone()[0])

    def __iter__(self) -> Iterator[RowReport]:
        with closing(self._connection.execute("SELECT status, sheet, body FROM row ORDER BY n")) as rows:
            yield from (_unpacked(*row) for row in rows)

    @overload
    def __getitem__(self, index: int) -> RowReport: ...
    @overload
    def __getitem__(self, index: slice) -> list[RowReport]: ...
    def __getitem__(self, index: int | slice) -> RowReport | list[RowReport]:
        if isinstance(index, slice):
            return list(self)[index]
        query = "SELECT status, sheet, body FROM row ORDER BY n LIMIT 1 OFFSET ?"
        found = self._connection.execute(query, (index if index >= 0 else len(self) + index,)).fetchone()
        if found is None:
            raise IndexError(index)
        return _unpacked(*found)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]


def _packed(problem: Problem) -> list[str | None]:
    return [problem.field, problem.severity, problem.code, problem.en, problem.ja, problem.value]


def _unpacked(status: Status, sheet: str | None, body: str) -> RowReport:
    row, id_, values, problems = json.loads(body)
    return RowReport(row, status, id_, values, [Problem(*problem) for problem in problems], sheet)
