"""Registrations: rows read, normalised and modelled a second; 20,000 validated and committed; memory against size.

``python -m benchmarks.registrations [ROWS]``. Times are of the processor, because one process does all of it; the
baseline of validation is pySHACL on the same records in the same run.
"""

from __future__ import annotations

import csv
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.measuring import machine
from ingest.columns import load_columns
from ingest.limits import DEFAULT_LIMITS
from ingest.pipeline import Ingestion, Options
from ingest.problems import Problems
from ingest.rdf import record_graph
from ingest.readers.open_file import open_file
from ingest.sheets import plan_file, records_of
from ingest.values import read_values
from kg.iris import record_iri
from kg.namespaces import DEFAULT_BASE
from kg.ontology_load import load_ontology
from kg.oxigraph_store import OxigraphStore
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


def modelled(run: Ingestion, path: Path) -> list[object]:
    """Rows read, normalised and modelled to RDF; nothing validated."""
    columns = load_columns()
    file = open_file(path, DEFAULT_LIMITS)
    plan = plan_file(file, None, columns, DEFAULT_LIMITS)
    graphs: list[object] = []
    for sheet in plan.sheets:
        for row in records_of(file, sheet, DEFAULT_LIMITS):
            problems = Problems()
            values = read_values(row, sheet.columns, DEFAULT_LIMITS, problems, sheet.layout)
            records = run._modeller.model(sheet.kind, values, path.name, problems)
            graphs = [*graphs[-_SAMPLE:], *(record_graph(record, DEFAULT_BASE) for record in records)]
    return graphs


def main(rows: int) -> None:
    print(machine())
    with tempfile.TemporaryDirectory() as folder:
        path = written(Path(folder) / "rows.csv", rows)
        graph = store()
        run = Ingestion(graph, DEFAULT_BASE, Options(load_columns()), "benchmark")
        kept: list[object] = []
        spent = seconds(lambda: kept.extend(modelled(run, path)))
        print(f"read, normalised, modelled: {rows / spent:,.0f} rows/s")
        validator = Validator(graph)
        sample = {record_iri(DEFAULT_BASE, f"technology-{n}"): g for n, g in enumerate(kept[:_SAMPLE])}
        by_iri = {g.identifier: g for g in sample.values()}  # type: ignore[attr-defined]
        fast = seconds(lambda: validator.validate(by_iri))
        slow = seconds(lambda: validator.validate_by_pyshacl(by_iri))
        print(f"validation: {fast / len(by_iri) * 1000:.2f} ms a record, pySHACL {slow / fast:.0f} times as long")
        whole = seconds(lambda: run.ingest(path))
        print(f"validated and committed: {rows} rows in {whole:.1f} s ({rows / whole:,.0f} rows/s)")
        print(f"peak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
