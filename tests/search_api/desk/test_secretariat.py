"""The secretariat's pages: only with the token, only from their own forms, and what they decide is done."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from search_api.desk.statements import statements_of
from search_api.http.secretariat.access import inside
from search_api.http.secretariat.session import COOKIE, session_of, sign_in
from search_api.service import Service
from search_api.settings import Settings
from tests.search_api.desk.conftest import SECRETARIAT_HEADERS, TOKEN, TOWN, TOWN_HEADERS
from tests.search_api.desk.test_statements import TEXT, ingested

HTML = {"Accept": "text/html", "Accept-Language": "ja"}
HOME, SIGN_IN = "/secretariat", "/secretariat/sign-in"


@pytest.fixture
def client(writing_client: TestClient) -> Iterator[TestClient]:
    """Nobody is signed in before and after a test."""
    writing_client.cookies.clear()
    yield writing_client
    writing_client.cookies.clear()


@pytest.fixture
def office(client: TestClient) -> TestClient:
    """A client that has signed in."""
    response = client.post(SIGN_IN, data={"token": TOKEN}, headers=HTML)
    assert response.url.path == HOME, response.text
    return client


def get(client: TestClient, path: str, lang: str = "ja") -> str:
    response = client.get(path, headers=HTML | {"Accept-Language": lang})
    assert response.status_code == 200, (path, response.status_code)
    assert response.headers["cache-control"] == "no-store"
    return response.text


def form_key(text: str) -> str:
    found = re.search(r'name="form_key" value="([0-9a-f]{64})"', text)
    assert found, text
    return found[1]


def send(client: TestClient, path: str, **fields: str) -> httpx.Response:
    """Opens a page and sends one of its forms."""
    return client.post(path, data={"form_key": form_key(get(client, path)), **fields}, headers=HTML)


def waiting(client: TestClient, title: str) -> str:
    body = {"kind": "issue", "issue": title, "description": f"{title}の説明。", "phone": "042-000-0000"}
    place = {"prefecture": "東京都", "municipality": "府中市"}
    sent = client.post("/api/v1/registrations", json=body | place, headers=TOWN_HEADERS)
    assert sent.status_code == 202, sent.text
    return str(sent.json()["rows"][0]["registration"])


def state(client: TestClient, id_: str) -> tuple[str, str | None]:
    body = client.get(f"/api/v1/registrations/{id_}", headers=SECRETARIAT_HEADERS).json()
    return body["state"], body["reason"]


class TestSigningIn:
    def test_pages_lead_to_the_form_and_back(self, client: TestClient) -> None:
        response = client.get(f"{HOME}/registrations?state=rejected&lang=en", headers=HTML)
        assert (response.url.path, response.status_code) == (SIGN_IN, 200)
        asked = re.search(r'name="next" value="([^"]+)"', response.text)
        assert asked
        back = client.post(f"{SIGN_IN}?lang=en", data={"token": TOKEN, "next": asked[1].replace("&amp;", "&")})
        assert str(back.url).endswith("/secretariat/registrations?state=rejected&lang=en")
        assert "Rejected" in back.text

    def test_the_cookie_holds_no_token_and_is_for_these_pages_only(self, client: TestClient) -> None:
        response = client.post(SIGN_IN, data={"token": TOKEN}, headers=HTML, follow_redirects=False)
        said = response.headers["set-cookie"]
        assert response.status_code == 303
        assert TOKEN not in said
        for part in ("HttpOnly", "SameSite=strict", "Path=/secretariat", "Max-Age=43200"):
            assert part in said
        assert "Secure" not in said

    def test_over_https_it_is_secure(self, client: TestClient) -> None:
        url = f"https://testserver{SIGN_IN}"
        response = client.post(url, data={"token": TOKEN}, headers=HTML, follow_redirects=False)
        assert "Secure" in response.headers["set-cookie"]

    @pytest.mark.parametrize(
        ("token", "status", "ja"),
        [("wrong", 401, "登録されていません"), ("", 401, "入力してください"), (TOWN, 403, "事務局用")],
    )
    def test_another_token_is_refused_in_words_for_a_form(
        self, client: TestClient, token: str, status: int, ja: str
    ) -> None:
        response = client.post(SIGN_IN, data={"token": token}, headers=HTML)
        assert (response.status_code, COOKIE in client.cookies) == (status, False)
        assert ja in response.text
        assert "Authorization" not in response.text

    def test_signing_out_ends_it(self, office: TestClient) -> None:
        page = get(office, HOME)
        left = office.post(f"{HOME}/sign-out", data={"form_key": form_key(page)}, headers=HTML)
        assert left.url.path == SIGN_IN
        assert office.get(HOME, headers=HTML).url.path == SIGN_IN

    @pytest.mark.parametrize(
        "away", ["//evil.example", "https://evil.example/secretariat", "/secretariat\\@evil", "/secretariatx", "/"]
    )
    def test_no_link_leads_away(self, away: str) -> None:
        assert inside(away) == HOME


class TestSessions:
    def test_a_changed_token_ends_them(self, settings: Settings) -> None:
        cookie = sign_in(settings, TOKEN)
        assert session_of(settings, cookie) is not None
        for token in (SecretStr("another"), None):
            assert session_of(settings.model_copy(update={"api_token": token}), cookie) is None

    def test_no_letter_of_a_cookie_can_be_changed(self, settings: Settings) -> None:
        cookie = sign_in(settings, TOKEN)
        for place in (0, 12, len(cookie) - 1):
            other = "1" if cookie[place] != "1" else "2"
            assert session_of(settings, cookie[:place] + other + cookie[place + 1 :]) is None
        for broken in ("", "..", "é.é.é", cookie + "x", cookie.rpartition(".")[0]):
            assert session_of(settings, broken) is None

    def test_they_end(self, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("search_api.http.secretariat.session.SECONDS", -1)
        assert session_of(settings, sign_in(settings, TOKEN)) is None


class TestForms:
    def test_a_form_of_another_site_changes_nothing(self, office: TestClient) -> None:
        id_ = waiting(office, "舟運を戻したい")
        path = f"{HOME}/registrations/{id_}"
        key = form_key(get(office, path))
        without = office.post(path, data={"decision": "accept"}, headers=HTML)
        wrong = office.post(path, data={"decision": "accept", "form_key": "0" * 64}, headers=HTML)
        foreign = office.post(
            path, data={"decision": "accept", "form_key": key}, headers=HTML | {"Sec-Fetch-Site": "cross-site"}
        )
        for response in (without, wrong, foreign):
            assert (response.status_code, "何も変更していません" in response.text) == (403, True)
        assert state(office, id_) == ("pending", None)

    def test_without_signing_in_nothing_is_decided(self, client: TestClient) -> None:
        id_ = waiting(client, "渡船場を直したい")
        response = client.post(f"{HOME}/registrations/{id_}", data={"decision": "accept"}, headers=HTML)
        assert response.url.path == SIGN_IN
        assert state(client, id_) == ("pending", None)

    def test_what_is_no_form_is_refused(self, office: TestClient) -> None:
        path = f"{HOME}/registrations/{waiting(office, '桟橋を直したい')}"
        assert office.post(path, content=b"x=" + b"y" * 70_000, headers=HTML).status_code == 413
        assert office.post(path, content=b"x=%ff%fe", headers=HTML).status_code == 400
        assert office.post(path, content="&".join("a=1" for _ in range(99)), headers=HTML).status_code == 400


class TestRegistrations:
    def test_what_was_sent_is_shown_with_what_stays_private(self, office: TestClient) -> None:
        id_ = waiting(office, "<b>水車</b>を直したい")
        assert id_ in get(office, HOME)
        page = get(office, f"{HOME}/registrations/{id_}")
        assert "&lt;b&gt;水車&lt;/b&gt;を直したい" in page
        assert "東京都府中市 (13206)" in page
        assert re.search(r"電話番号?[^<]* <span[^>]*>非公開</span>", page)

    def test_accepted_it_is_published(self, office: TestClient) -> None:
        id_ = waiting(office, "水路の藻を取りたい")
        response = send(office, f"{HOME}/registrations/{id_}", decision="accept")
        assert "「水路の藻を取りたい」を受理し、公開しました。" in response.text
        published = re.search(r'href="(/id/issue-[^"]+)"', response.text)
        assert published
        assert office.get(published[1], headers=HTML).status_code == 200
        assert state(office, id_)[0] == "accepted"

    @pytest.mark.parametrize(("decision", "became"), [("return", "returned"), ("reject", "rejected")])
    def test_returned_and_rejected_with_a_reason(self, office: TestClient, decision: str, became: str) -> None:
        id_ = waiting(office, f"橋を直したい {decision}")
        path = f"{HOME}/registrations/{id_}"
        refused = send(office, path, decision=decision, reason="   ")
        assert (refused.status_code, "理由が必要です" in refused.text) == (422, True)
        assert state(office, id_) == ("pending", None)
        send(office, path, decision=decision, reason="どの橋かを書いてください。")
        assert state(office, id_) == (became, "どの橋かを書いてください。")
        assert "どの橋かを書いてください。" in get(office, path)
        assert id_ in get(office, f"{HOME}/registrations?state={became}")

    def test_what_was_written_stays_where_somebody_else_was_faster(self, office: TestClient) -> None:
        id_ = waiting(office, "堰を直したい")
        path = f"{HOME}/registrations/{id_}"
        key = form_key(get(office, path))
        office.post(f"/api/v1{path[len(HOME) :]}/decision", json={"decision": "accept"}, headers=SECRETARIAT_HEADERS)
        late = office.post(path, data={"form_key": key, "decision": "reject", "reason": "広告"}, headers=HTML)
        assert (late.status_code, "審査待ちではありません" in late.text) == (409, True)
        assert state(office, id_)[0] == "accepted"

    def test_what_was_never_sent_is_not_found(self, office: TestClient) -> None:
        assert office.get(f"{HOME}/registrations/reg-0-1", headers=HTML).status_code == 404
        assert office.get(f"{HOME}/registrations?state=odd", headers=HTML).status_code == 422


class TestStatements:
    def test_judged_one_after_the_other_beside_the_words(
        self, office: TestClient, own_service: Service, tmp_path: Path
    ) -> None:
        id_ = ingested(own_service, tmp_path, TEXT.replace("飯田市", "伊那市"))
        path = f"{HOME}/documents/{id_}"
        assert id_ in get(office, f"{HOME}/documents")
        first, second = (one["statement"] for one in statements_of(own_service.store, own_service.folder.base, id_))
        page = get(office, path)
        assert page.count("<mark>") >= 2
        assert "本市では担い手不足が課題である。" in "".join(re.findall(r"<mark>(.*?)</mark>", page))
        after = send(office, path, statement=first, decision="accepted")
        assert f"statement={second}" in str(after.url)
        corrected = {"subject": "可燃ごみの排出量", "object": "25 % (2030)"}
        done = send(office, f"{path}?statement={second}", statement=second, decision="corrected", **corrected)
        assert "全2件を確認済み" in done.text
        judged = statements_of(own_service.store, own_service.folder.base, id_)
        assert [one["review"]["decision"] for one in judged] == ["accepted", "corrected"]
        assert judged[1]["review"]["correction"] == "可燃ごみの排出量 → 25 % (2030)"
        send(office, f"{path}?statement={second}", statement=second, decision="rejected")
        judged = statements_of(own_service.store, own_service.folder.base, id_)
        assert judged[1]["review"]["decision"] == "rejected"

    def test_an_empty_correction_is_refused_on_its_page(
        self, office: TestClient, own_service: Service, tmp_path: Path
    ) -> None:
        id_ = ingested(own_service, tmp_path, TEXT.replace("飯田市", "茅野市"))
        key = statements_of(own_service.store, own_service.folder.base, id_)[0]["statement"]
        fields = {"statement": key, "subject": "茅野市", "predicate": "facesIssue", "object": " "}
        refused = send(office, f"{HOME}/documents/{id_}", decision="corrected", **fields)
        assert (refused.status_code, "訂正には正しい内容が必要です" in refused.text) == (422, True)
        unknown = send(office, f"{HOME}/documents/{id_}", statement="s-0", decision="accepted")
        assert unknown.status_code == 404
        assert office.get(f"{HOME}/documents/technology-T1", headers=HTML).status_code == 404


@pytest.mark.parametrize("path", [HOME, f"{HOME}/registrations", f"{HOME}/documents"])
def test_both_languages(office: TestClient, path: str) -> None:
    assert 'lang="en"' in get(office, f"{path}?lang=en", "en")
    assert 'lang="ja"' in get(office, path)
