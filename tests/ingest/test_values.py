"""Cells become values by their column's type; what cannot be read is a problem with field, value and both languages."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.limits import Limits
from ingest.normalise.amounts import Amount
from ingest.problems import MESSAGES, Problems
from ingest.readers.table import Row
from ingest.values import Values, read_values
from tests.ingest.support import COLUMNS

SMALL = Limits(cell_bytes=100)
CELL = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates() | st.datetimes()
CELLS = st.recursive(CELL, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=2))


def read(cells: dict[str, object], limits: Limits = SMALL) -> tuple[Values, list[tuple[str, str, str]]]:
    problems = Problems()
    values = read_values(Row(2, cells), COLUMNS, limits, problems)
    return values, [(p.severity, p.code, p.field) for p in problems.found]


def test_cells_are_read_by_their_columns_type() -> None:
    values, problems = read(
        {
            "ID": 7.0,
            "団体名": "㈱サンプル",
            "法人番号": 7000012050002,
            "テーマ": "竹／油、竹",
            "登録日": "令和7年4月1日",
            "更新日": datetime(2025, 4, 2, 9, 30),
            "サンプル": "はい",
            "URL": "https://example.jp/a?b=c",
            "市区町村コード": 1100.0,
            "備考": "特になし",
            "電話番号": None,
        }
    )
    assert problems == []
    assert values == {
        "id": "7",
        "organisation": "株式会社サンプル",
        "corporate_number": "7000012050002",
        "themes": ["竹", "油"],
        "registered": date(2025, 4, 1),
        "updated": date(2025, 4, 2),
        "sample": True,
        "url": "https://example.jp/a?b=c",
        "jis_code": "1100",
    }


def test_amounts_come_from_headers_with_units_and_from_pairs_of_columns() -> None:
    values, problems = read(
        {"発生量（t/年）": "1.2万", "出力（kW）": 500, "量の目安（人）": "なし", "数量": "3割", "単位": ""}
    )
    assert problems == []
    assert values["amounts"] == [
        Amount("発生量（t/年）", Decimal(12000), "t/年"),
        Amount("出力（kW）", Decimal(500), "kW"),
        Amount("数量", Decimal(30), "%"),
    ]


@pytest.mark.parametrize(
    ("header", "cell", "severity", "code"),
    [
        ("登録日", "31/02/2025", "error", "date_invalid"),
        ("登録日", "令和6年13月1日", "error", "date_invalid"),
        ("登録日", ["foo"], "error", "date_invalid"),
        ("法人番号", "1234567890123", "error", "corporate_number_invalid"),
        ("法人番号", ["1234567890123"], "error", "corporate_number_invalid"),
        ("URL", "javascript:alert(1)", "warning", "url_invalid"),
        ("URL", ["javascript:alert(1)"], "warning", "url_invalid"),
        ("発生量（t/年）", "多い", "warning", "number_invalid"),
        ("数量", "500〜300t", "warning", "number_invalid"),
        ("概要", "a\x00b", "error", "text_hostile"),
        ("概要", "a\ud800b", "error", "text_hostile"),
        ("テーマ", ["竹", "a\x00b"], "error", "text_hostile"),
        ("概要", "あ" * 34, "error", "cell_too_large"),
        ("テーマ", ["あ" * 34], "error", "cell_too_large"),
        ("団体名", {"name": "甲"}, "error", "value_nested"),
        ("テーマ", [{"name": "甲"}], "error", "value_nested"),
    ],
)
def test_what_cannot_be_read_is_a_problem_of_its_field(header: str, cell: object, severity: str, code: str) -> None:
    values, problems = read({header: cell})
    ((found_severity, found_code, field),) = problems
    assert (found_severity, found_code) == (severity, code)
    assert field in (header, COLUMNS.field(header))
    assert not values or values == {"amounts": []}


@pytest.mark.parametrize("header", ["連絡先（携帯）", "出力（kW）"])
@pytest.mark.parametrize("cell", ["03-1234-5678", "09012345678", "2025-04-01"])
def test_telephones_and_dates_under_bracketed_headers_become_no_amounts(header: str, cell: str) -> None:
    values, problems = read({header: cell})
    assert values == {}
    assert [code for _, code, _ in problems] == (["number_invalid"] if header == "出力（kW）" else [])


@pytest.mark.parametrize("cell", ["#REF!", "#N/A", "#DIV/0!", "#NAME?", " #VALUE! ", "Err:502"])
def test_a_failed_formula_is_told_and_taken_as_empty(cell: str) -> None:
    values, problems = read({"団体名": cell, "技術名称": "#1 の技術"})
    assert values == {"technology": "#1 の技術"}
    assert problems == [("warning", "cell_error", "organisation")]


def test_two_columns_of_one_field_lose_no_value_silently() -> None:
    values, problems = read({"団体名": "甲", "企業名": "乙", "会社名": ""})
    assert values == {"organisation": "甲"}
    assert problems == [("warning", "field_repeated", "企業名")]


def test_a_list_states_its_items_itself() -> None:
    values, _ = read({"regions": ["Fuchu City, Tokyo", 33214, None], "概要": ["一", "二"], "サンプル": ["はい"]})
    assert values == {"regions": ["Fuchu City, Tokyo", "33214"], "description": "一、二", "sample": True}


def test_a_ragged_row_is_an_error() -> None:
    problems = Problems()
    read_values(Row(2, {"団体名": "甲"}, extra=["余り"]), COLUMNS, SMALL, problems)
    assert [(p.severity, p.code, p.value) for p in problems.found] == [("error", "row_ragged", "余り")]


@given(st.dictionaries(st.sampled_from(sorted(COLUMNS.field_of)) | st.text(), CELLS, max_size=6))
def test_any_cells_become_values_or_problems(cells: dict[str, object]) -> None:
    problems = Problems()
    read_values(Row(2, cells), COLUMNS, SMALL, problems)
    for problem in problems.found:
        assert problem.en
        assert problem.ja
        (problem.value or "").encode()


@pytest.mark.parametrize("code", sorted(MESSAGES))
def test_every_message_is_there_in_both_languages(code: str) -> None:
    problems = Problems()
    problems.error(code, "field", "value", "detail", "詳細")
    (problem,) = problems.found
    assert problem.en.endswith((".", "detail"))
    assert any("\u3040" <= char <= "\u9fff" for char in problem.ja)
    assert "{" not in problem.en + problem.ja
