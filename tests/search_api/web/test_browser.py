"""The pages in a real browser: typed into, clicked through, and no wider than the window."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from search_api.http.server import server_config
from search_api.service import Service
from search_api.settings import Settings

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
pytestmark = pytest.mark.browser


@contextmanager
def running(settings: Settings, service: Service) -> Iterator[str]:
    """A real server on a free port of this machine; its address."""
    import uvicorn

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = uvicorn.Server(server_config(settings.model_copy(update={"port": port}), service))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 30
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.05)
    assert server.started
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(15)


@pytest.fixture(scope="module")
def address(service: Service) -> Iterator[str]:
    """A server for readers."""
    with running(Settings(data=service.folder.path), service) as at:
        yield at


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Any]]:
    """Opens a headless Chromium with a fresh profile."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if not Path(CHROMIUM).exists():
        pytest.skip(f"{CHROMIUM} is not installed")
    with playwright.sync_playwright() as running:

        def opened(**options: Any) -> Any:
            profile = str(tmp_path_factory.mktemp("profile"))
            return running.chromium.launch_persistent_context(
                profile, executable_path=CHROMIUM, args=FLAGS, locale="ja-JP", **options
            )

        yield opened


@pytest.fixture(scope="module")
def browser(chromium: Callable[..., Any]) -> Iterator[Any]:
    """One browser for the tests that need nothing special."""
    context = chromium()
    yield context
    context.close()


def assert_no_overflow(page: Any) -> None:
    width = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert width[0] <= width[1], (page.url, width)


@pytest.mark.parametrize("width", [360, 1280])
def test_from_question_to_record_in_both_languages(browser: Any, address: str, width: int) -> None:
    page = browser.new_page()
    page.set_viewport_size({"width": width, "height": 800})
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: said.append(request.url) if not request.url.startswith(address) else None)
    page.goto(f"{address}/")
    assert_no_overflow(page)
    page.get_by_role("textbox").fill("家庭の天ぷら油を収集車の燃料に変えたい")
    page.get_by_role("button", name="探す", exact=True).click()
    page.wait_for_selector(".card")
    assert_no_overflow(page)
    assert page.locator(".card h2").first.inner_text() == "家庭の天ぷら油を収集車の燃料に変える設備"
    page.locator(".card h2 a").first.click()
    page.wait_for_selector(".thing-head")
    assert "出所" in page.content()
    assert_no_overflow(page)
    page.get_by_role("link", name="English").click()
    page.wait_for_selector("html[lang=en]")
    assert page.locator("h1").inner_text().startswith("Plant that turns household cooking oil")
    assert_no_overflow(page)
    for path in ("/region/13?lang=en", "/concept/resource/wasteCookingOil", "/api?lang=en", "/id/nothing"):
        page.goto(address + path)
        assert_no_overflow(page)
    assert [text for text in said if "404" not in text] == []
    page.close()


def test_enter_searches_but_not_while_converting_kana(browser: Any, address: str) -> None:
    page = browser.new_page()
    page.goto(f"{address}/")
    field = page.get_by_role("textbox")
    field.fill("竹")
    field.dispatch_event("keydown", {"key": "Enter", "isComposing": True})
    assert page.url == f"{address}/"
    field.press("Enter")
    page.wait_for_selector(".results")
    assert "q=" in page.url and "region=" not in page.url
    page.close()


def test_works_without_scripts(chromium: Callable[..., Any], address: str) -> None:
    plain = chromium(java_script_enabled=False)
    page = plain.new_page()
    page.goto(f"{address}/?lang=en")
    page.get_by_role("textbox").fill("cooking oil")
    page.get_by_role("button", name="Search", exact=True).click()
    page.wait_for_selector(".card")
    page.get_by_text("Narrow by region").click()
    page.locator("select[name=region]").select_option("13")
    page.get_by_role("button", name="Apply filters").click()
    page.wait_for_url("**region=13**")
    page.wait_for_selector(".card")
    plain.close()


def test_a_query_of_100000_characters_is_refused_with_a_reason(address: str) -> None:
    # httpx refuses such long addresses itself
    host = address.removeprefix("http://")
    connection = HTTPConnection(host, timeout=30)
    connection.request("GET", f"/api/v1/search?q={quote('油' * 100_000)}")
    response = connection.getresponse()
    body = json.loads(response.read())
    assert response.status == 422 and body["code"] == "query_too_long" and "100,000" in body["message"]["en"]
    assert response.getheader("server") is None
    connection.close()


def test_many_readers_at_once(address: str) -> None:
    from concurrent.futures import ThreadPoolExecutor

    paths = ["/", "/?q=天ぷら油&lang=ja", "/?q=oil&lang=en", "/id/technology-T1", "/region/13", "/health/ready"] * 5
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda path: httpx.get(address + path, timeout=30).status_code, paths))
    assert set(statuses) == {200}
