"""Runs the query tests by the pool of workers on one checkpoint that holds the data of all of them, each in a graph.

So every test passes through what a client's query passes through: the queue, the refusal of SERVICE, the worker,
the dataset of the protocol, and the serialized results.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph as ox

from kg.errors import MeguriError
from kg.oxigraph_store import OxigraphStore
from kg.snapshots import Snapshots
from kg.sparql.pool import QueryPool
from kg.sparql.question import Limits, Question
from tests.conformance import answers
from tests.conformance.manifests import EVALUATED, Case, query_cases
from tests.conformance.suites import Verdict


@contextmanager
def suite_pool(folder: Path) -> Iterator[QueryPool]:
    """A pool on the data of all query tests."""
    live = ox.Store(str(folder / "graph"))
    files = {(name, file) for case in query_cases() for name, file in case.named}
    files |= {(file.as_uri(), file) for case in query_cases() for file in case.data}
    for name, file in sorted(files):
        live.load(path=str(file), base_iri=file.as_uri(), to_graph=ox.NamedNode(name))
    live.flush()
    del live
    store = OxigraphStore(folder / "graph")
    snapshots = Snapshots(folder / "snapshots")
    snapshots.publish(store)
    store.close()
    pool = QueryPool(snapshots, Limits())
    try:
        yield pool
    finally:
        pool.close()


def run(pool: QueryPool, case: Case) -> Verdict:
    """The verdict on one case."""
    try:
        problem = _evaluated(pool, case) if case.kind in EVALUATED else _parsed(pool, case)
    except MeguriError as error:
        problem = f"{error.code}: {error.en}"
    return Verdict(case.group, case.id, problem)


def _evaluated(pool: QueryPool, case: Case) -> str:
    assert case.result is not None
    kind = case.result.suffix
    results = kind[1:] if kind in (".csv", ".tsv") else "xml" if kind == ".srx" else "json"
    form, data = _ask(pool, case, results)
    if form == "graph":
        return "" if answers.same_graph(data, case.result) else "another graph"
    if kind == ".csv":
        return "" if answers.same_csv(data, case.result.read_bytes()) else "another table"
    given = answers.solutions_in(data, results.upper())
    same = answers.same_solutions(given, answers.expected_solutions(case.result), lax=case.lax)
    return "" if same else "other solutions"


def _parsed(pool: QueryPool, case: Case) -> str:
    try:
        _ask(pool, case, "json")
    except MeguriError as error:
        if error.code == "query_failed":  # it was read, and failed later
            return "" if case.kind.startswith("Positive") else "accepted"
        if error.code == "query_invalid" and case.kind.startswith("Negative"):
            return ""
        return f"{error.code}: {error.en}"
    return "" if case.kind.startswith("Positive") else "accepted"


def _ask(pool: QueryPool, case: Case, results: str) -> tuple[str, bytes]:
    text = case.query.read_text(encoding="utf-8")
    own_dataset = not case.data and re.search(r"\bFROM\b", text) is not None
    given = bool(case.data or case.named) and not own_dataset
    question = Question(
        text,
        base=case.query.as_uri(),
        results=results,
        graphs="nt",
        default_graphs=tuple(file.as_uri() for file in case.data) if given else None,
        named_graphs=tuple(name for name, _ in case.named) if given else None,
    )

    async def ask() -> tuple[str, bytes]:
        async with pool.ask(question) as answer:
            return answer.form, await answer.read()

    return asyncio.run(ask())
