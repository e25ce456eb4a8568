"""What another platform sends becomes submissions, which shapes and commit judge like those of any other source."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from rdflib import Graph, Literal, URIRef
from rdflib.term import Node

from ingest.exchange.reading import json_to_graph
from ingest.exchange.terms import KIND_CLASSES
from ingest.limits import DEFAULT_LIMITS
from ingest.makers import MAKERS
from ingest.problems import Problems
from ingest.rdf import literal
from ingest.readers.errors import broken
from ingest.values import Values
from kg.commit import Submission
from kg.iris import kind_of
from kg.namespaces import CES, DCTERMS, RDF, RDFS, REGION, XSD
from kg.provenance import Origin, Source
from kg.terms import triple_line

# as many digits as decimal arithmetic keeps; anything else stays as it was sent
_PLAIN_DECIMAL = re.compile(r"[+-]?[0-9]{1,20}(?:\.[0-9]{1,8})?")


# the properties whose values a report shows
_FIELDS: dict[Node, str] = {
    DCTERMS.identifier: "id",
    DCTERMS.description: "description",
    CES.corporateNumber: "corporate_number",
    DCTERMS.issued: "registered",
    DCTERMS.modified: "updated",
}


@dataclass(frozen=True)
class Received:
    """One record of a document: ``row`` counts from 1; no submission where it could not be read."""

    row: int
    submission: Submission | None
    problems: Problems


def receive(parsed: Any, base: str, source: Source) -> Iterator[Received]:
    """The records of a parsed JSON document, which holds one of them, a list, or a list under ``@graph``."""
    for row, document in enumerate(_documents(parsed), start=1):
        problems = Problems()
        submission = None
        if isinstance(document, Mapping):
            submission = _submission(document, base, Origin(source, row), problems)
        else:
            problems.error("json_value_invalid", "", document, "a record is an object", "レコードはオブジェクトです")
        yield Received(row, submission, problems)


def _documents(parsed: Any) -> list[Any]:
    """The records' objects; the context that stands around a ``@graph`` holds for each of its members."""
    if not isinstance(parsed, Mapping) or not isinstance(parsed.get("@graph"), list):
        return parsed if isinstance(parsed, list) else [parsed]
    around = {"@context": parsed["@context"]} if "@context" in parsed else {}
    return [around | dict(item) if isinstance(item, Mapping) else item for item in parsed["@graph"]]


def stated_values(submission: Submission, base: str) -> Values:
    """What a record says of itself, under the canonical names of a report: id, title, text, regions, number."""
    record, kind = URIRef(base + submission.id), kind_of(submission.id)
    if kind is None or kind not in MAKERS:
        return {}
    said: Values = {}
    regions: list[str] = []
    for subject, predicate, value in sorted(submission.graph, key=lambda triple: str(triple[2])):
        if subject != record:
            continue
        field = _FIELDS.get(predicate) or (MAKERS[kind].title if predicate == RDFS.label else None)
        if field and (field not in said or getattr(value, "language", None) == "ja"):
            said[field] = str(value)
        elif str(value).startswith(str(REGION)):
            regions.append(str(value).removeprefix(str(REGION)))
    return said | ({"regions": list(dict.fromkeys(regions))} if regions else {})


def _check_texts(graph: Graph, problems: Problems) -> None:
    """The rules of a cell hold for each text of a record as well."""
    for _, predicate, value in graph:
        if not isinstance(value, Literal):
            continue
        field = str(predicate).rpartition("/")[2].rpartition("#")[2]
        if "\x00" in value:
            problems.error("text_hostile", field, value)
        elif len(value) * 4 >= DEFAULT_LIMITS.cell_bytes and len(value.encode()) >= DEFAULT_LIMITS.cell_bytes:
            size = f"{DEFAULT_LIMITS.cell_bytes:,}"
            problems.error("cell_too_large", field, value[:50], f"{size} bytes", f"{size} バイト")


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
    _check_texts(graph, problems)
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
    _check_texts(graph, problems)
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
