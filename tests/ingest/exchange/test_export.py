"""The exported files, and records that come in by the format."""

from __future__ import annotations

import hashlib
import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from rdflib import Graph, URIRef

from ingest.exchange.export import export_exchange
from ingest.exchange.intake import receive
from ingest.exchange.terms import KIND_CLASSES
from ingest.exchange.writing import record_to_json
from kg.commit import Committer
from kg.iris import record_iri
from kg.namespaces import DEFAULT_BASE
from kg.oxigraph_store import OxigraphStore
from kg.provenance import Activity, Source
from kg.validation import shapes_graph
from tests.ingest.support import BASE

DOCS = Path(__file__).parents[3] / "docs" / "exchange.md"
SOURCE = Source("other.example", hashlib.sha256(b"").hexdigest(), "application/ld+json")


def test_files(tmp_path: Path) -> None:
    written = export_exchange(tmp_path / "new")
    names = {str(path.relative_to(tmp_path / "new")) for path in written}
    assert names == {"context.jsonld", "shapes.ttl", "ontology.ttl", *(f"schemas/{kind}.json" for kind in KIND_CLASSES)}
    before = {path: path.read_bytes() for path in written}
    assert {path: path.read_bytes() for path in export_exchange(tmp_path / "new")} == before
    shapes = Graph().parse(tmp_path / "new" / "shapes.ttl")
    # read anew: pySHACL adds a statement or two to the graph that it was given
    assert len(shapes) == len(shapes_graph.__wrapped__())


def partner(number: int = 1, **values: Any) -> dict[str, Any]:
    id_ = f"{BASE}partner-OTHER.{number}"
    return {"id": id_, "type": "Partner", "label": {"en": "Sample"}, "identifier": f"OTHER.{number}", **values}


def test_records_come_in_like_any_others(store: OxigraphStore) -> None:
    committer = Committer(store, BASE)
    documents = [partner(1, memberKind=["concept:member-kind/company"]), partner(2, label={"de": "Muster"}), "text"]
    received = list(receive(documents, BASE, SOURCE))
    assert [(one.row, one.submission is not None) for one in received] == [(1, True), (2, True), (3, False)]
    submissions = [one.submission for one in received if one.submission]
    first = [outcome.state for outcome in committer.commit(submissions, Activity.now("tests"))]
    again = [outcome.state for outcome in committer.commit(submissions, Activity.now("tests"))]
    assert (first, again) == (["stored", "rejected"], ["unchanged", "rejected"])
    iri = record_iri(BASE, "partner-OTHER.1")
    assert record_to_json(store.graph(iri), iri)["label"] == {"en": "Sample"}
    committer.withdraw(["partner-OTHER.1"])


def test_what_was_taken_and_is_sent_back_is_unchanged(corpus: dict[URIRef, Graph], store: OxigraphStore) -> None:
    documents = [record_to_json(graph, iri) for iri, graph in list(corpus.items())[::7]]
    received = [one.submission for one in receive(documents, BASE, SOURCE) if one.submission]
    assert len(received) == len(documents) > 50
    outcomes = Committer(store, BASE).commit(received, Activity.now("tests"))
    assert [outcome.id for outcome in outcomes if outcome.state != "unchanged"] == []


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"id": "https://other.example/id/partner-1"}, "json_id_invalid"),
        ({"id": f"{BASE}organisation-1"}, "json_id_invalid"),
        ({"id": f"{BASE}partner-a/b"}, "json_id_invalid"),
        ({"type": "Technology"}, "json_type_unknown"),
    ],
)
def test_ids_and_types_must_agree(values: dict[str, Any], code: str) -> None:
    (received,) = receive(partner() | values, BASE, SOURCE)
    assert received.submission is None
    assert [problem.code for problem in received.problems.found] == [code]


def test_examples_in_the_documentation_are_the_corpus(corpus: dict[URIRef, Graph]) -> None:
    """``MEGURI_WRITE=1 pytest …`` writes them anew where the corpus has changed."""
    text = DOCS.read_text(encoding="utf-8")
    ids = re.findall(r"<!-- record (\S+) -->", text)
    assert len(ids) >= 2
    for id_ in ids:
        record = record_to_json(corpus[record_iri(BASE, id_)], record_iri(BASE, id_))
        shown = json.dumps(record, ensure_ascii=False, indent=2).replace(BASE, DEFAULT_BASE)
        block = re.compile(rf"(<!-- record {re.escape(id_)} -->\n```json\n).*?(```)", re.DOTALL)
        text = block.sub(lambda match, shown=shown: f"{match[1]}{shown}\n{match[2]}", text)
    if os.environ.get("MEGURI_WRITE"):
        DOCS.write_text(text, encoding="utf-8")
    assert DOCS.read_text(encoding="utf-8") == text, "run with MEGURI_WRITE=1"
