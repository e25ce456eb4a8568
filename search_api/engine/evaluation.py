"""Runs the production search path on a folder of judged queries; ``scoring`` says how good the run is.

The folder has ``technologies.jsonl``, ``queries.jsonl`` and perhaps ``issues.jsonl`` (corpus/evaluation/README.md).
Nothing but texts and titles reaches the ranking: themes, ids, stated languages and judgments do not.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from ingest.normalise.text import language_of
from kg.errors import MeguriError
from search_api.engine.evidence import EvidenceFinder
from search_api.engine.index.balance import LanguageBalance, QueryKind
from search_api.engine.index.entries import Entry
from search_api.engine.index.filters import Filters
from search_api.engine.index.search_index import TITLE_WEIGHT, SearchIndex
from search_api.engine.lexicon import packaged_lexicon
from search_api.engine.models.loading import LoadedModel
from search_api.engine.query import Query
from search_api.engine.reading import MatcherReader
from search_api.engine.search import SearchEngine
from search_api.engine.situation import NOWHERE, situation_of

DEPTH = 100
TARGETS = ("technology", "issue")
Run = dict[str, dict[str, float]]


@dataclass(frozen=True)
class Item:
    """A technology or issue of the set: what is ranked, or what is asked."""

    id: str
    title: str
    text: str
    lang: str
    relevant: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Topic:
    """A query with its judgments; ``target`` is technology, issue, or issue→technology."""

    id: str
    text: str
    lang: str
    target: str
    relevant: dict[str, int]


@dataclass(frozen=True)
class EvaluationSet:
    """A folder of judged queries."""

    technologies: list[Item]
    issues: list[Item]
    queries: list[Topic]

    def topics(self) -> Iterator[Topic]:
        """All queries, and each issue that has judged technologies as one of its own."""
        yield from self.queries
        for issue in self.issues:
            if issue.relevant:
                text = f"{issue.title}\n{issue.text}"
                yield Topic(issue.id, text, issue.lang, "issue→technology", issue.relevant)


def load_set(folder: Path) -> EvaluationSet:
    """Read a folder; MeguriError (``evaluation_set``) with file and line where something is wrong."""
    technologies = _read(folder / "technologies.jsonl", lambda row: _item(row, "summary"))
    issues = _read(folder / "issues.jsonl", lambda row: _item(row, "description"), required=False)
    queries = _read(folder / "queries.jsonl", _topic)
    return EvaluationSet(technologies, issues, queries)


def rank_all(evaluation: EvaluationSet, model: LoadedModel, *, balanced: bool = True) -> Run:
    """The run of the production search path over exactly this folder's items, at most 100 deep.

    ``balanced=False`` leaves the language means in, to show what the balance does.
    """
    with evaluation_engine(evaluation, model, balanced=balanced) as engine:
        return {topic.id: _ranked(engine, topic) for topic in evaluation.topics()}


@contextmanager
def evaluation_engine(
    evaluation: EvaluationSet, model: LoadedModel, *, balanced: bool = True, title_weight: float = TITLE_WEIGHT
) -> Iterator[SearchEngine]:
    """The search engine over exactly this folder's items, with the packaged ontology's concepts and labels."""
    reference = model.reference_means if balanced else {}
    lexicon, matcher, version = packaged_lexicon()
    with TemporaryDirectory() as folder:
        reader = MatcherReader(matcher, version)
        index = SearchIndex(
            Path(folder), model.embedder, reference, ontology="evaluation", reader=reader, title_weight=title_weight
        )
        index.update(_changes(evaluation))
        index.save(refit=True)
        if not balanced:
            index.use_balance(LanguageBalance.none())
        evidence = EvidenceFinder(lexicon.concepts, matcher)
        yield SearchEngine(index, model.embedder, lexicon.concepts, evidence, "")
        index.close()


def _ranked(engine: SearchEngine, topic: Topic) -> dict[str, float]:
    """Record id → one by its rank: probabilities order, and several results may have the same."""
    hits = engine.rank(query_of(topic))
    return {hit.entry.record.partition(":")[2]: 1 / rank for rank, hit in enumerate(hits[:DEPTH], 1)}


def query_of(topic: Topic) -> Query:
    """A topic as a query; language, places and amounts are read from the text, as for any query.

    An issue that is asked for its technologies is a registered record: its situation is stated, not read.
    """
    find = "issue" if topic.target == "issue" else "technology"
    kind: QueryKind = "offer" if find == "issue" else "issue" if "→" in topic.target else "query"
    lang = language_of(topic.text)
    situation = NOWHERE if kind == "issue" else situation_of(" ".join(topic.text.split()), find)
    filters = Filters(kind=find, places=situation.filters)
    return Query(topic.text, find, lang, lang, kind, filters, DEPTH, 0, situation)


def _changes(evaluation: EvaluationSet) -> dict[str, tuple[str, list[Entry]]]:
    kinds = (("technology", evaluation.technologies), ("issue", evaluation.issues))
    entries = [
        Entry(f"{kind}:{item.id}", lang, kind, lang, item.title, item.text)
        for kind, items in kinds
        for item in items
        for lang in [language_of(f"{item.title} {item.text}")]
    ]
    return {entry.record: (entry.text_hash, [entry]) for entry in entries}


T = TypeVar("T", Item, Topic)


def _read(path: Path, parse: Callable[[Mapping[str, Any]], T], *, required: bool = True) -> list[T]:
    """What the lines of a file say, one object each; a line end inside a string (U+2028) ends no line."""
    if not path.exists() and not required:
        return []
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, ValueError) as error:
        raise _invalid(path, 0, str(error)) from error
    found: dict[str, T] = {}
    for number, line in enumerate(lines, start=1):
        if line.strip():
            item = _parsed(path, number, line, parse)
            if item.id in found:
                raise _invalid(path, number, f"the id {item.id} is repeated")
            found[item.id] = item
    return list(found.values())


def _parsed(path: Path, number: int, line: str, parse: Callable[[Mapping[str, Any]], T]) -> T:
    try:
        row = json.loads(line)
        if not isinstance(row, dict) or "id" not in row:
            raise ValueError("an object with an id is expected")
        return parse(row)
    except ValueError as error:
        raise _invalid(path, number, str(error)) from error


def _item(row: Mapping[str, Any], text: str) -> Item:
    title, body = str(row.get("title", "")), str(row.get(text, row.get("text", "")))
    lang = str(row.get("lang") or language_of(f"{title} {body}"))
    return Item(str(row["id"]), title, body, lang, _judgments(row, "relevant_technologies"))


def _topic(row: Mapping[str, Any]) -> Topic:
    text, target = str(row.get("text", "")), str(row.get("target", "technology"))
    if not text.strip():
        raise ValueError("a query needs a text")
    if target not in TARGETS:
        raise ValueError(f"the target is {target}, not one of {', '.join(TARGETS)}")
    lang = str(row.get("lang") or language_of(text))
    return Topic(str(row["id"]), text, lang, target, _judgments(row, "relevant"))


def _judgments(row: Mapping[str, Any], name: str) -> dict[str, int]:
    judged = row.get(name, {})
    if not isinstance(judged, dict) or not all(type(grade) is int for grade in judged.values()):
        raise ValueError(f"{name} must give each id a whole number as its grade")
    return judged


def _invalid(path: Path, line: int, detail: str) -> MeguriError:
    place = f"{path}:{line}" if line else str(path)
    return MeguriError(
        code="evaluation_set",
        en=f"The evaluation set cannot be read at {place}: {detail}.",
        ja=f"評価セットを読めません（{place}）: {detail}",
        remedy_en="See corpus/evaluation/README.md for the format.",
        remedy_ja="形式は corpus/evaluation/README.md を参照してください。",
    )
