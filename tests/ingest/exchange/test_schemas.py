"""The JSON Schemas: valid themselves, true of the whole corpus, strict where the shapes are, in both languages."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
from rdflib import Graph, URIRef

from ingest.exchange.context import context_document
from ingest.exchange.schemas import record_schema
from ingest.exchange.terms import KIND_CLASSES, keys, properties_for
from ingest.exchange.writing import record_to_json
from kg.iris import Kind
from kg.namespaces import CES, DCTERMS, RDFS
from tests.ingest.support import BASE

VALIDATORS = {
    kind: jsonschema_rs.Draft202012Validator(record_schema(kind), validate_formats=True) for kind in KIND_CLASSES
}


def kind_of_iri(iri: URIRef) -> Kind:
    return next(kind for kind in KIND_CLASSES if str(iri).startswith(f"{BASE}{kind}-"))


def errors(kind: Kind, document: dict[str, Any]) -> list[str]:
    return ["/".join(map(str, error.instance_path)) for error in VALIDATORS[kind].iter_errors(document)]


@pytest.mark.parametrize("kind", KIND_CLASSES)
def test_schema_is_a_schema(kind: Kind) -> None:
    assert jsonschema_rs.meta.is_valid(record_schema(kind))
    assert record_schema(kind)["$id"].endswith(f"/ontology/schemas/{kind}.json")


def test_every_record_of_the_corpus_is_valid(corpus: dict[URIRef, Graph]) -> None:
    found = {iri: errors(kind_of_iri(iri), record_to_json(graph, iri)) for iri, graph in corpus.items()}
    assert {iri: places for iri, places in found.items() if places} == {}


TECHNOLOGY: dict[str, Any] = {
    "id": f"{BASE}technology-T1",
    "type": "Technology",
    "label": {"ja": "油の精製", "en": "Oil refining"},
    "offeredBy": [f"{BASE}partner-P1"],
    "hasTheme": ["concept:theme/wasteCookingOilTheme"],
    "deployedIn": ["region:13206", "https://w3id.org/meguri/region/13"],
    "hasAmount": [{"id": f"{BASE}technology-T1#amount-1", "type": "QuantitativeValue", "value": 12.5, "unitText": "t"}],
    "issued": "2025-04-01",
}
COMMITMENT: dict[str, Any] = {
    "id": f"{BASE}commitment-C1",
    "type": "Commitment",
    "committedBy": f"{BASE}partner-P1",
    "memberKind": ["concept:member-kind/company"],
    "joinedOn": "2024-04-01",
    "targetValue": "50.0",
    "targetYear": 2030,
}


def test_what_others_may_write_is_valid() -> None:
    assert errors("technology", TECHNOLOGY) == []
    assert errors("commitment", COMMITMENT) == []


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"label": None}, ""),
        ({"offeredBy": None}, ""),
        ({"type": "Issue"}, "type"),
        ({"id": "T1"}, "id"),
        ({"label": {}}, "label"),
        ({"label": {"de": "Öl"}}, "label"),
        ({"label": {"ja": "　"}}, "label/ja"),
        ({"label": {"ja": "長" * 301}}, "label/ja"),
        ({"offeredBy": []}, "offeredBy"),
        ({"hasTheme": ["concept:resource/wasteCookingOil"]}, "hasTheme/0"),
        ({"deployedIn": ["府中市"]}, "deployedIn/0"),
        ({"issued": "令和7年4月1日"}, "issued"),
        ({"issued": "2025-02-30"}, "issued"),
        ({"isSample": "はい"}, "isSample"),
        ({"language": ["日本語"]}, "language/0"),
        ({"lable": {"ja": "名"}}, ""),
        ({"hasAmount": [{"id": f"{BASE}technology-T1#amount-1", "type": "QuantitativeValue"}]}, "hasAmount/0"),
    ],
)
def test_what_the_shapes_refuse_is_invalid(change: dict[str, Any], place: str) -> None:
    document = {key: value for key, value in (copy.deepcopy(TECHNOLOGY) | change).items() if value is not None}
    assert place in errors("technology", document)


@pytest.mark.parametrize(
    "change", [{"targetYear": 30}, {"targetYear": "R12"}, {"memberKind": ["a:b", "c:d"]}, {"joinedOn": None}]
)
def test_limits_of_commitments(change: dict[str, Any]) -> None:
    assert errors("commitment", {k: v for k, v in (COMMITMENT | change).items() if v is not None})


def described(schema: Any) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        if "x-ja" in schema:
            yield schema
        for value in schema.values():
            yield from described(value)


@pytest.mark.parametrize("kind", KIND_CLASSES)
def test_titles_and_descriptions_in_both_languages(kind: Kind) -> None:
    schema = record_schema(kind)
    said = list(described(schema))
    assert len(said) > len(schema["properties"]) - 5
    for one in said:
        assert one["title"] and one["description"] and one["description"].isascii()
        assert one["x-ja"]["title"] and not one["x-ja"]["description"].isascii()


def test_context_defines_every_property_that_schemas_name() -> None:
    terms = context_document()["@context"]
    for kind in KIND_CLASSES:
        assert set(record_schema(kind)["properties"]) - {"@context"} <= terms.keys()
    assert terms["label"] == {"@id": "rdfs:label", "@container": "@language"}
    assert terms["issued"] == {"@id": "dct:issued", "@type": "xsd:date"}
    assert terms["hasTheme"]["@type"] == "@id"


def test_what_the_records_say_has_a_key() -> None:
    from ingest.documents import Document
    from ingest.makers import MAKERS
    from ingest.records import Says

    for model in [Document, *(maker.model for maker in MAKERS.values())]:
        says = {m.predicate for info in model.model_fields.values() for m in info.metadata if isinstance(m, Says)}
        assert says <= keys().keys()
        assert says <= properties_for(model.rdf_class).keys(), model


def test_provenance_and_inverses_are_no_part_of_a_record() -> None:
    partner, technology = properties_for(CES.Partner), properties_for(CES.Technology)
    assert {RDFS.label, DCTERMS.identifier, CES.offeredBy, CES.validUntil} <= technology.keys()
    assert not {CES.contentHash, CES.sourceRow, CES.sha256} & technology.keys()
    assert CES.offersTechnology not in partner
