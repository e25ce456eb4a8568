"""The remote store keeps the contract of all stores, on an Oxigraph server that is really started on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from rdflib import Graph, Literal

from kg.commit import Committer
from kg.edition_seal import seal
from kg.errors import MeguriError
from kg.folder import DataFolder
from kg.oxigraph_store import OxigraphStore
from kg.remote_store import RemoteAddress, RemoteStore
from kg.store import GraphChange, GraphStore
from kg.terms import with_values
from tests.contracts.graph_store import A, B, GraphStoreContract, Quad, everything, graph_of
from tests.kg.samples import ACTIVITY, BASE, RESIDENT, partner, resident_file
from tests.oxigraph_server import free_port, oxigraph_server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with oxigraph_server(tmp_path_factory.mktemp("server")) as address:
        yield address


@pytest.fixture
def address(server: str) -> RemoteAddress:
    httpx.post(f"{server}/update", data={"update": "DROP ALL"}, verify=False).raise_for_status()
    return RemoteAddress.of(server)


class TestRemoteStore(GraphStoreContract):
    @pytest.fixture(autouse=True)
    def _address(self, address: RemoteAddress) -> None:
        self.address = address

    def open_store(self, folder: Path) -> GraphStore:
        return RemoteStore(self.address)

    def read_snapshot(self, path: Path) -> set[Quad]:
        store = OxigraphStore(path, read_only=True)
        try:
            return everything(store)
        finally:
            store.close()


def test_many_graphs_are_one_update_that_succeeds_or_fails_whole(address: RemoteAddress) -> None:
    store = RemoteStore(address)
    store.apply([GraphChange(A, graph_of(A, Literal("before")))])
    broken = graph_of(B, Literal("x"))
    text = "INSERT DATA { <x:a> <x:b> 1 } ; INSERT DATA { <x:a> <x:b> 2 } ; LOAD <http://127.0.0.1:9/none>"
    refused = httpx.post(address.update, data={"update": text}, verify=False)
    assert refused.status_code >= 400
    assert set(store.graph(A).objects()) == {Literal("before")}
    assert not store.ask("ASK { <x:a> ?p ?o }")
    store.apply([GraphChange(A, graph_of(A, Literal("after"))), GraphChange(B, broken)])
    assert store.count() == 2
    store.close()


def test_a_data_folder_on_a_server(address: RemoteAddress, tmp_path: Path) -> None:
    """Committing, publishing snapshots and editions work as they do on a local graph."""
    (tmp_path / "data").mkdir()
    folder = DataFolder(tmp_path / "data", BASE, address)
    with folder.writer() as store:
        store.load([(RESIDENT, resident_file(tmp_path))])
        (outcome,) = Committer(store, BASE).commit([partner("partner-1")], ACTIVITY)
        assert outcome.state == "stored"
        folder.snapshots.publish(store)
        with pytest.raises(MeguriError) as caught, folder.writer():
            pass
        assert caught.value.code == "store_in_use"
    assert not (folder.path / "graph").exists()
    with folder.reader() as reader:
        assert reader.ask("ASK { ?s a <https://w3id.org/meguri/ces#Partner> }")
    edition = seal(folder.editions(), folder.editions().publish(folder.snapshots).number)
    assert edition.sealed and edition.statements


def test_a_server_that_is_not_there_is_said_to_be_unreachable(tmp_path: Path) -> None:
    store = RemoteStore(RemoteAddress.of(f"http://127.0.0.1:{free_port()}"))
    for act in (store.count, lambda: store.apply([GraphChange(A, Graph())])):
        with pytest.raises(MeguriError) as caught:
            act()
        assert caught.value.code == "graph_unreachable"
    store.close()


def test_a_wrong_path_is_no_bad_query(server: str) -> None:
    store = RemoteStore(RemoteAddress.of(f"{server}/query", f"{server}/nothing"))
    assert store.count() >= 0
    with pytest.raises(MeguriError) as caught:
        store.apply([GraphChange(A, graph_of(A, B))])
    assert caught.value.code == "graph_unreachable"
    store.close()


def test_names_that_are_no_variables_are_refused() -> None:
    for name in ("a b", "x) {", "", "?x"):
        with pytest.raises(ValueError, match="variable"):
            with_values("SELECT * {}", {name: A})
