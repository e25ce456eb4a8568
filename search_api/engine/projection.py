"""Graph → search entries, by stored queries: the index knows nothing that these do not select."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from rdflib import Literal, URIRef
from rdflib.term import Node

from kg.namespaces import CES, DCTERMS, RDFS, REGION
from kg.queries import load_query
from kg.replaced import Replaced, current, replaced_concepts
from kg.store import Bindings, GraphStore, Row
from search_api.engine.index.entries import Entry

_PACKAGE = "search_api.engine.queries"
KIND_OF_CLASS = {
    str(CES.Technology): "technology",
    str(CES.Issue): "issue",
    str(CES.RegionalResource): "resource",
    str(CES.Partner): "partner",
    str(CES.SupportScheme): "scheme",
    str(CES.Project): "project",
    str(CES.Event): "event",
    str(CES.Document): "document",
}
_CONCEPTS = (CES.technologyKind, CES.usesResource, CES.yieldsResource, CES.concernsResource, CES.resourceKind)
_REGIONS = (CES.inRegion, CES.availableIn, CES.activeIn, CES.aboutRegion)


@dataclass
class _Statements:
    """What the graph says of one record."""

    class_: str = ""
    values: dict[str, list[Node]] = field(default_factory=lambda: defaultdict(list))

    def iris(self, *predicates: URIRef) -> tuple[str, ...]:
        found = [str(value) for p in predicates for value in self.values.get(str(p), [])]
        return tuple(sorted(set(found)))

    def first(self, predicate: URIRef) -> str:
        """A value as text, the first in order; "" where there is none."""
        return min(map(str, self.values.get(str(predicate), [])), default="")

    def texts(self, predicate: URIRef) -> dict[str, str]:
        """Language → text, the first in alphabetical order where one language has several."""
        literals = sorted(v for v in self.values.get(str(predicate), []) if isinstance(v, Literal))
        return {text.language or "": str(text) for text in reversed(literals)}


def project(store: GraphStore, base: str, record: URIRef | None = None) -> dict[str, list[Entry]]:
    """The entries of all records (or of one), by record id; a record without any text has none.

    What a record states with a concept that was replaced since holds for those that stand in its place.
    """
    replaced = replaced_concepts(store)
    bindings: Bindings = {} if record is None else {"record": record}
    statements: dict[str, _Statements] = defaultdict(_Statements)
    for row in store.select(load_query("records", _PACKAGE), bindings):
        iri = str(record or row["record"])
        statements[iri].class_ = str(row["class"])
        statements[iri].values[str(row["predicate"])] += _today(row["value"], replaced)
    passages = _passages(store, bindings, record, replaced)
    ids = {iri: iri.removeprefix(base) for iri in statements}
    return {ids[iri]: list(_entries(ids[iri], said, passages.get(iri, []))) for iri, said in statements.items()}


@dataclass
class _Passage:
    iri: str
    text: Literal
    start: int
    end: int
    page: int | None
    breaks: set[int] = field(default_factory=set)
    mentioned: set[str] = field(default_factory=set)


def _today(value: Node, replaced: Replaced) -> list[Node]:
    return [URIRef(iri) for iri in replaced[str(value)]] if str(value) in replaced else [value]


def _passages(
    store: GraphStore, bindings: Bindings, record: URIRef | None, replaced: Replaced
) -> dict[str, list[_Passage]]:
    found: dict[str, dict[str, _Passage]] = defaultdict(dict)
    for row in store.select(load_query("passages", _PACKAGE), bindings):
        passages = found[str(record or row["record"])]
        passage = passages.setdefault(str(row["passage"]), _passage(row))
        if "break" in row:
            passage.breaks.add(int(str(row["break"])))
        if "mentioned" in row:
            passage.mentioned.update(current(str(row["mentioned"]), replaced))
    return {iri: sorted(passages.values(), key=lambda p: p.start) for iri, passages in found.items()}


def _passage(row: Row) -> _Passage:
    text = row["text"]
    assert isinstance(text, Literal)
    page = int(str(row["page"])) if "page" in row else None
    return _Passage(str(row["passage"]), text, int(str(row["start"])), int(str(row["end"])), page)


def _entries(id_: str, said: _Statements, passages: Iterable[_Passage]) -> Iterator[Entry]:
    """One entry for each language that a record has, or one for each passage of a document."""
    titles = said.texts(RDFS.label)
    if said.class_ == str(CES.Document):
        title = titles.get("ja") or next(iter(titles.values()), "")
        yield from (_passage_entry(id_, said, title, passage) for passage in passages)
        return
    texts = said.texts(DCTERMS.description)
    for lang in sorted({*titles, *texts} or {""}):
        own_title, text = titles.get(lang), texts.get(lang, "")
        if own_title or text:
            yield _entry(id_, said, lang, own_title or next(iter(titles.values()), ""), text)


def _entry(id_: str, said: _Statements, lang: str, title: str, text: str) -> Entry:
    return Entry(
        record=id_,
        part=lang,
        kind=KIND_OF_CLASS[said.class_],
        lang=lang,
        title=title,
        text=text,
        concepts=said.iris(*_CONCEPTS),
        themes=said.iris(CES.hasTheme),
        levels=said.iris(CES.suitsLevel),
        regions=_codes(said.iris(*_REGIONS)),
        sample=said.first(CES.isSample) == "true",
        scale=said.first(CES.minimumScale),
        climate=said.first(CES.climateCondition),
        permits=said.iris(CES.needsPermit),
        uses=said.iris(CES.usesResource),
        valid_until=said.first(CES.validUntil)[:10],
    )


def _passage_entry(id_: str, said: _Statements, title: str, passage: _Passage) -> Entry:
    mentioned = sorted(passage.mentioned)
    return Entry(
        record=id_,
        part=passage.iri.partition("#")[2],
        kind="document",
        lang=passage.text.language or "",
        title=title,
        text=str(passage.text),
        concepts=tuple(iri for iri in mentioned if "/concept/" in iri and "/theme/" not in iri),
        themes=tuple(iri for iri in mentioned if "/concept/theme/" in iri),
        regions=_codes([*said.iris(*_REGIONS), *(iri for iri in mentioned if iri.startswith(str(REGION)))]),
        passage=passage.iri,
        start=passage.start,
        end=passage.end,
        page=passage.page,
        page_breaks=tuple(sorted(passage.breaks)),
    )


def _codes(iris: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({iri.removeprefix(str(REGION)) for iri in iris}))
