"""The life of a match: allowed steps only, no lost change, refusals remembered, published only when both agree."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from search_api.service import Service
from search_api.settings import Settings
from tests.search_api.desk.conftest import SECRETARIAT_HEADERS, TOWN_HEADERS
from tests.search_api.desk.test_beside_a_server import meguri
from tests.search_api.desk.test_registrations import quads
from tests.search_api.http.problem_shape import assert_problem

URL = "/api/v1/matches"


def technology(client: TestClient, id_: str, what: str = "廃食用油を燃料にする装置") -> str:
    body = {
        "kind": "technology",
        "id": id_,
        "technology": f"{what} {id_}",
        "description": f"{what}。学校給食の廃食用油から燃料を作る。",
        "organisation": "株式会社サンプル油脂",
        "resources": ["廃食用油"],
    }
    response = client.post("/api/v1/registrations", json=body, headers=SECRETARIAT_HEADERS)
    assert response.status_code in (200, 201), response.text
    client.app.state.context.desk.settle()  # type: ignore[attr-defined]  # it is found within a second, not at once
    return f"technology-{id_}"


def start(client: TestClient, technology_: str, issue: str = "issue-I1") -> dict[str, Any]:
    response = client.post(URL, json={"issue": issue, "technology": technology_}, headers=SECRETARIAT_HEADERS)
    assert response.status_code == 201, response.text
    made: dict[str, Any] = response.json()
    return made


def move(client: TestClient, match: dict[str, Any], to: str | None, **more: Any) -> Any:
    return client.post(f"{URL}/{match['id']}/transitions", json={"to": to, **more}, headers=SECRETARIAT_HEADERS)


def suggested(client: TestClient, id_: str, headers: dict[str, str] | None = None) -> dict[str, Any]:
    response = client.get(f"/api/v1/records/{id_}/matches", params={"limit": 50}, headers=headers)
    assert response.status_code == 200, response.text
    body: dict[str, Any] = response.json()
    return body


def ids(body: dict[str, Any]) -> list[str]:
    return [one["result"]["id"] for one in body["suggestions"]]


def test_both_ways_it_is_said_what_fits(writing_client: TestClient) -> None:
    assert "technology-T1" in ids(suggested(writing_client, "issue-I1"))[:2]
    assert ids(suggested(writing_client, "technology-T1"))[0] == "issue-I1"
    unknown = writing_client.get("/api/v1/records/issue-never/matches")
    assert_problem(unknown, 404, "record_unknown")
    assert_problem(writing_client.get("/api/v1/records/resource-R1/matches"), 422, "match_kind")


def test_steps_follow_the_ontology_and_leave_their_history(writing_client: TestClient) -> None:
    match = start(writing_client, technology(writing_client, "M1"))
    assert match["next"] == ["declined", "introduced"]
    assert_problem(move(writing_client, match, "adopted"), 409, "match_step")
    assert_problem(move(writing_client, match, "declined"), 422, "reason_needed")
    assert move(writing_client, match, "introduced", reason="面談を設定").json()["version"] == 2
    assert_problem(move(writing_client, match, "talking", version=1), 409, "match_changed")
    body = move(writing_client, match, "talking", version=2).json()
    steps = [(e["from_state"], e["to_state"], e["actor"], e["reason"]) for e in body["history"]]
    assert steps == [
        (None, "suggested", "secretariat", None),
        ("suggested", "introduced", "secretariat", "面談を設定"),
        ("introduced", "talking", "secretariat", None),
    ]
    again = writing_client.post(
        URL, json={"issue": match["issue"], "technology": match["technology"]}, headers=SECRETARIAT_HEADERS
    )
    assert_problem(again, 409, "match_exists")


def test_what_was_declined_comes_back_only_with_a_new_reason(writing_client: TestClient) -> None:
    declined = technology(writing_client, "M2")
    assert declined in ids(suggested(writing_client, "issue-I1"))
    match = start(writing_client, declined)
    assert move(writing_client, match, "declined", reason="費用が合わない").status_code == 200
    public = suggested(writing_client, "issue-I1")
    assert declined not in ids(public) and "費用が合わない" not in str(public)
    (held,) = [
        h for h in suggested(writing_client, "issue-I1", SECRETARIAT_HEADERS)["held_back"] if h["id"] == declined
    ]
    assert held["reason"] == "費用が合わない"
    assert "issue-I1" not in ids(suggested(writing_client, declined))
    technology(writing_client, "M2", "値下げした廃食用油の燃料装置")  # the offer was revised: a new reason
    assert declined in ids(suggested(writing_client, "issue-I1"))
    assert_problem(move(writing_client, match, "suggested"), 422, "reason_needed")
    assert move(writing_client, match, "suggested", reason="値下げ").json()["state"] == "suggested"


def test_it_enters_the_graph_only_when_adopted_and_published_by_both(
    writing_client: TestClient, own_service: Service
) -> None:
    match = start(writing_client, technology(writing_client, "M3"))
    for state in ("introduced", "talking", "trial"):
        assert move(writing_client, match, state, publish=["technology"]).status_code == 200
    adopted = move(writing_client, match, "adopted").json()
    assert adopted["project"] is None
    assert match["id"] not in str(quads(own_service.store))
    published = move(writing_client, match, None, publish=["issue"]).json()
    assert published["project"] == f"project-{match['id']}"
    project = writing_client.get(f"/api/v1/records/{published['project']}")
    assert project.status_code == 200 and "technology-M3" in project.text and "issue-I1" in project.text
    # and speaks for similar regions from then on
    assert suggested(writing_client, "issue-I1")["suggestions"][0]["result"]["id"]


def test_a_withdrawn_side_ends_the_match(writing_client: TestClient) -> None:
    gone = technology(writing_client, "M4")
    match = start(writing_client, gone)
    writing_client.delete(f"/api/v1/records/{gone}", params={"reason": "終了"}, headers=SECRETARIAT_HEADERS)
    body = writing_client.get(f"{URL}/{match['id']}", headers=SECRETARIAT_HEADERS).json()
    assert (body["state"], body["history"][-1]["actor"]) == ("declined", "meguri")
    assert gone not in ids(suggested(writing_client, "issue-I1"))


@pytest.mark.parametrize("headers", [{}, TOWN_HEADERS])
def test_what_is_under_way_is_the_secretariats(headers: dict[str, str], writing_client: TestClient) -> None:
    assert writing_client.get(URL, headers=headers).status_code in (401, 403)
    assert writing_client.get(f"{URL}/match-x", headers=headers).status_code in (401, 403)
    body = {"issue": "issue-I1", "technology": "technology-T1"}
    assert writing_client.post(URL, json=body, headers=headers).status_code in (401, 403)


def test_from_the_command_line(writing_client: TestClient, settings: Settings) -> None:
    offered = technology(writing_client, "M5")
    made = meguri(settings, "match", "start", "issue-I1", offered)
    assert made.returncode == 0, made.stderr
    match = made.stdout.split()[0]
    assert meguri(settings, "match", "move", match, "introduced").returncode == 0
    assert match in meguri(settings, "match", "list", "--state", "introduced").stdout
    wrong = meguri(settings, "match", "move", match, "adopted")
    assert wrong.returncode == 1 and "talking" in wrong.stderr


def test_a_record_without_words_has_no_matches_and_a_reason(writing_client: TestClient) -> None:
    signs = {
        "kind": "issue",
        "id": "ISIGNS",
        "issue": "☆☆",
        "description": "☔☔",
        "prefecture": "和歌山県",
        "municipality": "太地町",
    }
    made = writing_client.post("/api/v1/registrations", json=[signs], headers=SECRETARIAT_HEADERS)
    assert made.status_code == 201, made.text
    body = suggested(writing_client, "issue-ISIGNS", SECRETARIAT_HEADERS)
    assert (body["suggestions"], body["answered"], body["reason"]["code"]) == ([], False, "record_without_words")
    assert "文字" in body["reason"]["ja"] and "words" in body["reason"]["en"]
    assert suggested(writing_client, "issue-I1")["reason"] is None
    related = writing_client.get("/api/v1/records/issue-ISIGNS/related")
    assert related.status_code == 200 and related.json()["similar"] == []
    for lang in ("ja", "en"):
        page = writing_client.get(f"/matches/issue-ISIGNS?lang={lang}", headers={"Accept": "text/html"})
        assert page.status_code == 200 and body["reason"][lang] in page.text
