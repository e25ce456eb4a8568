"""The whole corpus as graphs, in the store that the tests of ingestion share."""

from __future__ import annotations

import pytest
from rdflib import Graph, URIRef

from ingest.report import FileReport
from kg.iris import kind_of, record_iri
from kg.oxigraph_store import OxigraphStore
from tests.ingest.support import BASE


@pytest.fixture(scope="session")
def corpus(corpus_reports: list[FileReport], store: OxigraphStore) -> dict[URIRef, Graph]:
    """Each record of the corpus with its statements."""
    ids = {str(row.id) for report in corpus_reports for row in report.rows if row.status != "rejected"}
    return {record_iri(BASE, id_): store.graph(record_iri(BASE, id_)) for id_ in sorted(ids) if kind_of(id_)}
