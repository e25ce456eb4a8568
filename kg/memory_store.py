"""The in-memory double of the graph store: slow, simple, and the oracle in contract tests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from pyparsing import ParseException
from rdflib import Dataset, Graph, URIRef
from rdflib.query import Result

from kg.errors import MeguriError
from kg.store import Bindings, GraphChange, Row
from kg.terms import Triple, triple_line


class MemoryStore:
    """A ``GraphStore`` on rdflib's memory store; a snapshot is an N-Quads file."""

    def __init__(self) -> None:
        self._dataset = Dataset(default_union=False)

    def select(self, query: str, bindings: Bindings | None = None) -> Iterator[Row]:
        """See ``GraphStore.select``."""
        for row in self._query(query, bindings).bindings:
            yield {str(name): value for name, value in row.items()}

    def ask(self, query: str, bindings: Bindings | None = None) -> bool:
        """See ``GraphStore.ask``."""
        return bool(self._query(query, bindings).askAnswer)

    def construct(self, query: str, bindings: Bindings | None = None) -> Graph:
        """See ``GraphStore.construct``."""
        result = self._query(query, bindings).graph
        return result if result is not None else Graph()

    def graph(self, name: URIRef) -> Graph:
        """See ``GraphStore.graph``."""
        copy = Graph()
        for triple in self._dataset.get_graph(name) or ():
            copy.add(triple)
        return copy

    def apply(self, changes: Sequence[GraphChange]) -> None:
        """See ``GraphStore.apply``: every triple is checked before the first one is touched."""
        checked = [(change, list(change.triples) if change.triples else []) for change in changes]
        for _, triples in checked:
            for triple in triples:
                triple_line(triple)
        for change in changes:
            self._clear(change)
        for change, triples in checked:
            self._insert(change, triples)

    def load(self, files: Iterable[tuple[URIRef, Path]]) -> None:
        """See ``GraphStore.load``."""
        self.apply([GraphChange(name, Graph().parse(path, format="turtle")) for name, path in files])

    def count(self) -> int:
        """See ``GraphStore.count``."""
        return len(self._dataset.default_graph)

    def flush(self) -> None:
        """Memory has nothing to flush."""

    def snapshot(self, target: Path) -> None:
        """See ``GraphStore.snapshot``."""
        target.mkdir(parents=True)
        self._dataset.serialize(target / "graph.nq", format="nquads")

    def close(self) -> None:
        """Memory has nothing to give back."""

    def _clear(self, change: GraphChange) -> None:
        if change.published:
            for triple in self.graph(change.graph):
                self._dataset.default_graph.remove(triple)
        self._dataset.remove_graph(change.graph)

    def _insert(self, change: GraphChange, triples: list[Triple]) -> None:
        graph = self._dataset.graph(change.graph)
        for triple in triples:
            graph.add(triple)
            if change.published:
                self._dataset.default_graph.add(triple)

    def _query(self, query: str, bindings: Bindings | None) -> Result:
        try:
            return self._dataset.query(query, initBindings={name: term for name, term in (bindings or {}).items()})
        except ParseException as error:
            raise MeguriError(
                code="query_invalid",
                en=f"The SPARQL query could not be read: {error}",
                ja=f"SPARQL クエリを解釈できません: {error}",
            ) from error
