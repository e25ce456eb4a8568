"""Checkpoints for readers: few, whole, and never taken from under a reader."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from rdflib import Literal

from kg.errors import MeguriError
from kg.oxigraph_store import OxigraphStore
from kg.snapshots import KEEP, Snapshots
from kg.store import GraphChange
from tests.contracts.graph_store import A, graph_of

READER = """
import pathlib, sys
from kg.oxigraph_store import OxigraphStore
from kg.snapshots import Snapshots
with Snapshots(pathlib.Path(sys.argv[1])).lease() as path:
    print(path.name, flush=True)
    sys.stdin.readline()
    store = OxigraphStore(path, read_only=True)
    print(*[row["o"] for row in store.select("SELECT ?o WHERE { ?s ?p ?o }")], flush=True)
    if "die" in sys.argv:
        import os
        os._exit(9)
"""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[OxigraphStore]:
    store = OxigraphStore(tmp_path / "graph")
    yield store
    store.close()


@pytest.fixture
def snapshots(tmp_path: Path) -> Snapshots:
    return Snapshots(tmp_path / "snapshots")


def publish(store: OxigraphStore, snapshots: Snapshots, *values: int) -> None:
    for value in values:
        store.apply([GraphChange(A, graph_of(A, Literal(value)))])
        snapshots.publish(store)


def names(tmp_path: Path) -> list[str]:
    return sorted(path.name for path in (tmp_path / "snapshots").iterdir() if path.is_dir())


def read(path: Path) -> list[int]:
    store = OxigraphStore(path, read_only=True)
    try:
        return [int(str(row["o"])) for row in store.select("SELECT ?o WHERE { ?s ?p ?o }")]
    finally:
        store.close()


def test_without_a_snapshot_the_remedy_is_named(snapshots: Snapshots, tmp_path: Path) -> None:
    with pytest.raises(MeguriError) as caught, snapshots.lease():
        pass
    assert caught.value.code == "no_snapshot"
    assert "meguri init" in caught.value.message("ja")
    assert snapshots.newest() is None
    assert not (tmp_path / "snapshots").exists()  # a reader makes nothing


def test_readers_get_the_newest_while_the_writer_goes_on(store: OxigraphStore, snapshots: Snapshots) -> None:
    publish(store, snapshots, 1, 2)
    with snapshots.lease() as path:
        assert path == snapshots.newest()
        publish(store, snapshots, 3)
        assert read(path) == [2]
    with snapshots.lease() as path:
        assert read(path) == [3]


def test_at_most_three_are_kept(store: OxigraphStore, snapshots: Snapshots, tmp_path: Path) -> None:
    publish(store, snapshots, *range(7))
    assert KEEP == 3
    assert names(tmp_path) == ["00000005", "00000006", "00000007"]
    assert read(tmp_path / "snapshots" / "00000005") == [4]


def test_a_leased_one_survives_until_its_lease_ends(store: OxigraphStore, snapshots: Snapshots, tmp_path: Path) -> None:
    publish(store, snapshots, 1)
    with snapshots.lease() as path:
        publish(store, snapshots, *range(2, 9))
        assert names(tmp_path) == ["00000001", "00000006", "00000007", "00000008"]
        assert read(path) == [1]
    publish(store, snapshots, 9)
    assert names(tmp_path) == ["00000007", "00000008", "00000009"]


def test_two_readers_share_one_and_the_last_lets_it_go(
    store: OxigraphStore, snapshots: Snapshots, tmp_path: Path
) -> None:
    publish(store, snapshots, 1)
    with snapshots.lease() as first:
        with snapshots.lease() as second:
            assert first == second
        publish(store, snapshots, 2, 3, 4, 5)
        assert first.is_dir()
    publish(store, snapshots, 6)
    assert not first.exists()


@pytest.mark.parametrize("end", ["returns", "die"])
def test_a_reader_in_another_process_keeps_its_snapshot(
    store: OxigraphStore, snapshots: Snapshots, tmp_path: Path, end: str
) -> None:
    publish(store, snapshots, 1)
    program = [sys.executable, "-c", READER, str(tmp_path / "snapshots"), end]
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "00000001\n"
        publish(store, snapshots, 2, 3, 4, 5)
        assert "00000001" in names(tmp_path)
        out, _ = reader.communicate("\n", timeout=20)
    assert out == "1\n"
    publish(store, snapshots, 6)
    assert names(tmp_path) == ["00000004", "00000005", "00000006"]


def test_what_a_killed_publisher_left_is_swept(store: OxigraphStore, snapshots: Snapshots, tmp_path: Path) -> None:
    publish(store, snapshots, 1)
    store.snapshot(tmp_path / "snapshots" / "draft-99999")
    with snapshots.lease() as path:
        assert path.name == "00000001"  # a draft is never read
    publish(store, snapshots, 2)
    assert names(tmp_path) == ["00000001", "00000002"]


def test_locks_go_with_their_snapshots(store: OxigraphStore, snapshots: Snapshots, tmp_path: Path) -> None:
    publish(store, snapshots, 1)
    (tmp_path / "snapshots" / "00000000.lock").touch()  # as a reader leaves that came too late
    publish(store, snapshots, *range(2, 7))
    locks = {path.stem for path in (tmp_path / "snapshots").glob("*.lock")}
    assert locks <= set(names(tmp_path))


def test_numbers_go_on_after_a_restart(store: OxigraphStore, tmp_path: Path) -> None:
    for number in range(1, 4):
        assert Snapshots(tmp_path / "snapshots").publish(store).name == f"{number:08d}"
