"""Killed at any moment, a data folder opens, holds every acknowledged record whole, and heals its index."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rdflib import URIRef

from kg.folder import DataFolder
from kg.ontology_load import require_current_ontology
from kg.oxigraph_store import OxigraphStore
from kg.provenance import stored_hashes
from kg.terms import content_hash
from search_api.engine.index.filters import Filters
from search_api.engine.index.search_index import SearchIndex
from search_api.engine.models.double import HashingEmbedder
from search_api.engine.sync import difference, synchronise
from tests.search_api.crash_child import description, open_index

ROOT = Path(__file__).parents[2]
KILLS = 16
# the stages take about so many seconds; a kill falls somewhere in them, or a little after
LASTS = {"ingesting": 0.8, "indexing": 0.3}
SUBJECTS = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"


class Victim:
    """The forking parent, which outlives the children that are killed."""

    def __init__(self, data: Path) -> None:
        command = [sys.executable, "-m", "tests.search_api.crash_child", str(data)]
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._read() == {"stage": "ready"}

    def killed(self, run: int, stage: str, times: int, delay: float) -> list[str]:
        """Start a child, kill it ``delay`` seconds after it entered the stage so many times; what it acknowledged."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{run}\n")
        self._process.stdin.flush()
        child = self._read()["pid"]
        said: list[dict[str, Any]] = []
        while sum(line.get("stage") == stage for line in said) < times:
            said.append(self._read())
            assert "ended" not in said[-1], "the child failed by itself"
        time.sleep(delay)
        os.kill(child, signal.SIGKILL)
        while "ended" not in said[-1]:
            said.append(self._read())
        assert said[-1]["ended"] == -signal.SIGKILL
        return [id_ for line in said for id_ in line.get("acknowledged", [])]

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(30)

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        read: dict[str, Any] = json.loads(self._process.stdout.readline())
        return read


@pytest.fixture
def folder(prepared_folder: Path, tmp_path: Path) -> DataFolder:
    shutil.copytree(prepared_folder, tmp_path / "data")
    return DataFolder.open(tmp_path / "data")


@pytest.fixture
def victim(folder: DataFolder) -> Iterator[Victim]:
    started = Victim(folder.path)
    yield started
    started.close()


def test_kills_at_any_moment_lose_nothing(victim: Victim, folder: DataFolder) -> None:
    chance = random.Random(20_251_122)
    acknowledged: set[str] = set()
    whole: dict[str, str] = {}
    moments: set[str] = set()
    for run in range(KILLS):
        stage = ("ingesting", "indexing")[run % 2]
        delay = chance.uniform(0, LASTS[stage])
        fresh = victim.killed(run, stage, chance.randint(1, 2), delay)
        acknowledged.update(fresh)
        with folder.writer() as store:
            whole = require_whole(store, folder.base, acknowledged, whole)
            moments.add(require_healed(store, folder, fresh))
    with folder.reader() as snapshot:
        require_whole(snapshot, folder.base, set(), {})
    with folder.writer() as store:
        require_whole(store, folder.base, acknowledged, {})
    assert len(acknowledged) > KILLS * 5
    assert "behind" in moments, "no kill came between commit and index"


def graph_hashes(store: OxigraphStore, base: str) -> dict[str, str]:
    return {str(iri).removeprefix(base): value for iri, value in stored_hashes(store).items()}


def require_whole(store: OxigraphStore, base: str, acknowledged: set[str], before: dict[str, str]) -> dict[str, str]:
    """Every acknowledged record is there; and whatever is there is whole, in its graph and in the default graph.

    Revisions that were seen ``before`` are not read again; returns the content hashes of all records.
    """
    hashes = graph_hashes(store, base)
    assert acknowledged <= hashes.keys()
    for id_, expected in hashes.items() - before.items():
        record = URIRef(f"{base}{id_}")
        assert content_hash(store.graph(record)) == expected, id_
        assert content_hash(store.construct(SUBJECTS, {"s": record})) == expected, id_
    return hashes


def require_healed(store: OxigraphStore, folder: DataFolder, fresh: list[str]) -> str:
    """The index opens and is brought to the state of the graph; what was acknowledged last can be found."""
    index = open_index(folder, require_current_ontology(store))
    behind = bool(difference(store, index.record_hashes(), folder.base)) or index.unsaved
    synchronise(store, index, folder.base)
    assert index.record_hashes() == graph_hashes(store, folder.base)
    assert not index.unsaved
    for id_ in fresh[:1] + fresh[-2:-1]:
        assert first_found(index, description(id_.removeprefix("issue-"))) == id_
    entries = index.entries()
    index.close()
    reopened = open_index(folder, require_current_ontology(store))
    assert reopened.entries() == entries
    reopened.close()
    return "behind" if behind else "in step"


def first_found(index: SearchIndex, text: str) -> str:
    vector = HashingEmbedder(256).embed([text], "query")[0]
    ((entry, _),) = index.search(vector, "query", "ja", Filters(kind="issue"), 1)
    return entry.record
