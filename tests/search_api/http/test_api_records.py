"""One record over HTTP: all statements, labels in both languages, where it came from."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.search_api.http.problem_shape import assert_problem

CES = "https://w3id.org/meguri/ces#"


def values(body: dict[str, Any], property_: str) -> list[dict[str, Any]]:
    return [v for s in body["statements"] if s["property"] == property_ for v in s["values"]]


@pytest.mark.parametrize(
    ("lang", "title", "resource"),
    [
        ("ja", "家庭の天ぷら油を収集車の燃料に変える設備", "廃食用油"),
        ("en", "Plant that turns household cooking oil into fuel for collection trucks", "Waste cooking oil"),
    ],
)
def test_statements_with_labels(client: TestClient, lang: str, title: str, resource: str) -> None:
    body = client.get("/api/v1/records/technology-T1", params={"lang": lang}).json()
    assert body["title"] == {"text": title, "lang": lang}
    assert body["language"] == lang and body["kind"] == "technology" and body["sample"] is True
    (used,) = values(body, f"{CES}usesResource")
    assert used["label"]["text"] == resource and used["path"] == "/concept/resource/wasteCookingOil"
    assert all(statement["label"]["text"] for statement in body["statements"])


def test_provenance(client: TestClient) -> None:
    origin = client.get("/api/v1/records/technology-T1").json()["provenance"]
    assert origin["source"] == "technologies.json" and origin["row"] == 1
    assert origin["agent"] == "meguri test" and origin["media_type"] == "application/json"
    assert len(origin["source_sha256"]) == 64 and len(origin["content_hash"]) == 64
    assert origin["time"].startswith("20")


def test_every_statement_of_the_graph_is_there(client: TestClient, service: Any) -> None:
    from kg.iris import record_iri

    iri = record_iri(service.folder.base, "issue-I1")
    graph = service.store.graph(iri)
    body = client.get("/api/v1/records/issue-I1").json()
    listed = {(s["property"], v["value"]) for s in body["statements"] for v in s["values"]}
    assert listed == {(str(p), str(o)) for p, o in graph.predicate_objects(iri)}
    (amount,) = values(body, f"{CES}hasAmount")
    inside = {s["property"]: s["values"][0]["value"] for s in amount["statements"]}
    assert inside["https://schema.org/value"] in ("12", "12.0") and inside["https://schema.org/unitText"] == "t/年"


def test_incoming_links(client: TestClient) -> None:
    body = client.get("/api/v1/records/partner-P1").json()
    (offers,) = [group for group in body["incoming"] if group["property"] == f"{CES}offeredBy"]
    assert offers["total"] == 15 and "/id/technology-T1" in {s["path"] for s in offers["sources"]}


def test_a_region_by_the_id_of_a_result(client: TestClient) -> None:
    body = client.get("/api/v1/records/region-13206", params={"lang": "en"}).json()
    assert body["kind"] == "region" and body["title"]["text"] == "Fuchu City, Tokyo"[: len(body["title"]["text"])]
    assert body["provenance"] is None


@pytest.mark.parametrize(
    "id_",
    [
        "technology-T999",
        "nothing",
        "technology-",
        "-",
        "technology-T1#amount-1",
        "unicorn-1",
        "a" * 5000,
        "日本",
        "%00",
        "..",
        "%3Cscript%3E",
    ],
)
def test_unknown_records(client: TestClient, id_: str) -> None:
    response = client.get("/api/v1/records/" + id_.replace("#", "%23"))
    assert_problem(response, 404, response.json()["code"])
    assert len(response.content) < 5_000


def test_unknown_region(client: TestClient) -> None:
    assert_problem(client.get("/api/v1/records/region-99999"), 404, "region_unknown")


def test_wrong_language(client: TestClient) -> None:
    assert_problem(client.get("/api/v1/records/technology-T1", params={"lang": "xx"}), 422, "filter_unknown")


def test_wrong_method(client: TestClient) -> None:
    assert_problem(client.put("/api/v1/records/technology-T1"), 405, "method_not_allowed")
