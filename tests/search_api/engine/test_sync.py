"""The index follows the graph: after changes, withdrawals, kills, and from nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kg.commit import Committer
from kg.oxigraph_store import OxigraphStore
from kg.provenance import stored_hashes
from search_api.engine.index.filters import Filters
from search_api.engine.index.search_index import SearchIndex, forget_index
from search_api.engine.models.double import HashingEmbedder
from search_api.engine.sync import Difference, difference, index_records, synchronise
from tests.search_api.engine.conftest import BASE, CountingEmbedder, Opener, ingest

HEADER = "ID,課題名,概要,市区町村コード,テーマ\n"


def issues(path: Path, *rows: tuple[str, str]) -> Path:
    lines = [f"{id_},{title},{title}をなんとかしたい。,13206,廃食用油の利用\n" for id_, title in rows]
    path.write_text(HEADER + "".join(lines), encoding="utf-8")
    return path


def graph_hashes(store: OxigraphStore) -> dict[str, str]:
    return {str(iri).removeprefix(BASE): value for iri, value in stored_hashes(store).items()}


def found(index: SearchIndex, text: str) -> list[tuple[str, str, float]]:
    vector = HashingEmbedder().embed([text], "query")[0]
    hits = index.search(vector, "query", "ja", Filters(), 50)
    return [(entry.record, entry.part, round(score, 4)) for entry, score in hits]


def records(index: SearchIndex) -> set[str]:
    return {entry.record for _, entry in index.entries()}


@pytest.fixture
def index(own_store: OxigraphStore, open_index: Opener) -> SearchIndex:
    """An index in step with ``own_store``."""
    opened = open_index()
    synchronise(own_store, opened, BASE)
    return opened


def test_an_empty_index_takes_everything(own_store: OxigraphStore, open_index: Opener) -> None:
    index = open_index()
    done = synchronise(own_store, index, BASE)
    assert set(done.stale) == set(graph_hashes(own_store)) == records(index)
    assert done.gone == ()
    assert index.record_hashes() == graph_hashes(own_store)
    assert not index.unsaved


def test_nothing_is_done_where_nothing_changed(
    own_store: OxigraphStore, index: SearchIndex, embedder: CountingEmbedder
) -> None:
    embedder.passages.clear()
    version = index.manifest
    assert not synchronise(own_store, index, BASE)
    assert embedder.passages == []
    assert index.manifest == version


def test_changed_and_new_records_are_indexed_alone(
    own_store: OxigraphStore, index: SearchIndex, embedder: CountingEmbedder, tmp_path: Path
) -> None:
    ids = {entry.record: id_ for id_, entry in index.entries()}
    embedder.passages.clear()
    ingest(own_store, issues(tmp_path / "more.csv", ("I1", "書き直した課題"), ("I9", "新しい課題")))
    assert difference(own_store, index.record_hashes(), BASE) == Difference(("issue-I1", "issue-I9"), ())
    synchronise(own_store, index, BASE)
    assert {text.partition("\n")[0] for text in embedder.passages} == {"新しい課題", "書き直した課題"}
    assert found(index, "書き直した課題")[0][0] == "issue-I1"
    assert {e.record: id_ for id_, e in index.entries() if e.record == "technology-T1"} == {
        "technology-T1": ids["technology-T1"]
    }
    assert index.record_hashes() == graph_hashes(own_store)


def test_withdrawn_records_go(own_store: OxigraphStore, index: SearchIndex) -> None:
    Committer(own_store, BASE).withdraw(["technology-T1"])
    assert difference(own_store, index.record_hashes(), BASE) == Difference((), ("technology-T1",))
    synchronise(own_store, index, BASE)
    assert "technology-T1" not in records(index)
    assert index.record_hashes() == graph_hashes(own_store)


def test_committed_and_withdrawn_records_are_indexed_at_once(
    own_store: OxigraphStore, index: SearchIndex, tmp_path: Path
) -> None:
    changed = ingest(own_store, issues(tmp_path / "more.csv", ("I9", "新しい課題")))
    Committer(own_store, BASE).withdraw(["technology-T2"])
    index_records(own_store, index, BASE, [*changed, "technology-T2"])
    assert found(index, "新しい課題")[0][0] == "issue-I9"
    assert "technology-T2" not in records(index)
    assert not difference(own_store, index.record_hashes(), BASE)


def test_a_kill_before_saving_is_healed_on_disk(
    own_store: OxigraphStore, open_index: Opener, embedder: CountingEmbedder, tmp_path: Path
) -> None:
    """Entries were committed, vectors and manifest were not: the next start writes them."""
    index = open_index()
    index_records(own_store, index, BASE, graph_hashes(own_store))
    index.close()
    assert not (tmp_path / "index" / "manifest.json").exists()
    embedder.passages.clear()
    reopened = open_index()
    assert not synchronise(own_store, reopened, BASE)
    assert embedder.passages == []
    assert (tmp_path / "index" / "manifest.json").exists()
    assert (tmp_path / "index" / "vectors.faiss").exists()
    assert reopened.manifest.generation == 1
    assert not open_index().unsaved


def test_a_wiped_folder_is_made_again_with_the_same_answers(
    own_store: OxigraphStore, index: SearchIndex, open_index: Opener, tmp_path: Path
) -> None:
    before = found(index, "天ぷら油を燃料にしたい")
    index.close()
    shutil.rmtree(tmp_path / "index")
    again = open_index()
    synchronise(own_store, again, BASE)
    assert found(again, "天ぷら油を燃料にしたい") == before


def test_a_rebuild_from_the_graph_alone_gives_the_same_answers(
    own_store: OxigraphStore, index: SearchIndex, open_index: Opener, embedder: CountingEmbedder, tmp_path: Path
) -> None:
    """What ``meguri reindex`` does, after the index went through changes."""
    ingest(own_store, issues(tmp_path / "more.csv", ("I1", "書き直した課題"), ("I9", "新しい課題")))
    synchronise(own_store, index, BASE)
    Committer(own_store, BASE).withdraw(["issue-I2"])
    synchronise(own_store, index, BASE)
    index.save(refit=True)
    before = found(index, "天ぷら油を燃料にしたい")
    index.close()
    embedder.passages.clear()
    forget_index(tmp_path / "index")
    rebuilt = open_index()
    synchronise(own_store, rebuilt, BASE)
    rebuilt.save(refit=True)
    assert sorted(found(rebuilt, "天ぷら油を燃料にしたい")) == sorted(before)
    assert embedder.passages == []


def test_one_record_and_all_records_are_projected_alike(
    own_store: OxigraphStore, open_index: Opener, tmp_path: Path
) -> None:
    """Few changes are projected record by record, many at once: the entries are the same."""
    by_one, at_once = open_index(tmp_path / "one"), open_index(tmp_path / "all")
    for id_ in graph_hashes(own_store):
        index_records(own_store, by_one, BASE, [id_])
    synchronise(own_store, at_once, BASE)
    assert {e for _, e in by_one.entries()} == {e for _, e in at_once.entries()}


def test_an_emptied_graph_empties_the_index(own_store: OxigraphStore, index: SearchIndex) -> None:
    Committer(own_store, BASE).withdraw(list(graph_hashes(own_store)))
    synchronise(own_store, index, BASE)
    assert len(index) == 0
    assert found(index, "天ぷら油") == []
