"""The query page in a real browser: editor, examples, completion, labels, and nothing asked of elsewhere."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kg.editions import Editions
from search_api.http.research.questions import USERS, by_user, examples
from search_api.http.research.words import editor_words
from search_api.http.research.workbench import EDITOR, has_editor
from search_api.web.render import static_folder
from tests.search_api.web.test_browser import assert_no_overflow

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = pytest.mark.browser
QUERY = """PREFIX ces: <https://w3id.org/meguri/ces#>
SELECT ?technology ?resource WHERE { ?technology a ces:Technology ; ces:usesResource ?resource }"""
needs_editor = pytest.mark.skipif(not has_editor(), reason="the editor is not installed: `make frontend` (needs npm)")


@pytest.fixture(scope="module")
def opened(chromium: Callable[..., Any]) -> Iterator[Any]:
    """One browser for all tests."""
    context = chromium()
    yield context
    context.close()


def page_at(opened: Any, address: str, path: str, width: int) -> tuple[Any, list[str]]:
    """A page, and what it complains of or asks of other sites."""
    page, said = opened.new_page(), list[str]()
    page.set_viewport_size({"width": width, "height": 900})
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on(
        "request",
        lambda request: said.append(request.url) if not request.url.startswith((address, "data:", "blob:")) else None,
    )
    page.goto(address + path)
    return page, said


def run(page: Any) -> str:
    """Run the query and wait for its answer, also where one of before is shown; where it was sent.

    The editor keeps the last answer of a profile, and a click while a query runs would end it.
    """
    button = page.locator("#yasgui .yasqe_queryButton:visible")
    sent = page.expect_response(lambda got: "/sparql" in got.url and got.request.method == "POST", timeout=60_000)
    with sent as answered:
        button.click()
    playwright.expect(button).not_to_have_class(re.compile("busy"))
    return str(answered.value.url)


def photograph(page: Any, name: str) -> None:
    """Keep a picture where somebody wants to look at it."""
    if folder := os.environ.get("MEGURI_SCREENSHOTS"):
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


@needs_editor
@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("width", [390, 1280])
def test_a_query_is_run_and_answered_with_labels(
    opened: Any, address: str, published: Editions, lang: str, width: int
) -> None:
    page, said = page_at(opened, address, f"/sparql?lang={lang}", width)
    page.wait_for_selector("#yasgui .CodeMirror")
    assert not page.locator(".sparql-form").is_visible()
    page.evaluate("query => document.querySelector('#yasgui .CodeMirror').CodeMirror.setValue(query)", QUERY)
    run(page)
    name = "廃食用油" if lang == "ja" else "Waste cooking oil"
    link = page.locator("#yasgui td a", has_text=name).first
    link.wait_for(timeout=20_000)
    assert f"/concept/resource/wasteCookingOil?lang={lang}" in link.get_attribute("href")
    title = "天ぷら油" if lang == "ja" else "household cooking oil"
    playwright.expect(page.locator("#yasgui td a", has_text=title)).to_have_count(1, timeout=20_000)
    photograph(page, f"sparql-{lang}-{width}")
    assert_no_overflow(page)
    assert said == []
    page.close()


@needs_editor
@pytest.mark.parametrize(("lang", "typed", "term"), [("ja", "技術", "ces:Technology"), ("en", "issue", "ces:Issue")])
def test_terms_are_completed_by_their_label(opened: Any, address: str, lang: str, typed: str, term: str) -> None:
    page, said = page_at(opened, address, f"/sparql?lang={lang}", 1280)
    page.wait_for_selector("#yasgui .CodeMirror")
    page.evaluate(
        """() => { const editor = document.querySelector('#yasgui .CodeMirror').CodeMirror;
        editor.setValue('SELECT * WHERE {\\n  ?x a \\n}'); editor.setCursor({line: 1, ch: 7}); editor.focus(); }"""
    )
    page.keyboard.insert_text(typed)
    page.keyboard.press("Control+Space")
    hint = page.locator(".CodeMirror-hints li", has_text=term).first
    hint.wait_for(timeout=10_000)
    photograph(page, f"completion-{lang}")
    hint.click()
    value = page.evaluate("document.querySelector('#yasgui .CodeMirror').CodeMirror.getValue()")
    assert f"?x a {term}" in value
    assert "PREFIX ces: <https://w3id.org/meguri/ces#>" in value
    assert said == []
    page.close()


@needs_editor
def test_examples_errors_editions_and_citation(opened: Any, address: str, published: Editions) -> None:
    page, said = page_at(opened, address, "/sparql?lang=ja", 1280)
    page.wait_for_selector("#yasgui .CodeMirror")
    example = examples()[0]
    page.get_by_text(example.ja, exact=True).click()
    read = "document.querySelector('#yasgui .CodeMirror').CodeMirror.getValue()"
    assert page.evaluate(read).strip() == example.query.strip()
    page.evaluate("query => document.querySelector('#yasgui .CodeMirror').CodeMirror.setValue(query)", QUERY)
    page.locator("#edition-choice").select_option("1")
    assert "/sparql?edition=1" in run(page)
    page.locator("#yasgui td a", has_text="廃食用油").first.wait_for()
    page.get_by_role("button", name="このクエリを引用する").click()
    cited = page.locator("#cited a")
    cited.wait_for()
    page.evaluate("query => document.querySelector('#yasgui .CodeMirror').CodeMirror.setValue(query)", "SELECT ?x {")
    run(page)
    page.locator("#yasgui .sparql-problem").wait_for()
    assert [text for text in said if "400" not in text] == []
    cited.click()
    page.wait_for_selector("h1:has-text('引用されたクエリ')")
    assert "ces:usesResource" in page.content() and "第1版" in page.content()
    page.close()


def test_the_plain_form_works_where_the_editor_is_missing(
    opened: Any,
    address: str,
    published: Editions,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("search_api.http.research.workbench.EDITOR", EDITOR + ".missing")
    page, said = page_at(opened, address, "/sparql?lang=ja", 390)
    page.get_by_label("クエリ").first.fill(QUERY)
    page.locator("#edition-choice").select_option("1")
    page.locator(".sparql-form button[type=submit]").click()
    page.wait_for_selector(".sparql-answer")
    assert "edition=1" in page.url
    playwright.expect(page.locator(".sparql-answer a", has_text="廃食用油").first).to_be_visible()
    photograph(page, "sparql-plain")
    assert_no_overflow(page)
    assert said == []
    page.close()


def test_there_are_enough_examples_for_every_user() -> None:
    assert len(examples()) >= 25
    assert [user for user, _ in by_user()] == list(USERS)
    assert all(example.ja and example.en and "SELECT" in example.query for example in examples())
    assert (static_folder() / "workbench.js").is_file()


@needs_editor
def test_the_editor_itself_speaks_japanese(opened: Any, address: str) -> None:
    page, said = page_at(opened, address, "/sparql?lang=ja", 1280)
    page.wait_for_selector("#yasgui .CodeMirror")
    page.evaluate("query => document.querySelector('#yasgui .CodeMirror').CodeMirror.setValue(query)", QUERY)
    run = page.locator("#yasgui .yasqe_queryButton:visible")
    playwright.expect(run).to_have_attribute("title", "クエリを実行", timeout=20_000)
    run.click()
    playwright.expect(page.locator("#yasgui .yasr_response_chip")).to_have_text(
        re.compile(r"^\d+ 件（[\d.]+ 秒）$"), timeout=20_000
    )
    playwright.expect(page.locator("#yasgui .select_meguri")).to_have_attribute(
        "aria-label", "結果を表示", timeout=20_000
    )
    playwright.expect(page.locator("#yasgui .addTab")).to_have_attribute("title", "タブを追加", timeout=20_000)
    page.locator("#yasgui .tab").first.click(button="right")
    playwright.expect(page.locator("#yasgui .context-menu")).to_contain_text("ほかのタブを閉じる", timeout=20_000)
    assert page.evaluate("document.querySelector('#yasgui .CodeMirror').CodeMirror.getValue()") == QUERY
    assert said == []
    page.close()


@needs_editor
def test_the_editor_still_says_what_is_translated() -> None:
    """A newer editor may say other words; what it does not say any more must leave the list."""
    bundle = (static_folder() / EDITOR).read_text(encoding="utf-8")
    for english, japanese in editor_words("ja").items():
        parts = english.split() if "{}" in english else [english]  # those it puts together from pieces
        assert all(part.removesuffix("s") in bundle for part in parts if part != "{}"), english
        assert japanese.count("{}") == english.count("{}")
    assert editor_words("en") == {}
