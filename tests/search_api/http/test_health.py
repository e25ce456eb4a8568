"""Live and ready."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.search_api.http.problem_shape import assert_problem


def test_live(client: TestClient) -> None:
    assert client.get("/health/live").json() == {"status": "ok"}


def test_ready(client: TestClient) -> None:
    body = client.get("/health/ready").json()
    assert body["status"] == "ok"
    found = {check["name"]: check["found"] for check in body["checks"]}
    assert set(found) == {"graph", "index"}
    assert found["index"]["records"] == 19 and found["index"]["stale"] == found["index"]["gone"] == 0


def test_not_ready_where_the_index_lacks_a_record(
    client: TestClient, service: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashes = service.index.record_hashes()
    hashes.pop("technology-T1")
    monkeypatch.setattr(type(service.index), "record_hashes", lambda _: hashes)
    body = assert_problem(client.get("/health/ready"), 503, "not_ready")
    (index,) = [check for check in body["checks"] if check["name"] == "index"]
    assert index["ok"] is False and index["found"]["stale"] == 1


def test_not_ready_where_the_store_fails(client: TestClient, service: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise OSError("disk")

    monkeypatch.setattr(type(service.store), "ask", broken)
    assert_problem(client.get("/health/ready"), 503, "not_ready")
