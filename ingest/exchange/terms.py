"""The keys of the exchange format: one for each property and class, with the form that its values have in JSON."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal as Choice

from rdflib import URIRef

from ingest.exchange.constraints import NUMBERS, Constraint, constraints_of, shaped_classes
from ingest.makers import MAKERS
from kg.iris import Kind
from kg.namespaces import CES, DCTERMS, PROV, RDF, RDFS, SCHEMA, XSD
from kg.ontology_terms import Term, Words, ancestors, ontology_terms

# how a value is written: an address; one typed literal; words of any language; words kept by language
Form = Choice["iri", "date", "integer", "decimal", "boolean", "string", "text", "by_language"]
TYPED: dict[Form, URIRef] = {
    "date": XSD.date,
    "integer": XSD.integer,
    "decimal": XSD.decimal,
    "boolean": XSD.boolean,
}
KIND_CLASSES: dict[Kind, URIRef] = {kind: maker.model.rdf_class for kind, maker in MAKERS.items()} | {
    "document": CES.Document
}
# the ontology leaves open whether their text has a language; records always keep them by language
_BY_LANGUAGE = frozenset({CES.outcome, CES.text})
# what a reader looks for first
_FIRST = (RDFS.label, DCTERMS.description)


@dataclass(frozen=True)
class Key:
    """One key of the format. ``many`` says that its value is always a list."""

    name: str
    iri: URIRef
    form: Form
    many: bool
    title: Words
    description: Words


@cache
def keys() -> dict[URIRef, Key]:
    """All properties: those of other vocabularies that records use first, then ours in the ontology's order."""
    found = {iri: _foreign(iri, constraint) for iri, constraint in _foreign_constraints().items()}
    found |= {iri: _own(term) for iri, term in ontology_terms().items() if term.kind != "class"}
    names = [key.name for key in found.values()] + list(class_names().values())
    assert len(names) == len(set(names)), "two terms would share a key"
    return found


@cache
def keys_by_name() -> dict[str, Key]:
    """The same by their names in JSON."""
    return {key.name: key for key in keys().values()}


@cache
def class_names() -> dict[URIRef, str]:
    """All classes that ``type`` may name."""
    own = {iri: term.name for iri, term in ontology_terms().items() if term.kind == "class"}
    return own | {SCHEMA.QuantitativeValue: "QuantitativeValue"}


@cache
def properties_for(rdf_class: URIRef) -> dict[URIRef, Constraint]:
    """The properties that something of a class may have, with what its shapes demand of them.

    They are those that its shapes speak of and those that the ontology gives to the class or one above it. Inverses are
    left out, because they are derived; so is what the ontology gives to provenance, unless a shape speaks of it.
    """
    shaped = constraints_of(rdf_class)
    owners = {rdf_class, *ancestors(rdf_class)} if rdf_class in ontology_terms() else {rdf_class}
    given = [iri for iri, term in ontology_terms().items() if owners & set(term.domains) and _is_stated(term)]
    known = shaped | {iri: Constraint() for iri in given if iri not in shaped}
    return {iri: known[iri] for iri in keys() if iri in known}


def is_part(rdf_class: URIRef) -> bool:
    """Whether things of a class are written inside the record (amounts, passages), not as things of their own."""
    if rdf_class not in shaped_classes() or rdf_class not in class_names():
        return False
    return rdf_class not in ontology_terms() or CES.Record not in (rdf_class, *ancestors(rdf_class))


def part_class(iri: URIRef) -> URIRef | None:
    """The class of the parts that a property leads to; None for a property that points outside of the record."""
    term = ontology_terms().get(iri)
    ranges = term.ranges if term and term.kind == "object" else ()
    return next((one for one in ranges if is_part(one)), None)


def _is_stated(term: Term) -> bool:
    return term.inverse is None and not {CES.Registration, PROV.Entity} & set(term.domains)


def _foreign_constraints() -> dict[URIRef, Constraint]:
    """What the shapes of records and of their parts say of properties that are not ours."""
    parts = sorted(one for one in class_names() if is_part(one))
    found: dict[URIRef, Constraint] = {}
    for rdf_class in (CES.Record, *parts):
        for iri, constraint in constraints_of(rdf_class).items():
            if iri not in ontology_terms() and constraint.name:
                found.setdefault(iri, constraint)
    return dict(sorted(found.items(), key=lambda item: (item[0] not in _FIRST, item[0] != RDFS.label, item[0])))


def _foreign(iri: URIRef, constraint: Constraint) -> Key:
    assert constraint.name and constraint.description
    form: Form = "string"
    if constraint.languages:
        form = "by_language"
    elif constraint.datatypes:
        form = _form_of(constraint.datatypes)
    name = str(iri).rpartition("#")[2].rpartition("/")[2]
    return Key(name, iri, form, bool(constraint.values), constraint.name, constraint.description)


def _own(term: Term) -> Key:
    form: Form = "text" if term.kind == "datatype" else "iri"
    if term.iri in _BY_LANGUAGE:
        form = "by_language"
    elif term.kind == "datatype" and term.ranges and RDF.langString not in term.ranges:
        form = _form_of(term.ranges)
    many = form == "iri" and not _is_single(term.iri)
    return Key(term.name, term.iri, form, many, term.label, term.definition)


def _form_of(datatypes: tuple[URIRef, ...]) -> Form:
    """Numbers of several types are written as decimals, which hold them all."""
    if len(NUMBERS & set(datatypes)) > 1:
        return "decimal"
    return next((form for form, datatype in TYPED.items() if datatype in datatypes), "string")


def _is_single(iri: URIRef) -> bool:
    """Whether every class that has the property may have it once only."""
    limits = [
        constraint.most
        for rdf_class in shaped_classes()
        if isinstance(rdf_class, URIRef)
        for path, constraint in constraints_of(rdf_class).items()
        if path == iri
    ]
    return bool(limits) and all(limit == 1 for limit in limits)
