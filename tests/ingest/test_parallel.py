"""Rows drafted by other processes, or by an executor that is passed in, become the graph that one process makes."""

from __future__ import annotations

import io
import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from ingest import parallel
from ingest.columns import load_columns
from ingest.pipeline import Ingestion, Options
from ingest.report import FileReport
from kg.namespaces import PROV
from kg.ontology_load import load_ontology
from kg.oxigraph_store import OxigraphStore
from tests.ingest.conftest import written
from tests.ingest.support import BASE

HEADER = "ID,団体名,法人番号,技術名称,概要,対象地域,登録日,処理能力（t/年）\n"
NUMBER = "1180301018771"


def messy_rows(count: int) -> str:
    """Rows that depend on each other: partners by name and number, repetitions, titles that recur, links, errors."""
    lines = []
    for n in range(count):
        id_ = f"P{n}" if n % 3 else ""
        partner, number = [("㈱見本", ""), ("株式会社見本", NUMBER), (f"見本{n % 7}組合", ""), ("みほん", NUMBER)][
            n % 4
        ]
        title = f"堆肥化の仕組み{n % 11}" if n % 2 else f"竹チップ{n}"
        day = "31/02/2025" if n % 13 == 0 else "令和7年4月1日"
        lines.append(f"{id_},{partner},{number},{title},説明{n % 5},真庭市,{day},{n}t")
        if n % 17 == 0:
            lines.append(lines[-1])
    return HEADER + "\n".join(lines) + "\n"


def ingested(path: Path, executor: Executor | None) -> tuple[FileReport, list[str]]:
    """The report, and every statement but those of the run's own time."""
    store = OxigraphStore(None)
    load_ontology(store)
    run = Ingestion(store, BASE, Options(load_columns(), executor=executor, workers=1), "tests")
    report = run.ingest(path)
    text = io.BytesIO()
    store.dump_nquads(text)
    lines = text.getvalue().decode().splitlines()
    return report, sorted(line for line in lines if "_:" not in line and not any(t in line for t in OF_THE_RUN))


OF_THE_RUN = ("/activity/", str(PROV.generatedAtTime))


@pytest.fixture(scope="module")
def pool() -> Iterator[Executor]:
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
        yield executor


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(parallel, "BATCH", 20)
    return written(tmp_path / "messy.csv", messy_rows(170))


def test_processes_make_the_same_graph_and_report_as_one(path: Path, pool: Executor) -> None:
    alone, graph = ingested(path, None)
    together, same_graph = ingested(path, pool)
    assert same_graph == graph
    assert together.as_json() == alone.as_json()
    # the file must really hold what depends on other rows
    summary = alone.summary
    assert min(summary["valid"], summary["duplicate"], summary["rejected"]) > 3
    assert any("possibleDuplicateOf" in line for line in graph)


def test_any_executor_does(path: Path) -> None:
    with ThreadPoolExecutor(3) as threads:
        assert ingested(path, threads)[1] == ingested(path, None)[1]


class _Breaking(Executor):
    """Works for a while, then its workers are gone."""

    def __init__(self, inner: Executor) -> None:
        self._inner, self._left = inner, 3

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        self._left -= 1
        if self._left < 0:
            raise BrokenProcessPool("gone")
        return self._inner.submit(fn, *args, **kwargs)


def test_a_run_outlives_its_workers(path: Path) -> None:
    with ThreadPoolExecutor(1) as threads:
        report, graph = ingested(path, _Breaking(threads))
    alone, same_graph = ingested(path, None)
    assert graph == same_graph
    assert report.as_json() == alone.as_json()


def test_workers_that_are_killed_under_way_are_replaced_by_the_process_itself(path: Path) -> None:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        pid = pool.submit(os.getpid).result()
        pool.submit(time.sleep, 60)
        os.kill(pid, signal.SIGKILL)
        report, _ = ingested(path, pool)
    assert report.summary["total"] == ingested(path, None)[0].summary["total"]


def test_a_large_file_starts_processes_and_a_small_one_does_not(
    path: Path, store: OxigraphStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parallel, "WORTH_IT", 100)
    started: list[int | None] = []

    class Counted(ThreadPoolExecutor):
        def __init__(self, workers: int | None = None, **_: object) -> None:
            started.append(workers)
            super().__init__(workers)

    monkeypatch.setattr(parallel, "ProcessPoolExecutor", Counted)
    options = Options(load_columns(), workers=2, dry_run=True)
    run = Ingestion(store, BASE, options, "tests")
    run.ingest(written(path.with_name("small.csv"), messy_rows(5)))
    assert started == []
    run.ingest(path)
    run.ingest(path)
    run.close()
    assert started == [2]
    Ingestion(store, BASE, replace(options, workers=1), "tests").ingest(path)
    assert started == [2]
