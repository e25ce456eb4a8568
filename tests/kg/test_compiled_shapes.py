"""The validator judges as pySHACL does, to the value and the message."""

from __future__ import annotations

import pytest
from rdflib import Graph, Literal, Namespace, URIRef

from kg.compiled_shapes import CompiledShapes
from kg.namespaces import RDF
from kg.oxigraph_store import OxigraphStore
from kg.shape_checks import SH
from kg.validation import Validator
from tests.kg.samples import iri, partner
from tests.kg.test_validation import FAULTY, store

__all__ = ["store"]
EX = Namespace("https://example.org/")


def test_findings_equal_those_of_pyshacl(store: OxigraphStore) -> None:
    validator = Validator(store)
    records = {iri(r.id): r.graph for r in (*FAULTY.values(), partner("partner-good"))}
    compiled, oracle = validator.validate(records), validator.validate_by_pyshacl(records)
    assert {record: set(findings) for record, findings in compiled.items()} == {
        record: set(findings) for record, findings in oracle.items()
    }


def test_what_is_not_compiled_is_refused_and_not_passed_over() -> None:
    graph = Graph()
    graph.add((EX.shape, RDF.type, SH.NodeShape))
    graph.add((EX.shape, SH.targetClass, EX.Thing))
    graph.add((EX.shape, SH.closed, Literal(True)))
    with pytest.raises(ValueError, match="closed"):
        CompiledShapes(graph)
    graph.set((EX.shape, SH.closed, URIRef("https://example.org/x")))
    graph.remove((EX.shape, SH.closed, None))
    assert list(CompiledShapes(graph).violations([graph], graph)) == []
