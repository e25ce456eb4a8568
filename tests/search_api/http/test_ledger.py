"""The ledger over HTTP, as a page and by command, over members of each rule set stored in a real folder."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from ingest.columns import load_columns
from ingest.pipeline import Ingestion, Options
from kg.folder import DataFolder
from search_api.cli import app as command_line
from search_api.http.app import create_app
from search_api.settings import Settings
from tests.search_api.conftest import open_service
from tests.search_api.http.problem_shape import assert_problem

EVIL = "<script>alert(1)</script>"
PARTNERS = [
    {
        "id": "P1",
        "organisation": f"サンプル製油 {EVIL}",
        "organisation_en": "Sample Oil Mill",
        "member_kind": "企業",
        "sample": "はい",
    },
    {"id": "P2", "organisation": "サンプル町", "member_kind": "自治体", "sample": "はい"},
    {"id": "P3", "organisation": "サンプル大学", "member_kind": "大学", "sample": "はい"},
]
COMMITMENTS = [
    {
        "id": "C1",
        "organisation": PARTNERS[0]["organisation"],
        "member_kind": "企業",
        "commitment": "油を集める",
        "commitment_en": "Collect oil",
        "joined": "2024-04-01",
        "goal_submitted": "2024-06-30",
        "changed": "2025-01-10",
        "indicator": "量",
        "target_value": 10,
        "target_unit": "t",
        "target_year": 2030,
    },
    {
        "id": "C2",
        "organisation": "サンプル町",
        "member_kind": "自治体",
        "commitment": "ごみを減らす",
        "joined": "2024-04-01",
        "goal_submitted": "2024-06-30",
        "plan_revision": "2026-03-31",
        "period_months": 24,
        "indicator": "量",
        "target_value": 10,
        "target_unit": "t",
        "target_year": 2030,
    },
    {
        "id": "C3",
        "organisation": "サンプル大学",
        "member_kind": "大学",
        "commitment": "共同研究を始める",
        "joined": "2024-04-01",
    },
]


@pytest.fixture(scope="module")
def members(prepared_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> DataFolder:
    root = tmp_path_factory.mktemp("ledger")
    shutil.copytree(prepared_folder, root / "data")
    folder = DataFolder.open(root / "data")
    with folder.writer() as store:
        ingestion = Ingestion(store, folder.base, Options(load_columns()), "test")
        for name, rows in (("partners", PARTNERS), ("commitments", COMMITMENTS)):
            file = root / name / f"{name}.json"
            file.parent.mkdir()
            file.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
            assert not ingestion.ingest(file).rejected
        folder.snapshots.publish(store)
    return folder


@pytest.fixture(scope="module")
def ledger_client(members: DataFolder) -> Iterator[TestClient]:
    with open_service(members) as service, TestClient(create_app(Settings(data=members.path), service)) as client:
        yield client


def test_rows_come_most_urgent_first_with_day_and_reason(ledger_client: TestClient) -> None:
    body = ledger_client.get("/api/v1/ledger", params={"on": "2025-07-10"}).json()
    assert body["on"] == "2025-07-10" and body["total"] == 3
    # the company published nothing with its goal of 2024-06-30 and sent no report; the project was due before that
    assert [(row["id"], row["state"], row["due"], row["days"]) for row in body["rows"]] == [
        ("commitment-C3", "project_missing", "2025-04-01", -100),
        ("commitment-C1", "follow_up_overdue", "2025-06-30", -10),
        ("commitment-C2", "on_track", "2026-03-31", 264),
    ]
    company = body["rows"][1]
    assert [duty["state"] for duty in company["also"]] == ["publication_missing"]
    assert (company["member_en"], company["commitment_en"], company["changed"]) == (
        "Sample Oil Mill",
        "Collect oil",
        "2025-01-10",
    )
    assert "2025-06-30" in company["reason"]["ja"] and "2025-06-30" in company["reason"]["en"]
    assert body["states"] == {
        "project_missing": 1,
        "goal_overdue": 0,
        "follow_up_overdue": 1,
        "publication_missing": 0,
        "goal_pending": 0,
        "on_track": 1,
    }


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        ({"state": "publication_missing"}, ["commitment-C1"]),  # late with two things: found under both
        ({"kind": "localGovernment"}, ["commitment-C2"]),
        ({"kind": "localGovernment", "state": "goal_overdue"}, []),
        ({"on": "令和7年4月1日"}, ["commitment-C1", "commitment-C3", "commitment-C2"]),
    ],
)
def test_filters_and_days_as_people_write_them(
    ledger_client: TestClient, filters: dict[str, str], ids: list[str]
) -> None:
    body = ledger_client.get("/api/v1/ledger", params={"on": "2025-07-10", **filters}).json()
    assert [row["id"] for row in body["rows"]] == ids
    assert sum(body["member_kinds"].values()) == 3  # counts are over all members


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("on=soon", "filter_unknown"),
        ("state=late", "filter_unknown"),
        ("kind=company", "filter_unknown"),
        ("day=2025-01-01", "parameter_invalid"),
    ],
)
def test_what_cannot_be_is_refused_with_a_problem(ledger_client: TestClient, query: str, code: str) -> None:
    assert_problem(ledger_client.get(f"/api/v1/ledger?{query}"), 422, code)


def test_the_page_shows_each_member_in_both_languages(ledger_client: TestClient) -> None:
    ja = ledger_client.get("/ledger?on=2025-07-10&lang=ja").text
    en = ledger_client.get("/ledger?on=2025-07-10&lang=en").text
    assert "プロジェクト未着手" in ja and "100日超過" in ja and "2025年4月1日" in ja
    assert "Sample Oil Mill" in en and "10 days overdue" in en and "in 264 days" in en
    assert 'lang="ja">サンプル町' in en  # no English name: said in the language it has
    assert EVIL not in ja and "&lt;script&gt;" in ja
    hrefs = re.findall(r'href="(/(?:id|concept|ledger)[^"]*)"', en)
    assert {"/id/commitment-C1?lang=en", "/id/partner-P1?lang=en"} <= set(hrefs)
    assert all(ledger_client.get(href.replace("&amp;", "&")).status_code == 200 for href in set(hrefs))


def test_a_day_that_is_none_is_said_on_the_page_which_stays_usable(ledger_client: TestClient) -> None:
    response = ledger_client.get("/ledger?on=%E6%98%8E%E6%97%A5&lang=en")
    assert response.status_code == 422
    assert 'role="alert"' in response.text and 'name="on"' in response.text and "Sample Oil Mill" in response.text


def test_the_command_prints_the_same(members: DataFolder, ledger_client: TestClient) -> None:
    asked = ["ledger", "--on", "2025-07-10", "--data", str(members.path)]
    printed = CliRunner().invoke(command_line, [*asked, "--json"])
    assert json.loads(printed.stdout) == ledger_client.get("/api/v1/ledger?on=2025-07-10").json()["rows"]
    told = CliRunner().invoke(command_line, [*asked, "--kind", "localGovernment"]).stdout
    assert "on_track" in told and "2026-03-31" in told and "サンプル町" in told and "follow_up" not in told
