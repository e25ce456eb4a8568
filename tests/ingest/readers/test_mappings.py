"""JSON and YAML: one object, a list of objects, or a list inside an object."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.limits import Limits
from ingest.readers.mapping_reader import read_mappings
from ingest.readers.table import Row
from tests.ingest.support import refusal, rows_of

OBJECT = {"technology": "廃油の燃料化", "themes": ["竹", "油"], "readiness": 7}
VALUES = st.text(min_size=1) | st.integers() | st.booleans()


@pytest.mark.parametrize("content", [OBJECT, [OBJECT], {"technologies": [OBJECT]}])
def test_the_shapes_of_a_json_file(tmp_path: Path, content: object) -> None:
    sheet = "technologies" if isinstance(content, dict) and content is not OBJECT else None
    rows = rows_of(tmp_path / "a.json", json.dumps(content, ensure_ascii=False).encode())
    assert rows == [Row(1, OBJECT, sheet)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
def test_the_encodings_of_a_json_file(tmp_path: Path, encoding: str) -> None:
    text = json.dumps([OBJECT], ensure_ascii=False)
    assert rows_of(tmp_path / "a.json", text.encode(encoding)) == [Row(1, OBJECT)]


def test_a_list_and_an_object_in_yaml(tmp_path: Path) -> None:
    text = "# 見本\n- technology: 廃油の燃料化\n  themes: [竹, 油]\n- technology: |\n    一行目\n    二行目\n"
    rows = rows_of(tmp_path / "a.yaml", text.encode())
    assert rows == [
        Row(1, {"technology": "廃油の燃料化", "themes": ["竹", "油"]}),
        Row(2, {"technology": "一行目\n二行目\n"}),
    ]
    assert rows_of(tmp_path / "b.yml", b"technology: X\n") == [Row(1, {"technology": "X"})]


@pytest.mark.parametrize("typed", ["01100", "2025-02-31", "No", "1:30", "1_000", "0x1F", "1e3", "7000012050002"])
def test_yaml_scalars_stay_as_they_were_typed(tmp_path: Path, typed: str) -> None:
    """YAML 1.1 would read the code 01100 as octal 576, No as false, and refuse the file for 2025-02-31."""
    assert rows_of(tmp_path / "a.yaml", f"- jis_code: {typed}\n".encode()) == [Row(1, {"jis_code": typed})]


def test_a_member_that_is_no_object_keeps_its_place_and_is_not_lost(tmp_path: Path) -> None:
    members = [None, OBJECT, "途中のメモ", {"technology": "", "themes": []}, OBJECT]
    rows = rows_of(tmp_path / "a.json", json.dumps(members).encode())
    assert rows == [Row(2, OBJECT), Row(3, {}, extra=["途中のメモ"]), Row(5, OBJECT)]


@pytest.mark.parametrize("text", ["a: &x [1, 2]\nb: *x\n", "- &o {technology: X}\n- *o\n"])
def test_aliases_are_refused(tmp_path: Path, text: str) -> None:
    error = refusal(tmp_path / "a.yaml", text.encode())
    assert error.code == "file_aliases"
    assert "alias" in error.en


def test_a_billion_laughs_are_refused_at_once(tmp_path: Path) -> None:
    lines = ["a0: &a0 [lol, lol, lol]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    assert refusal(tmp_path / "a.yaml", "\n".join(lines).encode()).code == "file_aliases"


@pytest.mark.parametrize("depth", [30, 100_000])
def test_deep_nesting_is_refused(tmp_path: Path, depth: int) -> None:
    nested = '[{"a":' + "[" * depth + "]" * depth + "}]"
    assert refusal(tmp_path / "a.json", nested.encode()).code == "file_too_large"


@pytest.mark.parametrize("text", ["[]", "{}", "[1, 2]", '"text"', "null", "[null]", '[{"a": ""}]'])
def test_a_json_file_without_objects_is_empty(tmp_path: Path, text: str) -> None:
    assert refusal(tmp_path / "a.json", text.encode()).code == "file_empty"


@given(st.lists(st.dictionaries(st.text(min_size=1), VALUES, min_size=1), min_size=1))
def test_the_objects_of_a_json_list_are_its_rows(objects: list[dict[str, object]]) -> None:
    rows = list(read_mappings(json.dumps(objects).encode(), "a.json", frozenset(), Limits()))
    assert rows == [Row(number, fields) for number, fields in enumerate(objects, start=1)]
