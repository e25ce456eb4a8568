"""Place columns: codes, names, both; what is wrong or unclear rejects where a region is required, else is dropped."""

from __future__ import annotations

import pytest

from ingest.places import resolve_list, resolve_places
from ingest.problems import Problems
from ingest.values import Values

Found = list[tuple[str, str, str]]


def resolved(values: dict[str, object], *, required: bool = True) -> tuple[object, Found]:
    """The region codes of a row's place columns, and (severity, code, field) of its problems."""
    problems, row = Problems(), Values(values)
    resolve_places(row, problems, required=required)
    return row.get("regions"), [(p.severity, p.code, p.field) for p in problems.found]


@pytest.mark.parametrize(
    ("values", "codes"),
    [
        ({"jis_code": "13206"}, ["13206"]),
        ({"jis_code": "132063"}, ["13206"]),
        ({"jis_code": "１３２０６３"}, ["13206"]),
        ({"jis_code": "1100"}, ["01100"]),
        ({"jis_code": "13"}, ["13"]),
        ({"jis_code": "130001"}, ["13"]),
        ({"prefecture": "東京都", "municipality": "府中市"}, ["13206"]),
        ({"prefecture": "広島", "municipality": "府中市"}, ["34208"]),
        ({"municipality": "東京都府中市"}, ["13206"]),
        ({"municipality": "真庭市"}, ["33214"]),
        ({"prefecture": "岡山県"}, ["33"]),
        ({"municipality": "Maniwa City"}, ["33214"]),
        ({"municipality": "Fuchu", "prefecture": "Tokyo"}, ["13206"]),
        ({"jis_code": "13206", "municipality": "府中市"}, ["13206"]),
        ({"jis_code": "13206", "prefecture": "東京都"}, ["13206"]),
        ({"jis_code": "132063", "prefecture": "東京都", "municipality": "府中市"}, ["13206"]),
        ({"regions": ["真庭市"]}, ["33214"]),
        ({"regions": ["33214"], "municipality": "真庭市"}, ["33214"]),
    ],
)
def test_one_certain_region(values: dict[str, object], codes: list[str]) -> None:
    assert resolved(values) == (codes, [])


@pytest.mark.parametrize("field", ["regions", "municipality"])
def test_an_ambiguous_name_rejects_an_issue_and_names_the_candidates(field: str) -> None:
    problems, values = Problems(), Values({field: ["府中市"] if field == "regions" else "府中市"})
    resolve_places(values, problems, required=True)
    (problem,) = problems.found
    assert (problem.severity, problem.code, problem.field, problem.value) == (
        "error",
        "region_ambiguous",
        field,
        "府中市",
    )
    for text in (problem.en, problem.ja):
        assert "東京都府中市(13206)" in text
        assert "広島県府中市(34208)" in text
    assert "regions" not in values


def test_an_ambiguous_name_is_dropped_from_a_technology_with_a_warning() -> None:
    codes, problems = resolved({"regions": ["府中市", "真庭市", "どこにもない町"]}, required=False)
    assert codes == ["33214"]
    assert problems == [("warning", "region_ambiguous", "regions"), ("warning", "region_unknown", "regions")]


def test_warnings_name_the_column_that_holds_the_region() -> None:
    problems = Problems()
    assert resolve_list(["伊達市", "33214", "岡山県真庭市"], "deployed_in", problems) == ["33214"]
    assert [(p.field, p.code) for p in problems.found] == [("deployed_in", "region_ambiguous")]


@pytest.mark.parametrize("required", [True, False])
@pytest.mark.parametrize("code", ["132064", "99999", "13000000", "abc", "0", "48201"])
def test_a_wrong_code_rejects_any_row(code: str, required: bool) -> None:
    _, problems = resolved({"jis_code": code, "prefecture": "東京都"}, required=required)
    assert ("error", "code_invalid", "jis_code") in problems


def test_the_message_of_a_wrong_check_digit_says_the_right_one() -> None:
    problems = Problems()
    resolve_places(Values({"jis_code": "132064"}), problems, required=True)
    (problem,) = problems.found
    assert "should be 3" in problem.en
    assert "検査数字は3" in problem.ja


@pytest.mark.parametrize("required", [True, False])
@pytest.mark.parametrize(
    "values",
    [
        {"jis_code": "13206", "municipality": "真庭市"},
        {"jis_code": "13206", "prefecture": "広島県", "municipality": "府中市"},
        {"jis_code": "33214", "prefecture": "広島県"},
        {"jis_code": "33214", "municipality": "府中市"},
    ],
)
def test_a_code_that_contradicts_its_name_rejects_any_row(values: dict[str, object], required: bool) -> None:
    _, problems = resolved(values, required=required)
    assert problems == [("error", "region_contradiction", "jis_code")]


def test_a_misspelt_name_beside_a_code_is_reported_and_the_code_stands() -> None:
    found = resolved({"jis_code": "33214", "municipality": "まにわし市"})
    assert found == (["33214"], [("warning", "region_unknown", "municipality")])


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({}, ("error", "required_missing", "regions")),
        ({"regions": []}, ("error", "required_missing", "regions")),
        ({"municipality": "どこにもない町"}, ("error", "region_unknown", "municipality")),
        ({"prefecture": "岡山県", "municipality": "府中市"}, ("error", "region_unknown", "municipality")),
        ({"jis_code": "13999"}, ("error", "code_invalid", "jis_code")),
    ],
)
def test_an_issue_needs_a_certain_region(values: dict[str, object], problem: tuple[str, str, str]) -> None:
    assert resolved(values) == (None, [problem])


def test_everywhere_is_no_region_of_a_technology() -> None:
    assert resolved({"regions": ["全国"]}, required=False) == (None, [])


def test_the_regions_of_a_technology_come_once_each_in_their_order() -> None:
    names: dict[str, object] = {"regions": ["岡山県", "真庭市", "岡山", "33214", "関東地方"]}
    assert resolved(names, required=False) == (["33", "33214", "block-kanto"], [])
