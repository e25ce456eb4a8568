"""What points at a thing: the records and concepts that name it, grouped by the property that they use."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from pydantic import BaseModel, Field
from rdflib import URIRef

from kg.iris import kind_of
from kg.queries import load_query
from kg.store import GraphStore, Row
from search_api.http.focus import QUERIES
from search_api.http.labels import Labels, Text

SHOWN = 60


class Source(BaseModel):
    """A thing that points here; ``place`` is set where it does so through a region inside this one."""

    iri: str
    kind: str
    label: Text
    path: str
    place: Text | None = None


class Incoming(BaseModel):
    """The things that point here by one property; ``total`` may be more than are listed."""

    property: str
    label: Text
    total: int = Field(examples=[3])
    sources: list[Source]


def incoming_links(store: GraphStore, iri: URIRef, labels: Labels, lang: str) -> list[Incoming]:
    """What points at a thing, parts of records counted as their records."""
    rows = store.select(load_query("incoming", QUERIES), {"focus": iri})
    return _grouped((row for row in rows if _whole(row) != str(iri)), labels, lang, None)


def records_within(store: GraphStore, region: URIRef, labels: Labels, lang: str) -> list[Incoming]:
    """The records placed in a region or inside it."""
    rows = store.select(load_query("within", QUERIES), {"focus": region})
    return _grouped(rows, labels, lang, str(region))


def _grouped(rows: Iterable[Row], labels: Labels, lang: str, region: str | None) -> list[Incoming]:
    """By property and kind, so that what a region has is not mixed with who sits there."""
    found: dict[tuple[str, str], dict[str, str | None]] = defaultdict(dict)
    for row in rows:
        source = _whole(row)
        place = str(row["place"]) if "place" in row else None
        key = (str(row["property"]), _kind(source, labels.base))
        found[key].setdefault(source, place if place != region else None)
    groups = [_group(key, sources, labels, lang) for key, sources in found.items()]
    return sorted((g for g in groups if g.sources), key=lambda g: (g.sources[0].kind, g.label.text))


def _group(key: tuple[str, str], sources: dict[str, str | None], labels: Labels, lang: str) -> Incoming:
    property_, kind = key
    shown: list[Source] = []
    for iri in sorted(sources)[:SHOWN]:
        path, place = labels.path(iri), sources[iri]
        if path is not None:
            where = labels.of(place, lang) if place else None
            shown.append(Source(iri=iri, kind=kind, label=labels.name(iri, lang), path=path, place=where))
    shown.sort(key=lambda source: source.label.text)
    return Incoming(property=property_, label=labels.name(property_, lang), total=len(sources), sources=shown)


def _whole(row: Row) -> str:
    return str(row["source"]).partition("#")[0]


def _kind(iri: str, base: str) -> str:
    kind = kind_of(iri.removeprefix(base)) if iri.startswith(base) else None
    return kind or ("region" if "/region/" in iri else "concept")
