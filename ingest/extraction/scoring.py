"""Scores extraction on annotated documents (format in ``corpus/extraction/README.md``) with spaCy's PRFScore."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.extraction.extractor import Extractor
from ingest.extraction.model import Extraction
from ingest.nlp.pipelines import precision_recall_f1
from kg.errors import MeguriError

KINDS = ("region", "organisation", "technology", "issue")
MEASURES = (*KINDS, "goal", "relation")
Key = tuple[Any, ...]
Table = dict[str, dict[str, float]]


@dataclass(frozen=True)
class Annotated:
    """A document with what people marked in it: ``mentions``, ``goals`` and ``relations`` as the file has them."""

    id: str
    text: str
    mentions: list[dict[str, Any]]
    goals: list[dict[str, Any]]
    relations: list[dict[str, str]]

    @property
    def group(self) -> str:
        """``ja``, ``en`` or ``mix``: the beginning of the id."""
        return self.id.partition("-")[0]


def load_annotated(path: Path) -> list[Annotated]:
    """The documents of a JSONL file.

    Raises MeguriError (``annotation_invalid``) for a line that is none, and for a mark whose place and words differ.
    """
    documents = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            body = json.loads(line)
            document = Annotated(body["id"], body["text"], body["mentions"], body["goals"], body["relations"])
            check_offsets(document)
        except (ValueError, KeyError, TypeError) as error:
            raise _invalid(path, number, str(error)) from error
        documents.append(document)
    return documents


def check_offsets(document: Annotated) -> None:
    """Raise ValueError where a mark's place does not hold its words, or a relation's words are not in the text."""
    for mark in (*document.mentions, *document.goals):
        if document.text[mark["start"] : mark["end"]] != mark["text"]:
            raise ValueError(f"{document.id}: {mark['text']!r} does not stand at {mark['start']}")
    for relation in document.relations:
        for end in ("subject", "object"):
            if relation[end] not in document.text:
                raise ValueError(f"{document.id}: {relation[end]!r} is not in the text")


def score(documents: Iterable[Annotated], extract: Callable[[str], Extraction]) -> Table:
    """``{"region": {"precision", "recall", "f1", "gold"}, "region ja": …}``: exact spans; regions with their code.

    Goals count by indicator (without case), value, unit and year; relations by subject, predicate and object, where
    regions are compared by code and partnerOf has no direction.
    """
    gold: dict[str, list[set[Key]]] = {}
    found: dict[str, list[set[Key]]] = {}
    for document in documents:
        extraction = extract(document.text)
        expected, seen = _gold_keys(document, extraction), _found_keys(document, extraction)
        for measure in MEASURES:
            for name in (measure, f"{measure} {document.group}"):
                gold.setdefault(name, []).append(expected[measure])
                found.setdefault(name, []).append(seen[measure])
    return {name: _row(found[name], gold[name]) for name in sorted(gold, key=_order)}


def confidence_table(
    documents: Iterable[Annotated], extract: Callable[[str], Extraction]
) -> dict[tuple[str, float], tuple[int, int]]:
    """Measure and confidence → how many findings bear it, and how many of these the annotations have too.

    What counts as the same is what ``score`` says; spans that differ by a character are wrong.
    """
    counts: dict[tuple[str, float], tuple[int, int]] = {}
    for document in documents:
        extraction = extract(document.text)
        gold = _gold_keys(document, extraction)
        for measure, key, confidence in _findings(document, extraction):
            found, right = counts.get((measure, confidence), (0, 0))
            counts[measure, confidence] = found + 1, right + (key in gold[measure])
    return counts


def score_file(path: Path, extractor: Extractor) -> Table:
    """``score`` of a JSONL file, or of all ``*.jsonl`` of a folder together."""
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    if not files or not all(file.is_file() for file in files):
        raise _invalid(path, 0, "no such file, or no *.jsonl in the folder")
    return score([document for file in files for document in load_annotated(file)], extractor.extract)


def _row(found: list[set[Key]], gold: list[set[Key]]) -> dict[str, float]:
    precision, recall, f1 = precision_recall_f1(found, gold)
    return {"precision": precision, "recall": recall, "f1": f1, "gold": float(sum(map(len, gold)))}


def _order(name: str) -> tuple[bool, int, str]:
    measure, _, group = name.partition(" ")
    return bool(group), MEASURES.index(measure), group


def _gold_keys(document: Annotated, extraction: Extraction) -> dict[str, set[Key]]:
    codes = _codes(document, extraction)
    keys: dict[str, set[Key]] = {
        kind: {(m["start"], m["end"], m.get("code")) for m in document.mentions if m["kind"] == kind} for kind in KINDS
    }
    keys["goal"] = {
        (str(g["indicator"]).casefold(), float(g["value"]), g["unit"], g["target_year"]) for g in document.goals
    }
    keys["relation"] = {_relation(r["subject"], r["predicate"], r["object"], codes) for r in document.relations}
    return keys


def _found_keys(document: Annotated, extraction: Extraction) -> dict[str, set[Key]]:
    keys: dict[str, set[Key]] = {measure: set() for measure in MEASURES}
    for measure, key, _ in _findings(document, extraction):
        keys[measure].add(key)
    return keys


def _findings(document: Annotated, extraction: Extraction) -> Iterator[tuple[str, Key, float]]:
    """Everything that was found and is scored: its measure, what makes it the same as a mark, how sure it is."""
    codes = _codes(document, extraction)
    yield from ((m.kind, (m.start, m.end, m.code), m.confidence) for m in extraction.mentions if m.kind in KINDS)
    for g in extraction.goals:
        yield "goal", ((g.indicator or "").casefold(), g.value, g.unit, g.target_year), g.confidence
    for r in extraction.relations:
        yield "relation", _relation(r.subject.text, r.predicate, r.object.text, codes), r.confidence


def _codes(document: Annotated, extraction: Extraction) -> dict[str, str]:
    """What each name of a region in the document means; 本市 and 飯田市 are one subject."""
    seen = {m.text: m.code for m in extraction.mentions if m.code}
    return seen | {m["text"]: m["code"] for m in document.mentions if m["kind"] == "region"}


def _relation(subject: str, predicate: str, object_: str, codes: Mapping[str, str]) -> Key:
    ends = (codes.get(subject, subject), codes.get(object_, object_))
    one, other = sorted(ends) if predicate == "partnerOf" else ends
    return (one, predicate, other)


def _invalid(path: Path, line: int, detail: str) -> MeguriError:
    where = f"{path}:{line}" if line else str(path)
    return MeguriError(
        code="annotation_invalid",
        en=f"{where}: not an annotated document ({detail}).",
        ja=f"{where}: 注釈付き文書として読めません（{detail}）。",
        remedy_en="See corpus/extraction/README.md for the format.",
        remedy_ja="形式は corpus/extraction/README.md を見てください。",
    )
