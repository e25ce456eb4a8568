"""Keeps the index equal to the graph: at start by comparing hashes, after a commit by the records that changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice

from kg.iris import record_iri
from kg.provenance import stored_hash, stored_hashes
from kg.store import GraphStore
from search_api.engine.index.entries import Entry
from search_api.engine.index.search_index import Changes, Progress, SearchIndex
from search_api.engine.projection import KIND_OF_CLASS, project

# so many records are asked for one by one; more are found faster by asking for all
FEW = 64
# so many are taken into the index at a time: with 90,000 at once their texts, readings and vectors took 2.2 GB
CHUNK = 1_000
_SEARCHED = frozenset(KIND_OF_CLASS.values())


@dataclass(frozen=True)
class Difference:
    """Records that the index lacks or holds in an old revision, and records that the graph no longer has."""

    stale: tuple[str, ...]
    gone: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.stale or self.gone)


def difference(store: GraphStore, index_hashes: Mapping[str, str], base: str) -> Difference:
    """What healing would do."""
    graph = _searched_hashes(store, base)
    stale = tuple(sorted(id_ for id_, value in graph.items() if index_hashes.get(id_) != value))
    gone = tuple(sorted(id_ for id_ in index_hashes if id_ not in graph))
    return Difference(stale, gone)


def synchronise(store: GraphStore, index: SearchIndex, base: str, progress: Progress | None = None) -> Difference:
    """Bring the index to the state of the graph; returns what was done."""
    found = difference(store, index.record_hashes(), base)
    if found:
        index.remove(found.gone)
        _update(store, index, base, found.stale, progress)
    if found or index.unsaved:
        index.save()
    return found


def rebuild(store: GraphStore, index: SearchIndex, base: str, progress: Progress | None = None) -> None:
    """Make every entry anew from the graph, with new language means; searches find the old ones meanwhile."""
    hashes, projected = _searched_hashes(store, base), project(store, base)
    index.remove([id_ for id_ in index.record_hashes() if id_ not in hashes])
    _take(index, {id_: (value, projected.get(id_, [])) for id_, value in hashes.items()}, progress)
    index.save(refit=True)


def index_records(store: GraphStore, index: SearchIndex, base: str, ids: Iterable[str]) -> None:
    """Index records that were just committed or withdrawn; the vectors' file is written later, entries at once."""
    _update(store, index, base, tuple(ids), None)


def _update(store: GraphStore, index: SearchIndex, base: str, ids: tuple[str, ...], progress: Progress | None) -> None:
    few = len(ids) <= FEW
    hashes = _hashes_of(store, base, ids) if few else _searched_hashes(store, base)
    projected: dict[str, list[Entry]]
    if not few and len(ids) > len(hashes) // 4:
        projected = project(store, base)
    else:
        projected = {}
        for id_ in ids:
            projected |= project(store, base, record_iri(base, id_))
    index.remove([id_ for id_ in ids if id_ not in hashes])
    changes = {id_: (hashes[id_], projected.get(id_, [])) for id_ in ids if id_ in hashes}
    _take(index, changes, progress)


def _take(index: SearchIndex, changes: Changes, progress: Progress | None) -> None:
    """Update the index a chunk at a time; what was taken stays where the rest is interrupted."""
    for start in range(0, len(changes), CHUNK):
        part = dict(islice(changes.items(), start, start + CHUNK))
        index.update(part, progress if len(changes) <= CHUNK else None)
        if progress:
            progress(min(start + CHUNK, len(changes)), len(changes))


def _hashes_of(store: GraphStore, base: str, ids: Iterable[str]) -> dict[str, str]:
    """Content hashes of these records; those that the graph does not hold, or that are not searched, are missing."""
    searched = (id_ for id_ in ids if id_.partition("-")[0] in _SEARCHED)
    return {id_: value for id_ in searched if (value := stored_hash(store, record_iri(base, id_)))}


def _searched_hashes(store: GraphStore, base: str) -> dict[str, str]:
    """Content hashes of the records of kinds that are searched."""
    hashes = {str(iri).removeprefix(base): value for iri, value in stored_hashes(store).items()}
    return {id_: value for id_, value in hashes.items() if id_.partition("-")[0] in _SEARCHED}
