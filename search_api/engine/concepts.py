"""The concepts in memory: labels in both languages, hierarchy, and the relations that a match can walk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from rdflib import Literal

from kg.namespaces import CES, SCHEME, SKOS
from kg.queries import load_query
from kg.store import GraphStore

RELATIONS = {
    str(SKOS.broader): "broader",
    str(SKOS.related): "related",
    str(CES.usesResource): "usesResource",
    str(CES.yieldsResource): "yieldsResource",
    str(CES.addressesTheme): "addressesTheme",
}
# how a step reads in each language
SENTENCES = {
    "ja": {
        "broader": "「{subject}」は「{object}」の一種",
        "related": "「{subject}」は「{object}」と関連",
        "usesResource": "「{subject}」は「{object}」を利用する",
        "yieldsResource": "「{subject}」は「{object}」を生む",
        "addressesTheme": "「{subject}」は「{object}」に応える",
    },
    "en": {
        "broader": "{subject} is a kind of {object}",
        "related": "{subject} is related to {object}",
        "usesResource": "{subject} uses {object}",
        "yieldsResource": "{subject} yields {object}",
        "addressesTheme": "{subject} addresses {object}",
    },
}


@dataclass
class Concept:
    """A concept with its preferred labels and its scheme's name."""

    iri: str
    scheme: str = ""
    labels: dict[str, str] = field(default_factory=dict)

    def label(self, lang: str) -> str:
        """The label in a language, else in the other one, else the IRI's last part."""
        return self.labels.get(lang) or next(iter(self.labels.values()), self.iri.rpartition("/")[2])


@dataclass(frozen=True)
class Step:
    """One edge of a path, in the direction in which the graph states it."""

    subject: str
    relation: str
    object: str


class ConceptGraph:
    """All concepts of a store; read once, replaced when the ontology changes."""

    def __init__(self, concepts: dict[str, Concept], steps: Iterable[Step]) -> None:
        self._concepts = concepts
        self._edges: dict[str, list[tuple[str, Step]]] = defaultdict(list)
        self._narrower: dict[str, list[str]] = defaultdict(list)
        for step in steps:
            self._edges[step.subject].append((step.object, step))
            self._edges[step.object].append((step.subject, step))
            if step.relation == "broader":
                self._narrower[step.object].append(step.subject)

    @classmethod
    def from_store(cls, store: GraphStore) -> ConceptGraph:
        """Read all concepts."""
        concepts: dict[str, Concept] = {}
        steps: list[Step] = []
        for row in store.select(load_query("concepts", "search_api.engine.queries")):
            iri, predicate, value = str(row["concept"]), str(row["predicate"]), row["value"]
            concept = concepts.setdefault(iri, Concept(iri))
            if isinstance(value, Literal):
                concept.labels[value.language or ""] = str(value)
            elif predicate == str(SKOS.inScheme):
                concept.scheme = str(value).removeprefix(str(SCHEME))
            else:
                steps.append(Step(iri, RELATIONS[predicate], str(value)))
        return cls(concepts, steps)

    def __contains__(self, iri: object) -> bool:
        return iri in self._concepts

    def get(self, iri: str) -> Concept | None:
        """The concept of an IRI."""
        return self._concepts.get(iri)

    def in_scheme(self, scheme: str) -> Iterator[Concept]:
        """The concepts of one scheme."""
        return (concept for concept in self._concepts.values() if concept.scheme == scheme)

    def with_narrower(self, iri: str) -> tuple[str, ...]:
        """A concept and everything below it."""
        found, waiting = [iri], [iri]
        while waiting:
            below = self._narrower.get(waiting.pop(), [])
            found += below
            waiting += below
        return tuple(dict.fromkeys(found))

    def paths(self, starts: Iterable[str], goals: Iterable[str], limit: int = 5) -> list[list[Step]]:
        """Shortest paths of one or two edges from a start to a goal, short ones first.

        Two edges through a top concept of a hierarchy say too little ("both are energy"), so paths of two
        edges that only go up and down are left out.
        """
        wanted = set(goals)
        found = [[step] for start in dict.fromkeys(starts) for end, step in self._edges.get(start, []) if end in wanted]
        if len(found) < limit:
            found += [path for start in dict.fromkeys(starts) for path in self._two_edges(start, wanted)]
        return found[:limit]

    def _two_edges(self, start: str, wanted: set[str]) -> Iterator[list[Step]]:
        for middle, first in self._edges.get(start, []):
            for end, second in self._edges.get(middle, []):
                only_hierarchy = {first.relation, second.relation} <= {"broader", "related"}
                if end in wanted and end != start and not only_hierarchy:
                    yield [first, second]
