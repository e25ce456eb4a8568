"""Registrations: rows read, normalised and modelled a second; 20,000 validated and committed, on one core and on all.

``python -m benchmarks.registrations [ROWS]``. The baseline of validation is pySHACL on the same records, in one run.
"""

from __future__ import annotations

import csv
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from rdflib import URIRef

from benchmarks.measuring import machine
from ingest.columns import load_columns
from ingest.drafting import Drafter, Form
from ingest.limits import DEFAULT_LIMITS
from ingest.pipeline import Ingestion, Options
from ingest.readers.open_file import open_file
from ingest.sheets import plan_file, records_of
from ingest.vocabulary import Vocabulary
from kg.namespaces import DEFAULT_BASE
from kg.ontology_load import load_ontology
from kg.oxigraph_store import OxigraphStore
from kg.terms import Statements
from kg.validation import Validator

HEADER = [
    "ID",
    "団体名",
    "法人番号",
    "技術名称",
    "概要",
    "技術分類",
    "対象地域",
    "電話番号",
    "登録日",
    "処理能力（t/年）",
    "備考",
]
REGIONS = ("真庭市", "東京都府中市", "岡山県", "札幌市", "33214", "長野県")
_SAMPLE = 400


def seconds(action: Callable[[], object]) -> float:
    """Processor time of one call."""
    started = time.process_time()
    action()
    return time.process_time() - started


def written(path: Path, rows: int) -> Path:
    """A CSV as an office would send it: eras, full-width digits, several regions a cell."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for n in range(rows):
            day = f"令和{n % 7 + 1}年{n % 12 + 1}月{n % 28 + 1}日"
            region = f"{REGIONS[n % 6]}、{REGIONS[(n + 1) % 6]}"
            text = f"一日に{n}kgの生ごみを分解する。" * 3
            named = [f"B{n}", f"㈱見本{n % 997}", "", f"堆肥化の仕組み第{n}号", text, "コンポスト化"]
            writer.writerow([*named, region, "０３－１２３４－５６７８", day, "1.2万", "特になし"])
    return path


def store() -> OxigraphStore:
    """A graph in memory with the ontology."""
    made = OxigraphStore(None)
    load_ontology(made)
    return made


def drafted(graph: OxigraphStore, path: Path) -> Iterator[Statements]:
    """Rows read, normalised, modelled and written as RDF; nothing validated."""
    columns, vocabulary = load_columns(), Vocabulary.from_store(graph)
    file = open_file(path, DEFAULT_LIMITS)
    plan = plan_file(file, None, columns, DEFAULT_LIMITS)
    for sheet in plan.sheets:
        name, read = file.source.name, sheet.columns
        drafter = Drafter(Form(DEFAULT_BASE, sheet.kind, name, read, DEFAULT_LIMITS, vocabulary, sheet.layout))
        for row in records_of(file, sheet, DEFAULT_LIMITS):
            draft = drafter.draft(row)
            if draft.written:
                yield draft.written.statements


def modelling(graph: OxigraphStore, path: Path, rows: int) -> None:
    """Rows a second up to their statements, on one core."""
    spent = statistics.median(seconds(lambda: sum(1 for _ in drafted(graph, path))) for _ in range(3))
    print(f"read, normalised, modelled: {rows / spent:,.0f} rows/s of one core (median of 3)")


def validation(graph: OxigraphStore, path: Path) -> None:
    """The compiled shapes against pySHACL, on the same records."""
    sample = {next(s for s, _, _ in said): said for said in islice(drafted(graph, path), _SAMPLE)}
    records = {URIRef(str(subject).partition("#")[0]): said for subject, said in sample.items()}
    validator = Validator(graph)
    fast = seconds(lambda: validator.validate(records))
    slow = seconds(lambda: validator.validate_by_pyshacl(records))
    print(f"validation: {fast / len(records) * 1000:.2f} ms a record, pySHACL {slow / fast:.0f} times as long")


def committing(path: Path, rows: int, workers: int) -> None:
    """A whole ingestion into a store on the disk: wall time, and processor time of this process and its workers."""
    with tempfile.TemporaryDirectory() as folder:
        graph = OxigraphStore(Path(folder) / "graph")
        load_ontology(graph)
        run = Ingestion(graph, DEFAULT_BASE, Options(load_columns(), workers=workers), "benchmark")
        before, started = os.times(), time.perf_counter()
        summary = run.ingest(path).summary
        run.close()
        wall, after = time.perf_counter() - started, os.times()
        graph.close()
    own = after.user + after.system - before.user - before.system
    theirs = after.children_user + after.children_system - before.children_user - before.children_system
    print(
        f"committed by {workers} processes: {summary['valid']:,} of {rows:,} rows in {wall:.1f} s"
        f" (processor: {own:.1f} s here, {theirs:.1f} s in workers; {rows / own:,.0f} rows/s of this process)"
    )


def main(rows: int) -> None:
    print(machine())
    with tempfile.TemporaryDirectory() as folder:
        path = written(Path(folder) / "rows.csv", rows)
        graph = store()
        modelling(graph, path, rows)
        validation(graph, path)
        for workers in sorted({1, os.cpu_count() or 1}):
            committing(path, rows, workers)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
