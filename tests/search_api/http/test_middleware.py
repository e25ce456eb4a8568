"""What every response has: security headers, ETags, HEAD, compression; and that faults are told, not shown."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.search_api.http.problem_shape import assert_problem

PATHS = ["/", "/?q=oil", "/id/technology-T1", "/api/v1/search?q=oil", "/nowhere", "/health/live", "/static/meguri.css"]


@pytest.mark.parametrize("path", PATHS)
def test_security_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy and "script-src 'self'" in policy and "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"]


@pytest.mark.parametrize(
    "path", ["/", "/id/technology-T1", "/id/technology-T1.ttl", "/region/13", "/map.svg", "/openapi.json"]
)
def test_etags(client: TestClient, path: str) -> None:
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304 and again.content == b""
    assert again.headers["etag"] == first.headers["etag"] and again.headers["x-content-type-options"]
    assert client.get(path, headers={"If-None-Match": 'W/"other"'}).status_code == 200


@pytest.mark.parametrize("path", PATHS)
def test_head_is_get_without_a_body(client: TestClient, path: str) -> None:
    head, get = client.head(path), client.get(path)
    assert head.status_code == get.status_code and head.content == b""
    assert head.headers["content-type"] == get.headers["content-type"]


def test_compression(client: TestClient) -> None:
    assert client.get("/", headers={"Accept-Encoding": "gzip"}).headers["content-encoding"] == "gzip"
    assert "content-encoding" not in client.get("/", headers={"Accept-Encoding": "identity"}).headers


def test_a_fault_tells_nothing_of_the_inside(client: TestClient, service: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("secret path /etc/passwd")

    monkeypatch.setattr(type(service.engine), "search", broken)
    response = client.get("/api/v1/search", params={"q": "oil"})
    assert_problem(response, 500, "fault")
    assert "passwd" not in response.text and response.headers["x-content-type-options"] == "nosniff"
    page = client.get("/", params={"q": "oil"}, headers={"Accept": "text/html"})
    assert page.status_code == 500 and "passwd" not in page.text and page.headers["content-security-policy"]
