"""What people decided about statements that were read from documents: a graph of its own for each document.

Reading a document again replaces the document's graph and leaves this one alone, so a review is never overwritten.
Who decided stands in the relational database only. A review is a W3C Web Annotation on the statement
(``oa:assessing``); a correction is a statement of its own, revised from the one that was read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal as Choice
from typing import get_args

from rdflib import Graph, Literal, URIRef

from kg.iris import fragment, record_iri, review_iri
from kg.namespaces import CES, OA, PROV, RDF, RDFS, XSD
from kg.store import GraphChange, GraphStore

Decision = Choice["accepted", "corrected", "rejected"]
DECISIONS: tuple[Decision, ...] = get_args(Decision)
# what a relation between two things may be
PREDICATES = ("facesIssue", "offersTechnology", "addressesIssue", "deployedIn", "partnerOf", "rejected")
# a statement in words: a relation as `subject — predicate → object`, a goal as `indicator → value unit (year)`
_RELATION = re.compile(r"(?P<subject>.+?) — (?P<predicate>[A-Za-z]+) → (?P<object>.+)", re.DOTALL)
_GOAL = re.compile(r"(?P<subject>.+?) → (?P<object>.+)", re.DOTALL)


@dataclass(frozen=True)
class Review:
    """A decision on the statement with this key (the fragment ``s-…``); ``correction`` says what is right instead."""

    statement: str
    decision: Decision
    on: date
    correction: str | None = None


@dataclass(frozen=True)
class Words:
    """A statement in words, end by end; ``predicate`` is empty for a goal, ``object`` where the words have no arrow."""

    subject: str
    predicate: str = ""
    object: str = ""

    @classmethod
    def of(cls, says: str) -> Words:
        """The ends of what a statement's label says."""
        found = _RELATION.fullmatch(says) or _GOAL.fullmatch(says)
        return cls(**found.groupdict()) if found else cls(says)

    def __str__(self) -> str:
        between = f" — {self.predicate} → " if self.predicate else " → "
        return f"{self.subject}{between}{self.object}" if self.object else self.subject


def reviews_of(store: GraphStore, base: str, document: str) -> dict[str, Review]:
    """The reviews of a document's statements (``document`` is a record id), by the key of the statement."""
    graph = store.graph(review_iri(base, document))
    found: dict[str, Review] = {}
    for node in graph.subjects(RDF.type, OA.Annotation):
        key = str(graph.value(node, OA.hasTarget)).rpartition("#")[2]
        decision = str(graph.value(node, CES.decision))
        on = date.fromisoformat(str(graph.value(node, CES.reviewedOn)))
        corrected = graph.value(node, OA.hasBody)
        said = graph.value(corrected, RDFS.label) if corrected is not None else None
        found[key] = Review(key, decision, on, None if said is None else str(said))  # type: ignore[arg-type]
    return found


def put_review(store: GraphStore, base: str, document: str, review: Review) -> None:
    """Record a review in place of an earlier one of the same statement, and flush.

    Raises KeyError where the document states nothing under this key.
    """
    statement = fragment(record_iri(base, document), review.statement)
    read = store.graph(record_iri(base, document))
    if (statement, RDF.type, CES.Statement) not in read:
        raise KeyError(review.statement)
    name = review_iri(base, document)
    graph = Graph(identifier=name)
    node, corrected = fragment(name, review.statement), fragment(name, f"{review.statement}-corrected")
    for triple in store.graph(name):
        if triple[0] not in (node, corrected):
            graph.add(triple)
    graph.add((node, RDF.type, OA.Annotation))
    graph.add((node, OA.motivatedBy, OA.assessing))
    graph.add((node, OA.hasTarget, statement))
    graph.add((node, CES.decision, Literal(review.decision)))
    graph.add((node, CES.reviewedOn, Literal(review.on.isoformat(), datatype=XSD.date)))
    if review.correction:
        _add_correction(graph, node, corrected, review, read)
    store.apply([GraphChange(name, graph)])
    store.flush()


def _add_correction(graph: Graph, node: URIRef, corrected: URIRef, review: Review, read: Graph) -> None:
    """The right statement in the reviewer's words; of what was read it keeps the ends whose words stay the same."""
    statement = fragment(URIRef(str(graph.value(node, OA.hasTarget)).partition("#")[0]), review.statement)
    graph.add((node, OA.hasBody, corrected))
    graph.add((corrected, RDF.type, CES.Statement))
    graph.add((corrected, RDFS.label, Literal(review.correction)))
    graph.add((corrected, PROV.wasRevisionOf, statement))
    graph.add((corrected, CES.method, Literal("by hand")))
    graph.add((corrected, CES.reviewed, Literal("true", datatype=XSD.boolean)))
    graph.add((corrected, CES.reviewedOn, Literal(review.on.isoformat(), datatype=XSD.date)))
    before, after = Words.of(str(read.value(statement, RDFS.label))), Words.of(str(review.correction))
    kept = [CES.concludedFrom]
    kept += [CES.statementSubject] if before.subject == after.subject else []
    kept += [CES.statementObject, CES.statementValue] if before.object == after.object else []
    for predicate in kept:
        for value in read.objects(statement, predicate):
            graph.add((corrected, predicate, value))
    if after.predicate in PREDICATES:
        graph.add((corrected, CES.statementPredicate, CES[after.predicate]))
    elif after.predicate == before.predicate and after.object:  # a goal stays a goal
        graph.add((corrected, CES.statementPredicate, read.value(statement, CES.statementPredicate) or CES.targetValue))
