"""The search over HTTP: the answer's shape, the language of its labels, and every way to ask wrongly."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from search_api.engine.results import SearchAnswer
from tests.search_api.http.problem_shape import assert_problem

PATH = "/api/v1/search"


def test_answers_as_the_design_says(client: TestClient) -> None:
    response = client.get(PATH, params={"q": "家庭の天ぷら油を収集車の燃料に変えたい"})
    assert response.status_code == 200
    body = response.json()
    assert list(body) == [
        "query",
        "find",
        "language",
        "edition",
        "took_ms",
        "answered",
        "results",
        "facets",
        "next",
        "advice",
        "understood",
        "unfit",
        "meant",
    ]
    assert body["answered"] is True
    first = body["results"][0]
    assert first["id"] == "technology-T1" and first["sample"] is True and first["score"] is None
    assert first["evidence"]["shared_concepts"][0]["label"] == "廃食用油"
    assert SearchAnswer.model_validate(body)


@pytest.mark.parametrize(
    ("params", "accept", "expected"),
    [
        ({"lang": "en"}, "ja", "en"),
        ({"lang": "ja"}, "en", "ja"),
        ({}, "en-GB,en;q=0.9,ja;q=0.8", "en"),
        ({}, "fr,ja;q=0.4,en;q=0.3", "ja"),
        ({}, "", "ja"),
        ({}, "de, *;q=0.1", "ja"),
    ],
)
def test_labels_speak_the_language_asked_for(
    client: TestClient, params: dict[str, str], accept: str, expected: str
) -> None:
    response = client.get(PATH, params={"q": "廃食用油", **params}, headers={"Accept-Language": accept})
    assert response.json()["language"] == expected
    assert response.headers["content-language"] == expected
    first = next(r for r in response.json()["results"] if r["id"] == "technology-T1")
    assert first["evidence"]["shared_concepts"][0]["label"] == {"ja": "廃食用油", "en": "Waste cooking oil"}[expected]


def test_without_any_wish_labels_speak_the_querys_language(client: TestClient) -> None:
    body = client.get(PATH, params={"q": "used cooking oil"}, headers={"Accept-Language": ""}).json()
    assert body["language"] == "en"


def test_filters_and_pages(client: TestClient) -> None:
    first = client.get(PATH, params={"q": "見守り", "limit": 5}).json()
    second = client.get(PATH, params={"q": "見守り", "limit": 5, "offset": first["next"]}).json()
    assert len(first["results"]) == 5 and first["next"] == 5
    assert not {r["id"] for r in first["results"]} & {r["id"] for r in second["results"]}
    in_town = client.get(PATH, params={"q": "竹", "find": "resource", "region": "34208"}).json()
    assert [r["id"] for r in in_town["results"]] == ["resource-R1"]
    elsewhere = client.get(PATH, params={"q": "竹", "find": "resource", "region": "13"}).json()
    assert elsewhere["answered"] is False and elsewhere["results"] == []


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({}, "query_empty"),
        ({"q": ""}, "query_empty"),
        ({"q": "   　"}, "query_empty"),
        ({"q": "a " * 30_000}, "query_too_long"),
        ({"q": "🍤🛢️🚛"}, "query_without_words"),
        ({"q": "oil", "find": "unicorn"}, "filter_unknown"),
        ({"q": "oil", "region": "atlantis"}, "filter_unknown"),
        ({"q": "oil", "region": "府中市"}, "filter_unknown"),
        ({"q": "oil", "level": "galaxy"}, "filter_unknown"),
        ({"q": "oil", "theme": "nothing"}, "filter_unknown"),
        ({"q": "oil", "lang": "fr"}, "filter_unknown"),
        ({"q": "oil", "sdg": "18"}, "filter_unknown"),
        ({"q": "oil", "limit": "0"}, "parameter_invalid"),
        ({"q": "oil", "limit": "many"}, "parameter_invalid"),
        ({"q": "oil", "offset": "-1"}, "parameter_invalid"),
        ({"q": "oil", "regions": "13"}, "parameter_invalid"),
    ],
)
@pytest.mark.parametrize("accept_language", ["ja", "en"])
def test_refuses_with_a_reason(client: TestClient, params: dict[str, str], code: str, accept_language: str) -> None:
    response = client.get(PATH, params=params, headers={"Accept-Language": accept_language})
    body = assert_problem(response, 422, code)
    assert response.headers["content-language"] == accept_language
    assert body["detail"] == body["message"][accept_language]
    assert len(response.content) < 20_000


@pytest.mark.parametrize(
    "query", ["%", "\x00", "' OR 1=1 --", '"}<script>', "a\u202eb", "\ud83d\ude00 oil", "?s ?p ?o ."]
)
def test_odd_text_is_text(client: TestClient, query: str) -> None:
    assert client.get(PATH, params={"q": query.encode("utf-16", "surrogatepass").decode("utf-16")}).status_code in (
        200,
        422,
    )


def test_undecodable_bytes_are_no_fault(client: TestClient) -> None:
    assert client.get(f"{PATH}?q=%ff%fe%ed%a0%80oil").status_code in (200, 422)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_other_methods_are_refused(client: TestClient, method: str) -> None:
    response = client.request(method, PATH, params={"q": "oil"})
    assert_problem(response, 405, "method_not_allowed")
    assert "GET" in response.headers["allow"]


def test_a_place_in_the_query_is_told_and_can_be_taken_back(client: TestClient) -> None:
    asked = {"q": "広島県の油", "find": "issue", "lang": "en"}
    body = client.get(PATH, params=asked).json()
    (part,) = body["understood"]
    assert (part["use"], part["label"], part["region"]["code"]) == ("filter", "Hiroshima Prefecture", "34")
    back = client.get(PATH, params={**asked, "ignore": ["広島県"]}).json()
    assert back["understood"][0]["use"] == "ignored" and len(back["results"]) > len(body["results"])
