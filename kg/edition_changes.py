"""What changed between two editions: records added, changed and withdrawn, by the content hash of each record."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from rdflib import Literal, URIRef

from kg.editions import Edition, Editions
from kg.oxigraph_store import OxigraphStore
from kg.provenance import stored_hashes
from kg.queries import load_query

Titles = dict[str, str]


@dataclass(frozen=True)
class ChangedRecord:
    """A record by its id, with its titles by language ("" where the title has none)."""

    id: str
    iri: str
    titles: Titles


@dataclass(frozen=True)
class Changes:
    """What is in the ``later`` edition and not in the ``earlier`` one, and the other way round, sorted by id.

    Of a record that was erased from the earlier edition since, only its id is left: it has no titles.
    """

    earlier: int
    later: int
    ontology_changed: bool
    added: list[ChangedRecord]
    changed: list[ChangedRecord]
    withdrawn: list[ChangedRecord]


def compare(editions: Editions, earlier: int, later: int) -> Changes:
    """The changes from one edition to another; MeguriError (``edition_unknown``, ``edition_retired``)."""
    first, second = editions.get(earlier), editions.get(later)
    with editions.lease(earlier) as before, editions.lease(later) as after:
        old, new = _hashes(before), _hashes(after)
        same = [iri for iri in old.keys() & new.keys() if old[iri] != new[iri]]
        return Changes(
            earlier,
            later,
            first.ontology != second.ontology,
            _described(after, sorted(new.keys() - old.keys()), second.base),
            _described(after, sorted(same), second.base),
            sorted(
                _described(before, sorted(old.keys() - new.keys()), first.base) + _erased(first, second, new),
                key=lambda record: record.iri,
            ),
        )


def _erased(first: Edition, second: Edition, new: Collection[URIRef]) -> list[ChangedRecord]:
    """What the first edition held when it was published and the second one did not."""
    ids = {erasure.record for erasure in first.erased} - {erasure.record for erasure in second.erased}
    return [ChangedRecord(id_, first.base + id_, {}) for id_ in ids if URIRef(first.base + id_) not in new]


def _hashes(graph: Path) -> dict[URIRef, str]:
    store = OxigraphStore(graph, read_only=True)
    try:
        return stored_hashes(store)
    finally:
        store.close()


def _described(graph: Path, iris: Sequence[URIRef], base: str) -> list[ChangedRecord]:
    if not iris:
        return []
    store = OxigraphStore(graph, read_only=True)
    try:
        return [ChangedRecord(str(iri).removeprefix(base), str(iri), _titles(store, iri)) for iri in iris]
    finally:
        store.close()


def _titles(store: OxigraphStore, iri: URIRef) -> Titles:
    labels = (row["label"] for row in store.select(load_query("titles"), {"record": iri}))
    return {label.language or "": str(label) for label in labels if isinstance(label, Literal)}
