"""The index on disk: opened only by those it was made for, healed without embedding, generations of means."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from kg.errors import MeguriError
from search_api.engine.index.entries import Entry
from search_api.engine.index.filters import Filters
from search_api.engine.index.manifest import Manifest
from search_api.engine.index.search_index import TITLE_WEIGHT, SearchIndex, forget_index
from search_api.engine.models.double import HashingEmbedder
from tests.search_api.engine.conftest import CountingEmbedder, Opener, reference_means
from tests.search_api.engine.index.small_index import TEXTS, ask, best, changes, entry, rest


def require_refused(folder: Path, embedder: HashingEmbedder, ontology: str, *named: str) -> None:
    for read_only in (True, False):
        with pytest.raises(MeguriError) as caught:
            SearchIndex(folder, embedder, reference_means(embedder.dimension), ontology=ontology, read_only=read_only)
        assert caught.value.code == "index_mismatch"
        assert all(name in caught.value.en and name in caught.value.ja for name in named), caught.value.en
        assert "meguri reindex" in caught.value.remedy_en
        assert "meguri reindex" in caught.value.remedy_ja


class OtherModel(HashingEmbedder):
    @property
    def model_id(self) -> str:
        return "another-model"


class OtherDimension(HashingEmbedder):
    @property
    def model_id(self) -> str:
        return HashingEmbedder(64).model_id


def test_an_index_of_another_model_is_refused(folder: Path) -> None:
    require_refused(folder, OtherModel(), "1", "another-model", HashingEmbedder().model_id)


def test_an_index_of_another_dimension_is_refused(folder: Path) -> None:
    require_refused(folder, OtherDimension(32), "1", "64", "32")


def test_an_index_of_another_ontology_is_refused(folder: Path) -> None:
    require_refused(folder, HashingEmbedder(), "version-two", "version-two")


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"model": "m"}', b"\xff\xfe"])
def test_a_damaged_manifest_is_refused(folder: Path, content: bytes) -> None:
    (folder / "manifest.json").write_bytes(content)
    require_refused(folder, HashingEmbedder(), "1")


def test_an_index_of_another_format_is_refused(folder: Path) -> None:
    manifest = (folder / "manifest.json").read_text().replace('"format": 1', '"format": 99')
    (folder / "manifest.json").write_text(manifest)
    require_refused(folder, HashingEmbedder(), "1", "99")


def test_the_manifest_says_what_the_index_was_made_from(folder: Path) -> None:
    manifest = Manifest.read(folder / "manifest.json")
    assert manifest is not None
    assert (manifest.model, manifest.dimension, manifest.ontology) == (HashingEmbedder().model_id, 64, "1")
    assert (manifest.generation, manifest.entries_at_fit) == (1, len(TEXTS))
    assert Manifest.read(folder / "none.json") is None


def test_a_query_finds_the_nearest_text(folder: Path, open_index: Opener) -> None:
    index = open_index()
    assert best(index, "天ぷら油を燃料に") == "oil"
    assert best(index, "electric bus by telephone") == "bus"
    assert len(ask(index, "bus", k=100)) == len(TEXTS)
    scores = [score for _, score in ask(index, "天ぷら油", k=4)]
    assert scores == sorted(scores, reverse=True)
    assert all(-1.001 <= score <= 1.001 for score in scores)


def test_reopening_embeds_nothing_and_answers_as_before(
    folder: Path, open_index: Opener, embedder: CountingEmbedder
) -> None:
    first = open_index()
    before = ask(first, "天ぷら油", 4)
    embedder.passages.clear()
    assert ask(open_index(), "天ぷら油", 4) == before
    assert embedder.passages == []


@pytest.mark.parametrize("read_only", [True, False])
def test_a_missing_vectors_file_is_healed_without_embedding(
    folder: Path, open_index: Opener, embedder: CountingEmbedder, read_only: bool
) -> None:
    before = ask(open_index(), "天ぷら油", 4)
    (folder / "vectors.faiss").unlink()
    embedder.passages.clear()
    assert rest(ask(open_index(read_only=read_only), "天ぷら油", 4)) == rest(before)
    assert embedder.passages == []


def test_a_stale_vectors_file_is_healed_without_embedding(
    folder: Path, open_index: Opener, embedder: CountingEmbedder
) -> None:
    """A process was killed after committing entries and before writing the vectors."""
    index = open_index()
    index.update(changes({"soap": "天ぷら油から石けんを作る", "oil": "別の文になった"}, "2"))
    index.remove(["bus"])
    expected = ask(index, "天ぷら油から石けん", 4)
    assert index.unsaved
    index.close()
    embedder.passages.clear()
    healed = open_index()
    assert rest(ask(healed, "天ぷら油から石けん", 4)) == rest(expected)
    assert best(healed, "天ぷら油から石けん") == "soap"
    assert embedder.passages == []
    healed.save()
    assert not healed.unsaved


def test_new_means_taken_in_parts_are_those_of_all(
    folder: Path, open_index: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = open_index()
    index.save(refit=True)
    at_once = ask(index, "天ぷら油", 4)
    monkeypatch.setattr("search_api.engine.index.search_index.PART", 1)
    index.save(refit=True)
    assert index.manifest.generation == 3
    assert rest(ask(index, "天ぷら油", 4)) == rest(at_once)


def test_vectors_of_other_ids_are_not_taken_although_the_versions_agree(
    folder: Path, open_index: Opener, tmp_path: Path
) -> None:
    """As a reader may see it while a writer replaces a record: as many vectors, but not the same ones."""
    old = (folder / "vectors.faiss").read_bytes()
    index = open_index()
    index.update(changes({"oil": "別の文になった"}, "2"))
    index.save()
    index.close()
    (folder / "vectors.faiss").write_bytes(old)
    reopened = open_index(read_only=True)
    assert best(reopened, "別の文になった") == "oil"


def test_vectors_of_a_new_generation_without_their_manifest_are_made_again(
    folder: Path, open_index: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed between writing the vectors of a new generation and the manifest that goes with them."""
    index = open_index()
    written: list[int] = []
    write = Manifest.write

    def killed(manifest: Manifest, path: Path) -> None:
        if manifest.entries_version >= 0:
            raise KeyboardInterrupt
        written.append(manifest.generation)
        write(manifest, path)

    monkeypatch.setattr(Manifest, "write", killed)
    with pytest.raises(KeyboardInterrupt):
        index.save(refit=True)
    monkeypatch.undo()
    expected = ask(index, "天ぷら油", 4)
    index.close()
    reopened = open_index()
    assert written == [2]
    assert reopened.manifest.generation == 2
    assert reopened.unsaved
    assert rest(ask(reopened, "天ぷら油", 4)) == rest(expected)


@pytest.mark.parametrize("content", [None, b"", b"no archive"])
def test_lost_means_are_refused(folder: Path, open_index: Opener, content: bytes | None) -> None:
    """New vectors would be centred otherwise than the old ones."""
    if content is None:
        (folder / "means-1.npz").unlink()
    else:
        (folder / "means-1.npz").write_bytes(content)
    with pytest.raises(MeguriError) as caught:
        open_index()
    assert caught.value.code == "index_damaged"


def test_means_change_only_with_a_new_generation(folder: Path, open_index: Opener) -> None:
    index = open_index()
    means = np.load(folder / "means-1.npz")
    before = ask(index, "天ぷら油", 4)
    index.update(changes({"more": "もう一つの技術"}))
    index.save()
    assert index.manifest.generation == 1
    after = rest(ask(index, "天ぷら油", 5))
    assert {record: after[record] for record, _ in before} == rest(before)
    index.save(refit=True)
    assert index.manifest.generation == 2
    assert not np.allclose(np.load(folder / "means-2.npz")["documents/ja"], means["documents/ja"])
    assert rest(ask(index, "天ぷら油", 5)) != after


def test_an_index_that_outgrew_its_means_gets_new_ones(
    folder: Path, open_index: Opener, embedder: CountingEmbedder
) -> None:
    index = open_index()
    index.update(changes({f"new{i}": f"新しい技術 {i}" for i in range(2)}))
    embedded = list(embedder.passages)
    index.save()
    assert (index.manifest.generation, index.manifest.entries_at_fit) == (2, 6)
    index.remove([f"new{i}" for i in range(2)])
    index.remove(["bus", "shop"])
    index.save()
    assert (index.manifest.generation, index.manifest.entries_at_fit) == (3, 2)
    assert embedder.passages == embedded


def test_an_updated_record_shifts_no_other_id(open_index: Opener, folder: Path) -> None:
    index = open_index()
    before = {e.record: id_ for id_, e in index.entries()}
    index.update(changes({"wood": "まったく別の文"}, "2"))
    after = {e.record: id_ for id_, e in index.entries()}
    assert {r: i for r, i in after.items() if r != "wood"} == {r: i for r, i in before.items() if r != "wood"}
    assert after["wood"] > max(before.values())
    assert index.entry(after["wood"]).text == "まったく別の文"
    assert best(index, "まったく別の文") == "wood"
    assert index.record_hashes()["wood"] == "2"


def test_a_removed_record_is_not_found(open_index: Opener, folder: Path) -> None:
    index = open_index()
    index.remove(["oil"])
    assert "oil" not in {record for record, _ in ask(index, "天ぷら油を燃料に", 10)}
    assert "oil" not in index.record_hashes()
    assert len(index) == len(TEXTS) - 1
    index.remove(["oil", "unknown"])
    assert len(index) == len(TEXTS) - 1


def test_of_a_record_in_both_languages_each_entry_is_found(open_index: Opener) -> None:
    index = open_index()
    both = [entry("oil", "天ぷら油を燃料にする"), entry("oil", "fuel from used cooking oil")]
    index.update({"oil": ("1", both)})
    index.update(changes({"wood": TEXTS["wood"], "bus": TEXTS["bus"]}))
    assert [r for r, _ in ask(index, "天ぷら油を燃料にする", 10)].count("oil") == 2
    vector = HashingEmbedder().embed(["fuel from used cooking oil"], "query")[0]
    assert index.search(vector, "query", "en", Filters(), 1)[0][0].lang == "en"
    assert [r for r, _ in ask(index, "oil", 9, Filters(record_language="ja"))].count("oil") == 1


def test_filters_act_inside_the_search(open_index: Opener) -> None:
    index = open_index()
    issue = Entry("issue-1", "ja", "issue", "ja", "課題", "関係のない文")
    index.update(changes({f"t{i}": "天ぷら油を燃料にする" for i in range(30)}) | {"issue-1": ("1", [issue])})
    assert ask(index, "天ぷら油を燃料にする", 1, Filters(kind="issue"))[0][0] == "issue-1"
    assert ask(index, "天ぷら油", 5, Filters(kind="event")) == []


def test_same_texts_are_embedded_once(open_index: Opener, embedder: CountingEmbedder) -> None:
    index = open_index()
    same = {record: ("1", [Entry(record, "ja", "technology", "ja", "題", "同じ文")]) for record in ("a", "b")}
    index.update(same)
    index.update({record: ("2", entries) for record, (_, entries) in same.items()})
    index.save(refit=True)
    assert sorted(embedder.passages) == ["題", "題\n同じ文"]


def test_progress_counts_what_is_embedded(open_index: Opener) -> None:
    seen: list[tuple[int, int]] = []
    open_index().update(changes({f"t{i}": f"文 {i}" for i in range(130)}), lambda done, all_: seen.append((done, all_)))
    # a text and a title each
    assert seen == [(64, 260), (128, 260), (192, 260), (256, 260), (260, 260)]


def test_readers_open_while_a_writer_is_open(folder: Path, open_index: Opener) -> None:
    writer = open_index()
    writer.update(changes({"soap": "石けんを作る"}))
    reader = open_index(read_only=True)
    assert best(reader, "石けんを作る") == "soap"
    writer.update(changes({"candle": "ろうそくを作る"}))
    writer.save()
    assert best(open_index(read_only=True), "ろうそくを作る") == "candle"
    assert best(reader, "天ぷら油を燃料に") == "oil"


def test_a_reader_writes_nothing(folder: Path, open_index: Opener) -> None:
    before = {p.name: p.read_bytes() for p in folder.iterdir() if p.suffix in (".faiss", ".json", ".npz")}
    reader = open_index(read_only=True)
    ask(reader, "天ぷら油")
    reader.close()
    assert {p.name: p.read_bytes() for p in folder.iterdir() if p.suffix in (".faiss", ".json", ".npz")} == before


def test_a_reader_of_no_index_is_told_so(tmp_path: Path, open_index: Opener) -> None:
    with pytest.raises(MeguriError) as caught:
        open_index(tmp_path / "nothing", read_only=True)
    assert caught.value.code == "index_missing"
    assert not (tmp_path / "nothing").exists()


def test_an_empty_index_answers_with_nothing(open_index: Opener) -> None:
    index = open_index()
    assert ask(index, "天ぷら油") == []
    index.save()
    assert ask(open_index(), "天ぷら油") == []


def test_a_forgotten_index_starts_anew_and_embeds_nothing_twice(
    folder: Path, open_index: Opener, embedder: CountingEmbedder
) -> None:
    forget_index(folder)
    embedder.passages.clear()
    index = open_index(ontology="2")
    assert (len(index), index.record_hashes(), index.manifest.generation) == (0, {}, 0)
    index.update(changes(TEXTS))
    index.save()
    assert embedder.passages == []
    assert best(index, "天ぷら油を燃料に") == "oil"


def test_damaged_entries_are_forgotten_too(folder: Path, open_index: Opener) -> None:
    (folder / "entries.db").write_bytes(b"damaged beyond repair, and long enough " * 300)
    with pytest.raises(MeguriError) as caught:
        open_index()
    assert caught.value.code == "index_damaged"
    forget_index(folder)
    index = open_index()
    index.update(changes(TEXTS))
    assert best(index, "天ぷら油を燃料に") == "oil"


def test_forgetting_no_index_is_no_fault(tmp_path: Path) -> None:
    forget_index(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("steps", range(5))
def test_forgetting_that_is_killed_leaves_an_index_that_opens(
    folder: Path, open_index: Opener, monkeypatch: pytest.MonkeyPatch, steps: int
) -> None:
    """Whatever was taken away already, the next opening heals."""
    unlink, count = Path.unlink, [0]

    def killed(path: Path, missing_ok: bool = False) -> None:
        if count[0] == steps:
            raise KeyboardInterrupt
        count[0] += 1
        unlink(path, missing_ok)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", killed)
        with suppress(KeyboardInterrupt):
            forget_index(folder)
    index = open_index()
    index.update(changes(TEXTS))
    index.save()
    assert best(index, "天ぷら油を燃料に") == "oil"
    assert best(open_index(), "天ぷら油を燃料に") == "oil"


def test_without_balance_vectors_stay_as_the_model_gave_them(folder: Path, open_index: Opener) -> None:
    from search_api.engine.index.balance import LanguageBalance

    index = open_index()
    index.use_balance(LanguageBalance.none())
    query = HashingEmbedder().embed(["天ぷら油"], "query")[0]
    oil = entry("oil", TEXTS["oil"])
    whole, title = HashingEmbedder().embed([oil.embedded_text, oil.title], "passage")
    expected = float(query @ (whole + TITLE_WEIGHT * title)) / (1 + TITLE_WEIGHT)
    assert dict(ask(index, "天ぷら油", 4))["oil"] == pytest.approx(expected, abs=5e-4)
