"""Amounts in running text: what they count, how much that is in a year, and what is no such amount."""

from __future__ import annotations

import time

import pytest

from ingest.normalise.figures import figures_in


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("人口3,000人の島で食品残渣を使いたい", [("people", 3000, 3000)]),
        ("約3万4千人が暮らす市では", [("people", 34_000, 34_000)]),
        ("人口200人に満たない島では", [("people", None, 200)]),
        ("人口1万～5万人に1か所", [("people", 10_000, 50_000)]),
        ("年500～2,000t、人口6万人程度から", [("mass", 500, 2000), ("people", 60_000, None)]),
        ("日量5～20t", [("mass", 1825, 7300)]),
        ("油の回収量 月5,000L以上", [("volume", 60, None)]),
        ("燃料 年2万t以上", [("mass", 20_000, None)]),
        ("年5,000～8万m3", [("volume", 5000, 80_000)]),
        ("毎日2トン", [("mass", 730, 730)]),
        ("12 t/day of food waste", [("mass", 4380, 4380)]),
        ("5-30 t of residues a day within 30 km", [("mass", 1825, 10_950)]),
        ("cans 200 t a year or more", [("mass", 200, None)]),
        ("city of 100,000 or more", [("people", 100_000, None)]),
        ("our 3,000-person island", [("people", 3000, 3000)]),
        ("fewer than 2,000 people lived in it", [("people", None, 2000)]),
        ("50～5,000世帯", [("households", 50, 5000)]),
    ],
)
def test_a_figure_counts_what_it_says_in_a_year(text: str, expected: list[tuple[str, float, float]]) -> None:
    found = [(f.measure, f.low, f.high) for f in figures_in(text)]
    assert found == [(m, low if low is None else pytest.approx(low), high) for m, low, high in expected]


@pytest.mark.parametrize(
    "text",
    [
        "人口密度1km2あたり20～60人",
        "処理人口5万～30万人の処理場",
        "1日1,000人以上の宿泊客",
        "2,000 visitors a day",
        "戸建て500軒",
        "10 t",
        "1台650万～900万円",
        "人口が減る",
        "出生数 年30～400人の市町",
        "人口は2015年から2020年の5年間に",
        "Since 2020 residents of the valley ride free",
    ],
)
def test_other_numbers_are_no_figures(text: str) -> None:
    assert figures_in(text) == []


def test_a_hostile_text_is_read_in_no_time() -> None:
    for text in ("1" * 5_000, "1,000" * 1_000, "人口" * 2_500, "年1t" * 1_500, "9,999~" * 800):
        started = time.process_time()
        figures_in(text)
        assert time.process_time() - started < 2
