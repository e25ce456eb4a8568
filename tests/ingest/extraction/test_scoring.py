"""The annotated documents are sound, and extraction reaches the scores that are written beside them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ingest.extraction.extractor import Extractor
from ingest.extraction.model import Extraction, Mention
from ingest.extraction.scoring import confidence_table, load_annotated, score, score_file
from kg.errors import MeguriError

FOLDER = Path("corpus/extraction")
TARGETS = {"region": 0.95, "technology": 0.75, "issue": 0.65, "organisation": 0.85, "goal": 0.85, "relation": 0.60}


def test_the_halves_hold_different_documents_whose_marks_stand_in_their_texts() -> None:
    halves = [load_annotated(FOLDER / f"{half}.jsonl") for half in ("dev", "test")]
    ids = [document.id for half in halves for document in half]
    assert len(ids) == len(set(ids)) >= 40
    assert {document.group for half in halves for document in half} == {"ja", "en", "mix"}


def test_a_mark_that_slipped_is_refused(tmp_path: Path) -> None:
    line = json.loads((FOLDER / "dev.jsonl").read_text(encoding="utf-8").splitlines()[0])
    line["mentions"][0]["start"] += 1
    (tmp_path / "slipped.jsonl").write_text(json.dumps(line), encoding="utf-8")
    with pytest.raises(MeguriError, match=r"slipped\.jsonl:1"):
        load_annotated(tmp_path / "slipped.jsonl")


def test_each_confidence_is_counted_with_what_was_right() -> None:
    (document,) = [d for d in load_annotated(FOLDER / "dev.jsonl") if d.id == "ja-01"]
    marks = [m for m in document.mentions if m["kind"] == "issue"]
    right = [Mention("issue", m["start"], m["end"], m["text"], 0.85, "rule") for m in marks]
    wrong = Mention("issue", 0, 1, document.text[0], 0.85, "rule")
    table = confidence_table([document], lambda text: Extraction(text, "ja", [*right, wrong]))
    assert table == {("issue", 0.85): (len(marks) + 1, len(marks))}


def test_nothing_found_scores_nothing() -> None:
    table = score(load_annotated(FOLDER / "dev.jsonl"), lambda text: Extraction(text, "ja"))
    assert {row["recall"] for row in table.values()} == {0.0}


@pytest.mark.parametrize("half", ["dev", "test"])
def test_the_expected_scores_and_the_targets_are_reached(extractor: Extractor, half: str) -> None:
    table = score_file(FOLDER / f"{half}.jsonl", extractor)
    expected = json.loads((FOLDER / f"expected-{half}.json").read_text(encoding="utf-8"))["scores"]
    for name, measures in expected.items():
        assert table[name]["f1"] >= measures["f1"] - 0.005, name
    for name, target in TARGETS.items():
        assert table[name]["f1"] >= target, name
