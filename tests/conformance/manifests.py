"""Reads the manifests of the SPARQL 1.1 suite into cases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlparse

from rdflib import RDF, RDFS, Graph, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from tests.conformance.suites import ROOT

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
DAWGT = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-dawg#")
EVALUATED = ("QueryEvaluationTest", "CSVResultFormatTest")
SYNTAX = ("PositiveSyntaxTest11", "NegativeSyntaxTest11")
# entailment regimes are none of ours; federation asks other servers, which queries here do not
LEFT_OUT = ("entailment", "service")


@dataclass(frozen=True)
class Case:
    """One test: the query, its data by the names of their graphs, and the file with the expected result."""

    group: str
    name: str
    kind: str
    query: Path
    data: tuple[Path, ...] = ()
    named: tuple[tuple[str, Path], ...] = ()
    result: Path | None = None
    lax: bool = False
    approved: bool = False
    """By the W3C's working group; the others came later from the community."""

    @property
    def id(self) -> str:
        """A name that is unique in the suite."""
        return f"{self.group}/{self.name}"


@cache
def query_cases() -> tuple[Case, ...]:
    """All tests of query evaluation, query syntax and results formats, without those left out."""
    folders = sorted(path.parent for path in (ROOT / "sparql11").glob("*/manifest.ttl"))
    found = [case for folder in folders if folder.name not in LEFT_OUT for case in _cases(folder)]
    return tuple(case for case in found if case.kind in (*EVALUATED, *SYNTAX))


def manifest(folder: Path) -> Graph:
    """A manifest with its addresses as those of the files."""
    return Graph().parse(folder / "manifest.ttl", publicID=(folder / "manifest.ttl").as_uri())


def entries(graph: Graph) -> Iterator[Node]:
    """The tests of a manifest, in its order."""
    for head in graph.objects(None, MF.entries):
        yield from Collection(graph, head)


def path_of(node: Node | None) -> Path | None:
    """The file that an address names."""
    return None if node is None else Path(unquote(urlparse(str(node)).path))


def _cases(folder: Path) -> Iterator[Case]:
    graph = manifest(folder)
    for entry in entries(graph):
        kind = str(graph.value(entry, RDF.type)).partition("#")[2]
        action = graph.value(entry, MF.action)
        if kind not in (*EVALUATED, *SYNTAX) or action is None:
            continue
        query = path_of(graph.value(action, QT.query) or action)
        assert query is not None
        if query.suffix != ".rq":  # updates
            continue
        yield Case(
            folder.name,
            str(entry).partition("#")[2],
            kind,
            query,
            tuple(path for node in graph.objects(action, QT.data) if (path := path_of(node))),
            tuple(_named(graph, node) for node in graph.objects(action, QT.graphData)),
            path_of(graph.value(entry, MF.result)),
            graph.value(entry, MF.resultCardinality) == MF.LaxCardinality,
            graph.value(entry, DAWGT.approval) == DAWGT.Approved,
        )


def _named(graph: Graph, node: Node) -> tuple[str, Path]:
    file = path_of(graph.value(node, QT.graph) or node)
    assert file is not None
    label = graph.value(node, RDFS.label)
    return (str(label) if label else str(node) if isinstance(node, URIRef) else file.as_uri()), file
