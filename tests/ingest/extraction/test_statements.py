"""What is extracted stands in the document's graph as unreviewed statements; reviews outlive another reading."""

from __future__ import annotations

from datetime import date

import pytest
from rdflib import RDF, RDFS, Graph, Literal, URIRef

from ingest.pipeline import Ingestion
from kg.iris import record_iri, review_iri
from kg.namespaces import CES, REGION
from kg.oxigraph_store import OxigraphStore
from kg.reviews import Review, put_review, reviews_of
from tests.ingest.conftest import Ingest
from tests.ingest.support import BASE

TEXT = """飯田市の計画

本市では担い手不足が課題である。株式会社天竜バイオ燃料が薪割り装置を開発した。
2030年度までに可燃ごみの排出量を30%削減する。
"""


def read(ingest: Ingest, store: OxigraphStore, name: str, text: str = TEXT) -> tuple[str, Graph]:
    report = ingest(name, text)
    assert report.file_error is None, report.file_error
    assert report.rows[0].status in ("valid", "unchanged"), report.rows[0].problems
    id_ = str(report.rows[0].id)
    return id_, store.graph(record_iri(BASE, id_))


def statements(graph: Graph) -> dict[str, URIRef]:
    return {
        str(graph.value(node, CES.statementPredicate)).removeprefix(str(CES)): URIRef(str(node))
        for node in graph.subjects(RDF.type, CES.Statement)
    }


def test_relations_and_goals_are_statements_with_their_place_that_nobody_has_reviewed(
    ingest: Ingest, store: OxigraphStore
) -> None:
    _, graph = read(ingest, store, "statements.txt")
    found = statements(graph)
    assert set(found) == {"facesIssue", "offersTechnology", "targetValue"}
    assert {str(graph.value(node, CES.reviewed)) for node in found.values()} == {"false"}
    faced = found["facesIssue"]
    assert graph.value(faced, CES.statementSubject) == URIRef(f"{REGION}20205")
    issue = graph.value(faced, CES.statementObject)
    assert (str(graph.value(issue, CES.exactText)), str(graph.value(issue, CES.mentionKind))) == ("担い手不足", "issue")
    start, end = (int(str(graph.value(faced, p))) for p in (CES.startOffset, CES.endOffset))
    assert TEXT[start:end] == "本市では担い手不足が課題である。"
    goal = graph.value(found["targetValue"], CES.statementSubject)
    said = {p: str(graph.value(goal, p)) for p in (CES.indicator, CES.targetValue, CES.unit, CES.targetYear)}
    assert list(said.values()) == ["可燃ごみの排出量", "30", "%", "2030"]


def test_a_review_outlives_another_reading_and_a_later_one_replaces_it(
    ingest: Ingest, store: OxigraphStore, run: Ingestion
) -> None:
    id_, graph = read(ingest, store, "reviewed.txt")
    key = str(statements(graph)["facesIssue"]).partition("#")[2]
    put_review(store, BASE, id_, Review(key, "accepted", date(2026, 11, 29)))
    # the text changes in front of the statement, so that its place moves and its key must not
    _, again = read(ingest, store, "reviewed.txt", TEXT.replace("計画", "計画（改訂版）"))
    assert str(statements(again)["facesIssue"]).partition("#")[2] == key
    assert reviews_of(store, BASE, id_)[key].decision == "accepted"
    put_review(store, BASE, id_, Review(key, "corrected", date(2026, 11, 30), "飯田市 — facesIssue → 人手不足"))
    assert reviews_of(store, BASE, id_) == {
        key: Review(key, "corrected", date(2026, 11, 30), "飯田市 — facesIssue → 人手不足")
    }


@pytest.mark.parametrize(
    ("said", "kept", "predicate"),
    [
        ("本市 — facesIssue → 人手不足", {"statementSubject"}, "facesIssue"),
        ("隣の市 — facesIssue → 担い手不足", {"statementObject"}, "facesIssue"),
        ("本市 — rejected → 担い手不足", {"statementSubject", "statementObject"}, "rejected"),
        ("本市 — inventedHere → 担い手不足", {"statementSubject", "statementObject"}, None),
        ("担い手は足りている", set(), None),
    ],
)
def test_a_correction_keeps_only_what_its_words_still_say(
    ingest: Ingest, store: OxigraphStore, said: str, kept: set[str], predicate: str | None
) -> None:
    id_, graph = read(ingest, store, "corrected.txt")
    key = str(statements(graph)["facesIssue"]).partition("#")[2]
    put_review(store, BASE, id_, Review(key, "corrected", date(2026, 11, 30), said))
    reviews = store.graph(review_iri(BASE, id_))
    (corrected,) = set(reviews.subjects(RDFS.label, Literal(said)))
    ends = {"statementSubject", "statementObject"}
    assert {end for end in ends if (corrected, CES[end], None) in reviews} == kept
    assert reviews.value(corrected, CES.statementPredicate) == (CES[predicate] if predicate else None)


def test_what_was_not_read_cannot_be_reviewed(ingest: Ingest, store: OxigraphStore) -> None:
    id_, _ = read(ingest, store, "unknown.txt")
    with pytest.raises(KeyError):
        put_review(store, BASE, id_, Review("s-000000000000", "rejected", date(2026, 11, 29)))
    assert reviews_of(store, BASE, id_) == {}


def test_a_known_partner_is_meant_by_its_name(ingest: Ingest, store: OxigraphStore) -> None:
    ingest("known-partners.csv", "ID,団体名,会員区分\nPX1,株式会社見本燃料,企業\n".replace("企業", "企業・業界団体"))
    _, graph = read(ingest, store, "partner.txt", "株式会社見本燃料は薪割り装置を開発した。")
    node = next(node for node, _, text in graph.triples((None, CES.exactText, Literal("株式会社見本燃料"))))
    assert str(graph.value(node, CES.mentions) or "").endswith("partner-PX1")
