"""Every link that leads on from the start page leads somewhere, in both languages."""

from __future__ import annotations

import re
from collections import Counter, deque
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

from fastapi.testclient import TestClient

from kg.editions import Editions

MOST = 220
# pages of one kind are alike: so many of each are looked at
EACH = 14


class Links(HTMLParser):
    """The addresses that a page names, and the anchors that it has."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.addresses: set[str] = set()
        self.anchors: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        for name, value in attributes:
            if name in ("href", "src", "action") and value and tag != "use":
                self.addresses.add(value)
            if name == "id" and value:
                self.anchors.add(value)


def kind_of_page(path: str) -> str:
    """Addresses that differ in names and numbers only are of one kind."""
    first, _, rest = path.strip("/").partition("/")
    suffix = path.rpartition(".")[2] if "." in path.rpartition("/")[2] else ""
    named = re.match(r"[a-z]+", rest)
    return f"{first}/{named[0] if first == 'id' and named else '*' if rest else ''}.{suffix}"


def is_broken(address: str, status: int) -> bool:
    """Gaps are counted beside the readers, who are asked to come again meanwhile."""
    return status != 200 and not (status == 503 and urlsplit(address).path == "/gaps")


def test_every_link_leads_somewhere(client: TestClient, published: Editions) -> None:
    waiting, seen, kinds = (
        deque(["/?lang=ja", "/?lang=en", "/dataset", "/editions", "/editions/2/changes"]),
        set[str](),
        Counter[str](),
    )
    broken: list[str] = []
    anchors: dict[str, set[str]] = {}
    wanted: set[tuple[str, str]] = set()
    visited = 0
    while waiting and visited < MOST:
        address = waiting.popleft()
        kind = kind_of_page(urlsplit(address).path)
        if address in seen or kinds[kind] >= EACH:
            continue
        seen.add(address)
        kinds[kind] += 1
        visited += 1
        response = client.get(address, headers={"Accept": "text/html,*/*;q=0.8"}, follow_redirects=True)
        if is_broken(address, response.status_code):
            broken.append(f"{response.status_code} {address}")
            continue
        if not response.headers["content-type"].startswith("text/html"):
            continue
        links = Links(response.text)
        anchors[address] = links.anchors
        for link in sorted(links.addresses):
            whole, anchor = urldefrag(urljoin(f"http://testserver{address}", link))
            parts = urlsplit(whole)
            if parts.netloc == "testserver" and parts.scheme == "http":
                local = parts.path + (f"?{parts.query}" if parts.query else "")
                waiting.append(local)
                if anchor:
                    wanted.add((local, anchor))
    assert broken == []
    missing = [f"{page}#{anchor}" for page, anchor in wanted if page in anchors and anchor not in anchors[page]]
    assert missing == []
    assert {"id/technology.", "region/*.", "concept/*.", "editions/*.", "ontology/.", "sparql/."} <= set(kinds), kinds
    assert visited > 100
