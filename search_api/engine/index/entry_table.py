"""The entries of an index by id, read from disk when they are asked for: only the ids are held."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import ItemsView, Iterable, Iterator, Mapping, Sequence, ValuesView

from search_api.engine.index.entries import Entry
from search_api.engine.index.entry_store import EntryStore

HELD = 10_000
"""So many entries are held: some 45 MB."""


class EntryTable(Mapping[int, Entry]):
    """Which entries there are, and those that were used last; for one thread at a time, like its store."""

    def __init__(self, store: EntryStore, held: int = HELD) -> None:
        self._store, self._held = store, held
        self._ids: set[int] = set()
        self._recent: OrderedDict[int, Entry] = OrderedDict()

    def __len__(self) -> int:
        return len(self._ids)

    def __contains__(self, id_: object) -> bool:
        """Whether there is an entry of this id, without reading it from disk as a ``Mapping`` would."""
        return id_ in self._ids

    def __iter__(self) -> Iterator[int]:
        """The ids, ascending, as the store gives the entries."""
        return iter(sorted(self._ids))

    def add(self, ids: Iterable[int]) -> None:
        """These are in the store."""
        self._ids.update(ids)

    def discard(self, ids: Iterable[int]) -> None:
        """These no longer are."""
        for id_ in ids:
            self._ids.discard(id_)
            self._recent.pop(id_, None)

    def __getitem__(self, id_: int) -> Entry:
        """The entry of an id; KeyError where there is none."""
        return self.read([id_])[id_]

    def read(self, ids: Sequence[int]) -> dict[int, Entry]:
        """Entries by id, in the order asked for, without those that another process has removed meanwhile."""
        fresh = self._store.read([id_ for id_ in ids if id_ not in self._recent])
        found = {id_: entry for id_ in ids if (entry := self._recent.get(id_) or fresh.get(id_))}
        for id_, entry in found.items():
            self._recent[id_] = entry
            self._recent.move_to_end(id_)
        while len(self._recent) > self._held:
            self._recent.popitem(last=False)
        return found

    def warm(self) -> None:
        """Read as many as are held, the newest ones."""
        self.read(sorted(self._ids, reverse=True)[: self._held])

    def stream(self) -> Iterator[tuple[int, Entry]]:
        """All entries with their ids, ascending, none of them held."""
        return ((id_, entry) for id_, entry in self._store.entries() if id_ in self._ids)

    def items(self) -> ItemsView[int, Entry]:
        """See ``stream``."""
        return _Items(self)

    def values(self) -> ValuesView[Entry]:
        """See ``stream``."""
        return _Values(self)


class _Items(ItemsView[int, Entry]):
    _mapping: EntryTable

    def __iter__(self) -> Iterator[tuple[int, Entry]]:
        return self._mapping.stream()


class _Values(ValuesView[Entry]):
    _mapping: EntryTable

    def __iter__(self) -> Iterator[Entry]:
        return (entry for _, entry in self._mapping.stream())
