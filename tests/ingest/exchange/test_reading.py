"""What other platforms may write, and what is said to them where it cannot be read."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import Graph, Literal, URIRef

from ingest.exchange.context import CONTEXT_IRI, context_document
from ingest.exchange.reading import json_to_graph
from ingest.exchange.terms import keys_by_name
from ingest.problems import Problems
from kg.namespaces import CES, DCTERMS, RDF, RDFS, REGION, SCHEMA, XSD
from kg.terms import canonical_lines

IRI = "https://example.org/id/technology-T1"


def read(**values: Any) -> tuple[Graph, Problems]:
    problems = Problems()
    return json_to_graph({"id": IRI, "type": "Technology", **values}, problems), problems


def said(**values: Any) -> set[tuple[Any, Any]]:
    graph, problems = read(**values)
    assert problems.found == []
    return set(graph.predicate_objects(URIRef(IRI))) - {(RDF.type, CES.Technology)}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"inRegion": "region:13206"}, {(CES.inRegion, REGION["13206"])}),
        ({"inRegion": [{"id": "region:1"}, {"@id": str(REGION["2"])}]}, {(CES.inRegion, REGION[c]) for c in "12"}),
        ({"ces:inRegion": "region:13"}, {(CES.inRegion, REGION["13"])}),
        ({str(CES.inRegion): "region:13"}, {(CES.inRegion, REGION["13"])}),
        ({"label": {"ja": "名"}}, {(RDFS.label, Literal("名", lang="ja"))}),
        ({"label": {"en": ["a", "b"]}}, {(RDFS.label, Literal(t, lang="en")) for t in "ab"}),
        ({"outcome": {"@none": "x"}}, {(CES.outcome, Literal("x"))}),
        ({"label": "no language"}, {(RDFS.label, Literal("no language"))}),
        ({"label": {"@value": "名", "@language": "ja"}}, {(RDFS.label, Literal("名", lang="ja"))}),
        ({"targetValue": 12}, {(CES.targetValue, Literal("12.0", datatype=XSD.decimal, normalize=False))}),
        ({"targetValue": 0.1}, {(CES.targetValue, Literal("0.1", datatype=XSD.decimal))}),
        ({"targetValue": "0.10"}, {(CES.targetValue, Literal("0.10", datatype=XSD.decimal, normalize=False))}),
        ({"targetYear": 2030}, {(CES.targetYear, Literal("2030", datatype=XSD.integer))}),
        ({"upperLimit": 10_000_000}, {(CES.upperLimit, Literal("10000000", datatype=XSD.integer))}),
        ({"isSample": True}, {(CES.isSample, Literal("true", datatype=XSD.boolean))}),
        ({"issued": "2025-04-01"}, {(DCTERMS.issued, Literal("2025-04-01", datatype=XSD.date))}),
        ({"language": "ja"}, {(DCTERMS.language, Literal("ja"))}),
        ({"url": None, "place": []}, set()),
        ({"https://example.org/p": 3}, {(URIRef("https://example.org/p"), Literal("3", datatype=XSD.integer))}),
    ],
)  # fmt: skip
def test_forms(values: dict[str, Any], expected: set[tuple[Any, Any]]) -> None:
    assert said(**values) == expected


def test_both_spellings_of_the_keywords() -> None:
    problems = Problems()
    part = {"@id": f"{IRI}#amount-1", "@type": "schema:QuantitativeValue", "value": 3}
    graph = json_to_graph({"@id": IRI, "@type": ["Technology"], "hasAmount": part}, problems)
    assert problems.found == []
    assert (URIRef(f"{IRI}#amount-1"), RDF.type, SCHEMA.QuantitativeValue) in graph


@pytest.mark.parametrize("context", [CONTEXT_IRI, [CONTEXT_IRI], context_document()["@context"]])
def test_our_context_in_any_form(context: Any) -> None:
    assert read(**{"@context": context})[1].found == []


@pytest.mark.parametrize(
    ("values", "field", "code"),
    [
        ({"@context": "https://example.org/other.jsonld"}, "@context", "context_foreign"),
        ({"@context": {"label": "schema:name"}}, "@context", "context_foreign"),
        ({"@context": None}, "@context", "context_foreign"),
        ({"id": None}, "id", "json_id_invalid"),
        ({"id": "T1"}, "id", "json_id_invalid"),
        ({"id": "https://example.org/a b"}, "id", "json_id_invalid"),
        ({"type": None}, "type", "json_type_unknown"),
        ({"type": "Technologie"}, "type", "json_type_unknown"),
        ({"inRegion": "府中市"}, "inRegion", "json_value_invalid"),
        ({"inRegion": 13206}, "inRegion", "json_value_invalid"),
        ({"inRegion": ["region:13", "x y:z"]}, "inRegion/1", "json_value_invalid"),
        ({"targetYear": 2030.5}, "targetYear", "json_value_invalid"),
        ({"targetValue": float("nan")}, "targetValue", "json_value_invalid"),
        ({"issued": 2025}, "issued", "json_value_invalid"),
        ({"issued": True}, "issued", "json_value_invalid"),
        ({"place": 1.5}, "place", "json_value_invalid"),
        ({"place": [["nested"]]}, "place/0", "json_value_invalid"),
        ({"label": {"ja": {"deep": 1}}}, "label", "json_value_invalid"),
        ({"label": {"日本語": "名"}}, "label", "json_value_invalid"),
        ({"place": {"@value": "x", "@language": "ja", "@type": "xsd:string"}}, "place", "json_value_invalid"),
        ({"hasAmount": {"name": "no id"}}, "hasAmount/id", "json_id_invalid"),
        ({"hasAmount": {"id": "https://example.org/x#a", "name": "other"}}, "hasAmount/id", "json_id_invalid"),
        ({"hasAmount": [{"id": f"{IRI}#a", "name": "x"}]}, "hasAmount/0/type", "json_type_unknown"),
        ({"included": ["text"]}, "included/0", "json_value_invalid"),
        ({"place": "\ud800"}, "place", "json_value_invalid"),
    ],
)
def test_errors_name_the_place(values: dict[str, Any], field: str, code: str) -> None:
    _, problems = read(**values)
    assert [(p.field, p.code, p.severity) for p in problems.found] == [(field, code, "error")]
    assert not problems.found[0].ja.isascii()


def test_unknown_keys_are_reported_and_left_out() -> None:
    graph, problems = read(lable={"ja": "名"}, hasAmount={"id": f"{IRI}#a", "type": "QuantitativeValue", "vaule": 1})
    assert [(p.field, p.code, p.severity) for p in problems.found] == [
        ("lable", "key_unknown", "warning"),
        ("hasAmount/vaule", "key_unknown", "warning"),
    ]
    assert len(graph) == 3


def test_depth_is_limited() -> None:
    document: dict[str, Any] = {"id": f"{IRI}#0", "type": "Measure"}
    for number in range(1, 60):
        document = {"id": f"{IRI}#{number}", "type": "Measure", "hasMeasure": document}
    _, problems = read(hasMeasure=document)
    assert {p.code for p in problems.found} == {"json_id_invalid"}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "@id", "type", "@value", "@language", "@type", "ja", "value"]), inner)
    ),
    max_leaves=12,
)


@given(
    st.dictionaries(st.sampled_from([*sorted(keys_by_name()), "id", "type", "included", "@context"]), JSON, max_size=6)
)
def test_no_document_breaks_the_reader(document: dict[str, Any]) -> None:
    problems = Problems()
    graph = json_to_graph({"id": IRI, "type": "Technology"} | document, problems)
    canonical_lines(graph)
    json.dumps([problem.as_json() for problem in problems.found]).encode()
