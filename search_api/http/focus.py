"""The thing that an address names (a record, region or concept) with what the graph states of it."""

from __future__ import annotations

from dataclasses import dataclass

from rdflib import Graph, URIRef

from ingest.regions.register import RegionRegister
from kg.errors import MeguriError
from kg.iris import kind_of, provenance_iri, record_iri
from kg.namespaces import CONCEPT, REGION
from kg.queries import load_query
from kg.withdrawal import Tombstone, tombstone_of
from search_api.http.addresses import is_concept_name, is_record_id
from search_api.service import Service

QUERIES = "search_api.http.queries"


@dataclass(frozen=True)
class Focus:
    """A thing, its kind and its statements; ``provenance`` is empty for what is no record."""

    id: str
    iri: URIRef
    kind: str
    path: str
    graph: Graph
    provenance: Graph


def find_record(service: Service, id_: str) -> Focus:
    """A record by its id; MeguriError: ``record_unknown``, ``record_withdrawn`` with its tombstone."""
    if is_record_id(id_):
        base = service.folder.base
        graph = service.store.graph(record_iri(base, id_))
        if len(graph):
            provenance = service.store.graph(provenance_iri(base, id_))
            return Focus(id_, record_iri(base, id_), str(kind_of(id_)), f"/id/{id_}", graph, provenance)
        stone = tombstone_of(service.store, base, id_)
        if stone is not None:
            raise RecordWithdrawn(stone)
    raise _unknown(
        "record_unknown",
        (f"There is no record {id_[:80]!r}.", f"「{id_[:80]}」という記録はありません。"),
        ("Search for it by what it says.", "内容の言葉で検索してください。"),
    )


class RecordWithdrawn(MeguriError):
    """The address of a withdrawn record; ``extra`` goes into the problem document."""

    def __init__(self, stone: Tombstone) -> None:
        super().__init__(
            code="record_withdrawn",
            en=f"The record {stone.id} was withdrawn on {stone.date[:10]}: {stone.reason or 'no reason was given'}",
            ja=f"記録 {stone.id} は {stone.date[:10]} に取り下げられました。理由：{stone.reason or '（記載なし）'}",
            remedy_en="Search for something else; editions say when it was erased from them.",
            remedy_ja="別の記録を検索してください。版から消去した日は版のページにあります。",
        )
        self.stone = stone
        self.extra = {"withdrawn": stone.date, "reason": stone.reason}


def find_region(service: Service, code: str) -> Focus:
    """A region by its present code; MeguriError (``region_unknown``) otherwise."""
    if RegionRegister.load().by_code(code):
        graph = _statements(service, REGION[code])
        return Focus(f"region-{code}", REGION[code], "region", f"/region/{code}", graph, Graph())
    raise _unknown(
        "region_unknown",
        (f"There is no region {code[:40]!r}.", f"「{code[:40]}」という地域はありません。"),
        (
            "Use a 5-digit municipality code, a 2-digit prefecture code or a block such as block-kanto.",
            "5桁の市区町村コード、2桁の都道府県コード、または block-kanto のような地方を指定してください。",
        ),
    )


def find_concept(service: Service, name: str) -> Focus:
    """A concept by ``SCHEME/slug``; MeguriError (``concept_unknown``) where there is none."""
    if is_concept_name(name) and str(CONCEPT[name]) in service.engine.concepts:
        graph = _statements(service, CONCEPT[name])
        return Focus(name, CONCEPT[name], "concept", f"/concept/{name}", graph, Graph())
    raise _unknown(
        "concept_unknown",
        (f"There is no concept {name[:80]!r}.", f"「{name[:80]}」という概念はありません。"),
        ("Search for it by its name.", "名称で検索してください。"),
    )


def find_any(service: Service, id_: str) -> Focus:
    """A record, or a region by the id that search results give it (``region-13206``)."""
    if id_.startswith("region-"):
        return find_region(service, id_.removeprefix("region-"))
    return find_record(service, id_)


def _statements(service: Service, iri: URIRef) -> Graph:
    return service.store.construct(load_query("resource", QUERIES), {"focus": iri})


def _unknown(code: str, message: tuple[str, str], remedy: tuple[str, str]) -> MeguriError:
    return MeguriError(code=code, en=message[0], ja=message[1], remedy_en=remedy[0], remedy_ja=remedy[1])
