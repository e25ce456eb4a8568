"""Oxigraph on disk: the only importer of pyoxigraph."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import IO, TYPE_CHECKING, Any

from rdflib import BNode, Graph, Literal, URIRef
from rdflib.term import Node

from kg.errors import MeguriError
from kg.pending import AT_ONCE, PieceWriter
from kg.store import Bindings, GraphChange, Row, query_invalid
from kg.terms import clear_graph_update, insert_update, nquads_text, term_text

if TYPE_CHECKING:
    import pyoxigraph as ox


class OxigraphStore:
    """A ``GraphStore`` on a folder; one process may open it for writing, any number read a checkpoint."""

    def __init__(self, path: Path | None, *, read_only: bool = False, at_once: int = AT_ONCE) -> None:
        """Open a folder; without one the store lives in memory and is gone when closed.

        A change of more than ``at_once`` statements is carried out in pieces (``kg.pending``).
        """
        import pyoxigraph  # noqa: PLC0415  (heavy: imported when a store is opened, not when the program starts)

        self._ox: Any = pyoxigraph
        self._store: ox.Store | None = _open(pyoxigraph, path, read_only=read_only)
        self._pieces = PieceWriter(pyoxigraph, self._store, path, at_once) if path and not read_only else None
        # a checkpoint made between two pieces would hold half of a change
        self._changing = RLock()

    def select(self, query: str, bindings: Bindings | None = None) -> Iterator[Row]:
        """See ``GraphStore.select``."""
        return _rows(self._query(query, bindings, "QuerySolutions"))

    def ask(self, query: str, bindings: Bindings | None = None) -> bool:
        """See ``GraphStore.ask``."""
        return bool(self._query(query, bindings, "QueryBoolean"))

    def construct(self, query: str, bindings: Bindings | None = None) -> Graph:
        """See ``GraphStore.construct``."""
        return _graph(self._query(query, bindings, "QueryTriples"))

    def serialized(self, query: str, results_format: str, graph_format: str) -> bytes:
        """The answer of any query in a standard format: ``results_format`` (json, xml, csv, tsv) for solutions,
        ``graph_format`` (ttl, nt, rdf, jsonld) for graphs. Raises MeguriError (``query_invalid``).
        """
        try:
            answer = self._open.query(query)
        except SyntaxError as error:
            raise query_invalid(str(error)) from error
        if type(answer).__name__ == "QueryTriples":
            chosen = self._ox.RdfFormat.from_extension(graph_format)
        else:
            chosen = self._ox.QueryResultsFormat.from_extension(
                {"json": "srj", "xml": "srx"}.get(results_format, results_format)
            )
        return bytes(answer.serialize(format=chosen) or b"")

    def dump_nquads(self, output: IO[bytes]) -> None:
        """Write everything as N-Quads, in the engine's order."""
        self._open.dump(output, format=self._ox.RdfFormat.N_QUADS)

    def dump_turtle(self, output: IO[bytes], prefixes: dict[str, str]) -> None:
        """Write the default graph, which is what is published, as Turtle."""
        graph = self._ox.DefaultGraph()
        self._open.dump(output, format=self._ox.RdfFormat.TURTLE, from_graph=graph, prefixes=prefixes)

    def load_nquads(self, path: Path) -> None:
        """Add the statements of an N-Quads file, in bulk; only for a store that nobody reads yet."""
        self._written.bulk_load(path=str(path), format=self._ox.RdfFormat.N_QUADS)
        self._written.flush()

    def copy_without(self, target: Path, subjects: Sequence[URIRef], graphs: Sequence[URIRef]) -> None:
        """Write a new store that never held the statements of some subjects (and their parts) and some graphs.

        A deletion would leave the words in the files (the engine keeps its dictionary), so everything else is copied.
        """
        whole, names = tuple(map(str, subjects)), set(map(str, graphs))
        copy = self._ox.Store(str(target))
        quads = self._open.quads_for_pattern(None, None, None, None)
        copy.bulk_extend(quad for quad in quads if not _concerns(quad, whole, names))
        copy.optimize()
        copy.flush()

    def graph(self, name: URIRef) -> Graph:
        """See ``GraphStore.graph``."""
        return _graph(self._open.quads_for_pattern(None, None, None, self._ox.NamedNode(str(name))))

    def apply(self, changes: Sequence[GraphChange]) -> None:
        """See ``GraphStore.apply``: one update text, and one loaded text, are each one transaction in Oxigraph.

        Where nothing has to go, the new statements are loaded, which takes half the time of an update.
        """
        if not changes:
            return
        store = self._written
        with self._changing, _engine_errors():
            if self._pieces is not None and self._pieces.needed(changes):
                self._pieces.write(changes)
            elif any(store.contains_named_graph(self._ox.NamedNode(str(c.graph))) for c in changes):
                store.update(update_text(changes))
            else:
                store.load(_new_quads(changes), format=self._ox.RdfFormat.N_QUADS)

    def load(self, files: Iterable[tuple[URIRef, Path]]) -> None:
        """See ``GraphStore.load``; large files go in as quads, since as an update text they are parsed twice."""
        for name, path in files:
            parsed = list(self._ox.parse(path.read_bytes(), format=self._ox.RdfFormat.TURTLE))
            graph = self._ox.NamedNode(str(name))
            self._written.update(clear_graph_update(name, published=True))
            places = (graph, self._ox.DefaultGraph())
            self._written.extend(
                [self._ox.Quad(t.subject, t.predicate, t.object, place) for t in parsed for place in places]
            )

    def add_file(self, path: Path) -> None:
        """Add a Turtle file to the default graph as it is; SyntaxError (with ``lineno``) where it is none."""
        self._written.bulk_load(path=str(path), format=self._ox.RdfFormat.TURTLE)

    def count(self) -> int:
        """See ``GraphStore.count``."""
        (row,) = self.select("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }")
        return int(str(row["n"]))

    def flush(self) -> None:
        """See ``GraphStore.flush``."""
        self._written.flush()

    def snapshot(self, target: Path) -> None:
        """See ``GraphStore.snapshot``: a RocksDB checkpoint of hard links, milliseconds whatever the size."""
        if target.exists():
            raise FileExistsError(target)
        with self._changing:
            self._written.backup(str(target))

    def close(self) -> None:
        """See ``GraphStore.close``; RocksDB gives its lock back when the last reference goes."""
        self._store = self._pieces = None

    @property
    def _open(self) -> ox.Store:
        """What is read: while a large change is written, the store as it was before."""
        before = self._pieces.before if self._pieces is not None else None
        return before or self._written

    @property
    def _written(self) -> ox.Store:
        if self._store is None:
            raise ValueError("This store is closed.")
        return self._store

    def _query(self, query: str, bindings: Bindings | None, form: str) -> Any:
        substitutions = {self._ox.Variable(k): self._to_ox(v) for k, v in (bindings or {}).items()}
        try:
            results = self._open.query(query, substitutions=substitutions or None)
        except SyntaxError as error:
            raise query_invalid(str(error)) from error
        except RuntimeError as error:
            if "SELECT projection" not in str(error):
                raise
            raise ValueError(f"Only projected variables can be bound: {error}") from error
        if type(results).__name__ != form:
            raise query_invalid(f"it gives {type(results).__name__}, expected {form}")
        return results

    def _to_ox(self, term: Node) -> Any:
        if isinstance(term, URIRef):
            return self._ox.NamedNode(str(term))
        if not isinstance(term, Literal):
            raise ValueError(f"Unexpected term: {term!r}")
        if term.language:
            return self._ox.Literal(str(term), language=term.language)
        if term.datatype:
            return self._ox.Literal(str(term), datatype=self._ox.NamedNode(str(term.datatype)))
        return self._ox.Literal(str(term))


def canonical_blank_nodes(nquads: bytes) -> bytes:
    """N-Quads with their blank nodes named by RDFC-1.0, so that the same statements always read the same."""
    import pyoxigraph as ox  # noqa: PLC0415

    dataset = ox.Dataset(ox.parse(nquads, format=ox.RdfFormat.N_QUADS))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return bytes(ox.serialize(dataset, format=ox.RdfFormat.N_QUADS) or b"")


@contextmanager
def _engine_errors() -> Iterator[None]:
    """A term that only the engine's own parser finds broken is a ValueError."""
    try:
        yield
    except SyntaxError as error:
        raise ValueError(f"The engine refused the update: {error}") from error


def _concerns(quad: Any, subjects: tuple[str, ...], graphs: set[str]) -> bool:
    if getattr(quad.graph_name, "value", None) in graphs:
        return True
    subject = quad.subject.value
    return any(subject == each or subject.startswith(f"{each}#") for each in subjects)


def _new_quads(changes: Sequence[GraphChange]) -> bytes:
    texts = [nquads_text(c.graph, c.triples, published=c.published) for c in changes if c.triples]
    for change in changes:
        term_text(change.graph)
    return "\n".join(texts).encode()


def update_text(changes: Sequence[GraphChange]) -> str:
    """One SPARQL update for all changes: first everything goes that must go, then the new statements come."""
    drops = [clear_graph_update(c.graph, published=c.published) for c in changes]
    inserts = [insert_update(c.graph, c.triples, published=c.published) for c in changes if c.triples]
    return " ;\n".join(drops + inserts)


def _open(ox: Any, path: Path | None, *, read_only: bool) -> Any:
    if path is None:
        return ox.Store()
    try:
        return ox.Store.read_only(str(path)) if read_only else ox.Store(str(path))
    except (OSError, RuntimeError) as error:  # damaged files are a RuntimeError
        raise _open_error(path, error) from error


def _open_error(path: Path, error: Exception) -> MeguriError:
    if any(words in str(error) for words in ("While lock file", "lock hold by current process")):
        return store_in_use(path)
    return MeguriError(
        code="store_unreadable",
        en=f"The graph in {path} cannot be opened: {error}",
        ja=f"{path} のグラフを開けません: {error}",
        remedy_en="Check the folder's permissions and disk; restore a backup if the files are damaged.",
        remedy_ja="フォルダの権限とディスクを確認し、壊れている場合はバックアップから復元してください。",
    )


def store_in_use(path: Path) -> MeguriError:
    """The error for a second writer."""
    return MeguriError(
        code="store_in_use",
        en=f"The graph in {path} is open in another process, so this process ({os.getpid()}) cannot write to it.",
        ja=f"{path} のグラフは別のプロセスが使用中のため、書き込めません。",
        remedy_en="Stop `meguri serve` (or wait for the other command to end) and try again.",
        remedy_ja="`meguri serve` を止めるか、他のコマンドの終了を待ってから、もう一度実行してください。",
    )


def _rows(solutions: Any) -> Iterator[Row]:
    names = [variable.value for variable in solutions.variables]
    for solution in solutions:
        values = ((name, solution[name]) for name in names)
        yield {name: _from_ox(value) for name, value in values if value is not None}


def _graph(statements: Iterable[Any]) -> Graph:
    graph = Graph()
    for statement in statements:
        graph.add((_from_ox(statement.subject), _from_ox(statement.predicate), _from_ox(statement.object)))
    return graph


def _from_ox(term: Any) -> Node:
    match type(term).__name__:
        case "NamedNode":
            return URIRef(term.value)
        case "BlankNode":
            return BNode(term.value)
        case "Literal" if term.language:
            return Literal(term.value, lang=term.language)
        case "Literal" if term.datatype.value == "http://www.w3.org/2001/XMLSchema#string":
            return Literal(term.value)
        case "Literal":
            return Literal(term.value, datatype=URIRef(term.datatype.value), normalize=False)
    raise ValueError(f"Unexpected term: {term!r}")
