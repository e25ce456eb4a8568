"""The view from above, exchange and what is related: what is counted, who completes whom, what is still open."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date

import pytest
from fastapi.testclient import TestClient

from search_api.matching import ranking
from search_api.matching.exchange import _staying
from search_api.matching.gaps import _inert
from search_api.matching.related import related_to
from search_api.matching.similarity import RegionLikeness
from search_api.service import Service
from tests.search_api.desk.conftest import SECRETARIAT_HEADERS, current_gaps
from tests.search_api.http.problem_shape import assert_problem

RECORDS = [
    {
        "kind": "partner",
        "id": "PX",
        "organisation": "八王子油脂再生株式会社",
        "prefecture": "東京都",
        "municipality": "八王子市",
    },
    {
        "kind": "technology",
        "id": "TX",
        "technology": "廃食用油の精製所",
        "description": "廃食用油を精製する。",
        "organisation": "八王子油脂再生株式会社",
        "resources": ["廃食用油"],
        "処理量（t/年）": 24,
        "deployed_in": ["東京都八王子市"],
    },
    {
        "kind": "resource",
        "id": "RX",
        "resource": "学校の廃食用油",
        "description": "給食の廃食用油が出る。",
        "prefecture": "東京都",
        "municipality": "日野市",
        "resource_kind": ["廃食用油"],
        "発生量（t/年）": 12,
    },
    {
        "kind": "issue",
        "id": "IX",
        "issue": "鯨の骨の博物館に人が来ない",
        "description": "鯨の骨の展示が知られていない。",
        "prefecture": "和歌山県",
        "municipality": "太地町",
        "themes": ["廃食用油の利用"],
    },
    {
        "kind": "scheme",
        "id": "SX",
        "scheme": "廃食用油の利用を助ける補助金",
        "description": "廃食用油を燃料にする設備への補助。",
        "closes": "2030-03-31",
    },
]


@pytest.fixture(scope="module")
def filled(writing_client: TestClient) -> TestClient:
    response = writing_client.post("/api/v1/registrations", json=RECORDS, headers=SECRETARIAT_HEADERS)
    assert response.status_code == 201 and response.json()["summary"]["rejected"] == 0, response.text
    writing_client.app.state.context.desk.settle()  # type: ignore[attr-defined]
    return writing_client


def closest(client: TestClient, id_: str) -> float:
    found = client.get(f"/api/v1/records/{id_}/matches").json()["suggestions"]
    return max(float(one["result"]["evidence"]["dense"]) for one in found)


@pytest.fixture(scope="module")
def line(filled: TestClient) -> Iterator[None]:
    """The double's cosines are not the model's: a line between an answered issue and one that is not."""
    answered, unanswered = closest(filled, "issue-I1"), closest(filled, "issue-IX")
    assert answered > unanswered
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ranking, "UNCALIBRATED_LINE", (answered + unanswered) / 2)
        watch = filled.app.state.context.gaps  # type: ignore[attr-defined]
        watch.stop()
        watch.start()
        yield


def test_a_surplus_meets_a_need_with_amounts_and_distance(filled: TestClient) -> None:
    body = filled.get("/api/v1/exchange", params={"record": "resource-RX", "lang": "ja"}).json()
    flow = next(f for f in body["flows"] if f["need"]["id"] == "technology-TX")
    assert (flow["supply"]["id"], flow["resource"]["label"]) == ("resource-RX", "廃食用油")
    assert 5 < flow["distance_km"] < 15  # the town halls of Hino and Hachioji
    assert flow["covers"] == 0.5
    assert "日野市" in flow["text"] and "八王子市" in flow["text"]
    assert_problem(filled.get("/api/v1/exchange", params={"record": "issue-never"}), 404, "record_unknown")
    assert_problem(filled.get("/api/v1/exchange", params={"resource": "gold dust"}), 422, "filter_unknown")
    elsewhere = filled.get("/api/v1/exchange", params={"region": "47"}).json()
    assert elsewhere["flows"] == []


def test_what_lies_in_its_place_is_not_given_away_to_distant_ones(filled: TestClient) -> None:
    known = _staying(filled.app.state.context.service.engine.concepts)  # type: ignore[attr-defined]
    slugs = {iri.rpartition("/")[2] for iri in known}
    assert {"geothermalResource", "forestThinnings", "surplusRenewablePower"} & slugs == {"geothermalResource"}
    flows = filled.get("/api/v1/exchange", params={"limit": 500}).json()["flows"]
    assert all((f["distance_km"] or 0) <= 20 for f in flows if f["resource"]["iri"] in known)


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\t=1"])
def test_a_title_is_no_formula(cell: str) -> None:
    assert _inert(cell) == f"'{cell}"


def test_schemes_are_related_while_they_are_open(filled: TestClient, own_service: Service) -> None:
    open_ = related_to(own_service, "technology-TX", "ja", on=date(2029, 1, 1))
    closed = related_to(own_service, "technology-TX", "ja", on=date(2031, 1, 1))
    assert "scheme-SX" in [one.id for one in open_.schemes]
    assert "scheme-SX" not in [one.id for one in closed.schemes]
    assert "technology-TX" not in [one.id for one in open_.similar]
    assert filled.get("/api/v1/records/technology-TX/related").status_code == 200


def test_likeness_says_why_and_only_what_is_stated(filled: TestClient, own_service: Service) -> None:
    likeness = RegionLikeness(own_service.store, own_service.engine.concepts)
    near = likeness.compare("13212", "13201")  # Hino and Hachioji
    assert near.score > 0 and "km" in near.ja[0] and "town halls" in near.en[0]
    far = likeness.compare("47201", "01100")
    assert (far.score, far.ja) == (0.0, [])
    assert likeness.compare("13212", "13212").score == 0.0


def test_a_technology_that_runs_nearby_says_so(filled: TestClient) -> None:
    body = filled.get("/api/v1/records/issue-I1/matches", params={"lang": "ja", "limit": 20}).json()
    one = next(s for s in body["suggestions"] if s["result"]["id"] == "technology-TX")
    assert one["precedents"][0]["region"]["code"] == "13201" and one["precedents"][0]["reasons"]


def test_the_gaps_name_what_nobody_answers(filled: TestClient, line: None) -> None:
    body = current_gaps(filled)
    unmet = {gap["id"]: gap for gap in body["unmet"]}
    assert "issue-IX" in unmet and "issue-I1" not in unmet
    assert (unmet["issue-IX"]["prefecture"], unmet["issue-IX"]["nearest"]["id"][:11]) == ("和歌山県", "technology-")
    assert any(gap["id"].startswith("technology-F") for gap in body["idle"])
    counted = {row["value"]: row for row in body["by"]["prefecture"]}
    assert (counted["30"]["unmet"], counted["30"]["issues"]) == (1, 1)
    table = filled.get("/api/v1/gaps", params={"lang": "ja", "format": "csv"})
    assert table.headers["content-type"].startswith("text/csv") and table.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(table.content.decode("utf-8-sig"))))
    assert {row["id"] for row in rows} == {*unmet, *(gap["id"] for gap in body["idle"])}


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_pages_say_it(lang: str, filled: TestClient, line: None) -> None:
    page = filled.get("/matches/resource-RX", params={"lang": lang})
    assert page.status_code == 200 and "technology-TX" in page.text
    gaps = filled.get("/gaps", params={"lang": lang})
    assert gaps.status_code == 200 and "/id/issue-IX" in gaps.text
    assert "/matches/resource-RX" in filled.get("/id/resource-RX", params={"lang": lang}).text
    assert filled.get("/matches/issue-never", headers={"Accept": "text/html"}).status_code == 404
