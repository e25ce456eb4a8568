"""The API describes itself: every route, parameter and response in both languages, examples that are valid."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from search_api.engine.results import SearchAnswer
from search_api.http import examples
from search_api.http.records import RecordBody


@pytest.fixture(scope="module")
def schema(client: TestClient) -> dict[str, Any]:
    loaded: dict[str, Any] = client.get("/openapi.json").json()
    return loaded


def test_routes(schema: dict[str, Any]) -> None:
    assert set(schema["paths"]) == {
        "/api/v1/search",
        "/api/v1/records/{id}",
        "/api/v1/ledger",
        "/api/v1/records/{id}/matches",
        "/api/v1/records/{id}/related",
        "/api/v1/records/{id}/statements",
        "/api/v1/records/{id}/statements/{statement}/review",
        "/api/v1/gaps",
        "/api/v1/exchange",
        "/api/v1/matches",
        "/api/v1/matches/{id}",
        "/api/v1/matches/{id}/transitions",
        "/api/v1/registrations",
        "/api/v1/registrations/{id}",
        "/api/v1/registrations/{id}/decision",
        "/id/{id}",
        "/region/{code}",
        "/concept/{scheme}/{slug}",
        "/scheme/{name}",
        "/ontology",
        "/ontology/context.jsonld",
        "/ontology/schemas/{kind}.json",
        "/ontology/shapes.ttl",
        "/api/v1/exchange/{id}",
        "/dataset",
        "/editions",
        "/editions/{number}",
        "/editions/{number}/changes",
        "/resolve",
        "/q",
        "/q/{hash}",
        "/api/v1/labels",
        "/reconcile",
        "/sparql",
        "/health/live",
        "/health/ready",
    }


def test_search_parameters_are_the_designs(schema: dict[str, Any]) -> None:
    names = [p["name"] for p in schema["paths"]["/api/v1/search"]["get"]["parameters"]]
    assert names == ["q", "find", "region", "level", "theme", "sdg", "ignore", "fitting", "lang", "limit", "offset"]


def test_everything_is_described_in_both_languages(schema: dict[str, Any]) -> None:
    for route in (route for methods in schema["paths"].values() for route in methods.values()):
        for text in (route["summary"], route["description"]):
            assert not text.isascii() and any(word.isascii() for word in text.split())
        for parameter in route.get("parameters", []):
            assert parameter.get("description") or parameter["in"] == "path", parameter
        assert "HTTPValidationError" not in str(route)


def test_errors_are_problem_documents(schema: dict[str, Any]) -> None:
    for route in (route for methods in schema["paths"].values() for route in methods.values()):
        for status, response in route["responses"].items():
            if int(status) >= 400:
                assert list(response["content"]) == ["application/problem+json"]
    assert {"type", "title", "status", "detail", "instance", "code", "message", "remedy"} <= set(
        schema["components"]["schemas"]["Problem"]["required"]
    )


def test_examples_are_valid() -> None:
    assert SearchAnswer.model_validate(examples.SEARCH_ANSWER).model_dump() == examples.SEARCH_ANSWER
    RecordBody.model_validate(examples.RECORD)


def test_nothing_loads_from_elsewhere(client: TestClient) -> None:
    assert client.get("/docs").status_code == 404 and client.get("/redoc").status_code == 404
