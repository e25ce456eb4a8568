"""The secretariat's pages in a real browser: signing in, deciding, and on a phone no wider than the phone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from search_api.desk.statements import statements_of
from search_api.service import Service
from search_api.settings import Settings
from tests.search_api.desk.conftest import TOKEN, TOWN_HEADERS
from tests.search_api.desk.test_statements import TEXT, ingested
from tests.search_api.web.test_browser import assert_no_overflow, chromium, running

__all__ = ["chromium"]
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(settings: Settings, own_service: Service) -> Iterator[str]:
    """A real server that takes writing."""
    with running(settings, own_service) as at:
        yield at


@pytest.fixture(params=[390, 1280])
def page(request: pytest.FixtureRequest, address: str, chromium: Callable[..., Any]) -> Iterator[Any]:
    """A window of a phone or of a desk, signed in."""
    from playwright.sync_api import expect

    context = chromium(viewport={"width": request.param, "height": 844})
    page = context.new_page()
    page.goto(f"{address}/secretariat?lang=ja")
    page.get_by_label("トークン").fill(TOKEN)
    page.get_by_role("button", name="事務局ログイン").click()
    expect(page.get_by_role("heading", level=1, name="事務局")).to_be_visible()
    yield page
    context.close()


def test_a_registration_is_returned_and_another_accepted(page: Any, address: str) -> None:
    from playwright.sync_api import expect

    width = page.viewport_size["width"]
    for title in (f"井戸を直したい {width}", f"灯台を残したい {width}"):
        body = {"kind": "issue", "issue": title, "description": title, "prefecture": "東京都", "municipality": "府中市"}
        assert httpx.post(f"{address}/api/v1/registrations", json=body, headers=TOWN_HEADERS).status_code == 202
    page.get_by_role("link", name="登録の審査").click()
    page.get_by_role("link", name=f"井戸を直したい {width}").click()
    page.get_by_label("差し戻す、または却下する理由").fill("場所を詳しく書いてください。")
    assert_no_overflow(page)
    page.get_by_role("button", name="差し戻す").click()
    expect(page.get_by_role("status")).to_contain_text("差し戻しました")
    page.get_by_role("link", name=f"灯台を残したい {width}").click()
    page.get_by_role("button", name="受理して公開").click()
    expect(page.get_by_role("status")).to_contain_text("公開しました")
    page.get_by_role("link", name="公開されたページ").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("灯台を残したい")


def test_statements_are_judged_beside_their_words(
    page: Any, address: str, own_service: Service, tmp_path: Path
) -> None:
    from playwright.sync_api import expect

    # a statement keeps its review wherever its words stand again, so each window has words of its own
    issue, waste = ("空き家の増加", "生ごみ") if page.viewport_size["width"] < 500 else ("担い手不足", "可燃ごみ")
    id_ = ingested(own_service, tmp_path, TEXT.replace("担い手不足", issue).replace("可燃ごみ", waste))
    page.goto(f"{address}/secretariat/documents/{id_}?lang=en")
    expect(page.locator(".review mark")).to_have_text(f"本市では{issue}が課題である。")
    expect(page.locator(".document mark").first).to_be_visible()
    assert_no_overflow(page)
    page.get_by_role("button", name="Right").click()
    expect(page.locator(".review mark")).to_contain_text("30%削減")
    page.get_by_text("Correct it").click()
    page.get_by_role("textbox", name="Target").fill("25 % (2030)")
    page.get_by_role("button", name=re.compile("Correct, and mark")).click()
    expect(page.locator(".also")).to_have_text("all 2 reviewed")
    assert_no_overflow(page)
    judged = statements_of(own_service.store, own_service.folder.base, id_)
    assert [one["review"]["decision"] for one in judged] == ["accepted", "corrected"]
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("Token")).to_be_visible()
