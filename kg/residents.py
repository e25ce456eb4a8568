"""What a validator must know of the things that records point at: their types, schemes and superclasses.

They are read from the store when a record first points at them, so memory and start do not grow with the store.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Protocol

from rdflib import URIRef
from rdflib.term import Node

from kg.namespaces import RDF, RDFS, SKOS
from kg.store import GraphStore
from kg.terms import term_text, values_text

# all that the shapes ask about a thing that a record points at
ASKED = (RDF.type, SKOS.inScheme)
_SUBCLASS = RDFS.subClassOf
# things that are kept between batches, about 1 kB each; the next batch after that asks again
KEPT = 20_000

_Said = dict[URIRef, tuple[Node, ...]]


class Context(Protocol):
    """What is known of residents; an ``rdflib.Graph`` is one."""

    def objects(self, subject: Node, predicate: Node, /) -> Iterable[Node]:
        """The objects of a subject and predicate."""
        ...

    def transitive_objects(self, subject: Node, predicate: Node, /) -> Iterable[Node | None]:
        """A node, and all that it leads to by a predicate."""
        ...


class Residents:
    """The context of a store; ``learn`` before asking about a node. About ``kept`` nodes are remembered."""

    def __init__(self, store: GraphStore, kept: int | None = KEPT) -> None:
        self._kept = kept
        self._store = store
        self._above: dict[Node, list[Node]] | None = None
        self._said: dict[Node, _Said] = {}

    def learn(self, nodes: Iterable[Node]) -> None:
        """Read what is not known yet of these nodes, in one query."""
        if self._kept is not None and len(self._said) > self._kept:
            self._said.clear()
        new = [node for node in dict.fromkeys(nodes) if isinstance(node, URIRef) and node not in self._said]
        if not new:
            return
        found: dict[Node, dict[URIRef, list[Node]]] = defaultdict(lambda: defaultdict(list))
        for row in self._store.select(_types_query(new)):
            found[row["s"]][URIRef(str(row["p"]))].append(row["o"])
        for node in new:
            self._said[node] = {predicate: tuple(values) for predicate, values in found[node].items()}

    def remember(self, record: Node, types: Iterable[Node]) -> None:
        """A record of these types was stored."""
        self._said[record] = {RDF.type: tuple(types)}

    def forget(self, record: Node) -> None:
        """A record was withdrawn: nothing is said of it."""
        self._said[record] = {}

    def objects(self, subject: Node, predicate: Node) -> Iterable[Node]:
        """See ``Context``; of nodes that were never learnt nothing is known."""
        if predicate == _SUBCLASS:
            return self._superclasses.get(subject, ())
        return self._said.get(subject, {}).get(predicate, ())  # type: ignore[call-overload, no-any-return]

    def transitive_objects(self, subject: Node, predicate: Node) -> Iterator[Node]:
        """See ``Context``."""
        seen, waiting = set[Node](), [subject]
        while waiting:
            node = waiting.pop()
            if node not in seen:
                seen.add(node)
                yield node
                waiting += self.objects(node, predicate)

    def triples(self, nodes: Iterable[Node]) -> Iterator[tuple[Node, Node, Node]]:
        """All that is known of these nodes, and all superclasses."""
        nodes = list(nodes)
        self.learn(nodes)
        for node in nodes:
            for predicate, values in self._said.get(node, {}).items():
                yield from ((node, predicate, value) for value in values)
        for class_, above in self._superclasses.items():
            yield from ((class_, RDFS.subClassOf, each) for each in above)

    @property
    def _superclasses(self) -> dict[Node, list[Node]]:
        """Of the ontology; it changes only with a new store."""
        if self._above is None:
            self._above = defaultdict(list)
            for row in self._store.select("SELECT ?s ?p ?o WHERE { ?s ?p ?o }", {"p": RDFS.subClassOf}):
                self._above[row["s"]].append(row["o"])
        return self._above


def _types_query(nodes: list[URIRef]) -> str:
    """A branch for each predicate: beside a second VALUES block the engine goes through all types of the store."""
    of_nodes = values_text(["s"], [[node] for node in nodes])
    branches = [f"{{ {of_nodes} ?s {p} ?o BIND({p} AS ?p) }}" for p in map(term_text, ASKED)]
    return f"SELECT ?s ?p ?o WHERE {{ {' UNION '.join(branches)} }}"
