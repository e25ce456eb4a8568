"""Where a record came from, in PROV-O: the source file, the row, the activity, the time and the content hash."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, lru_cache

from rdflib import Literal, URIRef
from rdflib.term import Node

from kg.iris import record_iri, source_iri
from kg.namespaces import CES, DCTERMS, PROV, RDF, RDFS, XSD
from kg.queries import load_query
from kg.store import GraphStore
from kg.terms import Statements, Triple, values_text

# a namespace makes each name anew, and these are asked for with every record
_TYPE, _HASH, _SOURCE_NAME, _SOURCE_ROW = RDF.type, CES.contentHash, CES.sourceName, CES.sourceRow


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


def provenance_graph(base: str, id_: str, content_hash: str, origin: Origin, activity: Activity) -> Statements:
    """The provenance statements of one record; they replace the ones of its former revision."""
    record = record_iri(base, id_)
    said: list[tuple[URIRef, Node]] = [
        (_TYPE, PROV.Entity),
        (_HASH, Literal(content_hash)),
        (_SOURCE_NAME, Literal(origin.source.name)),
        (PROV.generatedAtTime, activity.time),
        (PROV.wasGeneratedBy, activity.iri(base)),
        (PROV.wasDerivedFrom, source_iri(base, origin.source.sha256)),
    ]
    if origin.row is not None:
        said.append((_SOURCE_ROW, Literal(origin.row)))
    if origin.sheet is not None:
        said.append((CES.sourceSheet, Literal(origin.sheet)))
    return Statements.joined(Statements.about(record, said), _described(base, origin.source, activity))


@dataclass(frozen=True)
class Activity:
    """One run of an ingestion, by a program with a version."""

    started: datetime
    agent: str

    @classmethod
    def now(cls, agent: str) -> Activity:
        """An activity that starts now (UTC, whole seconds)."""
        return cls(datetime.now(UTC).replace(microsecond=0), agent)

    @cached_property
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


def hashes_of(store: GraphStore, records: Iterable[URIRef]) -> dict[URIRef, str]:
    """The content hashes of those among some records that the graph holds, by one query."""
    wanted = [[record] for record in records]
    if not wanted:
        return {}
    query = load_query("record_hashes").replace("WHERE {", f"WHERE {{ {values_text(['record'], wanted)}")
    return {URIRef(str(row["record"])): str(row["hash"]) for row in store.select(query)}


def stored_hash(store: GraphStore, record: URIRef) -> str | None:
    """The content hash of one record, None where the graph does not hold it."""
    row = next(store.select(load_query("record_hashes"), {"record": record}), None)
    return None if row is None else str(row["hash"])


def records_of_source(store: GraphStore, name: str) -> set[URIRef]:
    """The records that were read from the source of this logical name."""
    return set(source_records(store, name))


def source_records(store: GraphStore, name: str) -> Iterator[URIRef]:
    """The same one after another, for sources of any size."""
    rows = store.select(load_query("record_hashes"), {"source": Literal(name)})
    return (URIRef(str(row["record"])) for row in rows)


@lru_cache(maxsize=16)
def _described(base: str, source: Source, activity: Activity) -> Statements:
    """What each record of a run says of the file and of the run itself."""
    file, run = source_iri(base, source.sha256), activity.iri(base)
    said: list[Triple] = [
        (file, RDF.type, PROV.Entity),
        (file, RDFS.label, Literal(source.name)),
        (file, CES.sha256, Literal(source.sha256)),
        (file, DCTERMS.format, Literal(source.media_type)),
        (run, RDF.type, PROV.Activity),
        (run, PROV.startedAtTime, activity.time),
        (run, PROV.used, file),
        (run, RDFS.label, Literal(activity.agent)),
    ]
    return Statements(said)
