"""Where a record came from, in PROV-O: the source file, the row, the activity, the time and the content hash."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from rdflib import Graph, Literal, URIRef

from kg.iris import provenance_iri, record_iri, source_iri
from kg.namespaces import CES, DCTERMS, PROV, RDF, RDFS, XSD
from kg.queries import load_query
from kg.store import GraphStore


@dataclass(frozen=True)
class Source:
    """A file as it was received: its logical name, the sha256 of its bytes and its media type."""

    name: str
    sha256: str
    media_type: str


@dataclass(frozen=True)
class Origin:
    """The place of one record in its source: ``row`` counts as the file's own program does (header = 1)."""

    source: Source
    row: int | None = None
    sheet: str | None = None


def provenance_graph(base: str, id_: str, content_hash: str, origin: Origin, activity: Activity) -> Graph:
    """The provenance statements of one record; it replaces the ones of its former revision."""
    record = record_iri(base, id_)
    source = source_iri(base, origin.source.sha256)
    graph = Graph(identifier=provenance_iri(base, id_))
    add = graph.add
    add((record, RDF.type, PROV.Entity))
    add((record, CES.contentHash, Literal(content_hash)))
    add((record, CES.sourceName, Literal(origin.source.name)))
    add((record, PROV.generatedAtTime, activity.time))
    add((record, PROV.wasGeneratedBy, activity.iri(base)))
    add((record, PROV.wasDerivedFrom, source))
    if origin.row is not None:
        add((record, CES.sourceRow, Literal(origin.row)))
    if origin.sheet is not None:
        add((record, CES.sourceSheet, Literal(origin.sheet)))
    _describe_source(graph, source, origin.source)
    _describe_activity(graph, base, activity, source)
    return graph


@dataclass(frozen=True)
class Activity:
    """One run of an ingestion, by a program with a version."""

    started: datetime
    agent: str

    @classmethod
    def now(cls, agent: str) -> Activity:
        """An activity that starts now (UTC, whole seconds)."""
        return cls(datetime.now(UTC).replace(microsecond=0), agent)

    @property
    def time(self) -> Literal:
        """The start as xsd:dateTime."""
        return Literal(self._utc.isoformat(), datatype=XSD.dateTime)

    def iri(self, base: str) -> URIRef:
        """The activity's IRI, named by its time."""
        return URIRef(f"{base}activity/{self._utc:%Y%m%dT%H%M%SZ}")

    @property
    def _utc(self) -> datetime:
        return self.started.astimezone(UTC)


def stored_hashes(store: GraphStore) -> dict[URIRef, str]:
    """The content hash of every record in the store."""
    return {URIRef(str(row["record"])): str(row["hash"]) for row in store.select(load_query("record_hashes"))}


def stored_hash(store: GraphStore, record: URIRef) -> str | None:
    """The content hash of one record, None where the graph does not hold it."""
    row = next(store.select(load_query("record_hashes"), {"record": record}), None)
    return None if row is None else str(row["hash"])


def records_of_source(store: GraphStore, name: str) -> set[URIRef]:
    """The records that were read from the source of this logical name."""
    rows = store.select(load_query("record_hashes"), {"source": Literal(name)})
    return {URIRef(str(row["record"])) for row in rows}


def _describe_source(graph: Graph, iri: URIRef, source: Source) -> None:
    graph.add((iri, RDF.type, PROV.Entity))
    graph.add((iri, RDFS.label, Literal(source.name)))
    graph.add((iri, CES.sha256, Literal(source.sha256)))
    graph.add((iri, DCTERMS.format, Literal(source.media_type)))


def _describe_activity(graph: Graph, base: str, activity: Activity, source: URIRef) -> None:
    iri = activity.iri(base)
    graph.add((iri, RDF.type, PROV.Activity))
    graph.add((iri, PROV.startedAtTime, activity.time))
    graph.add((iri, PROV.used, source))
    graph.add((iri, RDFS.label, Literal(activity.agent)))
