"""The ledger on the corpus: the author of the commitments wrote down each state beforehand."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from ingest.columns import load_columns
from ingest.kinds import expand
from ingest.pipeline import Ingestion, Options
from kg.ledger_reading import ledger
from kg.namespaces import DEFAULT_BASE
from kg.ontology_load import load_ontology
from kg.oxigraph_store import OxigraphStore

EXPECTED = Path(__file__).with_name("expected_ledger.json")
NEEDED = ("partners", "technologies", "issues", "projects", "commitments", "followups")


def test_every_commitment_stands_where_its_author_meant_it_to() -> None:
    store = OxigraphStore(None)
    load_ontology(store)
    run = Ingestion(store, DEFAULT_BASE, Options(load_columns()), "test")
    for path in expand([Path("corpus") / folder for folder in NEEDED]):
        assert not run.ingest(path).rejected, path
    states = {row.commitment.id: row.state for row in ledger(store, DEFAULT_BASE, date(2026, 11, 22))}
    assert states == {f"commitment-{id_}": state for id_, state in json.loads(EXPECTED.read_text()).items()}
