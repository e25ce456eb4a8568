"""Commands that write go through the server that serves the data folder: the same report, the same exit codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from kg.errors import MeguriError
from kg.folder import DataFolder
from search_api.cli.reports import of_answer
from search_api.desk.commands import COMMANDS, carry_out
from search_api.desk.desk import Desk
from search_api.settings import Settings
from tests.search_api.conftest import open_service
from tests.search_api.desk.conftest import SECRETARIAT_HEADERS, TOWN_HEADERS
from tests.search_api.http.problem_shape import assert_problem

GOOD = (
    "ID,課題名,概要,市区町村コード,電話番号\n"
    "B1,蔵を宿にしたい,酒蔵が空いている,13206,042-000-1111\n"
    "B2,木が余る,剪定枝が余る,13206,\n"
)
BAD = "ID,課題名,概要,市区町村コード\nB3,場所が違う,説明,99999\n"


def meguri(settings: Settings, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from search_api.cli import main; main()", *arguments]
    environment = os.environ | {"MEGURI_DATA": str(settings.data)}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "issues" / "office.csv"
    path.parent.mkdir()
    path.write_text(GOOD, encoding="utf-8")
    return path


def quiet(done: int, total: int, text: str) -> None:
    pass


def whole(answers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The reports with their rows, wherever these lie."""
    told = [of_answer(answer) for answer in answers]
    return [report.head | {"rows": list(report.rows())} for report in told if report.rows]


def arguments(file: Path) -> dict[str, Any]:
    return {"paths": [str(file)], "names": ["issues/office.csv"]}


def test_an_ingestion_goes_through_the_server(writing_client: TestClient, settings: Settings, file: Path) -> None:
    done = meguri(settings, "ingest", str(file), "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert (report["file"], report["summary"]["valid"]) == (str(file), 2)
    # searched and seen when the command ends
    found = writing_client.get("/api/v1/search", params={"q": "蔵を宿にしたい", "find": "issue"}).json()
    assert found["results"][0]["id"] == "issue-B1"
    again = json.loads(meguri(settings, "ingest", str(file), "--json").stdout)
    assert [row["status"] for row in again["rows"]] == ["unchanged", "unchanged"]
    file.write_text(BAD, encoding="utf-8")
    assert meguri(settings, "ingest", str(file)).returncode == 1
    assert meguri(settings, "ingest", str(file), "--kind", "nonsense").returncode != 0


def test_the_report_is_that_of_a_run_without_a_server(
    writing_client: TestClient, settings: Settings, file: Path, data_folder: DataFolder
) -> None:
    other = file.rename(file.with_name("other.csv"))
    wrong = BAD.partition("\n")[2][:-1] + ",\n"
    # of their own content: what repeats a record of another test would be reported as its duplicate here or there
    rows = GOOD.replace("B1,蔵を宿にしたい,酒蔵が空いている", "D1,港の倉庫を使いたい,倉庫が十棟ある")
    rows = rows.replace("B2,木が余る,剪定枝が余る", "D2,雪の置き場がない,除雪した雪を積む所がない")
    other.write_text(rows + wrong, encoding="utf-8")
    beside = whole(carry_out(settings, "ingest", arguments(other), quiet))
    with open_service(data_folder) as service:
        desk = Desk(Settings(data=data_folder.path), service)
        assert whole(COMMANDS["ingest"](desk, arguments(other), quiet)) == beside
        desk.close()


def test_search_and_registration_go_on_during_a_large_ingestion(
    writing_client: TestClient, settings: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "issues.csv"
    rows = [f"G{n},課題その{n},大きなファイルの{n}行目の説明です,13206," for n in range(800)]
    path.write_text(GOOD.splitlines()[0] + "\n" + "\n".join(rows), encoding="utf-8")
    with ThreadPoolExecutor() as pool:
        ingestion = pool.submit(carry_out, settings, "ingest", arguments(path), quiet)
        asked = 0
        body = {"kind": "issue", "id": "M1", "issue": "割り込む登録", "description": "途中の登録", "jis_code": "13206"}
        posted = writing_client.post("/api/v1/registrations", json=body, headers=SECRETARIAT_HEADERS)
        assert posted.status_code == 201, posted.text
        found = False
        while not ingestion.done():
            answer = writing_client.get("/api/v1/search", params={"q": "割り込む登録", "find": "issue"})
            assert answer.status_code == 200, answer.text
            found = found or "issue-M1" in [result["id"] for result in answer.json()["results"]]
            asked += 1
            time.sleep(0.05)
        (report,) = whole(ingestion.result())
    assert report["summary"]["valid"] == 800
    assert found and asked > 1, "the registration waited for the whole file"


def test_a_withdrawn_record_is_gone_everywhere(writing_client: TestClient, settings: Settings, file: Path) -> None:
    carry_out(settings, "ingest", arguments(file), quiet)
    done = meguri(settings, "withdraw", "issue-B1", "--reason", "二重登録")
    assert done.returncode == 0, done.stderr
    assert_problem(writing_client.get("/api/v1/records/issue-B1"), 410, "record_withdrawn")
    url = "/api/v1/records/issue-B2"
    assert_problem(writing_client.delete(url, params={"reason": "重複"}), 401, "token_missing")
    assert_problem(writing_client.delete(url, params={"reason": "x"}, headers=TOWN_HEADERS), 403, "not_allowed")
    answer = writing_client.delete(url, params={"reason": "重複"}, headers=SECRETARIAT_HEADERS)
    assert (answer.status_code, answer.json()["id"]) == (200, "issue-B2")
    assert writing_client.get("/id/issue-B2", headers={"Accept": "text/html"}).status_code == 410
    unknown = writing_client.delete("/api/v1/records/issue-never", params={"reason": "x"}, headers=SECRETARIAT_HEADERS)
    assert_problem(unknown, 404, "record_unknown")
    with_hits = writing_client.get("/api/v1/search", params={"q": "蔵を宿にしたい", "find": "issue"}).json()
    assert "issue-B1" not in [result["id"] for result in with_hits["results"]]


def test_the_queue_is_worked_from_the_command_line(writing_client: TestClient, settings: Settings) -> None:
    body = {"kind": "issue", "id": "Q1", "issue": "列で待つ課題", "description": "待つ", "jis_code": "13206"}
    id_ = writing_client.post("/api/v1/registrations", json=body, headers=TOWN_HEADERS).json()["rows"][0][
        "registration"
    ]
    assert id_ in meguri(settings, "review-queue").stdout
    accepted = meguri(settings, "review-queue", "accept", id_)
    assert accepted.returncode == 0, accepted.stderr
    assert writing_client.get("/api/v1/records/issue-Q1").status_code == 200
    again = meguri(settings, "review-queue", "reject", id_, "--reason", "遅い")
    assert again.returncode == 1 and "審査待ちではありません" in again.stderr


def test_the_index_is_rebuilt_while_serving(writing_client: TestClient, settings: Settings) -> None:
    before = writing_client.get("/api/v1/search", params={"q": "天ぷら油"}).json()["results"]
    count = carry_out(settings, "reindex", {}, quiet)
    assert count > 0
    after = writing_client.get("/api/v1/search", params={"q": "天ぷら油"}).json()["results"]
    assert [result["id"] for result in after][:3] == [result["id"] for result in before][:3]


def test_a_command_that_the_server_does_not_know(writing_client: TestClient, settings: Settings) -> None:
    with pytest.raises(MeguriError) as caught:
        carry_out(settings, "nonsense", {}, quiet)
    assert caught.value.code == "command_unknown"
