"""The reconciliation service has the shapes of the specification, and finds what a clerk's table names."""

from __future__ import annotations

import json
from typing import Any

import jsonschema_rs
import pytest
from fastapi.testclient import TestClient

from kg.editions import Editions
from search_api.http.research.candidates import TYPES
from tests.search_api.http.problem_shape import assert_problem

TYPE = {
    "type": "object",
    "properties": {"id": {"type": "string"}, "name": {"type": "string"}},
    "required": ["id", "name"],
}
SUGGEST = {
    "type": "object",
    "properties": {"service_url": {"type": "string"}, "service_path": {"type": "string"}},
    "required": ["service_url", "service_path"],
}
# what the specification's own schemas (manifest.json, reconciliation-result-batch.json, suggest-*-response.json of
# version 0.2) demand
MANIFEST = {
    "type": "object",
    "properties": {
        "versions": {"type": "array", "contains": {"const": "0.2"}, "items": {"type": "string"}},
        "name": {"type": "string"},
        "identifierSpace": {"type": "string", "pattern": "^https?://"},
        "schemaSpace": {"type": "string", "pattern": "^https?://"},
        "defaultTypes": {"type": "array", "items": TYPE},
        "view": {"type": "object", "properties": {"url": {"type": "string", "pattern": ".*\\{\\{id\\}\\}.*"}}},
        "preview": {
            "type": "object",
            "properties": {
                "url": {"type": "string", "pattern": ".*\\{\\{id\\}\\}.*"},
                "width": {"type": "integer"},
                "height": {"type": "integer"},
            },
            "required": ["url", "width", "height"],
        },
        "suggest": {"type": "object", "properties": {"entity": SUGGEST, "type": SUGGEST}},
        "batchSize": {"type": "integer"},
    },
    "required": ["versions", "name", "identifierSpace", "schemaSpace"],
}
RESULTS = {
    "type": "object",
    "additionalProperties": {
        "type": "object",
        "required": ["result"],
        "properties": {
            "result": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["id", "name", "score"],
                    "properties": {
                        "id": {"type": "string"},
                        "name": {"type": "string"},
                        "description": {"type": "string"},
                        "score": {"type": "number"},
                        "match": {"type": "boolean"},
                        "type": {"type": "array", "items": {"anyOf": [TYPE, {"type": "string"}]}},
                        "features": {
                            "type": "array",
                            "items": {"type": "object", "required": ["id", "value"]},
                        },
                    },
                },
            }
        },
    },
}


def ask(client: TestClient, **queries: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    response = client.post("/reconcile", data={"queries": json.dumps(queries)})
    assert response.status_code == 200, response.text
    assert response.headers["access-control-allow-origin"] == "*"
    jsonschema_rs.validate(RESULTS, response.json())
    return {key: value["result"] for key, value in response.json().items()}


def test_manifest(client: TestClient) -> None:
    manifest = client.get("/reconcile").json()
    jsonschema_rs.validate(MANIFEST, manifest)
    assert {each["id"] for each in manifest["defaultTypes"]} == set(TYPES)
    view = manifest["view"]["url"].replace("{{id}}", "https://w3id.org/meguri/region/13206")
    assert client.get(view).json()["state"] == "current"


@pytest.mark.parametrize(
    ("text", "type_", "expected"),
    [
        ("東京都府中市", "Region", "region/13206"),
        ("33100", "Region", "region/33100"),
        ("ＯＫＡＹＡＭＡ　Ｐｒｅｆｅｃｔｕｒｅ", "Region", "region/33"),
        ("廃食用油", "Concept", "concept/resource/wasteCookingOil"),
        ("waste cooking oil", "Concept", "concept/resource/wasteCookingOil"),
        ("株式会社サンプル油脂", "Partner", "id/partner-P1"),
        ("sample oil inc", "Partner", "id/partner-P1"),
    ],
)
def test_names_in_both_languages(client: TestClient, text: str, type_: str, expected: str) -> None:
    (found,) = ask(client, q={"query": text, "type": type_, "limit": 3}).values()
    assert found[0]["id"] == f"https://w3id.org/meguri/{expected}"
    assert found[0]["type"][0]["id"] == type_
    assert 0 < found[0]["score"] <= 100


def test_only_a_name_that_one_thing_alone_bears_is_a_match(client: TestClient) -> None:
    answers = ask(client, two={"query": "府中市"}, one={"query": "東京都府中市"}, near={"query": "東京都府中氏"})
    assert {each["id"][-5:] for each in answers["two"][:2]} == {"13206", "34208"}
    assert not any(each["match"] for each in answers["two"])
    assert answers["one"][0]["match"]
    assert answers["near"][0]["id"].endswith("13206") and not answers["near"][0]["match"]


def test_a_batch_by_get_keeps_limits_and_types(client: TestClient) -> None:
    batch = {"a": {"query": "市", "limit": 2}, "b": {"query": "バイオ", "type": ["Concept"]}, "c": {"query": "  "}}
    body = client.get("/reconcile", params={"queries": json.dumps(batch)}).json()
    assert len(body["a"]["result"]) <= 2
    assert body["b"]["result"] and all(each["type"][0]["id"] == "Concept" for each in body["b"]["result"])
    assert body["c"]["result"] == []


@pytest.mark.parametrize("bad", ["", "[]", "nonsense", '{"q": 1}', '{"q": {"query": "x", "limit": 0}}', "[" * 5000])
def test_bad_batches_are_refused(client: TestClient, bad: str) -> None:
    assert_problem(client.get("/reconcile", params={"queries": bad}), 422, "body_invalid")


def test_too_much_is_refused(client: TestClient) -> None:
    many = json.dumps({f"q{n}": {"query": "x"} for n in range(101)})
    assert_problem(client.post("/reconcile", data={"queries": many}), 422, "body_invalid")
    assert_problem(client.post("/reconcile", content=b"x" * 1_000_001), 413, "body_too_large")


def test_suggest_and_preview(client: TestClient) -> None:
    entities = client.get("/reconcile/suggest/entity", params={"prefix": "廃食"}).json()["result"]
    assert any("wasteCookingOil" in each["id"] for each in entities)
    assert client.get("/reconcile/suggest/type", params={"prefix": "地"}).json()["result"][0]["id"] == "Region"
    page = client.get("/reconcile/preview", params={"id": "https://w3id.org/meguri/region/13206", "lang": "en"})
    assert page.status_code == 200 and "Fuchu" in page.text
    strange = client.get("/reconcile/preview", params={"id": "<script>"})
    assert strange.status_code == 404 and "<script>" not in strange.text


def test_names_follow_the_graph(client: TestClient, published: Editions) -> None:
    (gone,) = ask(client, q={"query": "消える会社", "type": "Partner"}).values()
    assert not any(each["id"].endswith("GONE") for each in gone)
