"""A graph store on any server that speaks SPARQL 1.1 (query, update, graph store protocol): the only importer of httpx.

What a server may not promise stands in docs/operations.md: one update request is one transaction in Oxigraph, while the
standard only says that it SHOULD be; and a snapshot is a full copy, since the protocols have none.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rdflib import BNode, Graph, Literal, URIRef
from rdflib.term import Node

from kg.errors import MeguriError
from kg.oxigraph_store import OxigraphStore, update_text
from kg.store import Bindings, GraphChange, Row, query_invalid
from kg.terms import clear_graph_update, copy_to_default_update, quad_line, with_values

if TYPE_CHECKING:
    import httpx

RESULTS = "application/sparql-results+json"
TRIPLES = "application/n-triples"
MAX_ANSWER = 1_000_000_000
CONNECT_SECONDS, READ_SECONDS = 5.0, 300.0
_EVERYTHING = "SELECT ?g ?s ?p ?o WHERE { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
_COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
_GRAPH = "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }"


@dataclass(frozen=True)
class RemoteAddress:
    """Where a server takes queries, updates and whole graphs, and what it wants to see before.

    ``authorization`` is the whole header, such as ``Bearer …`` or ``Basic …``; it never stands in an address.
    """

    query: str
    update: str
    graphs: str
    authorization: str | None = None

    @classmethod
    def of(
        cls, base: str, update: str | None = None, graphs: str | None = None, authorization: str | None = None
    ) -> RemoteAddress:
        """From one address: Oxigraph's own paths below it; with ``update`` given, ``base`` is the query address."""
        root = base.rstrip("/")
        query = base if update else f"{root}/query"
        return cls(query, update or f"{root}/update", graphs or f"{root}/store", authorization)


class RemoteStore:
    """A ``GraphStore`` over HTTP; one Meguri process writes to a server's dataset, which it has for itself."""

    def __init__(self, address: RemoteAddress) -> None:
        import httpx  # noqa: PLC0415  (imported where a remote store is used)

        self._httpx = httpx
        self._address = address
        headers = {"Authorization": address.authorization} if address.authorization else {}
        timeout = httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS)
        # certificates are read only where there will be any to check: that takes a tenth of a second
        checked = any(url.startswith("https:") for url in (address.query, address.update, address.graphs))
        self._client: httpx.Client | None = httpx.Client(
            headers=headers, timeout=timeout, follow_redirects=False, verify=checked
        )

    def select(self, query: str, bindings: Bindings | None = None) -> Iterator[Row]:
        """See ``GraphStore.select``; the whole answer is read first."""
        body = self._json(query, bindings)
        if "results" not in body:
            raise query_invalid("it gives a yes or no, expected solutions")
        missing = set(bindings or ()) - set(body["head"].get("vars", ()))
        if missing:
            raise ValueError(f"Only projected variables can be bound: {sorted(missing)}")
        return (_row(solution) for solution in body["results"]["bindings"])

    def ask(self, query: str, bindings: Bindings | None = None) -> bool:
        """See ``GraphStore.ask``."""
        body = self._json(query, bindings)
        if "boolean" not in body:
            raise query_invalid("it gives solutions, expected a yes or no")
        return bool(body["boolean"])

    def construct(self, query: str, bindings: Bindings | None = None) -> Graph:
        """See ``GraphStore.construct``."""
        content, media_type = self._query(query, bindings, f"{TRIPLES}, {RESULTS};q=0.1")
        if not media_type.startswith(TRIPLES):
            raise query_invalid("it gives no graph")
        graph = Graph()
        for triple in Graph().parse(data=content, format="nt"):
            graph.add(triple)
        return graph

    def graph(self, name: URIRef) -> Graph:
        """See ``GraphStore.graph``."""
        return self.construct(_GRAPH, {"g": name})

    def apply(self, changes: Sequence[GraphChange]) -> None:
        """See ``GraphStore.apply``: all changes are one update request, which the server carries out whole or not."""
        _ = self._open
        if changes:
            self._update(update_text(changes))

    def load(self, files: Iterable[tuple[URIRef, Path]]) -> None:
        """See ``GraphStore.load``: files go by the graph store protocol, and are copied to the default graph there."""
        for name, path in files:
            self._update(clear_graph_update(name, published=True))
            self._send(
                "PUT",
                self._address.graphs,
                params={"graph": str(name)},
                content=path.read_bytes(),
                headers={"Content-Type": "text/turtle"},
            )
            self._update(copy_to_default_update(name))

    def count(self) -> int:
        """See ``GraphStore.count``."""
        (row,) = self.select(_COUNT)
        return int(str(row["n"]))

    def flush(self) -> None:
        """A server acknowledges an update when it has it; nothing is held back here."""
        _ = self._open

    def snapshot(self, target: Path) -> None:
        """See ``GraphStore.snapshot``: everything, read by one query, as a local Oxigraph folder for readers."""
        if target.exists():
            raise FileExistsError(target)
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".nq") as file:
            for row in self.select(_EVERYTHING):
                file.write(quad_line((row["s"], row["p"], row["o"]), row.get("g")) + "\n")
            file.flush()
            copy = OxigraphStore(target)
            try:
                copy.load_nquads(Path(file.name))
            finally:
                copy.close()

    def close(self) -> None:
        """See ``GraphStore.close``."""
        if self._client is not None:
            self._client.close()
        self._client = None

    @property
    def _open(self) -> httpx.Client:
        if self._client is None:
            raise ValueError("This store is closed.")
        return self._client

    def _json(self, query: str, bindings: Bindings | None) -> dict[str, Any]:
        content, media_type = self._query(query, bindings, f"{RESULTS}, {TRIPLES};q=0.1")
        if not media_type.startswith(RESULTS):
            raise query_invalid("it gives a graph, expected solutions or a yes or no")
        body: dict[str, Any] = json.loads(content)
        return body

    def _query(self, query: str, bindings: Bindings | None, accept: str) -> tuple[bytes, str]:
        _ = self._open
        text = with_values(query, bindings or {})
        reply = self._send("POST", self._address.query, data={"query": text}, headers={"Accept": accept})
        return reply.content, reply.media_type

    def _update(self, text: str) -> None:
        try:
            self._send("POST", self._address.update, data={"update": text})
        except MeguriError as error:
            if error.code == "query_invalid":
                raise ValueError(f"The engine refused the update: {error.en}") from error
            raise

    def _send(self, method: str, url: str, **options: Any) -> _Reply:
        """The whole reply; MeguriError: ``query_invalid`` for a refusal, ``graph_unreachable`` for all else."""
        try:
            with self._open.stream(method, url, **options) as response:
                reply = _Reply(response.status_code, response.headers.get("content-type", ""), _read(response))
        except self._httpx.HTTPError as error:
            raise _unreachable(url, f"{type(error).__name__}: {error}") from error
        if reply.status in (400, 406, 422):
            raise query_invalid(reply.said)
        if not 200 <= reply.status < 300:
            raise _unreachable(url, f"HTTP {reply.status} {reply.said}")
        return reply


@dataclass(frozen=True)
class _Reply:
    status: int
    media_type: str
    content: bytes

    @property
    def said(self) -> str:
        """The beginning of the text, in one line."""
        return " ".join(self.content[:2_000].decode(errors="replace").split())[:500]


def _read(response: httpx.Response) -> bytes:
    """The body up to the limit."""
    parts, size = [], 0
    for part in response.iter_bytes():
        parts.append(part)
        size += len(part)
        if size > MAX_ANSWER:
            raise _unreachable(str(response.url), f"the answer is larger than {MAX_ANSWER:,} bytes")
    return b"".join(parts)


def _row(solution: Mapping[str, Mapping[str, str]]) -> Row:
    return {name: _term(value) for name, value in solution.items()}


def _term(value: Mapping[str, str]) -> Node:
    """A term of the SPARQL 1.1 Query Results JSON Format."""
    text = value["value"]
    match value["type"]:
        case "uri":
            return URIRef(text)
        case "bnode":
            return BNode(text)
        case "literal" | "typed-literal" if "xml:lang" in value:
            return Literal(text, lang=value["xml:lang"])
        case "literal" | "typed-literal" if "datatype" in value:
            return Literal(text, datatype=URIRef(value["datatype"]), normalize=False)
        case "literal":
            return Literal(text)
    raise ValueError(f"Unexpected term: {value!r}")


def _unreachable(url: str, detail: str) -> MeguriError:
    return MeguriError(
        code="graph_unreachable",
        en=f"The graph server at {url} does not answer as it should: {detail}.",
        ja=f"グラフサーバー {url} が正しく応答しません: {detail}。",
        remedy_en="Check MEGURI_GRAPH and its kin, that the server runs, and that it lets this machine in.",
        remedy_ja="MEGURI_GRAPH などの設定、サーバーの稼働状況、接続の許可を確認してください。",
    )
