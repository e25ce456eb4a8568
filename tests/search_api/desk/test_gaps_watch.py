"""The table of gaps while the server runs: ready, honest about its age, and honest while it is first counted."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from kg.errors import MeguriError
from search_api.matching import gaps_watch
from search_api.matching.gaps_watch import GapsWatch
from search_api.service import Service
from tests.search_api.desk.conftest import SECRETARIAT_HEADERS, current_gaps

NEW = {
    "kind": "issue",
    "id": "IGW",
    "issue": "鯨の骨の博物館に人が来ない",
    "description": "鯨の骨の展示が知られていない。",
    "prefecture": "和歌山県",
    "municipality": "太地町",
}


def test_a_table_that_is_not_there_yet_says_how_far_it_is(
    own_service: Service, monkeypatch: pytest.MonkeyPatch, writing_client: TestClient
) -> None:
    monkeypatch.setattr(gaps_watch, "PATIENCE", 0.0)
    watch = GapsWatch(own_service)
    watch._thread = object()  # type: ignore[assignment]  # started, and nothing counted yet
    watch._progress = (3, 9)
    with pytest.raises(MeguriError) as refused:
        watch.table("ja")
    assert refused.value.code == "gaps_counting" and "9 件中 3 件" in refused.value.ja and "3 of 9" in refused.value.en
    context = writing_client.app.state.context  # type: ignore[attr-defined]
    monkeypatch.setattr(context.gaps, "table", watch.table)
    page = writing_client.get("/gaps?lang=en", headers={"Accept": "text/html"})
    assert page.status_code == 503 and page.headers["Refresh"] == "3" and "3 of 9" in page.text
    body = writing_client.get("/api/v1/gaps").json()
    assert (body["code"], body["status"]) == ("gaps_counting", 503)


def test_a_table_follows_the_records(writing_client: TestClient) -> None:
    before = current_gaps(writing_client)
    assert "issue-IGW" not in [gap["id"] for gap in before["unmet"]]
    made = writing_client.post("/api/v1/registrations", json=[NEW], headers=SECRETARIAT_HEADERS)
    assert made.status_code == 201, made.text
    context = writing_client.app.state.context  # type: ignore[attr-defined]
    context.desk.settle()
    after = current_gaps(writing_client)
    assert after["issues"] == before["issues"] + 1


def test_a_record_whose_words_cannot_be_searched_for_is_a_gap_and_no_fault(writing_client: TestClient) -> None:
    signs = {**NEW, "id": "ISIGNS", "issue": "😀😀", "description": "☔☔"}
    made = writing_client.post("/api/v1/registrations", json=[signs], headers=SECRETARIAT_HEADERS)
    assert made.status_code == 201, made.text
    writing_client.app.state.context.desk.settle()  # type: ignore[attr-defined]
    unmet = {gap["id"]: gap for gap in current_gaps(writing_client)["unmet"]}
    assert unmet["issue-ISIGNS"]["nearest"] is None
