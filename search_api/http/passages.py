"""A document's text page by page: passages cut so that a template can mark mentions and the words that were asked for.

A long document is shown a sheet at a time (several pages); the address says which: ``?at=120-160`` (characters),
``?page=7`` or ``?passage=p12``. Links to statements and evidence use ``at``, and the passage's anchor behind ``#``.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby, pairwise

from rdflib import Graph, URIRef
from rdflib.term import Node

from kg.namespaces import CES
from search_api.http.focus import Focus
from search_api.http.labels import Labels, Text

# about ten printed pages
SHEET_CHARACTERS = 15_000
_SPAN = re.compile(r"(\d{1,9})-(\d{1,9})")
Span = tuple[int, int]


@dataclass(frozen=True)
class Named:
    """A thing that a mention names."""

    label: Text
    path: str | None


@dataclass(frozen=True)
class Run:
    """A stretch of a passage; ``named`` is empty where it mentions nothing, ``asked`` where the address asks for it."""

    text: str
    named: tuple[Named, ...] = ()
    asked: bool = False


@dataclass(frozen=True)
class PassageView:
    """A passage, or its part on one page, with its place (character offsets). Only its first part has the anchor."""

    anchor: str | None
    lang: str
    start: int
    end: int
    page: int | None
    runs: list[Run]


@dataclass(frozen=True)
class PageView:
    """What of a sheet stands on one page; ``number`` is None in documents without pages."""

    number: int | None
    parts: list[PassageView]


@dataclass(frozen=True)
class Highlight:
    """The place that the address asks for."""

    start: int
    end: int
    page: int | None
    anchor: str


@dataclass(frozen=True)
class DocumentView:
    """One sheet of a document; ``before`` and ``after`` are the anchors at which the neighbouring sheets begin."""

    pages: list[PageView]
    first: int | None
    last: int | None
    total: int | None
    highlight: Highlight | None
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Asked:
    """Which part of a document an address asks for."""

    at: Span | None = None
    page: int | None = None
    passage: str | None = None

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Asked:
        """From the parameters of an address; what makes no sense asks for nothing."""
        span = _SPAN.fullmatch(query.get("at", ""))
        at = (int(span[1]), int(span[2])) if span and int(span[1]) < int(span[2]) else None
        page = query.get("page", "")
        number = int(page) if page.isascii() and page.isdigit() and len(page) < 7 else None
        return cls(at, number, query.get("passage"))


@dataclass(frozen=True)
class _Place:
    """A passage by its place alone, which costs little."""

    iri: Node
    start: int
    end: int
    page: int | None
    breaks: tuple[int, ...]

    @property
    def anchor(self) -> str:
        return str(self.iri).partition("#")[2]

    def page_at(self, offset: int) -> int | None:
        return None if self.page is None else self.page + sum(start <= offset for start in self.breaks)


def document_view(focus: Focus, labels: Labels, lang: str, asked: Asked) -> DocumentView | None:
    """The sheet of a document that the address asks for, the first where it asks for none; None without passages."""
    places = sorted((_place(focus.graph, iri) for iri in focus.graph.objects(focus.iri, CES.hasPassage)), key=_order)
    if not places:
        return None
    sheets = list(_sheets(places))
    shown = next((i for i, sheet in enumerate(sheets) if any(_is_asked(place, asked) for place in sheet)), 0)
    parts = [part for place in sheets[shown] for part in _parts(focus.graph, place, labels, lang, asked.at)]
    pages = [PageView(number, list(group)) for number, group in groupby(parts, key=lambda part: part.page)]
    return DocumentView(
        pages=pages,
        first=pages[0].number,
        last=pages[-1].number,
        total=places[-1].page_at(places[-1].end),
        highlight=_highlight(places, asked.at),
        before=sheets[shown - 1][0].anchor if shown else None,
        after=sheets[shown + 1][0].anchor if shown + 1 < len(sheets) else None,
    )


def _order(place: _Place) -> Span:
    return place.start, place.end


def _place(graph: Graph, iri: Node) -> _Place:
    page = graph.value(iri, CES.page)
    return _Place(
        iri,
        _offset(graph, iri, CES.startOffset),
        _offset(graph, iri, CES.endOffset),
        None if page is None else int(str(page)),
        tuple(sorted(int(str(value)) for value in graph.objects(iri, CES.pageBreak))),
    )


def _sheets(places: Iterable[_Place]) -> Iterator[list[_Place]]:
    """Whole pages, as many as fit; where there are no pages, passages."""
    sheet: list[_Place] = []
    for place in places:
        full = sheet and place.end - sheet[0].start > SHEET_CHARACTERS
        if full and (place.page is None or place.page != sheet[-1].page_at(sheet[-1].end)):
            yield sheet
            sheet = []
        sheet.append(place)
    yield sheet


def _is_asked(place: _Place, asked: Asked) -> bool:
    if asked.at is not None:
        return place.start < asked.at[1] and asked.at[0] < place.end
    if asked.passage is not None:
        return place.anchor == asked.passage.partition("-")[0]
    return (
        asked.page is not None
        and place.page is not None
        and place.page <= asked.page <= (place.page_at(place.end) or 0)
    )


def _highlight(places: Iterable[_Place], at: Span | None) -> Highlight | None:
    if at is None:
        return None
    place = next((p for p in places if p.start < at[1] and at[0] < p.end), None)
    return Highlight(*at, place.page_at(max(at[0], place.start)), place.anchor) if place else None


def _parts(graph: Graph, place: _Place, labels: Labels, lang: str, at: Span | None) -> Iterator[PassageView]:
    """The passage, or what of it stands on each of its pages."""
    text = graph.value(place.iri, CES.text)
    words, language = str(text or ""), getattr(text, "language", None) or ""
    named = _mentions(graph, place.iri, place.start, labels, lang)
    asked = (at[0] - place.start, at[1] - place.start) if at else (0, 0)
    runs = list(_runs(words, named, asked, [b - place.start for b in place.breaks]))
    edges = [place.start, *place.breaks, place.end]
    done = place.start
    for number, (start, end) in enumerate(pairwise(edges)):
        own: list[Run] = []
        while runs and done < end:
            own.append(runs.pop(0))
            done += len(own[-1].text)
        yield PassageView(place.anchor if number == 0 else None, language, start, end, place.page_at(start), own)


def _mentions(graph: Graph, passage: Node, offset: int, labels: Labels, lang: str) -> dict[Span, tuple[Named, ...]]:
    """The spans inside a passage and all that each one names, without those that overlap an earlier one."""
    found: dict[Span, list[Named]] = defaultdict(list)
    for mention in graph.objects(passage, CES.hasMention):
        start, end = _offset(graph, mention, CES.startOffset), _offset(graph, mention, CES.endOffset)
        for thing in graph.objects(mention, CES.mentions):
            named = Named(labels.name(str(thing), lang), labels.path(str(thing)))
            found[(start - offset, end - offset)].append(named)
    kept: dict[Span, tuple[Named, ...]] = {}
    done = 0
    for (start, end), things in sorted(found.items(), key=lambda item: (item[0][0], -item[0][1])):
        if start >= done:
            kept[(start, end)] = tuple(sorted(things, key=lambda thing: thing.label.text))
            done = end
    return kept


def _runs(text: str, mentions: Mapping[Span, tuple[Named, ...]], asked: Span, breaks: Iterable[int]) -> Iterator[Run]:
    """The text cut wherever a mention, the asked words or a page begin or end."""
    edges = {0, len(text), *asked, *breaks, *(edge for span in mentions for edge in span)}
    inside = sorted(edge for edge in edges if 0 <= edge <= len(text))
    spans = sorted(mentions.items())
    for start, end in pairwise(inside):
        while spans and spans[0][0][1] <= start:
            spans.pop(0)
        named = spans[0][1] if spans and spans[0][0][0] <= start else ()
        yield Run(text[start:end], named, asked=asked[0] <= start and end <= asked[1])


def _offset(graph: Graph, subject: Node, predicate: URIRef) -> int:
    value = graph.value(subject, predicate)
    return int(str(value)) if value is not None else 0
