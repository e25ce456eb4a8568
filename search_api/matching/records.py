"""A record as matching sees it: its words, its region, its revision."""

from __future__ import annotations

from dataclasses import dataclass, field

from rdflib import Graph, Literal

from kg.errors import MeguriError
from kg.iris import kind_of, record_iri
from kg.namespaces import CES, DCTERMS, RDFS, REGION
from kg.provenance import stored_hash
from kg.store import GraphStore

OPPOSITE = {"issue": "technology", "technology": "issue"}
LONGEST = 2_000


@dataclass(frozen=True)
class Side:
    """One record; ``region`` is a code ("" where none is said), ``words`` its title and description by language, as far
    as there is a letter or a digit in them."""

    id: str
    kind: str
    titles: dict[str, str]
    words: dict[str, str]
    region: str
    hash: str
    graph: Graph = field(repr=False, compare=False)

    def title(self, lang: str) -> str:
        """The title in a language, else in the other one."""
        return self.titles.get(lang) or next(iter(self.titles.values()), self.id)

    @property
    def searchable(self) -> bool:
        """Whether it says anything that others can be compared with; a title of signs alone does not."""
        return bool(self.words)

    def text(self, lang: str) -> str:
        """What the record says of itself in one language, the asked one where it can."""
        return (self.words.get(lang) or next(iter(self.words.values()), self.title(lang)))[:LONGEST]


def side(store: GraphStore, base: str, id_: str) -> Side:
    """The record of an id; MeguriError (``record_unknown``) where the graph holds none."""
    found = find_side(store, base, id_)
    if found is None:
        raise MeguriError(
            code="record_unknown",
            en=f"There is no record {id_[:80]!r}.",
            ja=f"「{id_[:80]}」という記録はありません。",
            remedy_en="Use an id from search results, such as issue-I001.",
            remedy_ja="検索結果にある ID（issue-I001 など）を使ってください。",
        )
    return found


def find_side(store: GraphStore, base: str, id_: str) -> Side | None:
    """The record of an id, None where the graph holds none (any more)."""
    kind = kind_of(id_)
    if kind is None:
        return None
    iri = record_iri(base, id_)
    graph = store.graph(iri)
    if not len(graph):
        return None
    titles, texts = _texts(graph, iri, RDFS.label), _texts(graph, iri, DCTERMS.description)
    said = {lang: "\n".join(filter(None, (titles.get(lang), texts.get(lang)))) for lang in {**titles, **texts}}
    words = {lang: text for lang, text in said.items() if any(map(str.isalnum, text))}
    region = str(graph.value(iri, CES.inRegion) or "").removeprefix(str(REGION))
    return Side(id_, kind, titles, words, region, stored_hash(store, iri) or "", graph)


def require_pair(kind: str, id_: str) -> str:
    """The kind on the other side; MeguriError (``match_kind``) for a record that is no side of a match."""
    if kind not in OPPOSITE:
        raise MeguriError(
            code="match_kind",
            en=f"{id_[:80]} is neither an issue nor a technology.",
            ja=f"{id_[:80]} は課題でも技術でもありません。",
            remedy_en="Matches are between issues and technologies; use `related` for other records.",
            remedy_ja="マッチングの対象は課題と技術です。ほかの記録には related を使ってください。",
        )
    return OPPOSITE[kind]


def _texts(graph: Graph, iri: object, predicate: object) -> dict[str, str]:
    literals = [v for v in graph.objects(iri, predicate) if isinstance(v, Literal)]  # type: ignore[arg-type]
    return {v.language or "": str(v) for v in sorted(literals, key=str, reverse=True)}
