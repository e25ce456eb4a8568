"""Entries, their ids and all embeddings in one SQLite file: a change of a record is one transaction.

Entry ids only grow and are never used twice, so an id held by someone never comes to mean another entry.
Vectors are kept as the model gave them, by text hash: a rebuild embeds nothing twice.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np

from search_api.engine.index.entries import Entry
from search_api.engine.index.errors import index_damaged, index_missing
from search_api.engine.index.vectors import Vectors
from search_api.engine.reading import Reading

_SCHEMA = """
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS record (id TEXT PRIMARY KEY, hash TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS entry (
    id INTEGER PRIMARY KEY AUTOINCREMENT, record TEXT NOT NULL, text_hash TEXT NOT NULL, body TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS entry_record ON entry (record);
CREATE TABLE IF NOT EXISTS vector (
    model TEXT NOT NULL, text_hash TEXT NOT NULL, value BLOB NOT NULL, PRIMARY KEY (model, text_hash)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS reading (
    version TEXT NOT NULL, text_hash TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (version, text_hash)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS state (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
INSERT OR IGNORE INTO state VALUES ('version', 0);
COMMIT;
"""


class EntryStore:
    """The file ``index/entries.db``; ``version`` grows with every change, so copies know when they are old.

    Raises MeguriError at opening: ``index_damaged``; for a reader ``index_missing``.
    """

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        address = f"{path.resolve().as_uri()}?mode={'ro' if read_only else 'rwc'}"
        if read_only and not path.exists():
            raise index_missing(path.parent)
        # one connection serves the threads of the server, behind the index's lock
        self._db = sqlite3.connect(address, uri=True, check_same_thread=False, isolation_level=None, timeout=30)
        try:
            if not read_only:
                self._db.execute("PRAGMA journal_mode=WAL")
                self._db.execute("PRAGMA synchronous=NORMAL")
                self._db.executescript(_SCHEMA)
            else:
                # entries are read when they are asked for: a reader keeps to one state, whatever a writer does
                self._db.execute("BEGIN")
            self._db.execute("SELECT value FROM state").fetchone()
        except sqlite3.DatabaseError as error:
            self._db.close()
            # an operational error of a reader means that the file has no tables yet
            nothing = read_only and isinstance(error, sqlite3.OperationalError)
            raise index_missing(path.parent) if nothing else index_damaged(path, str(error)) from error

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    @property
    def version(self) -> int:
        """How many changes there have been."""
        return int(self._db.execute("SELECT value FROM state WHERE name = 'version'").fetchone()[0])

    def record_hashes(self) -> dict[str, str]:
        """The content hash of every record that is indexed."""
        return dict(self._db.execute("SELECT id, hash FROM record"))

    def entries(self) -> Iterator[tuple[int, Entry]]:
        """All entries with their ids."""
        for id_, body in self._db.execute("SELECT id, body FROM entry ORDER BY id"):
            yield id_, Entry.from_json(body)

    def ids(self) -> list[int]:
        """The ids of all entries, ascending."""
        return [id_ for (id_,) in self._db.execute("SELECT id FROM entry ORDER BY id")]

    def properties(self) -> Iterator[tuple[int, str]]:
        """All ids with what filters need, as a JSON list: kind, language, themes, levels and regions."""
        fields = ", ".join(f"'$.{name}'" for name in ("kind", "lang", "themes", "levels", "regions"))
        yield from self._db.execute(f"SELECT id, json_extract(body, {fields}) FROM entry ORDER BY id")  # noqa: S608

    def read(self, ids: Sequence[int]) -> dict[int, Entry]:
        """The entries of these ids, as far as they are there."""
        found: dict[int, Entry] = {}
        for start in range(0, len(ids), 500):
            part = ids[start : start + 500]
            # as bytes: the text is decoded once, by who reads it
            query = f"SELECT id, CAST(body AS BLOB) FROM entry WHERE id IN ({','.join('?' * len(part))})"  # noqa: S608
            found |= {id_: Entry.from_json(body) for id_, body in self._db.execute(query, part)}
        return found

    def replace(self, records: Mapping[str, tuple[str, Sequence[Entry]]]) -> tuple[list[int], list[int]]:
        """Replace records (id → content hash and entries) in one transaction; the removed and the new ids."""
        removed: list[int] = []
        added: list[int] = []
        with self._transaction() as cursor:
            for record, (content_hash, entries) in records.items():
                removed += _delete(cursor, record)
                cursor.execute("INSERT INTO record VALUES (?, ?)", (record, content_hash))
                added += [_insert(cursor, entry) for entry in entries]
            _bump(cursor)
        return removed, added

    def remove(self, records: Iterable[str]) -> list[int]:
        """Remove records in one transaction; the ids that are gone."""
        with self._transaction() as cursor:
            gone = [id_ for record in records for id_ in _delete(cursor, record)]
            _bump(cursor)
        return gone

    def cached_vectors(self, model: str, hashes: Iterable[str]) -> dict[str, Vectors]:
        """The vectors of these texts that the model has embedded before."""
        found: dict[str, Vectors] = {}
        wanted = list(dict.fromkeys(hashes))
        for start in range(0, len(wanted), 500):
            part = wanted[start : start + 500]
            marks = ",".join("?" * len(part))
            query = f"SELECT text_hash, value FROM vector WHERE model = ? AND text_hash IN ({marks})"  # noqa: S608
            for text_hash, value in self._db.execute(query, (model, *part)):
                found[text_hash] = np.frombuffer(value, dtype=np.float32)
        return found

    def cache_vectors(self, model: str, vectors: Mapping[str, Vectors]) -> None:
        """Remember vectors by text hash."""
        rows = [(model, text_hash, vector.astype(np.float32).tobytes()) for text_hash, vector in vectors.items()]
        with self._transaction() as cursor:
            cursor.executemany("INSERT OR REPLACE INTO vector VALUES (?, ?, ?)", rows)

    def readings(self, version: str, hashes: Iterable[str]) -> dict[str, Reading]:
        """The readings of these texts that were made by this version of the reader."""
        found: dict[str, Reading] = {}
        wanted = list(dict.fromkeys(hashes))
        for start in range(0, len(wanted), 500):
            part = wanted[start : start + 500]
            marks = ",".join("?" * len(part))
            query = f"SELECT text_hash, body FROM reading WHERE version = ? AND text_hash IN ({marks})"  # noqa: S608
            found |= {digest: Reading.from_json(body) for digest, body in self._db.execute(query, (version, *part))}
        return found

    def keep_readings(self, version: str, readings: Mapping[str, Reading]) -> None:
        """Remember readings by text hash; those of other versions are forgotten."""
        with self._transaction() as cursor:
            cursor.execute("DELETE FROM reading WHERE version != ?", (version,))
            rows = [(version, digest, reading.to_json()) for digest, reading in readings.items()]
            cursor.executemany("INSERT OR REPLACE INTO reading VALUES (?, ?, ?)", rows)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Cursor]:
        """All or nothing: an exception inside leaves what was there."""
        cursor = self._db.execute("BEGIN IMMEDIATE")
        try:
            yield cursor
            cursor.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):
                self._db.execute("ROLLBACK")
            raise


def _delete(cursor: sqlite3.Cursor, record: str) -> list[int]:
    ids = [row[0] for row in cursor.execute("SELECT id FROM entry WHERE record = ?", (record,))]
    cursor.execute("DELETE FROM entry WHERE record = ?", (record,))
    cursor.execute("DELETE FROM record WHERE id = ?", (record,))
    return ids


def _insert(cursor: sqlite3.Cursor, entry: Entry) -> int:
    cursor.execute(
        "INSERT INTO entry (record, text_hash, body) VALUES (?, ?, ?)", (entry.record, entry.text_hash, entry.to_json())
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def _bump(cursor: sqlite3.Cursor) -> None:
    cursor.execute("UPDATE state SET value = value + 1 WHERE name = 'version'")
