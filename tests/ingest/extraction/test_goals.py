"""Goals are read with indicator, plain value, unit and Gregorian year; what was already reached is no goal."""

from __future__ import annotations

import pytest

from ingest.extraction.extractor import Extractor

Found = tuple[str | None, float, str, int | None]


def goals(extractor: Extractor, text: str) -> list[Found]:
    return [(g.indicator, g.value, g.unit, g.target_year) for g in extractor.extract(text).goals]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2030年度までにごみの量を50%削減する。", [("ごみの量", 50, "%", 2030)]),
        ("令和12年度までに、可燃ごみの排出量を平成25年度比で3割減らす。", [("可燃ごみの排出量", 30, "%", 2030)]),
        ("食べ残しの資源化量を、R10年度に1.2万tとする。", [("食べ残しの資源化量", 12000, "t", 2028)]),
        ("２０３０年度までに再エネ比率を４０％に高める。", [("再エネ比率", 40, "%", 2030)]),
        (
            "電力使用量を2030年度までに20%減らし、2035年度までに40%減らす。",
            [("電力使用量", 20, "%", 2030), ("電力使用量", 40, "%", 2035)],
        ),
        (
            "令和9年度までに薪を年間1,200t、令和12年度までにチップを3,000t供給する。",
            [("薪", 1200, "t", 2027), ("チップ", 3000, "t", 2030)],
        ),
        ("家畜ふん尿のうち4割を令和11年度までにエネルギー利用したい。", [("家畜ふん尿", 40, "%", 2029)]),
        ("年間約1.2万トンの生ごみのうち30%を2030年度までに堆肥化する。", [("生ごみ", 30, "%", 2030)]),
        ("報道発表資料　令和7年2月3日", []),
        ("2022年度にごみの量を30%削減した。", []),
        ("令和4年度の回収量は120tであった。", []),
        ("1日に2tを処理する装置だ。", []),
    ],
)
def test_japanese_goals(extractor: Extractor, text: str, expected: list[Found]) -> None:
    assert goals(extractor, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The city will cut household waste by 40 % by fiscal 2030.", [("household waste", 40, "%", 2030)]),
        (
            "We plan to reduce landfilled waste from 12,000 t to 6,000 t by 2031.",
            [("landfilled waste", 6000, "t", 2031)],
        ),
        ("By FY2035 the share of renewables is to reach 60 percent.", [("share of renewables", 60, "%", 2035)]),
        ("Waste fell by 12% in 2022.", []),
        ("The plant was built in 2019 and burns 40 t a day.", []),
    ],
)
def test_english_goals(extractor: Extractor, text: str, expected: list[Found]) -> None:
    assert goals(extractor, text) == expected
