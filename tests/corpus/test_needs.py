"""The groups of confusable solutions that the first encoder was taught with: whole, bilingual, and no judged text."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.adapter_examples import LANGUAGES, WAYS, Source

JUDGED = Path("corpus/evaluation")
GROUPS = Source.read().groups


def test_there_are_many_and_each_has_its_own_name() -> None:
    names = [group["theme"] for group in GROUPS]
    assert len(names) >= 100 and len(set(names)) == len(names)


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group["theme"])
def test_a_group_is_whole(group: dict[str, Any]) -> None:
    ids = {item["id"] for item in group["technologies"]}
    assert len(ids) == len(group["technologies"]) == 5
    for item in group["technologies"] + group["issues"]:
        for language in LANGUAGES:
            assert item[language]["title"].strip() and (item[language].get("summary") or item[language]["description"])
    assert {id_ for need in group["needs"] for id_ in need["relevant"]} == ids, "each solution is somebody's answer"
    for judged in group["needs"] + group["issues"]:
        assert judged["relevant"] and set(judged["relevant"]) < ids and set(judged["relevant"].values()) <= {1, 2}
    assert all(need[way].strip() for need in group["needs"] for way in WAYS)
    assert all(0 <= place < len(group["issues"]) for offer in group["offers"] for place in offer["issues"])


def test_no_text_is_one_of_the_judged_sets() -> None:
    judged = {text for file in JUDGED.rglob("*.jsonl") for text in _strings(_objects(file))}
    assert judged
    assert not judged & {text for text in _strings(GROUPS) if len(text) > 3}


def _objects(file: Path) -> list[Any]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _strings(part)
