"""The packaged ontology as values: each class and property with its words, its place and its alignments."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal as Choice

from rdflib import Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from kg.namespaces import CES, DCTERMS, OWL, RDF, RDFS, SCHEMA, SKOS
from kg.ontology_load import ONTOLOGY

TermKind = Choice["class", "object", "datatype"]
_KINDS: dict[URIRef, TermKind] = {
    OWL.Class: "class",
    OWL.ObjectProperty: "object",
    OWL.DatatypeProperty: "datatype",
}


@dataclass(frozen=True)
class Words:
    """A text in both languages."""

    ja: str
    en: str

    def of(self, lang: str) -> str:
        """The text in a language."""
        return self.ja if lang == "ja" else self.en


@dataclass(frozen=True)
class Term:
    """A class or property of ours. ``domains`` and ``ranges`` hold what the axioms and the schema.org hints say."""

    iri: URIRef
    name: str
    kind: TermKind
    label: Words
    definition: Words
    note: Words | None
    source: str
    parents: tuple[URIRef, ...]
    exact: tuple[URIRef, ...]
    close: tuple[URIRef, ...]
    domains: tuple[URIRef, ...]
    ranges: tuple[URIRef, ...]
    inverse: URIRef | None
    traits: tuple[str, ...]


@dataclass(frozen=True)
class Header:
    """What the ontology says of itself."""

    title: Words
    description: Words
    version: str
    version_iri: str
    modified: str
    license: str


def ontology_text() -> str:
    """The ontology as it is written, in Turtle."""
    return (files("ontology") / "ces.ttl").read_text(encoding="utf-8")


@cache
def ontology_graph() -> Graph:
    """The ontology (classes and properties, without schemes and shapes)."""
    return Graph().parse(data=ontology_text(), format="turtle")


@cache
def ontology_terms() -> dict[URIRef, Term]:
    """All our classes and properties, in the order in which they are written."""
    names = re.findall(r"^ces:(\w+) a owl:", ontology_text(), re.MULTILINE)
    return {CES[name]: _term(ontology_graph(), CES[name], name) for name in names}


@cache
def ontology_header() -> Header:
    """Title, description and version."""
    graph = ontology_graph()
    return Header(
        title=words(graph, ONTOLOGY, DCTERMS.title),
        description=words(graph, ONTOLOGY, DCTERMS.description),
        version=str(graph.value(ONTOLOGY, OWL.versionInfo)),
        version_iri=str(graph.value(ONTOLOGY, OWL.versionIRI)),
        modified=str(graph.value(ONTOLOGY, DCTERMS.modified)),
        license=str(graph.value(ONTOLOGY, DCTERMS.license)),
    )


def ancestors(iri: URIRef) -> list[URIRef]:
    """The classes of ours above a class, nearest first."""
    terms, found = ontology_terms(), [iri]
    for one in found:
        found += [parent for parent in terms[one].parents if parent in terms and parent not in found]
    return found[1:]


def properties_of(iri: URIRef) -> list[Term]:
    """The properties whose domain names a class itself (not one above it)."""
    return [term for term in ontology_terms().values() if iri in term.domains]


def words(graph: Graph, subject: Node, predicate: URIRef) -> Words:
    """The Japanese and the English value of a property; KeyError where one is missing."""
    said = {v.language: str(v) for v in graph.objects(subject, predicate) if isinstance(v, Literal)}
    return Words(said["ja"], said["en"])


def _term(graph: Graph, iri: URIRef, name: str) -> Term:
    types = set(graph.objects(iri, RDF.type))
    inverse = graph.value(iri, OWL.inverseOf)
    return Term(
        iri=iri,
        name=name,
        kind=next(kind for owl_type, kind in _KINDS.items() if owl_type in types),
        label=words(graph, iri, RDFS.label),
        definition=words(graph, iri, SKOS.definition),
        note=words(graph, iri, SKOS.scopeNote) if (iri, SKOS.scopeNote, None) in graph else None,
        source=str(graph.value(iri, DCTERMS.source) or ""),
        parents=_named(graph, iri, RDFS.subClassOf, RDFS.subPropertyOf),
        exact=_named(graph, iri, SKOS.exactMatch),
        close=_named(graph, iri, SKOS.closeMatch),
        domains=_named(graph, iri, RDFS.domain, SCHEMA.domainIncludes),
        ranges=_named(graph, iri, RDFS.range, SCHEMA.rangeIncludes),
        inverse=inverse if isinstance(inverse, URIRef) else None,
        traits=tuple(t for t in ("Transitive", "Symmetric", "Functional") if OWL[f"{t}Property"] in types),
    )


def _named(graph: Graph, iri: URIRef, *predicates: URIRef) -> tuple[URIRef, ...]:
    found = {v for predicate in predicates for v in graph.objects(iri, predicate) if isinstance(v, URIRef)}
    return tuple(sorted(found))


def members(graph: Graph, head: Node | None) -> list[Node]:
    """The members of an RDF list; none where there is no list."""
    return [] if head is None else list(Collection(graph, head))
