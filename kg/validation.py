"""SHACL validation of a batch of records: the only importer of pyshacl.

A record is judged with what it points at: the other records of the batch, and of resident ones (regions,
concepts, partners, technologies) their types and schemes, which is all that the shapes ask about.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal as Choice

from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from kg.compiled_shapes import CompiledShapes, Violation
from kg.large import LargeGraph, RecordGraph
from kg.namespaces import RDF
from kg.residents import KEPT, Residents
from kg.store import GraphStore
from kg.terms import Statements

SH = Namespace("http://www.w3.org/ns/shacl#")
Severity = Choice["error", "warning"]
_TYPE = RDF.type


@dataclass(frozen=True)
class Finding:
    """One result of a shape: what is wrong with which property of a record, said in both languages."""

    record: URIRef
    path: URIRef | None
    value: Node | None
    severity: Severity
    shape: URIRef | None
    en: str
    ja: str


class Validator:
    """Validates batches of record graphs against the shapes of the ontology."""

    def __init__(self, store: GraphStore, *, keep_all: bool = False) -> None:
        self._shapes = shapes_graph()
        self._compiled = compiled_shapes()
        self._residents = Residents(store, kept=None if keep_all else KEPT)

    def validate(self, records: Mapping[URIRef, Graph | Statements]) -> dict[URIRef, list[Finding]]:
        """Findings per record (records without any are missing from the answer).

        Later batches may refer to these records only after ``remember``.
        """
        if self._compiled is None:
            return self.validate_by_pyshacl(records)
        found: dict[URIRef, set[Finding]] = defaultdict(set)
        self._residents.learn(value for graph in records.values() for _, _, value in graph)
        for violation in self._compiled.violations(records.values(), self._residents):
            record = URIRef(str(violation.focus).partition("#")[0])
            if record in records:
                found[record].add(_of_violation(violation, record))
        return {record: _sorted(items) for record, items in found.items()}

    def validate_by_pyshacl(self, records: Mapping[URIRef, Graph | Statements]) -> dict[URIRef, list[Finding]]:
        """The same by pySHACL: for shapes that are not compiled, and as the oracle of those that are."""
        return _findings(validation_report(self._with_context(records.values()), self._shapes), records)

    def _with_context(self, graphs: Iterable[Graph | Statements]) -> Graph:
        """The graphs, the subclass relations, and what the context says of the things that the graphs point at."""
        data = Graph()
        for triple in (triple for graph in graphs for triple in graph):
            data.add(triple)
        for triple in self._residents.triples(set(data.objects())):
            data.add(triple)
        return data

    def validate_large(self, record: URIRef, graph: LargeGraph) -> list[Finding]:
        """Read a large graph and validate it, a piece at a time; the other records that it points at are stored."""
        found: set[Finding] = set()
        context = _WithParts(self._residents, graph.classes)

        def look(piece: Statements) -> None:
            if self._compiled is None:
                found.update(self.validate_by_pyshacl({record: piece}).get(record, []))
                return
            own = f"{record}#"
            self._residents.learn(value for _, _, value in piece if not str(value).startswith(own))
            found.update(_of_violation(each, record) for each in self._compiled.violations([piece], context))

        graph.read(look)
        return _sorted(found)

    def remember(self, records: Mapping[URIRef, RecordGraph]) -> None:
        """These records were stored: later ones may refer to them."""
        for record, graph in records.items():
            if isinstance(graph, LargeGraph):
                self._residents.remember(record, graph.classes.get(record, ()))
            else:
                self._residents.remember(record, (o for s, p, o in graph if p == _TYPE and s == record))

    def forget(self, records: Iterable[URIRef]) -> None:
        """These records were withdrawn: later ones may not refer to them."""
        for record in records:
            self._residents.forget(record)


class _WithParts:
    """A context that also knows the parts of the record that is read, as far as it was read."""

    def __init__(self, residents: Residents, classes: Mapping[Node, tuple[Node, ...]]) -> None:
        self._residents = residents
        self._classes = classes

    def objects(self, subject: Node, predicate: Node) -> Iterable[Node]:
        """See ``kg.residents.Context``."""
        if predicate == _TYPE and subject in self._classes:
            return self._classes[subject]
        return self._residents.objects(subject, predicate)

    def transitive_objects(self, subject: Node, predicate: Node) -> Iterable[Node]:
        """See ``kg.residents.Context``."""
        return self._residents.transitive_objects(subject, predicate)


def validation_report(data: Graph, shapes: Graph) -> Graph:
    """The SHACL validation report (https://www.w3.org/TR/shacl/#validation-report) of a graph; it may be added to.

    Raises ValueError for shapes that ask for what cannot be done.
    """
    import pyshacl  # noqa: PLC0415  (heavy: imported when something is validated)

    # no focus_nodes: pySHACL would apply that filter inside sh:node as well, and find nothing there
    _, report, text = pyshacl.validate(data, shacl_graph=shapes, advanced=False, inplace=True, meta_shacl=False)
    if not isinstance(report, Graph):
        raise ValueError(text)
    return report


@cache
def shapes_graph() -> Graph:
    """All shapes of the ontology as one graph."""
    graph = Graph()
    for entry in sorted((files("ontology") / "shapes").iterdir(), key=lambda e: e.name):
        if entry.name.endswith(".ttl"):
            graph.parse(data=entry.read_text(encoding="utf-8"), format="turtle")
    return graph


@cache
def compiled_shapes() -> CompiledShapes | None:
    """The shapes of the ontology as functions; None where one asks for what is not compiled."""
    try:
        return CompiledShapes(shapes_graph())
    except ValueError:
        return None


def malformed(shapes: Graph) -> list[tuple[Node, str]]:
    """Each shape that is not well formed, with what the W3C's shapes for shapes (SHACL, appendix C) say of it."""
    from pyshacl.entrypoints import meta_validate  # noqa: PLC0415  (heavy: imported when shapes are examined)

    _, report, _ = meta_validate(shapes, inference="none")
    found = []
    for result in report.subjects(RDF.type, SH.ValidationResult):
        focus, path = report.value(result, SH.focusNode), report.value(result, SH.resultPath)
        said = next((str(m) for m in report.objects(result, SH.resultMessage)), "it breaks a rule of SHACL")
        if focus is not None:
            found.append((focus, f"{said} ({path})"))
    return sorted(found, key=str)


def _findings(report: Graph, records: Mapping[URIRef, Graph | Statements]) -> dict[URIRef, list[Finding]]:
    found: dict[URIRef, list[Finding]] = defaultdict(list)
    for result in report.subjects(RDF.type, SH.ValidationResult):
        focus = report.value(result, SH.focusNode)
        record = URIRef(str(focus).partition("#")[0])
        if record in records and report.value(result, SH.resultSeverity) != SH.Info:
            found[record].append(_finding(report, result, record))
    return {record: _sorted(items) for record, items in found.items()}


def _sorted(findings: Iterable[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda f: (str(f.path), f.en, str(f.value)))


def _of_violation(violation: Violation, record: URIRef) -> Finding:
    shape = violation.shape
    plain = shape.messages.get("", "A rule of the ontology is broken.")
    return Finding(
        record=record,
        path=shape.predicate,
        value=violation.value,
        severity="error" if shape.severity == "error" else "warning",
        shape=shape.iri if isinstance(shape.iri, URIRef) else None,
        en=shape.messages.get("en", plain),
        ja=shape.messages.get("ja", plain),
    )


def _finding(report: Graph, result: Node, record: URIRef) -> Finding:
    messages = {str(m.language): str(m) for m in report.objects(result, SH.resultMessage) if isinstance(m, Literal)}
    path, shape = report.value(result, SH.resultPath), report.value(result, SH.sourceShape)
    plain = messages.get("None", "")
    return Finding(
        record=record,
        path=path if isinstance(path, URIRef) else None,
        value=report.value(result, SH.value),
        severity="error" if report.value(result, SH.resultSeverity) == SH.Violation else "warning",
        shape=shape if isinstance(shape, URIRef) else None,
        en=messages.get("en", plain),
        ja=messages.get("ja", plain),
    )
