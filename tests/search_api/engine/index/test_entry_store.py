"""Entries on disk: ids that never come to mean another entry, transactions, the cache of vectors."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import MeguriError
from search_api.engine.index.entries import Entry
from search_api.engine.index.entry_store import EntryStore

texts = st.text(max_size=40)
lists = st.lists(texts, max_size=3).map(tuple)
entries = st.builds(
    Entry, texts, texts, texts, texts, texts, texts, lists, lists, lists, lists,
    st.none() | texts, st.none() | st.integers(0), st.none() | st.integers(0), st.booleans(),
)  # fmt: skip


def entry(record: str, text: str = "本文", part: str = "ja") -> Entry:
    return Entry(record, part, "technology", part, "題", text)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[EntryStore]:
    opened = EntryStore(tmp_path / "entries.db")
    yield opened
    opened.close()


@given(entries)
def test_an_entry_survives_json(value: Entry) -> None:
    assert Entry.from_json(value.to_json()) == value


def test_the_embedded_text_is_the_title_where_there_is_no_other() -> None:
    assert entry("t", "").embedded_text == "題"
    assert entry("t", "文").embedded_text == "題\n文"
    assert entry("t", "文").text_hash == entry("other", "文", "en").text_hash != entry("t", "別").text_hash


def test_ids_are_never_used_twice(tmp_path: Path) -> None:
    store = EntryStore(tmp_path / "e.db")
    _, first = store.replace({"a": ("1", [entry("a"), entry("a", part="en")])})
    assert store.remove(["a"]) == first
    store.close()
    store = EntryStore(tmp_path / "e.db")
    _, second = store.replace({"a": ("1", [entry("a")])})
    removed, third = store.replace({"a": ("2", [entry("a", "neu")])})
    assert removed == second
    assert len({*first, *second, *third}) == 4
    assert min(third) > max(second) > max(first)
    store.close()


def test_replacing_gives_new_ids_and_leaves_other_records(store: EntryStore) -> None:
    store.replace({"a": ("1", [entry("a")]), "b": ("1", [entry("b")])})
    (kept,) = [id_ for id_, e in store.entries() if e.record == "b"]
    store.replace({"a": ("2", [entry("a", "新")])})
    assert {(id_ == kept, e.record, e.text) for id_, e in store.entries()} == {(True, "b", "本文"), (False, "a", "新")}
    assert store.record_hashes() == {"a": "2", "b": "1"}


def test_an_exception_inside_a_replacement_leaves_the_old(store: EntryStore) -> None:
    store.replace({"a": ("1", [entry("a", "old")])})
    version = store.version

    def failing() -> Iterator[Entry]:
        yield entry("b")
        raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError, match="in the middle"):
        store.replace({"a": ("2", [entry("a", "new")]), "b": ("1", failing())})  # type: ignore[dict-item]
    assert [e.text for _, e in store.entries()] == ["old"]
    assert store.record_hashes() == {"a": "1"}
    assert store.version == version


def test_an_exception_inside_a_removal_leaves_the_old_and_the_store_usable(store: EntryStore) -> None:
    store.replace({"a": ("1", [entry("a")])})

    def failing() -> Iterator[str]:
        yield "a"
        raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError):
        store.remove(failing())
    assert store.record_hashes() == {"a": "1"}
    store.replace({"b": ("1", [entry("b")])})
    assert set(store.record_hashes()) == {"a", "b"}


def test_a_vector_that_cannot_be_stored_leaves_the_store_usable(store: EntryStore) -> None:
    with pytest.raises(Exception, match="type"):
        store.cache_vectors("m", {"h": np.ones(2, dtype=np.float32), object(): np.ones(2)})  # type: ignore[dict-item]
    assert store.cached_vectors("m", ["h"]) == {}
    store.replace({"b": ("1", [entry("b")])})
    assert set(store.record_hashes()) == {"b"}


def test_the_version_grows_with_every_change(store: EntryStore) -> None:
    versions = [store.version]
    store.replace({"a": ("1", [entry("a")])})
    versions.append(store.version)
    store.remove(["a"])
    versions.append(store.version)
    store.cache_vectors("m", {"h": np.ones(2, dtype=np.float32)})
    assert versions == sorted(set(versions))
    assert store.version == versions[-1]


def test_a_record_without_entries_is_known(store: EntryStore) -> None:
    store.replace({"a": ("1", [])})
    assert store.record_hashes() == {"a": "1"}
    assert list(store.entries()) == []


def test_removing_an_unknown_record_does_nothing(store: EntryStore) -> None:
    store.replace({"a": ("1", [entry("a")])})
    assert store.remove(["b"]) == []
    assert store.record_hashes() == {"a": "1"}


def test_vectors_are_cached_by_model_and_text(store: EntryStore) -> None:
    vectors = {f"h{i}": np.random.default_rng(i).normal(size=4).astype(np.float32) for i in range(1_200)}
    store.cache_vectors("m", vectors)
    found = store.cached_vectors("m", [*vectors, "unknown", "h1"])
    assert found.keys() == vectors.keys()
    assert all(np.array_equal(found[h], vectors[h]) for h in vectors)
    assert store.cached_vectors("another", vectors) == {}


def test_cached_vectors_outlive_their_records(store: EntryStore) -> None:
    store.replace({"a": ("1", [entry("a")])})
    store.cache_vectors("m", {entry("a").text_hash: np.ones(2, dtype=np.float32)})
    store.remove(["a"])
    assert entry("a").text_hash in store.cached_vectors("m", [entry("a").text_hash])


def test_a_reader_keeps_to_the_state_that_it_found(tmp_path: Path) -> None:
    writer = EntryStore(tmp_path / "e.db")
    writer.replace({"a": ("1", [entry("a")])})
    reader = EntryStore(tmp_path / "e.db", read_only=True)
    writer.replace({"a": ("2", [entry("a")]), "b": ("1", [entry("b")])})
    assert reader.record_hashes() == {"a": "1"}
    assert list(reader.read(reader.ids())) == reader.ids() != writer.ids()
    with pytest.raises(Exception, match=r"transaction|readonly"):
        reader.remove(["a"])
    writer.close()
    reader.close()


@pytest.mark.parametrize("content", [None, b""])
def test_a_reader_is_told_that_there_is_nothing(tmp_path: Path, content: bytes | None) -> None:
    """Also where a process was killed between making the file and its tables."""
    path = tmp_path / "entries.db"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(MeguriError) as caught:
        EntryStore(path, read_only=True)
    assert caught.value.code == "index_missing"
    assert "meguri reindex" in caught.value.remedy_en


@pytest.mark.parametrize("read_only", [True, False])
def test_a_damaged_file_is_named(tmp_path: Path, read_only: bool) -> None:
    path = tmp_path / "entries.db"
    path.write_bytes(b"no database, but long enough to be one. " * 200)
    with pytest.raises(MeguriError) as caught:
        EntryStore(path, read_only=read_only)
    assert caught.value.code == "index_damaged"
    assert "meguri reindex" in caught.value.remedy_ja
