"""What was read from a document is listed, judged by the secretariat only, and keeps its judgment."""

from __future__ import annotations

from pathlib import Path

from fastapi.testclient import TestClient

from ingest.columns import load_columns
from ingest.pipeline import Ingestion, Options
from search_api.desk.statements import statements_of
from search_api.service import Service
from tests.search_api.desk.conftest import SECRETARIAT_HEADERS, TOWN_HEADERS
from tests.search_api.http.problem_shape import assert_problem

TEXT = "飯田市の計画\n\n本市では担い手不足が課題である。2030年度までに可燃ごみの排出量を30%削減する。\n"


def ingested(service: Service, folder: Path, text: str = TEXT) -> str:
    (folder / "read.txt").write_text(text, encoding="utf-8")
    options = Options(load_columns(), cache=service.folder.cache_path)
    report = Ingestion(service.store, service.folder.base, options, "tests").ingest(folder / "read.txt")
    return str(report.rows[0].id)


def test_statements_are_listed_judged_and_keep_their_judgment(
    writing_client: TestClient, own_service: Service, tmp_path: Path
) -> None:
    id_ = ingested(own_service, tmp_path)
    url = f"/api/v1/records/{id_}/statements"
    listed = writing_client.get(url).json()
    assert [(one["predicate"], one["review"]) for one in listed] == [("facesIssue", None), ("targetValue", None)]
    assert TEXT[listed[0]["start"] : listed[0]["end"]] == "本市では担い手不足が課題である。"
    review = f"{url}/{listed[0]['statement']}/review"
    assert_problem(writing_client.post(review, json={"decision": "accepted"}), 401, "token_missing")
    town = writing_client.post(review, json={"decision": "accepted"}, headers=TOWN_HEADERS)
    assert_problem(town, 403, "not_allowed")
    said = {"decision": "corrected", "correction": "飯田市 — facesIssue → 人手不足"}
    answered = writing_client.post(review, json=said, headers=SECRETARIAT_HEADERS)
    assert answered.status_code == 200, answered.text
    assert answered.json()["review"]["correction"] == said["correction"]
    ingested(own_service, tmp_path, TEXT.replace("計画", "計画（改訂）"))
    kept = statements_of(own_service.store, own_service.folder.base, id_)[0]
    assert kept["review"]["decision"] == "corrected"
    page = writing_client.get(f"/id/{id_}?lang=ja", headers={"Accept": "text/html"}).text
    assert "人手不足" in page
    assert "確認済み（訂正）" in page
    assert "未確認" in page


def test_what_was_not_read_cannot_be_judged(writing_client: TestClient, own_service: Service, tmp_path: Path) -> None:
    id_ = ingested(own_service, tmp_path)
    url = f"/api/v1/records/{id_}/statements/s-000000000000/review"
    unknown = writing_client.post(url, json={"decision": "rejected"}, headers=SECRETARIAT_HEADERS)
    assert_problem(unknown, 404, "statement_unknown")
    assert_problem(writing_client.get("/api/v1/records/technology-T1/statements"), 404, "record_unknown")
    first = writing_client.get(f"/api/v1/records/{id_}/statements").json()[0]["statement"]
    empty = writing_client.post(
        f"/api/v1/records/{id_}/statements/{first}/review", json={"decision": "corrected"}, headers=SECRETARIAT_HEADERS
    )
    assert_problem(empty, 422, "correction_needed")
