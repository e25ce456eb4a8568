"""Runs the SHACL suite by our validator: the same report, up to the names of blank nodes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rdflib import RDF, BNode, Graph, Literal, Namespace
from rdflib.term import Node

from kg.validation import SH, validation_report
from tests.conformance.manifests import MF, path_of
from tests.conformance.suites import ROOT, Verdict

SHT = Namespace("http://www.w3.org/ns/shacl-test#")
COMPARED = (SH.focusNode, SH.resultPath, SH.value, SH.resultSeverity, SH.sourceConstraintComponent, SH.sourceShape)


@dataclass(frozen=True)
class ShaclCase:
    """One validation: a file of the suite."""

    group: str
    file: Path

    @property
    def id(self) -> str:
        """A name that is unique in the suite."""
        return f"{self.group}/{self.file.parent.name}/{self.file.stem}"


@cache
def shacl_cases() -> tuple[ShaclCase, ...]:
    """All tests of the core and of the SPARQL part."""
    found = []
    for group in ("core", "sparql"):
        for file in sorted((ROOT / "shacl" / group).glob("*/*.ttl")):
            if file.name != "manifest.ttl" and "sht:Validate" in file.read_text(encoding="utf-8"):
                found.append(ShaclCase(f"shacl-{group}", file))
    return tuple(found)


def run_shacl(case: ShaclCase) -> Verdict:
    """The verdict on one case."""
    graph = Graph().parse(case.file, publicID=case.file.as_uri())
    (test,) = graph.subjects(RDF.type, SHT.Validate)
    action, expected = graph.value(test, MF.action), graph.value(test, MF.result)
    data, shapes = (_loaded(graph.value(action, name)) for name in (SHT.dataGraph, SHT.shapesGraph))
    try:
        report = validation_report(data, shapes)
    except Exception as error:  # what a validator may raise for shapes that cannot be carried out is not standardised
        return Verdict(case.group, case.id, "" if expected == SHT.Failure else f"{type(error).__name__}: {error}")
    if expected == SHT.Failure:
        return Verdict(case.group, case.id, "a failure was expected")
    assert expected is not None
    (ours,) = report.subjects(RDF.type, SH.ValidationReport)
    if _conforms(report, ours) != _conforms(graph, expected):
        return Verdict(case.group, case.id, "another verdict")
    same = _results(report, ours) == _results(graph, expected)
    return Verdict(case.group, case.id, "" if same else "other results")


def _loaded(name: Node | None) -> Graph:
    file = path_of(name)
    assert file is not None
    return Graph().parse(file, publicID=file.as_uri())


def _conforms(graph: Graph, report: Node) -> bool:
    value = graph.value(report, SH.conforms)
    assert isinstance(value, Literal)
    return bool(value.toPython())


def _results(graph: Graph, report: Node) -> Counter[frozenset[object]]:
    """The results with what the specification says of them; shapes without a name are left out."""
    return Counter(
        frozenset(
            (predicate, _term(graph, value, described=predicate == SH.resultPath))
            for predicate in COMPARED
            for value in graph.objects(result, predicate)
            if not (predicate == SH.sourceShape and isinstance(value, BNode))
        )
        for result in graph.objects(report, SH.result)
    )


def _term(graph: Graph, node: Node, *, described: bool) -> object:
    """A term; of a path without a name, all that describes it; of another blank node, that it is one."""
    if not isinstance(node, BNode):
        return node
    if not described:
        return BNode
    return frozenset((p, _term(graph, value, described=True)) for _, p, value in graph.triples((node, None, None)))
