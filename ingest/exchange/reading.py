"""JSON → record: reads the exchange format back into a graph. Our context always holds, and nothing is fetched.

This is JSON-LD restricted to our context: whatever another processor reads from a record with that context, this one
reads as well, except that unknown keys are reported instead of passed over, and that parts must have an ``id``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from rdflib import Graph, Literal, URIRef
from rdflib.term import Node

from ingest.exchange.context import CONTEXT_IRI, context_document, expanded
from ingest.exchange.terms import TYPED, Key, class_names, keys, keys_by_name
from ingest.problems import Problems
from ingest.rdf import literal
from kg.namespaces import RDF, XSD
from kg.terms import term_text

DEPTH = 10
_ALIASES = {"id": "@id", "type": "@type", "included": "@included"}
_STRUCTURE = frozenset({"@context", "@id", "@type", "@included"})
_NOTHING = {"@value", "@type", "@language"}


class _Unreadable(Exception):
    """A value that a key cannot have; says why in both languages."""

    def __init__(self, en: str, ja: str) -> None:
        super().__init__(en)
        self.en, self.ja = en, ja


def json_to_graph(document: Mapping[str, Any], problems: Problems) -> Graph:
    """The statements of one record. What could not be read is in ``problems`` and missing from the graph.

    An unknown key is a warning; a value that cannot be read, a missing id or type, and a foreign context are errors.
    """
    graph = Graph()
    if not _is_ours(document.get("@context", CONTEXT_IRI)):
        problems.error("context_foreign", "@context", document["@context"], CONTEXT_IRI)
        return graph
    _Reader(graph, problems).node(document, "", 0)
    return graph


def _is_ours(context: object) -> bool:
    if isinstance(context, list) and len(context) == 1:
        context = context[0]
    return context in (CONTEXT_IRI, context_document()["@context"])


class _Reader:
    """Reads nodes into one graph; ``where`` is the place in the document, such as ``hasAmount/0/value``."""

    def __init__(self, graph: Graph, problems: Problems) -> None:
        self._graph = graph
        self._problems = problems
        self._record: URIRef | None = None

    def node(self, given: Mapping[str, Any], where: str, depth: int) -> URIRef | None:
        """Reads an object into statements and returns what it is about."""
        node = {_ALIASES.get(name, name): value for name, value in given.items()}
        subject = self._subject(node.get("@id"), where, depth)
        if subject is None:
            return None
        self._types(subject, node.get("@type"), where)
        for name, value in node.items():
            if name not in _STRUCTURE:
                self._property(subject, name, value, f"{where}{name}", depth)
        for number, part in enumerate(_listed(node.get("@included"))):
            self._value(None, part if isinstance(part, Mapping) else [part], f"{where}included/{number}", depth)
        return subject

    def _subject(self, given: object, where: str, depth: int) -> URIRef | None:
        try:
            subject = _iri(given)
            if self._record is None:
                self._record = subject
            if str(subject).partition("#")[0] != str(self._record):
                raise _Unreadable(f"it is no part of {self._record}.", f"{self._record} の一部ではありません。")
            if depth > DEPTH:
                raise _Unreadable(f"parts lie more than {DEPTH} deep.", f"入れ子が {DEPTH} 段を超えています。")
        except _Unreadable as error:
            self._problems.error("json_id_invalid", f"{where}id", given, error.en, error.ja)
            return None
        return subject

    def _types(self, subject: URIRef, given: object, where: str) -> None:
        for name in _listed(given) or [None]:
            try:
                self._graph.add((subject, RDF.type, _class(name)))
            except _Unreadable:
                self._problems.error("json_type_unknown", f"{where}type", name)

    def _property(self, subject: URIRef, name: str, given: object, where: str, depth: int) -> None:
        found = _predicate(name)
        if found is None:
            self._problems.warn("key_unknown", where, name)
            return
        predicate, key = found
        if key and key.form == "by_language" and isinstance(given, Mapping) and not _NOTHING & given.keys():
            values = [_tagged(text, lang) for lang, texts in given.items() for text in _listed(texts)]
        else:
            values = _listed(given)
        for number, value in enumerate(values):
            place = f"{where}/{number}" if isinstance(given, list) else where
            term = self._value(key, value, place, depth)
            if term is not None:
                self._graph.add((subject, predicate, term))

    def _value(self, key: Key | None, value: Any, where: str, depth: int) -> Node | None:
        term: Node | None
        try:
            if isinstance(value, Mapping):
                term = _said(value) if "@value" in value else self._part(value, where, depth)
            else:
                term = _iri(value) if key and key.form == "iri" else _literal(key, value)
            if term is not None:
                _check(term)
        except _Unreadable as error:
            self._problems.error("json_value_invalid", where, value, error.en, error.ja)
            return None
        return term

    def _part(self, value: Mapping[str, Any], where: str, depth: int) -> URIRef | None:
        """A part that is written inside the record, or a thing outside of it that is only named."""
        if {_ALIASES.get(name, name) for name in value} == {"@id"}:
            return _iri(value.get("id", value.get("@id")))
        return self.node(value, f"{where}/", depth + 1)


def _predicate(name: str) -> tuple[URIRef, Key | None] | None:
    """The property that a key stands for: a key of ours, or an address written out or by a prefix."""
    key = keys_by_name().get(name)
    if key:
        return key.iri, key
    try:
        iri = _iri(name)
    except _Unreadable:
        return None
    return iri, keys().get(iri)


def _class(name: object) -> URIRef:
    named = next((iri for iri, known in class_names().items() if known == name), None)
    return named or _iri(name)


def _iri(given: object) -> URIRef:
    if not isinstance(given, str):
        raise _Unreadable("an address was expected", "IRI（文字列）が必要です")
    iri = URIRef(expanded(given))
    _check(iri)
    return iri


def _check(term: Node) -> None:
    """Only terms that every store can read again."""
    try:
        term_text(term)
    except ValueError as error:
        raise _Unreadable(str(error)[:120], "IRI または文字列として使えない文字があります") from error


def _literal(key: Key | None, value: Any) -> Literal:
    form = key.form if key else "text"
    if isinstance(value, bool) and form in ("boolean", "string", "text"):
        return literal(value)
    if isinstance(value, int | float) and not isinstance(value, bool) and form not in ("boolean", "date"):
        return _number(form, value)
    if not isinstance(value, str):
        raise _Unreadable("text or a number was expected", "文字列か数値が必要です")
    return Literal(value, datatype=TYPED[form], normalize=False) if form in TYPED else Literal(value)


def _number(form: str, value: float) -> Literal:
    """A JSON number: a decimal where the key says so, else an integer; never a float, which would lose digits."""
    if form == "decimal" and math.isfinite(value):
        return literal(Decimal(repr(value)))
    if isinstance(value, int):
        return literal(value)
    raise _Unreadable("a fraction was not expected; write it as text", "小数は文字列で書いてください")


def _said(value: Mapping[str, Any]) -> Literal:
    """An object that says the language or the type of its value."""
    text, lang, datatype = value.get("@value"), value.get("@language"), value.get("@type")
    if value.keys() - _NOTHING or (lang and datatype) or not isinstance(text, str | int) or isinstance(text, bool):
        raise _Unreadable("@value needs text, with @language or @type", "@value には文字列が必要です")
    if lang is not None:
        return _in_language(str(text), lang)
    typed = XSD.string if datatype is None else _iri(datatype)
    return Literal(str(text)) if typed == XSD.string else Literal(str(text), datatype=typed, normalize=False)


def _in_language(text: str, lang: object) -> Literal:
    try:
        return Literal(text, lang=str(lang))
    except ValueError as error:
        raise _Unreadable("this is no language tag", "言語タグではありません") from error


def _tagged(text: Any, lang: str) -> dict[str, Any]:
    return {"@value": text} if lang == "@none" else {"@value": text, "@language": lang}


def _listed(given: Any) -> list[Any]:
    """JSON-LD makes no difference between one value and a list of one; null says nothing."""
    listed = given if isinstance(given, list) else [given]
    return [value for value in listed if value is not None]
