"""Small functions that make values readable."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_api.web.dot_map import HEIGHT, WIDTH, dots, highlights, position
from search_api.web.reader import Reader
from search_api.web.words import closeness, highlighted, readable_date, readable_number, web_address


def marked(text: str, *terms: str) -> list[str]:
    return [piece.text for piece in highlighted(text, terms) if piece.marked]


@given(st.text(), st.lists(st.text(max_size=5), max_size=4))
def test_highlighting_changes_no_text(text: str, terms: list[str]) -> None:
    assert "".join(piece.text for piece in highlighted(text, terms)) == text


def test_highlighting() -> None:
    assert marked("町の天ぷら油を集める", "天ぷら", "油") == ["天ぷら油"]
    assert marked("Oil boilers and soil", "oil", "boiler") == ["Oil", "boilers"]
    assert marked("a (b) [c]", "(b)", "[c]") == ["(b)", "[c]"]
    assert marked("nothing", " ") == []


@pytest.mark.parametrize(
    ("value", "ja", "en"),
    [
        ("2024-06-18", "2024年6月18日", "18 June 2024"),
        ("2026-11-22T00:32:28Z", "2026年11月22日 00:32 UTC", "22 November 2026 00:32 UTC"),
        ("令和6年", "令和6年", "令和6年"),
        ("", "", ""),
    ],
)
def test_dates(value: str, ja: str, en: str) -> None:
    assert readable_date(value, "ja") == ja
    assert readable_date(value, "en") == en


@pytest.mark.parametrize(
    ("value", "expected"),
    [("12000", "12,000"), ("3.0", "3"), ("1234.50", "1,234.5"), ("-0.5", "-0.5"), ("1e9", "1e9"), ("約3", "約3")],
)
def test_numbers(value: str, expected: str) -> None:
    assert readable_number(value) == expected


@pytest.mark.parametrize(
    "value", ["javascript:alert(1)", "data:text/html,x", "//evil", "https://a b", 'https://a"b', ""]
)
def test_no_link_to_a_script(value: str) -> None:
    assert web_address(value) is None
    assert web_address("https://example.jp/a?b=c") == "https://example.jp/a?b=c"


def test_closeness_grows() -> None:
    steps = [closeness(cosine / 100) for cosine in range(-100, 101)]
    assert steps == sorted(steps) and set(steps) == {1, 2, 3, 4}


def test_the_map_holds_every_town() -> None:
    from ingest.regions.register import RegionRegister

    towns = [region for region in RegionRegister.load() if region.is_municipality]
    places = [position(town) for town in towns]
    assert dots().count("M") == len(towns) == 1741
    assert all(place and 0 <= place[0] <= WIDTH and 0 <= place[1] <= HEIGHT for place in places)
    assert len(highlights("13206")) == 1 and len(highlights("13")) == 62 and highlights("nothing") == []


def test_links_keep_a_chosen_language_only() -> None:
    chosen, guessed = Reader("en", True, "/", (("q", "a b"), ("lang", "en"))), Reader("ja", False, "/id/x")
    assert chosen.link("/id/x#p1", q="") == "/id/x?lang=en#p1"
    assert guessed.link("/id/x", q="油&") == "/id/x?q=%E6%B2%B9%26"
    assert chosen.switched == "/?q=a+b&lang=ja" and guessed.switched == "/id/x?lang=en"
