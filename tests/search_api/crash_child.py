"""The process that ``test_crash`` kills: it ingests and indexes without end, and says what it has acknowledged.

One parent imports everything and reads the ontology's labels and types once, and forks a child for each number that
it reads, so that a kill costs no start of Python. It never opens the store itself: RocksDB does not survive a fork.
Usage: ``python -m tests.search_api.crash_child DATA_FOLDER``; all output is one JSON object a line.
"""

from __future__ import annotations

import csv
import json
import os
import pickle
import random
import sys
from itertools import count
from pathlib import Path
from unittest.mock import patch

import faiss  # noqa: F401  (imported before forking)
import pyoxigraph  # noqa: F401
import pyshacl  # noqa: F401

from ingest.columns import load_columns
from ingest.pipeline import Ingestion, Options
from ingest.regions.register import RegionRegister
from ingest.vocabulary import Vocabulary
from kg.folder import DataFolder
from kg.ontology_load import require_current_ontology
from kg.validation import shapes_graph
from search_api.engine.index.search_index import SearchIndex
from search_api.engine.models.double import HashingEmbedder
from search_api.engine.sync import synchronise

ROWS = 15
HEADER = ("ID", "課題名", "概要", "市区町村コード", "テーマ")
_LETTERS = [chr(code) for code in range(0x4E00, 0x9FA0)]


def description(key: str) -> str:
    """A text of its own for each record."""
    return "".join(random.Random(key).choices(_LETTERS, k=40))


def write_file(path: Path, run: int, number: int) -> None:
    """New issues, and a new revision of one that every file holds."""
    keys = [f"R{run}-{number}-{row}" for row in range(ROWS)]
    rows = [(key, f"課題 {key}", description(key), "13206", "廃食用油の利用") for key in keys]
    shared = ("SHARED", "いつも変わる課題", description(f"shared {run} {number}"), "13206", "廃食用油の利用")
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADER, *rows, shared])


def open_index(folder: DataFolder, ontology: str) -> SearchIndex:
    return SearchIndex(folder.index_path, HashingEmbedder(256), {}, ontology=ontology)


def work(folder: DataFolder, run: int) -> None:
    """Ingest and index until killed."""
    with folder.writer() as store:
        ingestion = Ingestion(store, folder.base, Options(load_columns()), "crash test")
        index = open_index(folder, require_current_ontology(store))
        for number in count():
            path = folder.path.parent / f"run-{run}-{number}.csv"
            write_file(path, run, number)
            say(stage="ingesting")
            report = ingestion.ingest(path)
            assert not report.rejected, report.as_json()
            say(acknowledged=[row.id for row in report.rows])
            say(stage="indexing")
            synchronise(store, index, folder.base)
            folder.snapshots.publish(store)


def say(**what: object) -> None:
    os.write(1, (json.dumps(what) + "\n").encode())


def read_ontology(folder: DataFolder) -> bytes:
    """The labels that every ingestion reads first, by a child of their own."""
    path = folder.path.parent / "ontology.pickle"
    child = os.fork()
    if child == 0:
        with folder.writer() as store:
            path.write_bytes(pickle.dumps(Vocabulary.from_store(store)))
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    return path.read_bytes()


def main() -> None:
    folder = DataFolder.open(Path(sys.argv[1]))
    vocabulary = pickle.loads(read_ontology(folder))
    shapes_graph()
    RegionRegister.load()
    say(stage="ready")
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            say(pid=os.getpid())
            with patch.object(Vocabulary, "from_store", lambda store: vocabulary):
                work(folder, int(line))
        _, status = os.waitpid(child, 0)
        say(ended=os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main()
