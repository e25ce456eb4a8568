"""The competency questions: real questions of the users as SPARQL files, each with its expected answer on the corpus.

A file ``corpus/questions/NN-slug.rq`` begins with comments that say what it asks (``# ja:``, ``# en:``), whose
question it is (``# user:``) and what its columns mean (``# column NAME:``); ``# absence:`` marks a question that an
empty answer answers. ``expected/NN-slug.srj`` holds the answer as SPARQL 1.1 results in JSON (.srj is the standard's
own suffix, and no file that ``meguri ingest corpus`` would take for a registration).
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

from ingest.columns import load_columns
from ingest.kinds import expand
from ingest.pipeline import Ingestion, Options
from kg.namespaces import DEFAULT_BASE
from kg.ontology_load import load_ontology
from kg.oxigraph_store import OxigraphStore
from kg.provenance import Activity

CORPUS = Path(__file__).parents[2] / "corpus"
QUESTIONS = CORPUS / "questions"
EXPECTED = QUESTIONS / "expected"
USERS = ("officer", "company", "researcher", "secretariat", "operator")
# answers show when a file was read: here always the same moment
READ_AT = Activity(datetime(2026, 11, 22, tzinfo=UTC), "competency questions")

Answer = dict[str, Any]


@dataclass(frozen=True)
class Question:
    """One question with its query; ``notes`` are the comments that are neither header nor column."""

    name: str
    ja: str
    en: str
    user: str
    columns: Mapping[str, str]
    notes: str
    query: str
    about_absence: bool = False

    @property
    def number(self) -> str:
        """The number with which the file's name begins."""
        return self.name.partition("-")[0]

    @property
    def expected(self) -> Path:
        """Where the expected answer lies."""
        return EXPECTED / f"{self.name}.srj"

    @property
    def is_ordered(self) -> bool:
        """Whether the order of the rows is part of the answer."""
        return "ORDER BY" in self.query


def load_questions() -> list[Question]:
    """All questions, by number."""
    return [read_question(path) for path in sorted(QUESTIONS.glob("*.rq"))]


def read_question(path: Path) -> Question:
    """The question of one file; KeyError where a line of the header is missing."""
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    end = next(number for number, line in enumerate(lines) if not line.startswith("#"))
    head = [line[1:].strip() for line in lines[:end]]
    said = dict(re.findall(r"^(ja|en|user|absence): *(.+)$", "\n".join(head), re.MULTILINE))
    columns = dict(re.findall(r"^column (\w+): *(.+)$", "\n".join(head), re.MULTILINE))
    notes = [line for line in head if not re.match(r"(ja|en|user|absence|column \w+):", line)]
    query = "\n".join(lines[end:]) + "\n"
    return Question(path.stem, said["ja"], said["en"], said["user"], columns, " ".join(notes), query, "absence" in said)


def corpus_store() -> OxigraphStore:
    """A graph in memory with the ontology and the whole corpus, as ``meguri init`` and ``meguri ingest`` make it."""
    store = OxigraphStore(None)
    load_ontology(store)
    with (
        tempfile.TemporaryDirectory() as cache,
        patch.object(Activity, "now", return_value=READ_AT),
    ):
        run = Ingestion(store, DEFAULT_BASE, Options(load_columns(), cache=Path(cache)), READ_AT.agent)
        for path in expand([CORPUS]):
            report = run.ingest(path)
            if report.file_error:
                raise ValueError(f"{path}: {report.file_error.en}")
    return store


def answer(store: OxigraphStore, question: Question) -> Answer:
    """The store's answer, as SPARQL results in JSON."""
    found: Answer = json.loads(store.serialized(question.query, "json", "ttl"))
    return found


def comparable(found: Answer, question: Question) -> Answer:
    """The answer with its rows in their order where the query gives one, else sorted."""
    rows = found["results"]["bindings"]
    if not question.is_ordered:
        rows = sorted(rows, key=lambda row: json.dumps(row, sort_keys=True))
    return {"vars": found["head"]["vars"], "rows": rows}


def read_answer(path: Path) -> Answer:
    """An expected answer."""
    found: Answer = json.loads(path.read_text(encoding="utf-8"))
    return found


def answer_text(found: Answer) -> str:
    """An answer as it is kept: one row a line, so that a difference can be read."""
    rows = ",\n".join(json.dumps(row, ensure_ascii=False, sort_keys=True) for row in found["results"]["bindings"])
    head = json.dumps(found["head"], ensure_ascii=False)
    return f'{{"head": {head},\n"results": {{"bindings": [\n{rows}\n]}}}}\n'
