"""One checkpoint and one pool of real worker processes for all tests of queries."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.oxigraph_store import OxigraphStore
from kg.snapshots import Snapshots
from kg.sparql.pool import QueryPool
from kg.sparql.question import Limits
from tests.kg.sparql.asking import ROWS, Asker

DATA = "INSERT DATA {{ {} GRAPH <http://e/g> {{ <http://e/in-g> <http://e/p> 'g' }} }}"


@pytest.fixture(scope="session")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graph of ROWS statements in the default graph and one in a named graph."""
    import pyoxigraph

    folder = tmp_path_factory.mktemp("queried")
    live = pyoxigraph.Store(str(folder / "graph"))
    live.update(DATA.format("".join(f"<http://e/s{n}> <http://e/p> '{n}' ." for n in range(ROWS))))
    live.flush()
    del live
    store = OxigraphStore(folder / "graph")
    path = Snapshots(folder / "snapshots").publish(store)
    store.close()
    return path


@pytest.fixture(scope="session")
def asker(checkpoint: Path) -> Iterator[Asker]:
    """A pool whose workers serve all tests."""
    pool = QueryPool(Snapshots(checkpoint.parent), Limits(seconds=120, memory_mb=300, rows=4_000, query_kb=200))
    yield Asker(pool)
    pool.close()
