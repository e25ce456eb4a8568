"""The pages in both languages: what they show, what they escape, and that every link leads somewhere."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from itertools import pairwise
from urllib.parse import urljoin, urlsplit

import pytest
from fastapi.testclient import TestClient

from search_api.engine.calibration import Calibration
from search_api.engine.query import Request
from search_api.engine.results import Condition, SearchAnswer
from search_api.engine.search import SearchEngine
from tests.search_api.conftest import SCRIPT

HTML = {"Accept": "text/html"}
SHIPPED = Calibration.shipped()
PAGES = [
    "/",
    "/?q=天ぷら油",
    "/?q=oil&find=any&region=13&level=community",
    "/?q=府中市&find=region",
    "/?q=竹&find=resource&region=13",
    "/?q=見守り&offset=10",
    "/?q=広島県の人口3,000人の島の油&find=issue",
    "/?q=府中市の油&ignore=府中市",
    "/id/technology-T1",
    "/id/technology-T2",
    "/id/issue-I1",
    "/id/resource-R1",
    "/id/partner-P1",
    "/region/JP",
    "/region/block-kanto",
    "/region/13",
    "/region/13206",
    "/concept/resource/wasteCookingOil",
    "/concept/theme/climateEnergy",
    "/concept/level/community",
    "/api",
]


class Page(HTMLParser):
    """Collects what a test asks about a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append((tag, found))
        if tag in ("a", "link", "use", "script") and (found.get("href") or found.get("src")):
            self.links.append(str(found.get("href") or found.get("src")))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def get(client: TestClient, path: str, lang: str) -> tuple[str, Page]:
    response = client.get(path, headers={**HTML, "Accept-Language": lang})
    assert response.status_code == 200, (path, response.status_code)
    assert response.headers["content-language"] == lang
    return response.text, Page(response.text)


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_pages_are_whole_and_accessible(client: TestClient, path: str, lang: str) -> None:
    text, page = get(client, path, lang)
    assert page.all("html") == [{"lang": lang}]
    assert len(page.all("h1")) == 1 and len(page.all("main")) == 1
    assert page.all("a")[0]["href"] == "#main"
    ids = [a["id"] for _, a in page.tags if a.get("id")]
    assert len(ids) == len(set(ids))
    labelled = {a.get("for") for a in page.all("label")}
    assert all(field.get("id") in labelled for field in page.all("textarea"))
    assert not [a for _, a in page.tags if any(name.startswith("on") or name == "style" for name in a)]
    # a data block is not run; everything that is run comes from a file of ours
    data = ("application/ld+json", "application/json")
    assert all(script.get("src") or script.get("type") in data for script in page.all("script"))
    assert "{{" not in text and "Undefined" not in text
    headings = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
    assert headings[0] == 1 and all(b - a <= 1 for a, b in pairwise(headings)), headings


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("start", ["/", "/?q=廃食用油&find=any", "/id/technology-T1", "/region/13"])
def test_every_link_leads_somewhere(client: TestClient, start: str, lang: str) -> None:
    """Two steps from a page; everything internal answers, in the language that was chosen."""
    seen: set[str] = set()
    waiting = [(start + ("&" if "?" in start else "?") + f"lang={lang}", 2)]
    while waiting:
        address, depth = waiting.pop()
        whole = address.partition("#")[0]
        if whole in seen or len(seen) > 250:
            continue
        seen.add(whole)
        response = client.get(whole, headers=HTML)
        if urlsplit(whole).path == "/gaps" and response.status_code == 503:  # counted beside the readers
            assert int(response.headers["retry-after"]) > 0
            continue
        assert response.status_code < 400, (whole, response.status_code)
        if depth and "html" in response.headers["content-type"]:
            links = [urljoin(whole, link) for link in Page(response.text).links]
            waiting += [(link, depth - 1) for link in links if not urlsplit(link).netloc]
    assert len(seen) > 15


@pytest.mark.parametrize(
    "path", ["/id/technology-T2", "/?q=生ごみの堆肥化", f"/?q={SCRIPT}", f"/?q=oil&region={SCRIPT}", "/id/document-"]
)
def test_markup_in_data_is_text(client: TestClient, path: str) -> None:
    response = client.get(path, headers=HTML)
    assert SCRIPT not in response.text and "<img src=x" not in response.text
    if path.startswith("/id/technology"):
        assert "&lt;script&gt;" in response.text


def test_document_page_marks_mentions(client: TestClient) -> None:
    found = client.get("/api/v1/search", params={"q": "廃食用油 会議", "find": "document"}).json()["results"][0]
    text, page = get(client, f"/id/{found['id']}", "ja")
    mentions = [a["href"] for a in page.all("a") if a.get("class") == "mention"]
    assert "/concept/resource/wasteCookingOil" in mentions and "/region/13206" in mentions
    assert "&lt;b&gt;太字" in text and "<b>太字" not in text


def test_results_show_reasons_and_samples(client: TestClient) -> None:
    text, _ = get(client, "/?q=家庭の天ぷら油を収集車の燃料に変えたい", "ja")
    card = text[text.index('<article class="card">') : text.index("</article>")]
    assert "見本" in card and "<mark>天ぷら油</mark>" in card
    assert "/concept/resource/wasteCookingOil" in card and "コサイン類似度" in card and "日本語の記録" in card
    assert "%" not in re.sub(r'href="[^"]*"', "", card)


def test_english_page_tags_japanese_runs(client: TestClient) -> None:
    text, _ = get(client, "/?q=家庭の天ぷら油を収集車の燃料に変えたい", "en")
    assert re.search(r'<h2 lang="ja"><a', text) and "Record in Japanese" in text


def test_a_region_says_how_many_live_there_and_what_it_is_like(client: TestClient) -> None:
    text, page = get(client, "/region/32525", "ja")
    assert "2,267人（2020年国勢調査の速報値）" in text
    assert "/concept/trait/island" in {a["href"] for a in page.all("a")} and ">離島</a>" in text
    text, _ = get(client, "/region/32525", "en")
    assert "2,267 (census of 2020, preliminary count)" in text and ">Remote island</a>" in text
    # nothing is told where nothing is known
    assert "国勢調査" not in get(client, "/region/13207", "ja")[0]


def test_switch_keeps_the_query(client: TestClient) -> None:
    _, page = get(client, "/?q=天ぷら油&find=issue&region=13", "ja")
    (switch,) = [a["href"] for a in page.all("a") if a.get("class") == "switch"]
    other = client.get(str(switch), headers=HTML)
    assert 'lang="en"' in other.text and "天ぷら油</textarea>" in other.text
    assert re.search(r'value="issue" checked', other.text) and re.search(r'value="13" selected', other.text)


def test_chosen_language_stays(client: TestClient) -> None:
    page = Page(client.get("/id/technology-T1?lang=en", headers={**HTML, "Accept-Language": "ja"}).text)
    internal = [a["href"] for a in page.all("a") if str(a["href"]).startswith(("/id/", "/concept/", "/region/"))]
    pages = [str(href) for href in internal if not re.search(r"\.(ttl|jsonld|nt|rdf)$", str(href))]
    assert pages and all("lang=en" in href for href in pages if "lang=ja" not in href)


def test_nothing_found_says_how_to_go_on(client: TestClient) -> None:
    text, page = get(client, "/?q=竹&find=resource&region=13", "ja")
    assert "合うものが見つかりませんでした" in text
    assert any("find=any" in str(a.get("href")) for a in page.all("a"))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"q": ""}, "検索語が空です"),
        ({"q": "🍤"}, "文字や数字がありません"),
        ({"q": "あ" * 6000}, "6,000 文字"),
        ({"q": "oil", "region": "atlantis"}, "atlantis"),
    ],
)
def test_refused_search_keeps_the_form(client: TestClient, query: dict[str, str], expected: str) -> None:
    response = client.get("/", params=query, headers=HTML)
    assert response.status_code == 422
    assert expected in response.text and 'role="alert"' in response.text and "<form" in response.text
    assert "あ" * 1001 not in response.text


@pytest.mark.parametrize(("lang", "title"), [("ja", "見つかりません"), ("en", "Not found")])
def test_error_page(client: TestClient, lang: str, title: str) -> None:
    response = client.get("/id/technology-T999", headers={**HTML, "Accept-Language": lang})
    assert response.status_code == 404 and f"<h1>{title}</h1>" in response.text
    assert response.headers["content-language"] == lang


def test_fit_button_asks_for_the_opposite(client: TestClient) -> None:
    for path, opposite in (("/id/technology-T1", "issue"), ("/id/issue-I1", "technology")):
        _, page = get(client, path, "ja")
        fitting = [str(a["href"]) for a in page.all("a") if a.get("class") == "button"]
        assert any(f"find={opposite}" in href for href in fitting)


def calibrated(client: TestClient, monkeypatch: pytest.MonkeyPatch, line: float) -> None:
    """The shipped probabilities for the double as well, with a line of the test's own."""
    model = client.app.state.context.service.index.manifest.model  # type: ignore[attr-defined]
    fitted = replace(SHIPPED, model=model, line=line)
    monkeypatch.setattr(Calibration, "shipped", classmethod(lambda _: fitted))


def test_a_line_parts_what_is_likely_from_the_rest(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    calibrated(client, monkeypatch, 0.0)
    scores = [r["score"] for r in client.get("/api/v1/search", params={"q": "天ぷら油"}).json()["results"]]
    assert scores[0] > scores[-1]
    for line, divided in ((0.0, 0), ((scores[0] + scores[-1]) / 2, 1), (1.0, 0)):
        calibrated(client, monkeypatch, line)
        text, _ = get(client, "/?q=天ぷら油", "ja")
        assert text.count('class="divide"') == divided, line
    assert "十分に合うものは" in text


ORDERS = [("ja", "近い順", "見込みの高い順"), ("en", "Nearest", "Likeliest")]


@pytest.mark.parametrize(("lang", "near", "likely"), ORDERS)
def test_the_page_tells_what_orders_the_results(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, lang: str, near: str, likely: str
) -> None:
    assert near in get(client, "/?q=天ぷら油", lang)[0]
    calibrated(client, monkeypatch, 0.0)
    text, _ = get(client, "/?q=天ぷら油", lang)
    assert likely in text and near not in text


@pytest.mark.parametrize(("certain", "shown"), [(True, 1), (False, 0)])
def test_what_conditions_rule_out_is_not_called_likely(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, certain: bool, shown: int
) -> None:
    search = SearchEngine.search
    unmet = Condition(code="people", status="unmet", certain=certain, text="規模が足りません。")

    def asking_too_much(engine: SearchEngine, request: Request) -> SearchAnswer:
        answer = search(engine, request)
        first, *others = answer.results
        evidence = first.evidence.model_copy(update={"conditions": [unmet]})
        return answer.model_copy(update={"results": [first.model_copy(update={"evidence": evidence}), *others]})

    calibrated(client, monkeypatch, 0.0)
    monkeypatch.setattr(SearchEngine, "search", asking_too_much)
    text, _ = get(client, "/?q=天ぷら油", "ja")
    assert text.count("条件を除けば役立つ見込み") == shown and "規模が足りません。" in text


def test_what_was_read_from_the_words_is_a_chip_that_can_be_taken_off(client: TestClient) -> None:
    text = client.get("/", params={"q": "広島県の油", "find": "issue", "lang": "en"}, headers=HTML).text
    chip = re.search(r'<a class="chip on" href="([^"]+)"[^>]*>Hiroshima Prefecture', text)
    assert chip, text
    off = client.get(unescape(chip[1]), headers=HTML).text
    assert "<s>Hiroshima Prefecture</s>" in off and off.count('class="card"') > text.count('class="card"')


def test_an_unclear_place_is_asked_for(client: TestClient) -> None:
    text = client.get("/", params={"q": "府中市の油", "find": "issue", "lang": "ja"}, headers=HTML).text
    assert "「府中市」はどちらですか。" in text
    choice = re.search(r'<a class="chip" href="([^"]+)">広島県府中市', text)
    assert choice
    chosen = client.get(unescape(choice[1]), headers=HTML).text
    assert "どちらですか" not in chosen and re.search(r'<a class="chip felt"[^>]*>広島県府中市', chosen)
