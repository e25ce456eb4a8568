"""Record → JSON: compact JSON-LD with the parts inside the record, the same for the same graph."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

from rdflib import Graph, Literal, URIRef
from rdflib.term import Node

from ingest.exchange.context import CONTEXT_IRI
from ingest.exchange.terms import TYPED, Key, class_names, keys
from kg.namespaces import RDF, XSD
from kg.terms import term_text

Json = dict[str, Any]


def record_to_json(graph: Graph, iri: URIRef) -> Json:
    """One record as compact JSON-LD; ``graph`` holds the statements of the record and of its parts.

    Raises:
        ValueError: for blank nodes and for subjects that are no part of the record; records have none.
    """
    writer = _Writer(graph, iri)
    document = {"@context": CONTEXT_IRI, **writer.node(iri)}
    rest = [writer.node(part) for part in writer.unwritten()]
    return document | ({"included": rest} if rest else {})


class _Writer:
    """Writes each subject once: where something first points at it, deeper places name it by its address."""

    def __init__(self, graph: Graph, record: URIRef) -> None:
        self._graph = graph
        self._written: set[Node] = set()
        self._subjects = set(graph.subjects())
        for subject in self._subjects:
            if not isinstance(subject, URIRef) or str(subject).partition("#")[0] != str(record):
                raise ValueError(f"{subject!r} is no part of the record {record}.")

    def node(self, subject: URIRef) -> Json:
        """A subject with all its statements."""
        self._written.add(subject)
        written: Json = {"id": str(subject)}
        types = sorted(class_names().get(URIRef(str(t)), str(t)) for t in self._graph.objects(subject, RDF.type))
        if types:
            written["type"] = types[0] if len(types) == 1 else types
        for predicate in sorted(set(self._graph.predicates(subject)) - {RDF.type}, key=_key_order):
            values = sorted(self._graph.objects(subject, predicate), key=_value_order)
            written[_name(predicate)] = self._values(_key(predicate), values)
        return written

    def unwritten(self) -> Iterable[URIRef]:
        """Parts that were not reached from the record, as long as there are any."""
        while rest := sorted(self._subjects - self._written, key=_value_order):
            assert isinstance(rest[0], URIRef)
            yield rest[0]

    def _values(self, key: Key | None, values: list[Node]) -> Any:
        if key and key.form == "by_language" and all(isinstance(v, Literal) and _is_text(v) for v in values):
            return _by_language(values)
        listed = [self._value(key, value) for value in values]
        return listed[0] if len(listed) == 1 and not (key and key.many) else listed

    def _value(self, key: Key | None, value: Node) -> Any:
        if isinstance(value, Literal):
            return _literal(key, value)
        assert isinstance(value, URIRef)
        if value in self._subjects and value not in self._written:
            return self.node(value)
        return str(value) if key and key.form == "iri" else {"id": str(value)}


def _literal(key: Key | None, value: Literal) -> Any:
    """A plain value where the key says its type; else an object that says it."""
    text, form = str(value), key.form if key else "text"
    if value.language:
        return {"@value": text, "@language": value.language}
    datatype = value.datatype or XSD.string
    if form in TYPED and datatype == TYPED[form]:
        return _native(form, text)
    if datatype == XSD.string and form in ("string", "text"):
        return text
    return {"@value": text, "@type": str(datatype)}


def _native(form: str, text: str) -> Any:
    """JSON's own number or boolean where it means exactly this text; decimals stay text, which keeps their digits."""
    if form == "integer" and re.fullmatch(r"0|-?[1-9][0-9]{0,14}", text):
        return int(text)
    if form == "boolean" and text in ("true", "false"):
        return text == "true"
    return text


def _by_language(values: list[Node]) -> Json:
    written: dict[str, list[str]] = {}
    for value in values:
        assert isinstance(value, Literal)
        written.setdefault(value.language or "@none", []).append(str(value))
    order = sorted(written, key=lambda lang: ("ja", "en", lang).index(lang))
    return {lang: written[lang][0] if len(written[lang]) == 1 else written[lang] for lang in order}


def _is_text(value: Literal) -> bool:
    return value.language is not None or value.datatype in (None, XSD.string)


def _name(predicate: Node) -> str:
    key = _key(predicate)
    return key.name if key else str(predicate)


def _key(predicate: Node) -> Key | None:
    return keys().get(URIRef(str(predicate)))


def _key_order(predicate: Node) -> tuple[int, str]:
    """The order of the context; what is not in it comes last."""
    return _places().get(str(predicate), len(keys())), str(predicate)


@cache
def _places() -> dict[str, int]:
    return {str(iri): place for place, iri in enumerate(keys())}


def _value_order(value: Node) -> tuple[list[tuple[int, str]], str]:
    """Numbers in names count as numbers: #amount-2 comes before #amount-10."""
    parts = re.split(r"(\d+)", str(value).rpartition("#")[2]) if isinstance(value, URIRef) else []
    return [(int(part), "") if part.isdigit() else (0, part) for part in parts], term_text(value)
