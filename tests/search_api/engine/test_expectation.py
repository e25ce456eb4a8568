"""Expected scores: a missing one is a failure, never a zero."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg.errors import MeguriError
from search_api.engine.expectation import TOLERANCE, missed


def expecting(path: Path, scores: object) -> Path:
    file = path / "expected.json"
    file.write_text(json.dumps({"scores": scores}), encoding="utf-8")
    return file


def test_scores_within_the_tolerance_are_met(tmp_path: Path) -> None:
    file = expecting(tmp_path, {"technology": {"nDCG@10": 0.80}})
    for found in (0.80, 0.80 + TOLERANCE * 0.9, 0.80 - TOLERANCE * 0.9):
        assert missed({"technology": {"nDCG@10": found, "RR": 0.1}, "issue": {"RR": 0.0}}, file) == []


def test_in_a_small_slice_one_query_may_fall_to_the_second_place(tmp_path: Path) -> None:
    file = expecting(tmp_path, {"issue ja→en": {"RR": 0.883}})
    assert missed({"issue ja→en": {"RR": 0.8333, "queries": 10}}, file) == []
    for table in ({"RR": 0.8333, "queries": 100}, {"RR": 0.78, "queries": 10}, {"RR": 0.8333}):
        assert missed({"issue ja→en": table}, file) != []
    # neither the last digit of a rounded expectation nor that of a sum decides
    assert missed({"issue ja→en": {"RR": 0.85, "queries": 10}}, expecting(tmp_path, {"issue ja→en": {"RR": 0.9}})) == []


@pytest.mark.parametrize("found", [0.5, 0.95, float("nan")])
def test_scores_outside_are_missed_in_either_direction(tmp_path: Path, found: float) -> None:
    (line,) = missed({"technology": {"nDCG@10": found}}, expecting(tmp_path, {"technology": {"nDCG@10": 0.8}}))
    assert "technology nDCG@10" in line
    assert "0.8000" in line


@pytest.mark.parametrize("table", [{}, {"technology": {}}, {"issue": {"nDCG@10": 0.0}}])
def test_a_missing_score_is_a_failure_even_where_zero_is_expected(
    tmp_path: Path, table: dict[str, dict[str, float]]
) -> None:
    (line,) = missed(table, expecting(tmp_path, {"technology": {"nDCG@10": 0.0}}))
    assert "missing / なし" in line


@pytest.mark.parametrize("content", [None, "{", "[]", "{}", '{"scores": 3}', '{"scores": {"t": {"m": "high"}}}'])
def test_a_file_without_scores_is_named(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "expected.json"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    with pytest.raises(MeguriError) as caught:
        missed({}, file)
    assert caught.value.code == "expectation_invalid"
    assert str(file) in caught.value.en
    assert "scores" in caught.value.remedy_ja
