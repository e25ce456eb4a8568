"""The seam to a graph store: everything above it is the same for every engine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from rdflib import Graph, URIRef
from rdflib.term import Node

from kg.errors import MeguriError
from kg.large import RecordGraph

Bindings = Mapping[str, Node]
Row = dict[str, Node]


@dataclass(frozen=True)
class GraphChange:
    """The new content of one named graph; ``triples=None`` withdraws it.

    A ``published`` graph's statements also stand in the default graph, which is what queries without
    GRAPH see. Published graphs do not share subjects, so one can be replaced without asking the others.
    """

    graph: URIRef
    triples: RecordGraph | None
    published: bool = True


class GraphStore(Protocol):
    """A SPARQL 1.1 store with atomic replacement of named graphs.

    ``apply`` is all or nothing and visible to the next query; ``flush`` makes it survive the machine.
    """

    def select(self, query: str, bindings: Bindings | None = None) -> Iterator[Row]:
        """Solutions of a SELECT query; unbound variables are missing from a row.

        ``bindings`` substitute projected variables by terms (never by text) and stand in every row.
        Raises MeguriError (``query_invalid``) at once, ValueError for a binding that cannot be made.
        """
        ...

    def ask(self, query: str, bindings: Bindings | None = None) -> bool:
        """The answer of an ASK query."""
        ...

    def construct(self, query: str, bindings: Bindings | None = None) -> Graph:
        """The graph of a CONSTRUCT or DESCRIBE query."""
        ...

    def graph(self, name: URIRef) -> Graph:
        """The statements of one named graph (empty where it does not exist); ValueError for a broken IRI."""
        ...

    def apply(self, changes: Sequence[GraphChange]) -> None:
        """Carry out all changes in one atomic update; ValueError for blank nodes and broken IRIs."""
        ...

    def load(self, files: Iterable[tuple[URIRef, Path]]) -> None:
        """Replace each named graph by a Turtle file (blank nodes allowed), published; after a crash, load again."""
        ...

    def count(self) -> int:
        """How many statements the default graph holds."""
        ...

    def flush(self) -> None:
        """Write what was applied to the disk."""
        ...

    def snapshot(self, target: Path) -> None:
        """Write a checkpoint that readers may open; FileExistsError where ``target`` exists."""
        ...

    def close(self) -> None:
        """Give the store back; whoever uses it afterwards gets a ValueError."""
        ...


def query_invalid(detail: str) -> MeguriError:
    """The error for a query that does not parse, or is of another form than what was asked for."""
    return MeguriError(
        code="query_invalid",
        en=f"The SPARQL query could not be read: {detail}",
        ja=f"SPARQL クエリを解釈できません: {detail}",
        remedy_en="Check the syntax at the place that the message names.",
        remedy_ja="メッセージが示す位置の構文を確認してください。",
    )
