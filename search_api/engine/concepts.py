"""The concepts in memory: labels in both languages, hierarchy, and the relations that a match can walk."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from rdflib import Literal

from kg.namespaces import CES, SCHEME, SKOS
from kg.queries import load_query
from kg.replaced import current, replaced_concepts
from kg.store import GraphStore

RELATIONS = {
    str(SKOS.broader): "broader",
    str(SKOS.related): "related",
    str(CES.usesResource): "usesResource",
    str(CES.yieldsResource): "yieldsResource",
    str(CES.addressesTheme): "addressesTheme",
}
CONTRIBUTES = "contributesTo"
_HANDLED = ("usesResource", "yieldsResource")
_READ = RELATIONS | {str(CES.contributesTo): CONTRIBUTES}
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
    """A concept with its preferred labels and its scheme's name; ``replaced_by`` stand in a deprecated one's place."""

    iri: str
    scheme: str = ""
    labels: dict[str, str] = field(default_factory=dict)
    replaced_by: Sequence[str] = ()

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
        self._steps = tuple(steps)
        self._contributing: dict[str, list[str]] = defaultdict(list)
        self._replaced = {c.iri: tuple(c.replaced_by) for c in concepts.values() if c.replaced_by}
        for step in self._steps_today():
            if step.relation == CONTRIBUTES:
                # two themes of one goal say nothing of each other, so no path leads over it
                self._contributing[step.object].append(step.subject)
                continue
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
                steps.append(Step(iri, _READ[predicate], str(value)))
        for iri, successors in replaced_concepts(store).items():
            concepts.setdefault(iri, Concept(iri)).replaced_by = successors
        return cls(concepts, steps)

    def _steps_today(self) -> Iterator[Step]:
        """The edges between what stands in the place of their ends."""
        if not self._replaced:
            yield from self._steps
            return
        ends = (
            (s, step.relation, o)
            for step in self._steps
            for s in self.current(step.subject)
            for o in self.current(step.object)
            if s != o
        )
        yield from (Step(*edge) for edge in dict.fromkeys(ends))

    def all(self) -> Iterable[Concept]:
        """Every concept."""
        return self._concepts.values()

    def steps(self) -> tuple[Step, ...]:
        """Every edge, as the graph states it."""
        return self._steps

    def __contains__(self, iri: object) -> bool:
        return iri in self._concepts

    def get(self, iri: str) -> Concept | None:
        """The concept of an IRI."""
        return self._concepts.get(iri)

    def current(self, iri: str) -> tuple[str, ...]:
        """What stands in a concept's place: itself unless it was replaced."""
        return current(iri, self._replaced)

    def in_scheme(self, scheme: str, *, replaced: bool = False) -> Iterator[Concept]:
        """The concepts of one scheme, those that were ``replaced`` only where asked for."""
        return (
            concept
            for concept in self._concepts.values()
            if concept.scheme == scheme and (replaced or concept.iri not in self._replaced)
        )

    def with_narrower(self, iri: str) -> tuple[str, ...]:
        """A concept (or what stands in its place) and everything below it."""
        waiting = list(self.current(iri))
        found: dict[str, None] = dict.fromkeys(waiting)
        while waiting:
            below = [narrower for narrower in self._narrower.get(waiting.pop(), []) if narrower not in found]
            found |= dict.fromkeys(below)
            waiting += below
        return tuple(found)

    def handling(self, iris: Iterable[str]) -> set[str]:
        """The technologies that use or yield one of these concepts, or anything below it, as a resource."""
        resources = {below for iri in iris for below in self.with_narrower(iri)}
        steps = (step for iri in resources for _, step in self._edges.get(iri, ()))
        return {step.subject for step in steps if step.relation in _HANDLED and step.object in resources}

    def counted_handling(self, iris: Iterable[str]) -> Counter[str]:
        """The same, with how many of these concepts each of the technologies handles."""
        return Counter(technology for iri in iris for technology in self.handling([iri]))

    def handles_any(self, iri: str) -> bool:
        """Whether a technology is known to use or yield any resource."""
        return any(step.relation in _HANDLED and step.subject == iri for _, step in self._edges.get(iri, ()))

    def contributing_to(self, goal: str) -> tuple[str, ...]:
        """The themes that contribute to an SDG or to one of its targets, with all themes below them."""
        themes = (theme for part in self.with_narrower(goal) for theme in self._contributing.get(part, []))
        return tuple(dict.fromkeys(below for theme in themes for below in self.with_narrower(theme)))

    def paths(self, starts: Iterable[str], goals: Iterable[str], limit: int = 5) -> list[list[Step]]:
        """Shortest paths from a start to a goal: single edges, and only where there are none those of two edges."""
        wanted = set(goals)
        sources = list(dict.fromkeys(starts))
        direct = [[step] for start in sources for end, step in self._edges.get(start, []) if end in wanted]
        longer = (path for start in sources for path in self._two_edges(start, wanted))
        return list(islice(_distinct(direct or longer), limit))

    def _two_edges(self, start: str, wanted: set[str]) -> Iterator[list[Step]]:
        for middle, first in self._edges.get(start, []):
            for end, second in self._edges.get(middle, []):
                if end in wanted and end != start and _says_something(first, second):
                    yield [first, second]


def _says_something(first: Step, second: Step) -> bool:
    """Whether two edges explain a match.

    One technology's product is another's feedstock, or feedstock and product of one technology; and one step up
    or down the hierarchy beside a relation. Two themes of one technology, or two technologies of one theme, say
    nothing: by them everything is related to everything.
    """
    relations = {first.relation, second.relation}
    if relations == {"usesResource", "yieldsResource"}:
        return True
    return len(relations & {"broader", "related"}) == 1 and len(relations) == 2 and "related" not in relations


def _distinct(paths: Iterable[list[Step]]) -> Iterator[list[Step]]:
    """The paths without those that only state the same edges the other way round, as skos:related often is."""
    seen: set[tuple[tuple[frozenset[str], str], ...]] = set()
    for path in paths:
        key = tuple((frozenset((step.subject, step.object)), step.relation) for step in path)
        if key not in seen:
            seen.add(key)
            yield path
