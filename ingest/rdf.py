"""Record → graph: pure and deterministic, without blank nodes, every value in one fixed lexical form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache

from rdflib import Graph, Literal, URIRef
from rdflib.term import Node

from ingest.records import Quantity, Record, Says
from kg.iris import fragment, record_iri
from kg.namespaces import CES, RDF, SCHEMA, XSD
from kg.terms import Statements, Triple

# a namespace looks each name up anew
_TYPE, _HAS_AMOUNT, _QUANTITATIVE_VALUE = RDF.type, CES.hasAmount, SCHEMA.QuantitativeValue
_NAME, _VALUE, _UNIT_TEXT = SCHEMA.name, SCHEMA.value, SCHEMA.unitText


def record_statements(record: Record, base: str) -> Statements:
    """All statements of a record; its subjects are the record's IRI and fragments of it."""
    subject = record_iri(base, record.id)
    said: list[tuple[URIRef, Node]] = [(_TYPE, record.rdf_class)]
    for name, says in _said_by(type(record)):
        value = getattr(record, name)
        if value is not None and value != ():
            said += [(says.predicate, term) for term in _terms(value, says)]
    if not record.amounts:
        return Statements.about(subject, said)
    parts = [(fragment(subject, f"amount-{n}"), amount) for n, amount in enumerate(record.amounts, start=1)]
    said += [(_HAS_AMOUNT, part) for part, _ in parts]
    amounts = (Statements.about(part, _amount(amount)) for part, amount in parts)
    return Statements.joined(Statements.about(subject, said), *amounts)


class Draft:
    """Statements that are still being written, looked up by their subject alone.

    A plan of 2,000 pages makes 800,000 statements; an ``rdflib.Graph``, which indexes each of them three times, took
    ten times the memory for them.
    """

    def __init__(self, triples: Iterable[Triple] = ()) -> None:
        self._of: dict[Node, dict[tuple[Node, Node], None]] = {}
        for triple in triples:
            self.add(triple)

    def add(self, triple: Triple) -> None:
        """State something; to state it twice is the same."""
        subject, predicate, value = triple
        self._of.setdefault(subject, {})[predicate, value] = None

    def set(self, triple: Triple) -> None:
        """State something in place of all that was stated of this subject with this predicate."""
        subject, predicate, value = triple
        kept = {pair: None for pair in self._of.get(subject, ()) if pair[0] != predicate}
        self._of[subject] = {**kept, (predicate, value): None}

    def objects(self, subject: Node, predicate: Node) -> Iterator[Node]:
        """What was stated of a subject with a predicate."""
        return (value for said, value in self._of.get(subject, ()) if said == predicate)

    def value(self, subject: Node, predicate: Node) -> Node | None:
        """The first of these, None where there is none."""
        return next(self.objects(subject, predicate), None)

    def __contains__(self, triple: Triple) -> bool:
        return (triple[1], triple[2]) in self._of.get(triple[0], ())

    def __iter__(self) -> Iterator[Triple]:
        return ((subject, predicate, value) for subject, said in self._of.items() for predicate, value in said)

    def __len__(self) -> int:
        return sum(map(len, self._of.values()))


def record_graph(record: Record, base: str) -> Graph:
    """The same as a graph that can be asked and added to."""
    # the simple store: a record's graph is never asked which context a statement stands in
    graph = Graph(store="SimpleMemory", identifier=record_iri(base, record.id))
    for triple in record_statements(record, base):
        graph.add(triple)
    return graph


@cache
def _said_by(model: type[Record]) -> tuple[tuple[str, Says], ...]:
    """The fields of a model that state something, with their properties."""
    fields = model.model_fields.items()
    return tuple((name, says) for name, info in fields for says in info.metadata if isinstance(says, Says))


def _terms(value: object, says: Says) -> list[Node]:
    """The terms of a field: one for each member of a tuple or language map."""
    if isinstance(value, dict):
        return [Literal(text, lang=lang, normalize=False) for lang, text in value.items()]
    if isinstance(value, tuple):
        return [_term(item, says) for item in value]
    return [_term(value, says)]


def _term(value: object, says: Says) -> Node:
    return _iri(str(value)) if says.form == "iri" else literal(value)


@lru_cache(maxsize=20_000)
def _iri(text: str) -> URIRef:
    return URIRef(text)


def literal(value: object) -> Literal:
    """A typed literal in canonical lexical form (booleans in lower case, dates in ISO, decimals without exponent)."""
    # a plain string has no other form, and rdflib would look for one
    return Literal(value, normalize=False) if type(value) is str else _typed(value)


@lru_cache(maxsize=20_000)
def repeated(text: str) -> Literal:
    """A plain text that stands in many statements, such as the words of a mention."""
    return Literal(text)


@lru_cache(maxsize=20_000, typed=True)
def _typed(value: object) -> Literal:
    """Dates and numbers repeat, and rdflib reads each lexical form back before it believes it."""
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


def _amount(amount: Quantity) -> Iterator[tuple[URIRef, Node]]:
    yield _TYPE, _QUANTITATIVE_VALUE
    yield _NAME, literal(amount.name)
    yield _VALUE, literal(amount.value)
    if amount.unit:
        yield _UNIT_TEXT, literal(amount.unit)
