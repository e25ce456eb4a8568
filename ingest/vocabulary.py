"""Finds concepts by any of their labels, as people type them into a cell."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cached_property

from rdflib import Literal, URIRef

from ingest.normalise.text import label_key
from kg.namespaces import SCHEME
from kg.ontology_load import ontology_files
from kg.oxigraph_store import OxigraphStore
from kg.queries import load_query
from kg.replaced import Replaced, replaced_concepts
from kg.store import GraphStore, Row

_BRACKETED = re.compile(r"[(（][^()（）]*[)）]")


@dataclass(frozen=True)
class Label:
    """One label of a concept in one language; ``preferred`` tells prefLabel from altLabel."""

    concept: URIRef
    scheme: str
    text: str
    lang: str
    preferred: bool


class Vocabulary:
    """The labels of all concepts of a store, looked up by scheme."""

    def __init__(self, labels: list[Label]) -> None:
        self.labels = labels

    @classmethod
    def from_store(cls, store: GraphStore) -> Vocabulary:
        """All labels of all schemes in the store; those of a replaced concept, and its slug, name what replaced it."""
        replaced = replaced_concepts(store)
        labels = [_label(row) for row in store.select(load_query("concept_labels"))]
        return cls([label for found in labels for label in _today(found, replaced)])

    @cached_property
    def _index(self) -> dict[tuple[str, str], set[URIRef]]:
        """(scheme, label key) → concepts; made when first looked at, since a search never does."""
        index: dict[tuple[str, str], set[URIRef]] = defaultdict(set)
        for label in self.labels:
            for key in _keys(label.text):
                index[label.scheme, key].add(label.concept)
            index[label.scheme, label_key(str(label.concept).rpartition("/")[2])].add(label.concept)
        return index

    def find(self, scheme: str, text: str) -> URIRef | None:
        """The concept of this scheme that bears the label (or slug), None where none or several do."""
        found = self._index.get((scheme, label_key(text)), set())
        return next(iter(found)) if len(found) == 1 else None


def packaged_vocabulary() -> Vocabulary:
    """The labels of the packaged concept schemes, read without a data folder (a second)."""
    store = OxigraphStore(None)
    store.load([(name, path) for name, path in ontology_files() if path.parent.name == "schemes"])
    return Vocabulary.from_store(store)


def _today(label: Label, replaced: Replaced) -> list[Label]:
    old = str(label.concept)
    if old not in replaced:
        return [label]
    slug = replace(label, text=old.rpartition("/")[2], lang="")
    return [
        replace(known, concept=URIRef(iri), preferred=False)
        for iri in replaced[old]
        for known in ([label, slug] if label.preferred else [label])
    ]


def _keys(text: str) -> set[str]:
    """A label is found with and without its bracketed part."""
    return {label_key(text), label_key(_BRACKETED.sub("", text))} - {""}


def _label(row: Row) -> Label:
    text = row["label"]
    assert isinstance(text, Literal)
    scheme = str(row["scheme"]).removeprefix(str(SCHEME))
    return Label(URIRef(str(row["concept"])), scheme, str(text), text.language or "", bool(row.get("preferred")))
