"""Record → JSON → record: nothing is lost, for every record of the corpus and for hostile ones."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.compare import isomorphic

from ingest.exchange.context import CONTEXT_IRI, context_document
from ingest.exchange.reading import json_to_graph
from ingest.exchange.terms import KIND_CLASSES
from ingest.exchange.writing import record_to_json
from ingest.problems import Problems
from ingest.rdf import record_graph
from ingest.records import Quantity, Technology
from kg.iris import record_iri
from kg.namespaces import CES, RDF, RDFS, XSD
from tests.ingest.support import BASE

RECORD = record_iri(BASE, "technology-T1")


def through_json(graph: Graph, iri: URIRef = RECORD) -> Graph:
    text = json.dumps(record_to_json(graph, iri), ensure_ascii=False)
    problems = Problems()
    back = json_to_graph(json.loads(text), problems)
    assert problems.found == []
    return back


def test_every_record_of_the_corpus_survives(corpus: dict[URIRef, Graph]) -> None:
    assert len(corpus) > 300
    assert {str(iri).removeprefix(BASE).partition("-")[0] for iri in corpus} == set(KIND_CLASSES)
    changed = [iri for iri, graph in corpus.items() if set(through_json(graph, iri)) != set(graph)]
    assert changed == []
    assert all(isomorphic(through_json(graph, iri), graph) for iri, graph in list(corpus.items())[::40])


def test_another_processor_reads_the_same(corpus: dict[URIRef, Graph]) -> None:
    for iri, graph in list(corpus.items())[::15]:
        document = record_to_json(graph, iri) | {"@context": context_document()["@context"]}
        assert set(Graph().parse(data=json.dumps(document), format="json-ld")) == set(graph), iri


def test_the_same_graph_gives_the_same_text(corpus: dict[URIRef, Graph]) -> None:
    for iri, graph in list(corpus.items())[::15]:
        other = Graph()
        for triple in sorted(graph, reverse=True):
            other.add(triple)
        assert json.dumps(record_to_json(graph, iri)) == json.dumps(record_to_json(other, iri))


TEXT = st.text(st.characters(blacklist_categories=["Cs"]), min_size=1)
AMOUNTS = st.builds(Quantity, name=TEXT, value=st.decimals(allow_nan=False, allow_infinity=False, places=4), unit=TEXT)


@given(
    TEXT, TEXT, st.lists(AMOUNTS, max_size=12), st.booleans(), st.dates(), st.lists(st.sampled_from("abc"), max_size=3)
)
def test_hostile_records_survive(
    ja: str, note: str, amounts: list[Quantity], sample: bool, day: date, uses: list[str]
) -> None:
    record = Technology(
        id="technology-T1",
        labels={"ja": ja, "en": note},
        offered_by=f"{BASE}partner-P1",
        amounts=tuple(amounts),
        remarks=note,
        sample=sample,
        registered=day,
        uses=tuple(f"https://w3id.org/meguri/concept/resource/{use}" for use in uses),
    )
    graph = record_graph(record, BASE)
    assert set(through_json(graph)) == set(graph)


@pytest.mark.parametrize(
    "term",
    [
        Literal("01", datatype=XSD.integer, normalize=False),
        Literal("1234567890123456789012345678901234567890", datatype=XSD.integer),
        Literal("1.50", datatype=XSD.decimal, normalize=False),
        Literal("1.5E3", datatype=XSD.double, normalize=False),
        Literal("TRUE", datatype=XSD.boolean, normalize=False),
        Literal("not a date", datatype=XSD.date, normalize=False),
        Literal("言葉", lang="ja"),
        Literal("words", lang="en-GB"),
        Literal("@id"),
        Literal(""),
        Literal("x", datatype=URIRef("https://example.org/type")),
        URIRef("https://example.org/elsewhere"),
        URIRef(f"{RECORD}#nowhere"),
    ],
)
@pytest.mark.parametrize(
    "predicate",
    [
        *(CES.isSample, CES.targetYear, CES.targetValue, CES.joinedOn, CES.place, CES.outcome, CES.offeredBy),
        *(CES.jisCode, RDFS.label, RDFS.seeAlso),
    ],
)
def test_any_term_survives_under_any_key(predicate: URIRef, term: Literal | URIRef) -> None:
    graph = Graph()
    graph.add((RECORD, RDF.type, CES.Technology))
    graph.add((RECORD, predicate, term))
    graph.add((RECORD, predicate, Literal("another")))
    assert set(through_json(graph)) == set(graph)


def test_parts_stand_inside_and_in_order() -> None:
    amounts = tuple(Quantity(name=f"n{n}", value=Decimal(n), unit="t") for n in range(1, 12))
    record = Technology(id="technology-T1", labels={"ja": "名"}, offered_by=f"{BASE}partner-P1", amounts=amounts)
    document = record_to_json(record_graph(record, BASE), RECORD)
    assert [part["name"] for part in document["hasAmount"]] == [f"n{n}" for n in range(1, 12)]
    assert document["hasAmount"][0]["value"] == "1.0"
    assert list(document)[:4] == ["@context", "id", "type", "label"]
    assert document["@context"] == CONTEXT_IRI


def test_parts_that_nothing_points_at_are_kept() -> None:
    graph = Graph()
    graph.add((RECORD, RDF.type, CES.Technology))
    for part in ("a", "b"):
        graph.add((URIRef(f"{RECORD}#{part}"), RDF.type, CES.Measure))
    graph.add((URIRef(f"{RECORD}#a"), RDFS.seeAlso, URIRef(f"{RECORD}#b")))
    graph.add((URIRef(f"{RECORD}#b"), RDFS.seeAlso, URIRef(f"{RECORD}#a")))
    assert set(through_json(graph)) == set(graph)


@pytest.mark.parametrize("subject", [BNode("b0"), URIRef("https://example.org/id/other"), URIRef(f"{RECORD}1")])
def test_what_is_no_part_of_the_record_is_refused(subject: URIRef | BNode) -> None:
    graph = Graph()
    graph.add((subject, RDF.type, CES.Technology))
    with pytest.raises(ValueError, match="is no part of the record"):
        record_to_json(graph, RECORD)
