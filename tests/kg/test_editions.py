"""Editions: made at once, sealed so that anyone can check the hash, compared, erased and retired."""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path

import pytest
from rdflib import Dataset, Literal, URIRef
from rdflib.namespace import RDFS

from kg.commit import Committer
from kg.edition_changes import compare
from kg.edition_erasure import erase
from kg.edition_seal import seal, seal_in_background
from kg.editions import Edition, Editions
from kg.errors import MeguriError
from kg.folder import DataFolder
from kg.iris import provenance_iri, record_iri
from kg.oxigraph_store import OxigraphStore
from kg.withdrawal import tombstone_of
from tests.kg.samples import ACTIVITY, BASE, issue, partner, small_store

SECRET = "誤って公開された一文"


def small_folder(path: Path) -> DataFolder:
    """A data folder with few resident terms, and blank nodes as the ontology has them."""
    path.mkdir()
    folder = DataFolder(path, BASE)
    store = small_store(path)
    blank = path / "blank.ttl"
    blank.write_text("<x:a> <x:p> [ <x:q> ( 1 2 [ <x:r> 'z' ] ) ], [ <x:q> 'y' ] .", encoding="utf-8")
    store.load([(URIRef("x:blank"), blank)])
    folder.snapshots.publish(store)
    store.close()
    return folder


@pytest.fixture
def data_folder(tmp_path: Path) -> DataFolder:
    return small_folder(tmp_path / "data")


@pytest.fixture
def editions(data_folder: DataFolder) -> Editions:
    return data_folder.editions()


def commit(folder: DataFolder, *submissions: object) -> None:
    with folder.writer() as store:
        outcomes = Committer(store, folder.base).commit(list(submissions), ACTIVITY)  # type: ignore[arg-type]
        assert all(outcome.state == "stored" for outcome in outcomes), outcomes
        folder.snapshots.publish(store)


def withdraw(folder: DataFolder, *ids: str, reason: str = "", successor: str | None = None) -> None:
    with folder.writer() as store:
        Committer(store, folder.base).withdraw(ids, reason, successor)
        folder.snapshots.publish(store)


def dump_of(editions: Editions, edition: Edition, form: str) -> bytes:
    return gzip.decompress((editions.path(edition.number) / "dumps" / edition.dumps[form].file).read_bytes())  # type: ignore[index]


def test_the_hash_is_that_of_the_dump_and_the_dump_is_the_graph(data_folder: DataFolder, editions: Editions) -> None:
    commit(data_folder, issue("issue-1", "油"))
    edition = seal(editions, editions.publish(data_folder.snapshots, "最初の版").number)
    nquads = dump_of(editions, edition, "nq")
    assert edition.hash == hashlib.sha256(nquads).hexdigest()
    lines = nquads.splitlines()
    assert lines == sorted(set(lines)) and len(lines) == edition.quads
    dataset = Dataset()
    dataset.parse(data=nquads, format="nquads")
    assert Literal("油", lang="ja") in set(dataset.graph(record_iri(BASE, "issue-1")).objects())
    assert edition.records == {"issue": 1}
    assert (edition.number, edition.note) == (1, "最初の版")
    sums = (editions.path(1) / "dumps" / "SHA256SUMS").read_text()
    assert hashlib.sha256((editions.path(1) / "dumps" / edition.dumps["ttl"].file).read_bytes()).hexdigest() in sums


def test_equal_graphs_have_equal_hashes_in_whatever_folder_they_were_made(
    data_folder: DataFolder, editions: Editions, tmp_path: Path
) -> None:
    """Blank nodes are named anew by every load, so this holds only if they are canonical in the dump."""
    other = small_folder(tmp_path / "other")
    first = seal(editions, editions.publish(data_folder.snapshots).number)
    second = seal(other.editions(), other.editions().publish(other.snapshots).number)
    assert b"_:" in dump_of(editions, first, "nq")
    assert first.hash == second.hash
    assert first.dumps["nq"].sha256 == second.dumps["nq"].sha256


def test_an_edition_stays_as_it_was_and_is_compared_with_the_next(data_folder: DataFolder, editions: Editions) -> None:
    first, second = issue("issue-1", "一"), issue("issue-2", "二")
    commit(data_folder, first, second)
    editions.publish(data_folder.snapshots)
    commit(data_folder, issue("issue-1", "いち"), issue("issue-3", "三"))
    withdraw(data_folder, "issue-2")
    editions.publish(data_folder.snapshots)
    changes = compare(editions, 1, 2)
    assert [r.id for r in changes.added] == ["issue-3"]
    assert [(r.id, r.titles["ja"]) for r in changes.changed] == [("issue-1", "いち")]
    assert [(r.id, r.titles["ja"]) for r in changes.withdrawn] == [("issue-2", "二")]
    assert not changes.ontology_changed
    back = compare(editions, 2, 1)
    assert [r.id for r in back.withdrawn] == ["issue-3"]


def test_what_was_erased_from_an_earlier_edition_still_counts_as_withdrawn(
    data_folder: DataFolder, editions: Editions
) -> None:
    commit(data_folder, issue("issue-1", "一"), issue("issue-2", "二"), issue("issue-3", "三"))
    editions.publish(data_folder.snapshots)
    withdraw(data_folder, "issue-2", reason="重複")
    erase(editions, ["issue-2"], "重複")
    editions.publish(data_folder.snapshots)
    withdraw(data_folder, "issue-3", reason="重複")  # from both: between the two nothing changed
    erase(editions, ["issue-3"], "重複")
    changes = compare(editions, 1, 2)
    assert [(r.id, r.titles) for r in changes.withdrawn] == [("issue-2", {})]


def test_withdrawn_data_leaves_every_edition(data_folder: DataFolder, editions: Editions) -> None:
    commit(data_folder, issue("issue-1", SECRET), issue("issue-2", "二"))
    before = seal(editions, editions.publish(data_folder.snapshots).number)
    withdraw(data_folder, "issue-1", reason="誤登録")
    (after,) = erase(editions, ["issue-1"], "誤登録")
    assert SECRET.encode() not in dump_of(editions, after, "nq")
    with editions.lease(1) as graph:
        store = OxigraphStore(graph, read_only=True)
        assert len(store.graph(record_iri(BASE, "issue-1"))) == len(store.graph(provenance_iri(BASE, "issue-1"))) == 0
        assert not store.ask(f"ASK {{ ?s <{RDFS.label}> ?o }}", {"s": record_iri(BASE, "issue-1")})
        assert len(store.graph(record_iri(BASE, "issue-2")))
        store.close()
        assert not any(SECRET.encode() in file.read_bytes() for file in graph.iterdir())
    (note,) = after.erased
    assert (note.record, note.reason) == ("issue-1", "誤登録")
    assert (note.hash_before, note.hash_after) == (before.hash, after.hash)
    assert before.hash != after.hash
    assert erase(editions, ["issue-1"], "again") == []


def test_a_tombstone_says_why_and_goes_when_the_record_comes_back(data_folder: DataFolder) -> None:
    commit(data_folder, issue("issue-1", "一"), issue("issue-2", "二"))
    withdraw(data_folder, "issue-1", "issue-never", reason="重複", successor="issue-2")
    with data_folder.reader() as store:
        stone = tombstone_of(store, BASE, "issue-1")
        assert stone is not None and (stone.reason, stone.successor) == ("重複", "issue-2")
        assert tombstone_of(store, BASE, "issue-never") is tombstone_of(store, BASE, "issue-2") is None
        assert not store.ask("ASK { ?s ?p '重複' }")
    commit(data_folder, issue("issue-1", "一"))
    with data_folder.reader() as store:
        assert tombstone_of(store, BASE, "issue-1") is None


def test_a_retired_edition_keeps_its_description(data_folder: DataFolder, editions: Editions) -> None:
    edition = seal(editions, editions.publish(data_folder.snapshots).number)
    editions.retire(1, "第2版を参照")
    assert editions.get(1).hash == edition.hash
    assert editions.newest() is None
    with pytest.raises(MeguriError) as caught, editions.lease(1):
        pass
    assert caught.value.code == "edition_retired"
    assert editions.publish(data_folder.snapshots).number == 2


def test_the_quota_stops_publication_and_links_cost_nothing(data_folder: DataFolder) -> None:
    free = data_folder.editions(quota=10**6)
    free.publish(data_folder.snapshots)
    assert free.used() < 10**6
    commit(data_folder, partner("partner-1"))
    full = data_folder.editions(quota=0)
    with pytest.raises(MeguriError) as caught:
        full.publish(data_folder.snapshots)
    assert caught.value.code == "edition_quota"
    assert [edition.number for edition in full.all()] == [1]


def test_unknown_editions_and_bad_notes_are_refused(data_folder: DataFolder, editions: Editions) -> None:
    for act in (lambda: editions.get(7), lambda: seal(editions, 7), lambda: editions.retire(7, "x")):
        with pytest.raises(MeguriError) as caught:
            act()
        assert caught.value.code == "edition_unknown"
    with pytest.raises(MeguriError) as caught:
        editions.publish(data_folder.snapshots, "a\nb")
    assert caught.value.code == "note_invalid"


def test_sealing_runs_in_a_process_of_its_own(data_folder: DataFolder, editions: Editions) -> None:
    number = editions.publish(data_folder.snapshots).number
    assert not editions.get(number).sealed
    process = seal_in_background(editions, number)
    assert process.wait(60) == 0
    assert editions.get(number).sealed
    assert seal(editions, number) == editions.get(number)
