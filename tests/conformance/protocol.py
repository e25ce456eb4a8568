"""Sends the requests of the SPARQL 1.1 Protocol suite to a running server and judges its responses.

The suite's updates go to an endpoint that has none: each must be refused, and nothing else is asked of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import httpx
from rdflib import RDF, Graph, Namespace
from rdflib.collection import Collection
from rdflib.term import Node

from tests.conformance.manifests import MF, entries, manifest
from tests.conformance.suites import ROOT, Verdict

HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")
FOLDER = ROOT / "sparql11" / "protocol"
DATA = {f"http://kasei.us/2009/09/sparql/data/data{n}.rdf": FOLDER / f"data{n}.nt" for n in (1, 2, 3)}
TABLES = ("text/csv", "text/tab-separated-values")
MEDIA_TYPES = {
    "boolean": ("application/sparql-results+xml", "application/sparql-results+json"),
    "tabular": ("application/sparql-results+xml", "application/sparql-results+json", *TABLES),
    "RDF": ("application/rdf+xml", "text/turtle", "application/n-triples", "application/ld+json"),
}
SD = "http://www.w3.org/ns/sparql-service-description#"


@dataclass(frozen=True)
class Exchange:
    """A request and what is expected of the response."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    statuses: tuple[str, ...]
    boolean: bool | None
    format: str | None


@dataclass(frozen=True)
class ProtocolCase:
    """One test: its requests in turn."""

    name: str
    exchanges: tuple[Exchange, ...]

    @property
    def id(self) -> str:
        """A name that is unique in the suite."""
        return f"protocol/{self.name}"

    @property
    def updates(self) -> bool:
        """Whether it is about updates, which a read-only endpoint refuses."""
        return "update" in self.name


@cache
def protocol_cases() -> tuple[ProtocolCase, ...]:
    """All tests of the protocol suite."""
    graph = manifest(FOLDER)
    return tuple(
        ProtocolCase(str(entry).partition("#")[2], tuple(_exchanges(graph, entry))) for entry in entries(graph)
    )


def run_protocol(client: httpx.Client, case: ProtocolCase) -> Verdict:
    """The verdict on one case; ``client`` has the server's address."""
    group = "protocol-updates" if case.updates else "protocol"
    for exchange in case.exchanges:
        response = client.request(
            exchange.method, exchange.path, headers=dict(exchange.headers), content=exchange.body or None
        )
        if problem := _refused(response, exchange) if case.updates else _judged(response, exchange):
            return Verdict(group, case.id, problem)
    return Verdict(group, case.id)


def describes_itself(client: httpx.Client) -> list[Verdict]:
    """The three tests of the service description suite."""
    response = client.get("/sparql", headers={"Accept": "text/turtle"})
    graph = Graph().parse(data=response.text, format="turtle")
    endpoints = {str(e) for e in graph.objects(None, Namespace(SD).endpoint)}
    found = {
        "returns-rdf": response.status_code == 200 and len(graph) > 0,
        "has-endpoint-triple": endpoints == {str(client.base_url.join("/sparql"))},
        "conforms-to-schema": len(set(graph.subjects(RDF.type, Namespace(SD).Service))) == 1
        and all(str(p).startswith((SD, str(RDF))) for p in graph.predicates()),
    }
    group = "service-description"
    return [Verdict(group, f"{group}/{name}", "" if passed else "not so") for name, passed in found.items()]


def _judged(response: httpx.Response, exchange: Exchange) -> str:
    if not any(str(response.status_code).startswith(status) for status in exchange.statuses):
        return f"status {response.status_code}, expected {exchange.statuses}"
    media_type = response.headers["content-type"].partition(";")[0]
    if exchange.format and media_type not in MEDIA_TYPES[exchange.format]:
        return f"{media_type} for {exchange.format}"
    if exchange.boolean is not None and exchange.boolean != ("true" in response.text):
        return response.text
    return ""


def _refused(response: httpx.Response, exchange: Exchange) -> str:
    """All must be refused but the queries that would look for the update's effect."""
    asks = any("sparql-query" in value for _, value in exchange.headers)
    if asks or 400 <= response.status_code < 500:
        return ""
    return f"status {response.status_code} for an update"


def _exchanges(graph: Graph, entry: Node) -> Iterator[Exchange]:
    connection = graph.value(entry, MF.action)
    requests = graph.value(connection, HT.requests)
    assert requests is not None
    for request in Collection(graph, requests):
        response = graph.value(request, HT.resp)
        boolean = graph.value(response, MF.expectedBoolean)
        format_ = graph.value(response, MF.expectedFormat)
        statuses = tuple(
            str(s).partition("StatusCode")[2].rstrip("x") for s in graph.objects(response, MF.expectedStatus)
        )
        yield Exchange(
            str(graph.value(request, HT.methodName)),
            str(graph.value(request, HT.absolutePath)).replace("/sparql/", "/sparql", 1),
            tuple(_headers(graph, request)),
            _body(graph, request),
            statuses,
            None if boolean is None else str(boolean) == "true",
            None if format_ is None else str(format_),
        )


def _headers(graph: Graph, request: Node) -> Iterator[tuple[str, str]]:
    head = graph.value(request, HT.headers)
    for header in Collection(graph, head) if head else ():
        yield str(graph.value(header, HT.fieldName)), str(graph.value(header, HT.fieldValue))


def _body(graph: Graph, request: Node) -> bytes:
    body = graph.value(request, HT.body)
    text = graph.value(body, CNT.chars) if body else None
    encoding = graph.value(body, CNT.characterEncoding) if body else None
    return b"" if text is None else str(text).encode(str(encoding or "UTF-8"))


def graphs_for_the_suite() -> dict[str, Path]:
    """The graphs that the tests ask, by name."""
    return DATA
