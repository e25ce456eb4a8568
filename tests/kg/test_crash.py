"""Real kills: whatever the moment, the store opens and every acknowledged record stands whole."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

import pytest
from rdflib import Graph
from rdflib.compare import isomorphic

from kg.iris import provenance_iri
from kg.namespaces import DEFAULT_BASE
from kg.oxigraph_store import OxigraphStore
from kg.provenance import stored_hashes
from kg.terms import content_hash
from tests.kg.crash_writer import ALWAYS, LIFETIME, batch
from tests.kg.samples import BASE, RESIDENT, iri, small_store


@pytest.mark.parametrize(("mode", "kills", "patience"), [("commit", 7, 0.3), ("apply", 14, 0.1), ("pieces", 14, 0.2)])
def test_every_acknowledged_record_survives_a_kill(tmp_path: Path, mode: str, kills: int, patience: float) -> None:
    small_store(tmp_path).close()
    seed = random.randrange(10**6)
    chance = random.Random(seed)
    last = 0
    program = [sys.executable, "-m", "tests.kg.crash_writer", str(tmp_path / "graph")]
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as nursery:
        for kill in range(kills):
            awaited = last if kill % 3 == 2 else last + 1  # every third kill may come before anything is done
            acknowledged = _write_and_kill(nursery, last, awaited, mode, chance.uniform(0, patience))
            last = _check(tmp_path / "graph", max(acknowledged, last), f"seed {seed}, kill {kill}")
        assert nursery.stdin is not None
        nursery.stdin.close()
    assert last > kills // 2  # the writers did get something done between the kills


def _write_and_kill(nursery: subprocess.Popen[str], standing: int, awaited: int, mode: str, delay: float) -> int:
    """Let a writer live until it acknowledged a round and then for ``delay``; the last round that it acknowledged.

    It begins with the round that stands, as a program must that cannot know whether it was acknowledged.
    """
    assert nursery.stdin is not None
    assert nursery.stdout is not None
    nursery.stdin.write(f"{max(standing, 1)} {mode}\n")
    nursery.stdin.flush()
    pid, last = 0, standing
    while not pid or last < awaited:
        line = _line(nursery.stdout)
        if line.startswith("pid"):
            pid = int(line.split()[1])
        else:
            last = int(line)
    time.sleep(delay)
    os.kill(pid, signal.SIGKILL)
    while (line := _line(nursery.stdout)) != "dead":
        last = int(line)
    return last


def _line(stream: IO[str]) -> str:
    line = stream.readline()
    assert line, "the writers ended by themselves"
    return line.strip()


def _check(path: Path, acknowledged: int, context: str) -> int:
    """Open the store, compare all three places that tell of a record, and return the round that it stands at."""
    store = OxigraphStore(path)
    try:
        hashes = stored_hashes(store)
        standing = next(r for r in (acknowledged + 1, acknowledged) if _stands_at(store, r))
        own = range(max(1, standing - LIFETIME + 1), standing + 1)
        expected = {iri(id_) for id_ in (*ALWAYS, *(f"issue-{r}" for r in own))}
        # one that is to go may still stand, where the kill came between the commit and the withdrawal
        assert expected <= set(hashes) <= expected | {iri(f"issue-{standing - LIFETIME}")}, context
        whole = Graph()
        for record, digest in hashes.items():
            graph = store.graph(record)
            assert content_hash(graph) == digest, f"{context}: {record}"
            whole += graph
        default = store.construct("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }") - store.graph(RESIDENT)
        assert isomorphic(default, whole), context
        known = {str(RESIDENT), *map(str, hashes), *(_provenance(str(r)) for r in hashes)}
        # a withdrawal leaves a tombstone, and with it nothing else of the record
        tombs = {graph for graph in _graphs(store) if graph.startswith(f"{DEFAULT_BASE}withdrawn/")}
        assert _graphs(store) == known | tombs, context
        assert not {tomb.replace("withdrawn/", "") for tomb in tombs} & known, context
    finally:
        store.close()
    return standing


def _stands_at(store: OxigraphStore, round_: int) -> bool:
    return all(isomorphic(store.graph(iri(made.id)), made.graph) for made in batch(round_))


def _graphs(store: OxigraphStore) -> set[str]:
    return {str(row["g"]) for row in store.select("SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }")}


def _provenance(record: str) -> str:
    return str(provenance_iri(BASE, record.removeprefix(BASE)))
