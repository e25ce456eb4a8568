"""Concepts that were deprecated: what was stated with them holds for those that replaced them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from kg.queries import load_query
from kg.store import GraphStore

Replaced = Mapping[str, tuple[str, ...]]


def replaced_concepts(store: GraphStore) -> dict[str, tuple[str, ...]]:
    """IRI of each replaced concept → those that stand in its place today."""
    links: dict[str, list[str]] = defaultdict(list)
    for row in store.select(load_query("replaced_concepts")):
        links[str(row["concept"])].append(str(row["successor"]))
    return in_force(links)


def in_force(links: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """Each replaced concept with the ends of its chains of ``links``; one whose chains only run in circles stays."""
    found = {concept: _ends(concept, links) for concept in links}
    return {concept: ends for concept, ends in found.items() if ends}


def current(iri: str, replaced: Replaced) -> tuple[str, ...]:
    """What stands in a concept's place: itself unless it was replaced."""
    return replaced.get(iri, (iri,))


def _ends(concept: str, links: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    seen, waiting, ends = {concept}, list(links[concept]), dict[str, None]()
    while waiting:
        iri = waiting.pop(0)
        if iri in seen:
            continue
        seen.add(iri)
        if iri in links:
            waiting += links[iri]
        else:
            ends[iri] = None
    return tuple(ends)
