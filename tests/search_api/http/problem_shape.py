"""What every error over HTTP must look like, asserted in one place."""

from __future__ import annotations

from typing import Any

import httpx


def assert_problem(response: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The body, after checking that it is a whole problem document in both languages."""
    assert response.status_code == status, response.text[:500]
    assert response.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = response.json()
    assert body["status"] == status
    assert body["code"] == code
    assert body["type"].endswith(f"/{code}")
    assert body["title"] and body["detail"] and body["instance"].startswith("/")
    for part in ("message", "remedy"):
        assert set(body[part]) == {"ja", "en"}
        assert body[part]["ja"] and body[part]["en"]
        assert not body[part]["ja"].isascii()
        assert body[part]["en"] != body[part]["ja"]
    assert "traceback" not in response.text.lower()
    return body
