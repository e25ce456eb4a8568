"""What the page of the ontology says: classes with their properties, properties, and where each is aligned."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rdflib import URIRef

from ingest.exchange.constraints import Constraint, constraints_of
from ingest.exchange.terms import KIND_CLASSES
from kg.namespaces import CES
from kg.ontology_terms import Term, ancestors, ontology_graph, ontology_terms, properties_of


@dataclass(frozen=True)
class Ref:
    """Another term: ``href`` is an anchor of the page for ours, the term's own address for others."""

    text: str
    href: str
    prefixed: str


@dataclass(frozen=True)
class Use:
    """A property in the table of a class."""

    term: Term
    ranges: list[Ref]
    required: bool


@dataclass(frozen=True)
class ClassView:
    """A class with everything that the page says of it."""

    term: Term
    kind: str | None
    parents: list[Ref]
    children: list[Ref]
    inherits: list[Ref]
    uses: list[Use]
    used_by: list[Ref]
    exact: list[Ref]
    close: list[Ref]


@dataclass(frozen=True)
class PropertyView:
    """A property with everything that the page says of it."""

    term: Term
    domains: list[Ref]
    ranges: list[Ref]
    parents: list[Ref]
    inverse: list[Ref]
    exact: list[Ref]
    close: list[Ref]


def class_views(lang: str, schemes: Mapping[str, str]) -> list[ClassView]:
    """All classes, in the order of the ontology; ``schemes`` are the titles of the concept schemes by name."""
    return [_class(term, lang, schemes) for term in ontology_terms().values() if term.kind == "class"]


def property_views(lang: str) -> list[PropertyView]:
    """All properties, in the order of the ontology."""
    return [_property(term, lang) for term in ontology_terms().values() if term.kind != "class"]


def _class(term: Term, lang: str, schemes: Mapping[str, str]) -> ClassView:
    everything = ontology_terms().values()
    return ClassView(
        term=term,
        kind=next((kind for kind, iri in KIND_CLASSES.items() if iri == term.iri), None),
        parents=_refs(term.parents, lang),
        children=_refs((t.iri for t in everything if term.iri in t.parents and t.kind == "class"), lang),
        inherits=_refs((iri for iri in ancestors(term.iri) if properties_of(iri)), lang),
        uses=[_use(term.iri, prop, lang, schemes) for prop in properties_of(term.iri)],
        used_by=_refs((t.iri for t in everything if term.iri in t.ranges), lang),
        exact=_refs(term.exact, lang),
        close=_refs(term.close, lang),
    )


def _use(rdf_class: URIRef, prop: Term, lang: str, schemes: Mapping[str, str]) -> Use:
    """A property of a class; where a shape names the scheme of its concepts, its value is said to be from there."""
    demand = constraints_of(rdf_class).get(prop.iri, Constraint())
    if demand.scheme and demand.scheme in schemes:
        ranges = [Ref(schemes[demand.scheme], f"#scheme-{demand.scheme}", f"scheme:{demand.scheme}")]
    else:
        ranges = _refs(prop.ranges, lang)
    return Use(prop, ranges, demand.least > 0)


def _property(term: Term, lang: str) -> PropertyView:
    inverses = [t.iri for t in ontology_terms().values() if t.inverse == term.iri]
    return PropertyView(
        term=term,
        domains=_refs(term.domains, lang),
        ranges=_refs(term.ranges, lang),
        parents=_refs(term.parents, lang),
        inverse=_refs([term.inverse] if term.inverse else inverses, lang),
        exact=_refs(term.exact, lang),
        close=_refs(term.close, lang),
    )


def _refs(iris: Iterable[URIRef], lang: str) -> list[Ref]:
    return [_ref(iri, lang) for iri in iris]


def _ref(iri: URIRef, lang: str) -> Ref:
    prefixed = ontology_graph().namespace_manager.normalizeUri(iri).strip("<>")
    own = ontology_terms().get(iri)
    if own:
        return Ref(own.label.of(lang), f"#{iri.removeprefix(str(CES))}", prefixed)
    return Ref(prefixed, str(iri), prefixed)
