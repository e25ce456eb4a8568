"""What one installation exports, another one reads in by the same command as any registration."""

from __future__ import annotations

import json
from pathlib import Path

from ingest.columns import load_columns
from ingest.exchange.export import export_records
from ingest.pipeline import Ingestion, Options
from ingest.report import FileReport
from kg.namespaces import DEFAULT_BASE
from kg.ontology_load import load_ontology
from kg.oxigraph_store import OxigraphStore

ROWS = """ID,団体名,技術名称,概要
T1,株式会社見本,天ぷら油の燃料化,使った油を軽油の代わりにする。
"""


def run(store: OxigraphStore, path: Path) -> FileReport:
    return Ingestion(store, DEFAULT_BASE, Options(load_columns()), "test").ingest(path)


def new_store() -> OxigraphStore:
    store = OxigraphStore(None)
    load_ontology(store)
    return store


def test_records_travel_from_one_store_to_another(tmp_path: Path) -> None:
    first, second = new_store(), new_store()
    (tmp_path / "technologies.csv").write_text(ROWS, encoding="utf-8")
    assert not run(first, tmp_path / "technologies.csv").rejected
    path = tmp_path / "records.jsonld"
    assert export_records(first, DEFAULT_BASE, path) == 2  # the technology and the partner that it implies
    report = run(second, path)
    assert [row.status for row in report.rows] == ["valid", "valid"], report.as_json()
    assert [row.status for row in run(second, path).rows] == ["unchanged", "unchanged"]
    again = tmp_path / "again.jsonld"
    export_records(second, DEFAULT_BASE, again)
    assert json.loads(again.read_text()) == json.loads(path.read_text())


def test_what_is_wrong_is_reported_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "records.jsonld"
    path.write_text(json.dumps(["no record", {"id": "https://elsewhere.example/x", "type": "Technology"}]))
    report = run(new_store(), path)
    assert [(row.row, row.status) for row in report.rows] == [(1, "rejected"), (2, "rejected")]
    assert all(p.en and p.ja for row in report.rows for p in row.problems)
    path.write_text("[]")
    assert run(new_store(), path).file_error is not None
    path.write_text("{broken")
    assert run(new_store(), path).file_error is not None
