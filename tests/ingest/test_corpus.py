"""The whole corpus goes in: no row rejected, every term and column known, every document with passages and mentions."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path

import pytest
from rdflib import Literal

from ingest.kinds import ORDER, expand, folder_kind
from ingest.report import FileReport
from kg.iris import record_iri
from kg.namespaces import CES, RDF
from kg.oxigraph_store import OxigraphStore
from tests.ingest.support import BASE

CORPUS = Path(__file__).parents[2] / "corpus"


@pytest.fixture(scope="module")
def reports(corpus_reports: list[FileReport]) -> list[FileReport]:
    """What became of each file, in one run."""
    return corpus_reports


def problems(reports: list[FileReport], *codes: str) -> list[str]:
    """File, row, field, code and value of each problem (of these codes, where some are given)."""
    return [
        f"{Path(report.file).name}:{row.row} {problem.field} {problem.code} {problem.value}"
        for report in reports
        for row in report.rows
        for problem in row.problems
        if not codes or problem.code in codes
    ]


def test_files_are_found_in_an_order_that_respects_references() -> None:
    kinds = [folder_kind(path) for path in expand([CORPUS])]
    assert set(kinds) == set(ORDER)
    assert kinds == sorted(kinds, key=lambda kind: ORDER.index(kind) if kind else len(ORDER))


def test_every_file_is_read(reports: list[FileReport]) -> None:
    assert {Path(r.file).name: r.file_error.en for r in reports if r.file_error} == {}


def test_no_row_is_rejected(reports: list[FileReport]) -> None:
    states = {row.status for report in reports for row in report.rows}
    assert states == {"valid"}, problems([r for r in reports if r.rejected])


def test_every_column_is_known(reports: list[FileReport]) -> None:
    assert [(Path(r.file).name, p.field) for r in reports for p in r.columns] == []


def test_every_term_region_and_amount_is_known(reports: list[FileReport]) -> None:
    codes = ("concept_unknown", "region_unknown", "region_ambiguous", "number_invalid", "url_invalid", "column_unknown")
    assert problems(reports, *codes) == []


def test_it_is_as_large_as_promised(reports: list[FileReport]) -> None:
    rows = {kind: sum(len(report.rows) for report in reports if report.kind == kind) for kind in ORDER}
    least = {
        "partner": 50,
        "resource": 80,
        "technology": 150,
        "issue": 100,
        "scheme": 25,
        "project": 20,
        "event": 10,
        "commitment": 30,
        "followup": 30,
        "document": 15,
    }
    assert {kind: rows[kind] >= least[kind] for kind in ORDER} == dict.fromkeys(ORDER, True), rows


# the share of each language that the corpus aims at, in hundredths
AIM = {"ja": 60, "en": 25, "en+ja": 15}
OWN_TEXT = (CES.Technology, CES.Issue, CES.RegionalResource, CES.Project, CES.Event)


def test_languages_stand_in_the_proportion_aimed_at(reports: list[FileReport], store: OxigraphStore) -> None:
    """By the languages of the description; a document has none and counts by what it is written in.

    Only the corpus's own records count: other tests of this process write into the same graph.
    """
    own = {record_iri(BASE, row.id) for report in reports for row in report.rows if row.id}
    found: Counter[str] = Counter()
    for kind in OWN_TEXT:
        rows = store.select(_DESCRIBED, {"kind": kind})
        spoken: dict[str, set[str]] = defaultdict(set)
        for row in rows:
            text = row["text"]
            assert isinstance(text, Literal) and text.language
            if row["record"] in own:
                spoken[str(row["record"])].add(text.language)
        found.update("+".join(sorted(languages)) for languages in spoken.values())
    found.update(str(row["text"]) for row in store.select(_WRITTEN) if row["record"] in own)
    assert set(found) == set(AIM)
    for languages, aim in AIM.items():
        assert abs(100 * found[languages] / found.total() - aim) <= 1.5, found


_DESCRIBED = """
SELECT ?record ?kind ?text WHERE { ?record a ?kind ; <http://purl.org/dc/terms/description> ?text }
"""
_WRITTEN = """
SELECT ?record ?text WHERE {
  ?record a <https://w3id.org/meguri/ces#Document> ; <http://purl.org/dc/terms/language> ?text
}
"""


def test_no_row_is_warned_of(reports: list[FileReport]) -> None:
    assert problems(reports) == []


def test_every_offer_names_a_registered_partner(reports: list[FileReport], store: OxigraphStore) -> None:
    registered = {
        record_iri(BASE, str(row.id)) for report in reports if report.kind == "partner" for row in report.rows
    }
    offers = [row for report in reports if report.kind == "technology" for row in report.rows if row.id]
    offered_by = {
        row.id: set(store.graph(record_iri(BASE, str(row.id))).objects(None, CES.offeredBy)) for row in offers
    }
    assert {id_: partners - registered for id_, partners in offered_by.items() if partners - registered} == {}


def test_every_document_has_passages_that_mention_something(reports: list[FileReport], store: OxigraphStore) -> None:
    for report in reports:
        if report.kind == "document":
            graph = store.graph(record_iri(BASE, str(report.rows[0].id)))
            assert list(graph.subjects(RDF.type, CES.Mention)), report.file
