"""Decisions on what was read from a document: a statement is right, is put right, or is wrong."""

from __future__ import annotations

from datetime import date
from typing import Any

from rdflib import Graph, URIRef
from rdflib.term import Node

from kg.errors import MeguriError
from kg.iris import kind_of, record_iri
from kg.namespaces import CES, RDF, RDFS
from kg.reviews import Decision, Review, put_review, reviews_of
from kg.store import GraphStore
from search_api.desk.desk import Desk

MAX_CORRECTION = 500


def review_statement(
    desk: Desk, document: str, statement: str, decision: Decision, actor: str, correction: str | None = None
) -> dict[str, Any]:
    """Record a decision and return the statement as ``statements_of`` gives it; a later decision replaces it.

    The decision goes into the graph, who took it into the audit. Raises MeguriError: ``statement_unknown``,
    ``correction_needed`` (a correction without its text, or a text without being one).
    """
    said = (correction or "").strip()[:MAX_CORRECTION] or None
    if (decision == "corrected") != (said is not None):
        raise _correction_needed()
    store = desk.service.store
    with desk.writing():
        try:
            put_review(store, desk.base, document, Review(statement, decision, date.today(), said))
        except (KeyError, ValueError) as error:
            raise statement_unknown(document, statement) from error
        with desk.database.transaction() as tx:
            tx.audit.add(actor, f"statement-{decision}", f"{document}#{statement}", {"correction": said})
        found = next(one for one in statements_of(store, desk.base, document) if one["statement"] == statement)
    desk.keeper.changed([document])
    return found


def statements_of(store: GraphStore, base: str, document: str) -> list[dict[str, Any]]:
    """What was read from a document, in its order, with each statement's review (null where there is none).

    Raises MeguriError (``record_unknown``) where there is no such document.
    """
    iri = record_iri(base, document)
    graph = store.graph(iri) if kind_of(document) == "document" else Graph()
    if not len(graph):
        raise document_unknown(document)
    reviews = reviews_of(store, base, document)
    found = [_shown(graph, node, reviews) for node in graph.subjects(RDF.type, CES.Statement)]
    return sorted(found, key=lambda one: (one["start"], one["statement"]))


def _shown(graph: Graph, node: Node, reviews: dict[str, Review]) -> dict[str, Any]:
    key = str(node).rpartition("#")[2]
    review = reviews.get(key)
    passages = [str(one).rpartition("#")[2] for one in graph.objects(node, CES.concludedFrom)]
    return {
        "statement": key,
        "says": str(graph.value(node, RDFS.label) or ""),
        "predicate": str(graph.value(node, CES.statementPredicate) or "").removeprefix(str(CES)),
        "subject": _end(graph, node, CES.statementSubject),
        "object": _end(graph, node, CES.statementObject) or _end(graph, node, CES.statementValue),
        "passage": next((name for name in passages if name.startswith("p") and "-" not in name), None),
        "start": int(str(graph.value(node, CES.startOffset) or 0)),
        "end": int(str(graph.value(node, CES.endOffset) or 0)),
        "confidence": float(str(graph.value(node, CES.confidence) or 0)),
        "method": str(graph.value(node, CES.method) or ""),
        "review": None if review is None else _review(review),
    }


def _review(review: Review) -> dict[str, str | None]:
    return {"decision": review.decision, "on": review.on.isoformat(), "correction": review.correction}


def _end(graph: Graph, node: Node, predicate: URIRef) -> str | None:
    value = graph.value(node, predicate)
    return None if value is None else str(value)


def statement_unknown(document: str, statement: str) -> MeguriError:
    """Nothing of this key was read from the document."""
    return MeguriError(
        code="statement_unknown",
        en=f"Nothing under {statement[:40]!r} was read from {document[:80]!r}.",
        ja=f"文書「{document[:80]}」に「{statement[:40]}」という読み取り結果はありません。",
        remedy_en=f"See `meguri review list {document[:80]}`.",
        remedy_ja=f"`meguri review list {document[:80]}` で確認してください。",
    )


def document_unknown(document: str) -> MeguriError:
    """There is no such document."""
    return MeguriError(
        code="record_unknown",
        en=f"There is no document {document[:80]!r}.",
        ja=f"「{document[:80]}」という文書はありません。",
        remedy_en="Use the id that `meguri ingest` reports (document-…).",
        remedy_ja="`meguri ingest` が示す ID（document-…）を指定してください。",
    )


def _correction_needed() -> MeguriError:
    return MeguriError(
        code="correction_needed",
        en="A correction, and only a correction, says what is right instead.",
        ja="訂正には正しい内容が必要です（訂正以外の判断には付けられません）。",
        remedy_en="Give the decision `corrected` together with the right statement.",
        remedy_ja="判断 corrected とともに、正しい内容を指定してください。",
    )


__all__ = ["document_unknown", "review_statement", "statement_unknown", "statements_of"]
