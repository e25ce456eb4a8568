"""What another platform sends becomes submissions, which shapes and commit judge like those of any other source."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from rdflib import Graph, Literal, URIRef

from ingest.exchange.reading import json_to_graph
from ingest.exchange.terms import KIND_CLASSES
from ingest.problems import Problems
from ingest.rdf import literal
from ingest.readers.errors import broken
from kg.commit import Submission
from kg.iris import kind_of
from kg.namespaces import RDF, XSD
from kg.provenance import Origin, Source
from kg.terms import triple_line

# as many digits as decimal arithmetic keeps; anything else stays as it was sent
_PLAIN_DECIMAL = re.compile(r"[+-]?[0-9]{1,20}(?:\.[0-9]{1,8})?")


@dataclass(frozen=True)
class Received:
    """One record of a document: ``row`` counts from 1; no submission where it could not be read."""

    row: int
    submission: Submission | None
    problems: Problems


def receive(parsed: Any, base: str, source: Source) -> Iterator[Received]:
    """The records of a parsed JSON document, which holds one of them or a list."""
    for row, document in enumerate(parsed if isinstance(parsed, list) else [parsed], start=1):
        problems = Problems()
        submission = None
        if isinstance(document, Mapping):
            submission = _submission(document, base, Origin(source, row), problems)
        else:
            problems.error("json_value_invalid", "", document, "a record is an object", "レコードはオブジェクトです")
        yield Received(row, submission, problems)


def _place_and_reason(error: Exception) -> str:
    """What a parser says: rdflib's own words quote the whole document behind line and reason."""
    line, why = getattr(error, "lines", None), getattr(error, "_why", None)
    return f"line {line + 1}: {why}" if isinstance(line, int) and why else " ".join(str(error).split())[:200]


def receive_turtle(content: bytes, base: str, source: Source) -> Iterator[Received]:
    """The records of a Turtle document, in the order of their IRIs. FileRejected where it does not parse."""
    try:
        parsed = Graph().parse(data=content, format="turtle", publicID=base)
    except Exception as error:  # the parser raises what it meets: BadSyntax, RecursionError, UnicodeDecodeError …
        raise broken(source.name, _place_and_reason(error)) from error
    by_record: dict[str, Graph] = {}
    for triple in parsed:
        by_record.setdefault(str(triple[0]).partition("#")[0], Graph()).add(triple)
    for row, (iri, graph) in enumerate(sorted(by_record.items()), start=1):
        problems = Problems()
        yield Received(row, _turtle_record(iri, graph, base, Origin(source, row), problems), problems)


def _turtle_record(iri: str, graph: Graph, base: str, origin: Origin, problems: Problems) -> Submission | None:
    id_ = iri.removeprefix(base)
    kind = kind_of(id_) if iri.startswith(base) else None
    if kind is None:
        problems.error(
            "json_id_invalid", "id", iri, f"write it as {base}KIND-KEY.", f"{base}KIND-KEY の形で書いてください。"
        )
    elif not _is_a(graph, URIRef(iri), KIND_CLASSES[kind]):
        problems.error("json_type_unknown", "type", next(iter(graph.objects(URIRef(iri), RDF.type)), None))
    for triple in graph:
        try:
            triple_line(triple)
        except ValueError as error:
            problems.error(
                "json_value_invalid", str(triple[1]), triple[2], str(error), "空白ノードや不正な IRI は使えません"
            )
    return None if problems.rejected else Submission(id_, _canonical(graph), origin)


def _submission(document: Mapping[str, Any], base: str, origin: Origin, problems: Problems) -> Submission | None:
    graph = json_to_graph(document, problems)
    if problems.rejected:
        return None
    iri = document.get("id", document.get("@id"))
    id_ = str(iri).removeprefix(base)
    kind = kind_of(id_) if str(iri).startswith(base) else None
    if kind is None:
        rule = f"{base}KIND-KEY"
        problems.error("json_id_invalid", "id", iri, f"write it as {rule}.", f"{rule} の形で書いてください。")
    elif not _is_a(graph, URIRef(str(iri)), KIND_CLASSES[kind]):
        problems.error("json_type_unknown", "type", document.get("type"))
    return None if problems.rejected else Submission(id_, _canonical(graph), origin)


def _is_a(graph: Graph, iri: URIRef, rdf_class: URIRef) -> bool:
    return (iri, RDF.type, rdf_class) in graph


def _canonical(graph: Graph) -> Graph:
    """Decimals in the one form that our own records have (54 → 54.0), so that equal content has an equal hash."""
    made = Graph()
    for subject, predicate, value in graph:
        plain = isinstance(value, Literal) and value.datatype == XSD.decimal and _PLAIN_DECIMAL.fullmatch(value)
        made.add((subject, predicate, literal(Decimal(str(value))) if plain else value))
    return made
