"""A document's passages with what they mention, cut so that a template can mark each mention."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from rdflib import Graph, URIRef
from rdflib.term import Node

from kg.namespaces import CES
from search_api.http.focus import Focus
from search_api.http.labels import Labels, Text


@dataclass(frozen=True)
class Named:
    """A thing that a mention names."""

    label: Text
    path: str | None


@dataclass(frozen=True)
class Run:
    """A stretch of a passage; ``named`` is empty where it mentions nothing."""

    text: str
    named: tuple[Named, ...] = ()


@dataclass(frozen=True)
class PassageView:
    """A passage with its place in the document (character offsets, page where there are pages)."""

    anchor: str
    lang: str
    start: int
    end: int
    page: str | None
    runs: list[Run]


def passages_of(focus: Focus, labels: Labels, lang: str) -> list[PassageView]:
    """All passages in the order of the document."""
    graph = focus.graph
    views = [_passage(graph, iri, labels, lang) for iri in graph.objects(focus.iri, CES.hasPassage)]
    return sorted(views, key=lambda view: (view.start, view.end))


def _passage(graph: Graph, iri: Node, labels: Labels, lang: str) -> PassageView:
    text = graph.value(iri, CES.text)
    page = graph.value(iri, CES.page)
    start = _offset(graph, iri, CES.startOffset)
    return PassageView(
        anchor=str(iri).partition("#")[2],
        lang=getattr(text, "language", None) or "",
        start=start,
        end=_offset(graph, iri, CES.endOffset),
        page=None if page is None else str(page),
        runs=_runs(str(text or ""), _mentions(graph, iri, start, labels, lang)),
    )


Span = tuple[int, int]


def _mentions(graph: Graph, passage: Node, offset: int, labels: Labels, lang: str) -> dict[Span, list[Named]]:
    """The spans inside a passage and all that each one names."""
    found: dict[Span, list[Named]] = defaultdict(list)
    for mention in graph.objects(passage, CES.hasMention):
        start, end = _offset(graph, mention, CES.startOffset), _offset(graph, mention, CES.endOffset)
        for thing in graph.objects(mention, CES.mentions):
            named = Named(labels.name(str(thing), lang), labels.path(str(thing)))
            found[(start - offset, end - offset)].append(named)
    return found


def _runs(text: str, mentions: dict[Span, list[Named]]) -> list[Run]:
    """The text cut at its mentions; one that overlaps an earlier one is left out."""
    runs: list[Run] = []
    done = 0
    for (start, end), named in sorted(mentions.items(), key=lambda item: (item[0][0], -item[0][1])):
        if start < done or end > len(text):
            continue
        runs += [Run(text[done:start]), Run(text[start:end], tuple(sorted(named, key=lambda n: n.label.text)))]
        done = end
    runs.append(Run(text[done:]))
    return [run for run in runs if run.text]


def _offset(graph: Graph, subject: Node, predicate: URIRef) -> int:
    value = graph.value(subject, predicate)
    return int(str(value)) if value is not None else 0
