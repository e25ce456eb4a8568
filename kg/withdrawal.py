"""Tombstones: what stays of a withdrawn record is that it existed, since when it is gone, why, and what took its place.

A tombstone is a named graph of its own, ``BASE + withdrawn/ID``, outside of the default graph.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from rdflib import Graph, Literal, URIRef

from kg.errors import MeguriError
from kg.iris import record_iri, withdrawn_iri
from kg.namespaces import DCTERMS, PROV, RDFS, XSD
from kg.store import GraphStore

MAX_REASON = 500


@dataclass(frozen=True)
class Tombstone:
    """When a record was withdrawn, why, and which record took its place."""

    id: str
    date: str
    reason: str
    successor: str | None


def tombstone_graph(base: str, id_: str, reason: str, successor: str | None = None) -> Graph:
    """The statements of a tombstone; ``successor`` is the id of the record that took its place."""
    record = record_iri(base, id_)
    time = datetime.now(UTC).replace(microsecond=0).isoformat()
    graph = Graph(identifier=withdrawn_iri(base, id_))
    graph.add((record, PROV.invalidatedAtTime, Literal(time, datatype=XSD.dateTime)))
    if reason:
        graph.add((record, RDFS.comment, Literal(reason)))
    if successor:
        graph.add((record, DCTERMS.isReplacedBy, record_iri(base, successor)))
    return graph


def tombstone_of(store: GraphStore, base: str, id_: str) -> Tombstone | None:
    """The tombstone of a record, None where it was never withdrawn (or came back)."""
    record, graph = record_iri(base, id_), store.graph(withdrawn_iri(base, id_))
    date = graph.value(record, PROV.invalidatedAtTime)
    if date is None:
        return None
    successor = graph.value(record, DCTERMS.isReplacedBy)
    named = str(successor).removeprefix(base) if isinstance(successor, URIRef) else None
    return Tombstone(id_, str(date), str(graph.value(record, RDFS.comment) or ""), named)


def checked_reason(reason: str) -> str:
    """The reason in one line; MeguriError (``reason_invalid``) where it is empty or too long."""
    line = " ".join(reason.split())
    if not line or len(line) > MAX_REASON:
        raise MeguriError(
            code="reason_invalid",
            en=f"A withdrawal needs a reason of 1 to {MAX_REASON} characters.",
            ja=f"取り下げには 1 〜 {MAX_REASON} 文字の理由が必要です。",
            remedy_en="Say it with --reason; it is published, so name no person.",
            remedy_ja="--reason で指定してください。理由は公開されるため、個人名は書かないでください。",
        )
    return line
