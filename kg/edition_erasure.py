"""Takes withdrawn records out of all editions: what was published in error must not live on in old copies.

The engine never forgets a word that it has stored, so an edition that holds the record is written anew without it,
sealed again with its new hash, and keeps a note of when, why and which hash it had before.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rdflib import URIRef

from kg.edition_seal import seal
from kg.editions import Edition, Editions, Erasure
from kg.iris import RECORD_GRAPHS, record_iri
from kg.oxigraph_store import OxigraphStore


def erase(editions: Editions, ids: Sequence[str], reason: str) -> list[Edition]:
    """Erase records from every edition that holds them; returns those editions, sealed anew."""
    erased = []
    for edition in editions.all():
        found = [] if edition.retired else _held(editions, edition, ids)
        if found:
            _rewrite(editions, edition, found, reason)
            erased.append(_note_hash(editions, seal(editions, edition.number)))
    return erased


def graphs_of(base: str, id_: str) -> list[URIRef]:
    """Every graph that may speak of one record: its own, its provenance, its history."""
    return [record_iri(base, id_), *(URIRef(f"{base}{name}/{id_}") for name in RECORD_GRAPHS)]


def _held(editions: Editions, edition: Edition, ids: Sequence[str]) -> list[str]:
    with editions.lease(edition.number) as graph:
        store = OxigraphStore(graph, read_only=True)
        try:
            return [id_ for id_ in ids if any(len(store.graph(g)) for g in graphs_of(edition.base, id_))]
        finally:
            store.close()


def _rewrite(editions: Editions, edition: Edition, ids: Sequence[str], reason: str) -> None:
    """Replace the checkpoint; its dumps and counts go, and come again with the next sealing."""
    with editions.exclusive(edition.number) as path:
        draft = path / "graph.draft"
        shutil.rmtree(draft, ignore_errors=True)
        _copy_without(path / "graph", draft, edition.base, ids)
        now = datetime.now(UTC).replace(microsecond=0)
        notes = [Erasure(date=now, record=id_, reason=reason, hash_before=edition.hash) for id_ in ids]
        unsealed: dict[str, Any] = {"hash": None, "statements": None, "quads": None, "records": None, "dumps": {}}
        editions.update(edition.model_copy(update={**unsealed, "erased": (*edition.erased, *notes)}))
        shutil.rmtree(path / "dumps", ignore_errors=True)
        shutil.rmtree(path / "graph")
        draft.rename(path / "graph")


def _copy_without(source: Path, target: Path, base: str, ids: Sequence[str]) -> None:
    store = OxigraphStore(source, read_only=True)
    try:
        graphs = [graph for id_ in ids for graph in graphs_of(base, id_)]
        store.copy_without(target, [record_iri(base, id_) for id_ in ids], graphs)
    finally:
        store.close()


def _note_hash(editions: Editions, edition: Edition) -> Edition:
    notes = [note.model_copy(update={"hash_after": note.hash_after or edition.hash}) for note in edition.erased]
    noted = edition.model_copy(update={"erased": tuple(notes)})
    editions.update(noted)
    return noted
