"""Where an ingestion that was killed goes on: its journal, found again by what was ingested and how.

``FOLDER/KEY.db``, of mode 600, since rows hold what was written in them, telephone numbers as well. KEY is the hash of
the file's bytes, its logical name, the kind, the table of headers, the limits, the program and the ontology: where any
of these differs, what was found before may not be true any more, and the file is read from its start.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import sqlite3
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from ingest.journal import Journal
from ingest.parallel import batched
from kg.iris import record_iri
from kg.provenance import hashes_of
from kg.store import GraphStore

# records whose hashes are compared with the graph's by one query
_AT_A_TIME = 1_000
# a journal that nobody came back for (seconds)
_FORGOTTEN_AFTER = 7 * 24 * 3600


def journal_key(**facts: object) -> str:
    """The name of a journal, by all that its content depends on."""
    return hashlib.sha256(json.dumps(facts, sort_keys=True, default=str).encode()).hexdigest()[:40]


def open_journal(folder: Path, key: str, store: GraphStore, base: str) -> Journal:
    """The journal of a run that was cut off, or an empty one.

    It is emptied where its run had ended, or where the graph does not hold what it says was stored (a backup was
    restored, a record withdrawn or changed). While another process works with it, this run gets one of its own.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{key}.db"
    try:
        journal = _opened(path)
    except sqlite3.OperationalError:
        return _opened(folder / f"{key}-{secrets.token_hex(4)}.db")
    except sqlite3.DatabaseError:  # damaged: it is only a memory
        remove(path)
        journal = _opened(path)
    if journal.fact("ended") or not _stands(journal, store, base):
        journal.clear()
    return journal


def ended(journal: Journal) -> None:
    """The run came to its end: the next one of the same file begins anew."""
    journal.note("ended", value=True)
    journal.commit()


def told_rows(path: Path) -> Iterator[dict[str, object]]:
    """The rows of the report in a journal, as the report has them."""
    journal = Journal(path)
    several = journal.rows.sheets() > 1
    yield from (row.as_json(with_sheet=several) for row in journal.rows)
    journal.close()


def remove(path: Path) -> None:
    """Delete a journal."""
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def forget_old(folder: Path) -> None:
    """Delete the journals of runs that nobody took up again, or whose report nobody read."""
    for path in folder.glob("*.db"):
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > _FORGOTTEN_AFTER:
                remove(path)


def _opened(path: Path) -> Journal:
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    return Journal(path)


def _stands(journal: Journal, store: GraphStore, base: str) -> bool:
    """Whether the graph holds everything that the journal says was stored."""
    for some in batched(journal.all_stored(), _AT_A_TIME):
        wanted = {record_iri(base, id_): digest for id_, digest in some}
        if hashes_of(store, wanted) != wanted:
            return False
    return True
