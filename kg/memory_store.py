"""The in-memory double of the graph store: slow, simple, and the oracle in contract tests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import cast

from rdflib import Dataset, Graph, URIRef
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query
from rdflib.query import Result
from rdflib.term import Identifier

from kg.store import Bindings, GraphChange, Row, query_invalid
from kg.terms import term_text, triple_line


class MemoryStore:
    """A ``GraphStore`` on rdflib's memory store; a snapshot is an N-Quads file."""

    def __init__(self) -> None:
        self._dataset: Dataset | None = Dataset(default_union=False)

    def select(self, query: str, bindings: Bindings | None = None) -> Iterator[Row]:
        """See ``GraphStore.select``."""
        bound = dict(bindings or {})
        rows = self._query(query, bindings, "SELECT").bindings
        return iter([{str(name): value for name, value in row.items()} | bound for row in rows])

    def ask(self, query: str, bindings: Bindings | None = None) -> bool:
        """See ``GraphStore.ask``."""
        return bool(self._query(query, bindings, "ASK").askAnswer)

    def construct(self, query: str, bindings: Bindings | None = None) -> Graph:
        """See ``GraphStore.construct``."""
        result = self._query(query, bindings, "CONSTRUCT", "DESCRIBE").graph
        return result if result is not None else Graph()

    def graph(self, name: URIRef) -> Graph:
        """See ``GraphStore.graph``."""
        term_text(name)
        copy = Graph()
        for triple in self._open.get_context(name):
            copy.add(triple)
        return copy

    def apply(self, changes: Sequence[GraphChange]) -> None:
        """See ``GraphStore.apply``: every term is checked before the first graph is touched."""
        for change in changes:
            term_text(change.graph)
            for triple in change.triples or ():
                triple_line(triple)
        self._replace(changes)

    def load(self, files: Iterable[tuple[URIRef, Path]]) -> None:
        """See ``GraphStore.load``."""
        self._replace([GraphChange(name, Graph().parse(path, format="turtle")) for name, path in files])

    def count(self) -> int:
        """See ``GraphStore.count``."""
        return len(self._open.default_graph)

    def flush(self) -> None:
        """Memory has nothing to flush."""
        _ = self._open

    def snapshot(self, target: Path) -> None:
        """See ``GraphStore.snapshot``."""
        target.mkdir(parents=True)
        self._open.serialize(target / "graph.nq", format="nquads")

    def close(self) -> None:
        """See ``GraphStore.close``."""
        self._dataset = None

    @property
    def _open(self) -> Dataset:
        if self._dataset is None:
            raise ValueError("This store is closed.")
        return self._dataset

    def _replace(self, changes: Sequence[GraphChange]) -> None:
        for change in changes:
            self._clear(change)
        for change in changes:
            self._insert(change)

    def _clear(self, change: GraphChange) -> None:
        if change.published:
            for triple in self.graph(change.graph):
                self._open.default_graph.remove(triple)
        self._open.remove_graph(change.graph)

    def _insert(self, change: GraphChange) -> None:
        graph = self._open.graph(change.graph)
        for triple in change.triples or ():
            graph.add(triple)
            if change.published:
                self._open.default_graph.add(triple)

    def _query(self, query: str, bindings: Bindings | None, *forms: str) -> Result:
        bound = cast("Mapping[str, Identifier]", bindings or {})
        for term in bound.values():
            term_text(term)
        prepared = _prepared(query)
        projected = {str(variable) for variable in prepared.algebra.get("PV") or ()}
        if "SELECT" in forms and not projected.issuperset(bound):
            raise ValueError(f"Only projected variables can be bound: {sorted(bound)}")
        result = self._open.query(prepared, initBindings=bound)
        if result.type not in forms:
            raise query_invalid(f"it is of the form {result.type}, expected {' or '.join(forms)}")
        return result


def _prepared(query: str) -> Query:
    try:
        return prepareQuery(query)
    except Exception as error:  # rdflib raises bare Exceptions, for example for an unknown prefix
        raise query_invalid(str(error)) from error
