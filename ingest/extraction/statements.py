"""What was extracted as RDF: mentions in their passages, and one ``ces:Statement`` for each relation and goal.

A statement's IRI is made from what it says (words and predicate), so that it stays when the document is read again
and a person's review of it (``kg.reviews``) still finds it. Nothing here is ever stated as reviewed.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Sequence
from decimal import Decimal

from rdflib import Literal, URIRef

from ingest.extraction.model import Extraction, Goal, Mention, Relation
from ingest.passages import Passage
from ingest.rdf import Draft, literal, repeated
from kg.iris import fragment
from kg.namespaces import CES, RDF, RDFS, XSD

#: Gives the IRI of a known partner by its name, None where none bears it.
FindPartner = Callable[[str], str | None]
_Key = tuple[str, int, int]


def statement_key(*parts: str) -> str:
    """The fragment that names a statement: the same for the same words, another for any others."""
    return "s-" + hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]


class ExtractionWriter:
    """Writes what was found in one document: passage by passage its mentions and goals, then the statements.

    ``passages`` are those of the document in order, whose IRIs are ``#p1``, ``#p2`` …; what lies outside of all of them
    is left out. Only the nodes on which statements rest are remembered.
    """

    def __init__(self, document: URIRef, passages: Sequence[Passage], found: Extraction, partner: FindPartner) -> None:
        self._document, self._found, self._partner = document, found, partner
        self._starts, self._ends = [p.start for p in passages], [p.end for p in passages]
        ends = [end for relation in found.relations for end in (relation.subject, relation.object)]
        self._needed = {_key(mention) for mention in ends}
        self._nodes: dict[_Key, URIRef] = {}
        self._in_passage: dict[int, dict[_Key, Mention]] = defaultdict(dict)
        self._goals_in: dict[int, list[Goal]] = defaultdict(list)
        for mention in (*(m for m in found.mentions if m.kind != "goal"), *ends):
            if (place := self._place_of(mention.start, mention.end)) is not None:
                self._in_passage[place].setdefault(_key(mention), mention)
        for goal in found.goals:
            if (place := self._place_of(goal.start, goal.end)) is not None:
                self._goals_in[place].append(goal)

    def write_passage(self, graph: Draft, number: int) -> None:
        """Add the mentions and goals of passage ``number`` (from 1) to the graph in which it stands.

        A mention that stands there already for the same thing is not repeated.
        """
        passage = fragment(self._document, f"p{number}")
        for key, mention in self._in_passage.pop(number - 1, {}).items():
            node = self._standing(graph, passage, mention) or self._written(graph, passage, mention)
            if key in self._needed:
                self._nodes[key] = node
        for goal in self._goals_in.get(number - 1, ()):
            self._goal_node(graph, passage, goal)

    def statements(self) -> Draft:
        """The statements of all passages, which have been written before."""
        graph = Draft()
        for goals in self._goals_in.values():
            for goal in goals:
                self._goal(graph, goal)
        for relation in self._found.relations:
            self._relation(graph, relation)
        return graph

    def _relation(self, graph: Draft, relation: Relation) -> None:
        """A statement between two things; what the vocabulary and the graph do not know stands as its mention."""
        subject, object_ = (self._nodes.get(_key(end)) for end in (relation.subject, relation.object))
        if subject is None or object_ is None:
            return
        iri = self._statement(
            graph, (relation.subject.text, relation.predicate, relation.object.text), relation.confidence
        )
        graph.add((iri, RDFS.label, self._label(relation)))
        graph.add((iri, CES.statementSubject, self._thing(relation.subject) or subject))
        graph.add((iri, CES.statementPredicate, CES[relation.predicate]))
        graph.add((iri, CES.statementObject, self._thing(relation.object) or object_))
        for node in (subject, object_):
            graph.add((iri, CES.concludedFrom, node))
        self._place(graph, iri, relation.start, relation.end)

    def _goal_node(self, graph: Draft, passage: URIRef, goal: Goal) -> URIRef:
        """The mention of a goal, which holds indicator, unit, value and year."""
        mention = Mention("goal", goal.start, goal.end, goal.text, goal.confidence, "rule")
        node = self._nodes.get(_key(mention)) or self._written(graph, passage, mention)
        self._nodes[_key(mention)] = node
        for predicate, text in ((CES.unit, goal.unit), (CES.indicator, goal.indicator)):
            if text:
                graph.add((node, predicate, Literal(text)))
        if goal.target_year:
            graph.add((node, CES.targetYear, literal(goal.target_year)))
        graph.add((node, CES.targetValue, _target(goal)))
        return node

    def _goal(self, graph: Draft, goal: Goal) -> None:
        """A statement of what shall be reached; its subject is the mention of the goal."""
        node = self._nodes["goal", goal.start, goal.end]
        parts = (goal.indicator or goal.text, "targetValue", f"{goal.value:g} {goal.unit}", str(goal.target_year))
        iri = self._statement(graph, parts, goal.confidence)
        year = f" ({goal.target_year})" if goal.target_year else ""
        text = f"{goal.indicator or goal.text} → {goal.value:g} {goal.unit}{year}"
        graph.add((iri, RDFS.label, Literal(text)))
        graph.add((iri, CES.statementSubject, node))
        graph.add((iri, CES.statementPredicate, CES.targetValue))
        graph.add((iri, CES.statementValue, _target(goal)))
        graph.add((iri, CES.concludedFrom, node))
        self._place(graph, iri, goal.start, goal.end)

    def _statement(self, graph: Draft, parts: tuple[str, ...], confidence: float) -> URIRef:
        iri = fragment(self._document, statement_key(*parts))
        graph.add((iri, RDF.type, CES.Statement))
        graph.add((iri, CES.method, Literal("rule")))
        # a relation that the text repeats keeps the surest of its readings
        former = graph.value(iri, CES.confidence)
        surest = max(confidence, float(str(former)) if former is not None else 0.0)
        graph.set((iri, CES.confidence, _fraction(surest)))
        graph.add((iri, CES.reviewed, literal(False)))
        return iri

    def _place(self, graph: Draft, iri: URIRef, start: int, end: int) -> None:
        place = bisect_right(self._starts, start) - 1
        if place >= 0 and start < self._ends[place]:
            graph.add((iri, CES.concludedFrom, fragment(self._document, f"p{place + 1}")))
            graph.set((iri, CES.startOffset, literal(start)))
            graph.set((iri, CES.endOffset, literal(end)))

    def _place_of(self, start: int, end: int) -> int | None:
        """Which passage a place lies in whole, counted from 0."""
        place = bisect_right(self._starts, start) - 1
        return place if place >= 0 and end <= self._ends[place] else None

    def _standing(self, graph: Draft, passage: URIRef, mention: Mention) -> URIRef | None:
        """The node that already says the same of the same words."""
        thing = self._thing(mention)
        for node in graph.objects(passage, CES.hasMention):
            place = (graph.value(node, CES.startOffset), graph.value(node, CES.endOffset))
            same = thing is not None and (node, CES.mentions, thing) in graph
            if same and isinstance(node, URIRef) and place == (literal(mention.start), literal(mention.end)):
                graph.add((node, CES.mentionKind, repeated(mention.kind)))
                return node
        return None

    def _written(self, graph: Draft, passage: URIRef, mention: Mention) -> URIRef:
        node = URIRef(f"{passage}-{mention.kind[0]}{mention.start}")
        thing = self._thing(mention)
        if thing is not None:
            graph.add((node, CES.mentions, thing))
        graph.add((passage, CES.hasMention, node))
        graph.add((node, RDF.type, CES.Mention))
        graph.add((node, CES.mentionKind, repeated(mention.kind)))
        graph.add((node, CES.exactText, repeated(mention.text)))
        graph.add((node, CES.startOffset, literal(mention.start)))
        graph.add((node, CES.endOffset, literal(mention.end)))
        graph.add((node, CES.method, repeated(mention.method)))
        graph.add((node, CES.confidence, _fraction(mention.confidence)))
        return node

    def _thing(self, mention: Mention) -> URIRef | None:
        iri = self._partner(mention.text) if mention.kind == "organisation" else mention.iri
        return URIRef(iri) if iri else None

    def _label(self, relation: Relation) -> Literal:
        subject, object_ = (" ".join(m.text.split()) for m in (relation.subject, relation.object))
        return Literal(f"{subject} — {relation.predicate} → {object_}")


def _key(mention: Mention) -> _Key:
    return (mention.kind, mention.start, mention.end)


def _target(goal: Goal) -> Literal:
    return Literal(format(Decimal(str(goal.value)).normalize(), "f"), datatype=XSD.decimal)


def _fraction(value: float) -> Literal:
    # in the form in which the exchange format brings it back, or the record would seem changed
    return literal(Decimal(f"{value:.2f}"))
