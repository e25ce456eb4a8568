"""What was extracted as RDF: mentions in their passages, and one ``ces:Statement`` for each relation and goal.

A statement's IRI is made from what it says (words and predicate), so that it stays when the document is read again
and a person's review of it (``kg.reviews``) still finds it. Nothing here is ever stated as reviewed.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from rdflib import Literal, URIRef

from ingest.extraction.model import Extraction, Goal, Mention, Relation
from ingest.passages import Passage
from ingest.rdf import Draft, literal, repeated
from kg.iris import fragment
from kg.namespaces import CES, RDF, RDFS, XSD

#: Gives the IRI of a known partner by its name, None where none bears it.
FindPartner = Callable[[str], str | None]


def add_extraction(
    graph: Draft, document: URIRef, passages: Sequence[Passage], found: Extraction, partner: FindPartner
) -> None:
    """Add the mentions, relations and goals that were found to the graph of a document.

    ``passages`` are those of the document in order, whose IRIs are ``#p1``, ``#p2`` …. A mention that stands there
    already for the same thing is not repeated; what lies outside every passage is left out.
    """
    writer = _Writer(graph, document, [passage.start for passage in passages], [p.end for p in passages], partner)
    for mention in found.mentions:
        if mention.kind != "goal":
            writer.mention(mention)
    for goal in found.goals:
        writer.goal(goal)
    for relation in found.relations:
        writer.relation(relation)


def statement_key(*parts: str) -> str:
    """The fragment that names a statement: the same for the same words, another for any others."""
    return "s-" + hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]


@dataclass
class _Writer:
    """Writes into one document's graph and remembers which node stands for which mention."""

    graph: Draft
    document: URIRef
    starts: list[int]
    ends: list[int]
    partner: FindPartner
    nodes: dict[tuple[str, int, int], URIRef] = field(default_factory=dict)

    def mention(self, mention: Mention) -> URIRef | None:
        """The node of a mention, written when it is first asked for; None outside of the passages."""
        key = (mention.kind, mention.start, mention.end)
        if key not in self.nodes:
            passage = self._passage(mention.start, mention.end)
            if passage is None:
                return None
            self.nodes[key] = self._standing(passage, mention) or self._written(passage, mention)
        return self.nodes[key]

    def relation(self, relation: Relation) -> None:
        """A statement between two things; what the vocabulary and the graph do not know stands as its mention."""
        subject, object_ = self.mention(relation.subject), self.mention(relation.object)
        if subject is None or object_ is None:
            return
        iri = self._statement((relation.subject.text, relation.predicate, relation.object.text), relation.confidence)
        self.graph.add((iri, RDFS.label, self._label(relation)))
        self.graph.add((iri, CES.statementSubject, self._thing(relation.subject) or subject))
        self.graph.add((iri, CES.statementPredicate, CES[relation.predicate]))
        self.graph.add((iri, CES.statementObject, self._thing(relation.object) or object_))
        for node in (subject, object_):
            self.graph.add((iri, CES.concludedFrom, node))
        self._place(iri, relation.start, relation.end)

    def goal(self, goal: Goal) -> None:
        """A statement of what shall be reached; its subject is the mention, which holds indicator, unit and year."""
        passage = self._passage(goal.start, goal.end)
        if passage is None:
            return
        mention = Mention("goal", goal.start, goal.end, goal.text, goal.confidence, "rule")
        node = self.mention(mention)
        assert node is not None
        value = Literal(format(Decimal(str(goal.value)).normalize(), "f"), datatype=XSD.decimal)
        said = [(CES.unit, goal.unit), (CES.indicator, goal.indicator)]
        for predicate, text in said:
            if text:
                self.graph.add((node, predicate, Literal(text)))
        if goal.target_year:
            self.graph.add((node, CES.targetYear, literal(goal.target_year)))
        self.graph.add((node, CES.targetValue, value))
        parts = (goal.indicator or goal.text, "targetValue", f"{goal.value:g} {goal.unit}", str(goal.target_year))
        iri = self._statement(parts, goal.confidence)
        year = f" ({goal.target_year})" if goal.target_year else ""
        text = f"{goal.indicator or goal.text} → {goal.value:g} {goal.unit}{year}"
        self.graph.add((iri, RDFS.label, Literal(text)))
        self.graph.add((iri, CES.statementSubject, node))
        self.graph.add((iri, CES.statementPredicate, CES.targetValue))
        self.graph.add((iri, CES.statementValue, value))
        self.graph.add((iri, CES.concludedFrom, node))
        self._place(iri, goal.start, goal.end)

    def _statement(self, parts: tuple[str, ...], confidence: float) -> URIRef:
        iri = fragment(self.document, statement_key(*parts))
        self.graph.add((iri, RDF.type, CES.Statement))
        self.graph.add((iri, CES.method, Literal("rule")))
        # a relation that the text repeats keeps the surest of its readings
        former = self.graph.value(iri, CES.confidence)
        surest = max(confidence, float(str(former)) if former is not None else 0.0)
        self.graph.set((iri, CES.confidence, _fraction(surest)))
        self.graph.add((iri, CES.reviewed, literal(False)))
        return iri

    def _place(self, iri: URIRef, start: int, end: int) -> None:
        place = bisect_right(self.starts, start) - 1
        if place >= 0 and start < self.ends[place]:
            self.graph.add((iri, CES.concludedFrom, fragment(self.document, f"p{place + 1}")))
            self.graph.set((iri, CES.startOffset, literal(start)))
            self.graph.set((iri, CES.endOffset, literal(end)))

    def _passage(self, start: int, end: int) -> URIRef | None:
        place = bisect_right(self.starts, start) - 1
        inside = place >= 0 and end <= self.ends[place]
        return fragment(self.document, f"p{place + 1}") if inside else None

    def _standing(self, passage: URIRef, mention: Mention) -> URIRef | None:
        """The node that already says the same of the same words."""
        thing = self._thing(mention)
        for node in self.graph.objects(passage, CES.hasMention):
            place = (self.graph.value(node, CES.startOffset), self.graph.value(node, CES.endOffset))
            same = thing is not None and (node, CES.mentions, thing) in self.graph
            if same and isinstance(node, URIRef) and place == (literal(mention.start), literal(mention.end)):
                self.graph.add((node, CES.mentionKind, repeated(mention.kind)))
                return node
        return None

    def _written(self, passage: URIRef, mention: Mention) -> URIRef:
        node = URIRef(f"{passage}-{mention.kind[0]}{mention.start}")
        thing = self._thing(mention)
        if thing is not None:
            self.graph.add((node, CES.mentions, thing))
        self.graph.add((passage, CES.hasMention, node))
        self.graph.add((node, RDF.type, CES.Mention))
        self.graph.add((node, CES.mentionKind, repeated(mention.kind)))
        self.graph.add((node, CES.exactText, repeated(mention.text)))
        self.graph.add((node, CES.startOffset, literal(mention.start)))
        self.graph.add((node, CES.endOffset, literal(mention.end)))
        self.graph.add((node, CES.method, repeated(mention.method)))
        self.graph.add((node, CES.confidence, _fraction(mention.confidence)))
        return node

    def _thing(self, mention: Mention) -> URIRef | None:
        iri = self.partner(mention.text) if mention.kind == "organisation" else mention.iri
        return URIRef(iri) if iri else None

    def _label(self, relation: Relation) -> Literal:
        subject, object_ = (" ".join(m.text.split()) for m in (relation.subject, relation.object))
        return Literal(f"{subject} — {relation.predicate} → {object_}")


def _fraction(value: float) -> Literal:
    # in the form in which the exchange format brings it back, or the record would seem changed
    return literal(Decimal(f"{value:.2f}"))
