"""Both graph stores keep the contract; then what only the one on disk has to keep."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from rdflib import Dataset, Literal, URIRef
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID

from kg.errors import MeguriError
from kg.memory_store import MemoryStore
from kg.oxigraph_store import OxigraphStore
from kg.store import GraphChange, GraphStore
from tests.contracts.graph_store import EX, A, GraphStoreContract, P, Quad, everything, graph_of

HOLDER = """
import sys, pathlib
from kg.oxigraph_store import OxigraphStore
store = OxigraphStore(pathlib.Path(sys.argv[1]))
print("open", flush=True)
sys.stdin.readline()
"""


class TestOxigraphStore(GraphStoreContract):
    def open_store(self, folder: Path) -> GraphStore:
        return OxigraphStore(folder / "graph")

    def read_snapshot(self, path: Path) -> set[Quad]:
        store = OxigraphStore(path, read_only=True)
        try:
            return everything(store)
        finally:
            store.close()


class TestOxigraphStoreInPieces(TestOxigraphStore):
    """What is too large for one transaction keeps the same contract."""

    def open_store(self, folder: Path) -> GraphStore:
        return OxigraphStore(folder / "graph", at_once=0)


class TestMemoryStore(GraphStoreContract):
    def open_store(self, folder: Path) -> GraphStore:
        return MemoryStore()

    def read_snapshot(self, path: Path) -> set[Quad]:
        dataset = Dataset(default_union=False)
        dataset.parse(path / "graph.nq", format="nquads")
        quads = dataset.quads((None, None, None, None))
        return {(None if g in (None, DATASET_DEFAULT_GRAPH_ID) else URIRef(str(g)), s, p, o) for s, p, o, g in quads}


def test_what_was_written_is_there_when_the_folder_is_opened_again(tmp_path: Path) -> None:
    for value in ("one", "two"):
        store = OxigraphStore(tmp_path / "graph")
        store.apply([GraphChange(URIRef(EX + value), graph_of(URIRef(EX + value), Literal(value)))])
        store.flush()
        store.close()
    store = OxigraphStore(tmp_path / "graph")
    assert {row["o"] for row in store.select("SELECT ?o WHERE { ?s ?p ?o }")} == {Literal("one"), Literal("two")}
    store.close()


def test_an_unfinished_select_does_not_hold_the_folder_for_ever(tmp_path: Path) -> None:
    store = OxigraphStore(tmp_path / "graph")
    store.apply([GraphChange(A, graph_of(A, Literal(1), Literal(2)))])
    rows = store.select(f"SELECT ?o WHERE {{ ?s <{P}> ?o }}")
    assert next(rows)
    store.close()
    del rows
    OxigraphStore(tmp_path / "graph").close()


def test_an_iri_that_only_the_engine_finds_broken_is_refused_too(tmp_path: Path) -> None:
    store = OxigraphStore(tmp_path / "graph")
    store.apply([GraphChange(A, graph_of(A, Literal("before")))])
    with pytest.raises(ValueError, match="refused"):
        store.apply([GraphChange(A, graph_of(A, Literal("after"), URIRef("http://[broken")))])
    assert set(store.graph(A).objects()) == {Literal("before")}
    store.close()


def test_a_second_process_is_told_that_the_store_is_in_use(tmp_path: Path) -> None:
    path = tmp_path / "graph"
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        with pytest.raises(MeguriError) as caught:
            OxigraphStore(path)
        holder.communicate("\n")
    assert caught.value.code == "store_in_use"
    assert "meguri serve" in caught.value.message("ja")
    assert "meguri serve" in caught.value.message("en")
    OxigraphStore(path).close()


@pytest.mark.parametrize("damage", ["missing", "file", "no_current", "locked_name"])
def test_a_folder_that_cannot_be_opened_is_not_called_in_use(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "clock" / "graph"  # a path with "lock" in it
    path.parent.mkdir()
    if damage == "file":
        path.write_text("not a folder")
    elif damage == "locked_name":
        (path / "LOCK").mkdir(parents=True)
    elif damage == "no_current":
        OxigraphStore(path).close()
        (path / "CURRENT").write_bytes(b"garbage")
    with pytest.raises(MeguriError) as caught:
        OxigraphStore(path, read_only=damage == "missing")
    assert caught.value.code == "store_unreadable"
    assert str(path) in caught.value.ja


def test_a_reader_cannot_write(tmp_path: Path) -> None:
    OxigraphStore(tmp_path / "graph").close()
    reader = OxigraphStore(tmp_path / "graph", read_only=True)
    with pytest.raises((ValueError, OSError, RuntimeError)):
        reader.apply([GraphChange(A, graph_of(A, Literal(1)))])
    assert reader.count() == 0
    reader.close()
