"""Where a record came from, for readers: file, row, time, hash."""

from __future__ import annotations

from pydantic import BaseModel, Field
from rdflib import Graph, URIRef
from rdflib.term import Node

from kg.namespaces import CES, DCTERMS, PROV, RDFS


class Provenance(BaseModel):
    """The place of a record in the file that it was read from, and when and by which program."""

    source: str = Field(examples=["technologies.csv"])
    source_iri: str | None = None
    source_sha256: str | None = None
    media_type: str | None = Field(None, examples=["text/csv"])
    sheet: str | None = None
    row: int | None = Field(None, examples=[7], description="As the file's own program counts (header = 1).")
    time: str | None = Field(None, examples=["2026-11-22T00:32:28Z"])
    agent: str | None = Field(None, examples=["meguri 0.1.0"])
    activity_iri: str | None = None
    content_hash: str | None = None


def provenance_of(graph: Graph, record: URIRef) -> Provenance | None:
    """Read a record's provenance graph; None where it is empty."""
    if not len(graph):
        return None
    source, activity = graph.value(record, PROV.wasDerivedFrom), graph.value(record, PROV.wasGeneratedBy)
    row = _text(graph, record, CES.sourceRow)
    return Provenance(
        source=_text(graph, record, CES.sourceName) or "",
        source_iri=str(source) if source else None,
        source_sha256=_text(graph, source, CES.sha256),
        media_type=_text(graph, source, DCTERMS["format"]),
        sheet=_text(graph, record, CES.sourceSheet),
        row=int(row) if row else None,
        time=_text(graph, record, PROV.generatedAtTime),
        agent=_text(graph, activity, RDFS.label),
        activity_iri=str(activity) if activity else None,
        content_hash=_text(graph, record, CES.contentHash),
    )


def _text(graph: Graph, subject: Node | None, predicate: URIRef) -> str | None:
    value = graph.value(subject, predicate) if subject is not None else None
    return None if value is None else str(value)
