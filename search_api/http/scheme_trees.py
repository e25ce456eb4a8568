"""Concept schemes as trees: what the pages of the ontology and of a scheme show of them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from rdflib import Literal
from rdflib.term import Node

from kg.namespaces import CONCEPT, DCTERMS, SCHEME, SKOS
from kg.queries import load_query
from kg.store import GraphStore

_PACKAGE = "search_api.http.queries"
_DEPTH = 12  # the shapes refuse cycles; a page must not hang where one was stored nevertheless
Texts = dict[str, str]


@dataclass
class Concept:
    """A concept with those below it; a concept with two above it stands under both."""

    path: str
    labels: Texts = field(default_factory=dict)
    definitions: Texts = field(default_factory=dict)
    notation: str = ""
    schemes: set[str] = field(default_factory=set)
    broader: set[str] = field(default_factory=set)
    narrower: list[Concept] = field(default_factory=list)


@dataclass(frozen=True)
class Scheme:
    """A scheme with its top concepts and the number of all its concepts."""

    name: str
    iri: str
    titles: Texts
    descriptions: Texts
    top: list[Concept]
    count: int


def read_schemes(store: GraphStore) -> list[Scheme]:
    """All schemes, the largest first."""
    concepts = _concepts(store)
    texts: dict[str, dict[str, Texts]] = defaultdict(lambda: {"title": {}, "description": {}})
    for row in store.select(load_query("schemes", _PACKAGE)):
        part = "title" if row["property"] == DCTERMS.title else "description"
        _say(texts[str(row["scheme"])][part], row["value"])
    schemes = [_scheme(iri, said["title"], said["description"], concepts) for iri, said in texts.items()]
    return sorted(schemes, key=lambda scheme: (-scheme.count, scheme.name))


def _concepts(store: GraphStore) -> dict[str, Concept]:
    concepts: dict[str, Concept] = {}
    for row in store.select(load_query("scheme_concepts", _PACKAGE)):
        iri = str(row["concept"])
        concept = concepts.setdefault(iri, Concept(f"/concept/{iri.removeprefix(str(CONCEPT))}"))
        _add(concept, row["property"], row["value"])
    for iri, concept in concepts.items():
        for above in concept.broader & concepts.keys() - {iri}:
            concepts[above].narrower.append(concept)
    for concept in concepts.values():
        concept.narrower.sort(key=_order)
    return concepts


def _add(concept: Concept, property_: Node, value: Node) -> None:
    if property_ == SKOS.prefLabel:
        _say(concept.labels, value)
    elif property_ == SKOS.definition:
        _say(concept.definitions, value)
    elif property_ == SKOS.notation:
        concept.notation = str(value)
    elif property_ == SKOS.inScheme:
        concept.schemes.add(str(value))
    elif property_ == SKOS.broader:
        concept.broader.add(str(value))


def _scheme(iri: str, titles: Texts, descriptions: Texts, concepts: dict[str, Concept]) -> Scheme:
    own = {name: concept for name, concept in concepts.items() if iri in concept.schemes}
    top = sorted((concept for concept in own.values() if not concept.broader & own.keys()), key=_order)
    return Scheme(iri.removeprefix(str(SCHEME)), iri, titles, descriptions, top, len(own))


def walked(concepts: list[Concept], depth: int = 0) -> Iterator[tuple[int, Concept]]:
    """All concepts of a tree with their depth, parents first."""
    for concept in concepts:
        yield depth, concept
        if depth < _DEPTH:
            yield from walked(concept.narrower, depth + 1)


def _say(texts: Texts, value: Node) -> None:
    if isinstance(value, Literal):
        texts[value.language or ""] = str(value)


def _order(concept: Concept) -> tuple[list[tuple[bool, int, str]], str]:
    """By notation, part by part, letters after numbers (2.1, 12.5, 12.a); without one by the address."""
    parts = re.split(r"[.\-\s]+", concept.notation) if concept.notation else []
    return [(not part.isdigit(), int(part) if part.isdigit() else 0, part) for part in parts], concept.path
