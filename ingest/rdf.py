"""Record → graph: pure and deterministic, without blank nodes, every value in one fixed lexical form."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cache

from rdflib import Graph, Literal, URIRef
from rdflib.term import Node

from ingest.records import Quantity, Record, Says
from kg.iris import fragment, record_iri
from kg.namespaces import CES, RDF, SCHEMA, XSD


def record_graph(record: Record, base: str) -> Graph:
    """All statements of a record; its subjects are the record's IRI and fragments of it."""
    subject = record_iri(base, record.id)
    # the simple store: a record's graph is never asked which context a statement stands in
    graph = Graph(store="SimpleMemory", identifier=subject)
    graph.add((subject, RDF.type, record.rdf_class))
    for name, says in _said_by(type(record)):
        for term in _terms(getattr(record, name), says):
            graph.add((subject, says.predicate, term))
    for number, amount in enumerate(record.amounts, start=1):
        _add_amount(graph, subject, fragment(subject, f"amount-{number}"), amount)
    return graph


@cache
def _said_by(model: type[Record]) -> tuple[tuple[str, Says], ...]:
    """The fields of a model that state something, with their properties."""
    fields = model.model_fields.items()
    return tuple((name, says) for name, info in fields for says in info.metadata if isinstance(says, Says))


def _terms(value: object, says: Says) -> Iterator[Node]:
    """The terms of a field: none for an absent one, one for each member of a tuple or language map."""
    if value is None:
        return
    if isinstance(value, dict):
        yield from (Literal(text, lang=lang) for lang, text in value.items())
    elif isinstance(value, tuple):
        yield from (_term(item, says) for item in value)
    else:
        yield _term(value, says)


def _term(value: object, says: Says) -> Node:
    return URIRef(str(value)) if says.form == "iri" else literal(value)


def literal(value: object) -> Literal:
    """A typed literal in canonical lexical form (booleans in lower case, dates in ISO, decimals without exponent)."""
    match value:
        case bool():
            return Literal("true" if value else "false", datatype=XSD.boolean)
        case date():
            return Literal(value.isoformat(), datatype=XSD.date)
        case int():
            return Literal(str(value), datatype=XSD.integer)
        case Decimal():
            return Literal(_plain(value), datatype=XSD.decimal)
    return Literal(str(value))


def _plain(value: Decimal) -> str:
    text = format(value.normalize(), "f")
    return text if "." in text else f"{text}.0"


def _add_amount(graph: Graph, subject: URIRef, iri: URIRef, amount: Quantity) -> None:
    graph.add((subject, CES.hasAmount, iri))
    graph.add((iri, RDF.type, SCHEMA.QuantitativeValue))
    graph.add((iri, SCHEMA.name, Literal(amount.name)))
    graph.add((iri, SCHEMA.value, literal(amount.value)))
    if amount.unit:
        graph.add((iri, SCHEMA.unitText, Literal(amount.unit)))
