"""Only ids are held; entries come from disk, the last ones from memory, and gone ones not at all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from search_api.engine.index.entries import Entry
from search_api.engine.index.entry_store import EntryStore
from search_api.engine.index.entry_table import EntryTable


def entry(record: str) -> Entry:
    return Entry(record, "ja", "issue", "ja", f"題 {record}", "本文")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[EntryStore]:
    store = EntryStore(tmp_path / "entries.db")
    store.replace({name: ("1", [entry(name)]) for name in "abcde"})
    yield store
    store.close()


def table_of(store: EntryStore, held: int = 2) -> EntryTable:
    table = EntryTable(store, held)
    table.add(store.ids())
    return table


def test_it_is_a_mapping_of_what_is_stored(store: EntryStore) -> None:
    table = table_of(store)
    assert dict(table) == dict(store.entries()) == dict(table.items())
    assert list(table.values()) == [entry for _, entry in table.items()]
    assert (len(table), list(table)) == (5, store.ids())
    with pytest.raises(KeyError):
        table[99]


def test_what_was_asked_for_comes_in_that_order(store: EntryStore) -> None:
    table, ids = table_of(store), store.ids()
    asked = [ids[3], ids[0], 99, ids[4], ids[0]]
    assert [(id_, e.record) for id_, e in table.read(asked).items()] == [(ids[3], "d"), (ids[0], "a"), (ids[4], "e")]


def test_the_last_ones_are_not_read_again(store: EntryStore, monkeypatch: pytest.MonkeyPatch) -> None:
    table, ids = table_of(store), store.ids()
    first = table.read(ids[:2])
    read: list[int] = []
    monkeypatch.setattr(store, "read", lambda asked: read.extend(asked) or {})
    assert table.read(ids[:2]) == first
    assert table.read(ids[2:3]) == {} and read == ids[2:3]


def test_what_is_discarded_is_gone_though_it_was_held(store: EntryStore) -> None:
    table, ids = table_of(store), store.ids()
    assert table[ids[0]].record == "a"
    table.discard(store.remove(["a"]))
    assert ids[0] not in table and len(table) == 4
    assert [e.record for e in table.values()] == list("bcde")
