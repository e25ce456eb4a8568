"""A document's page shows a sheet of it, parts passages at page ends, and marks what the address asks for."""

from __future__ import annotations

import itertools
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import Graph, Literal, URIRef

from ingest.readers.documents.text import DocumentText, Page
from kg.namespaces import CES
from search_api.http.focus import Focus
from search_api.http.labels import Labels, Text
from search_api.http.passages import SHEET_CHARACTERS, Asked, DocumentView, document_view

DOCUMENT = URIRef("https://example.org/id/document-d")


class Names:
    """Labels that know everything by its IRI."""

    def name(self, iri: str, lang: str) -> Text:
        return Text(text=iri, lang=lang)

    def path(self, iri: str) -> str:
        return iri


def focus_of(source: DocumentText, cuts: list[int], mentions: tuple[tuple[int, int], ...] = ()) -> Focus:
    graph = Graph()
    edges = [0, *cuts, len(source.text)]
    for number, (start, end) in enumerate(itertools.pairwise(edges), start=1):
        passage = URIRef(f"{DOCUMENT}#p{number}")
        graph.add((DOCUMENT, CES.hasPassage, passage))
        graph.add((passage, CES.text, Literal(source.text[start:end], lang="ja")))
        graph.add((passage, CES.startOffset, Literal(start)))
        graph.add((passage, CES.endOffset, Literal(end)))
        if source.pages:
            graph.add((passage, CES.page, Literal(source.page_at(start))))
        for offset in source.page_breaks(start, end):
            graph.add((passage, CES.pageBreak, Literal(offset)))
        for index, (first, last) in enumerate(m for m in mentions if start <= m[0] and m[1] <= end):
            mention = URIRef(f"{passage}-m{index}")
            graph.add((passage, CES.hasMention, mention))
            graph.add((mention, CES.mentions, URIRef(f"https://example.org/{first}")))
            graph.add((mention, CES.startOffset, Literal(first)))
            graph.add((mention, CES.endOffset, Literal(last)))
    return Focus("document-d", DOCUMENT, "document", "/id/document-d", graph, Graph())


def view(focus: Focus, **query: str) -> DocumentView:
    shown = document_view(focus, cast(Labels, Names()), "ja", Asked.of(query))
    assert shown is not None
    return shown


def words(shown: DocumentView, what: str = "text") -> str:
    runs = [run for page in shown.pages for part in page.parts for run in part.runs]
    return "".join(run.text for run in runs if what == "text" or (run.asked if what == "asked" else run.named))


@given(st.integers(1, 60), st.data())
def test_every_letter_is_shown_once_on_its_page(length: int, data: Any) -> None:
    text = "".join(chr(0x4E00 + place) for place in range(length))
    cuts = sorted(data.draw(st.sets(st.integers(1, length - 1), max_size=4)) if length > 1 else [])
    ends = sorted(data.draw(st.sets(st.integers(1, length - 1), max_size=4)) if length > 1 else [])
    edges = [0, *ends, length]
    pages = tuple(Page(n, a, b) for n, (a, b) in enumerate(itertools.pairwise(edges), start=1))
    start = data.draw(st.integers(0, length - 1))
    end = data.draw(st.integers(start + 1, length))
    mentions = tuple((p, p + 1) for p in range(0, length, 3))
    shown = view(focus_of(DocumentText(text, pages), cuts, mentions), at=f"{start}-{end}")
    assert words(shown) == text
    assert words(shown, "asked") == text[start:end]
    assert words(shown, "named") == "".join(text[a:b] for a, b in mentions)
    for page, known in zip(shown.pages, pages, strict=True):
        assert page.number == known.number
        assert "".join(run.text for part in page.parts for run in part.runs) == text[known.start : known.end]
    assert shown.highlight is not None
    assert shown.highlight.page == DocumentText(text, pages).page_at(start)


LONG = "油" * (3 * SHEET_CHARACTERS)
CUTS = list(range(300, len(LONG), 300))
PAGES = tuple(Page(n + 1, n * 1500, (n + 1) * 1500) for n in range(len(LONG) // 1500))
BOOK = focus_of(DocumentText(LONG, PAGES), CUTS)


@pytest.mark.parametrize(
    ("query", "page"),
    [
        ({}, 1),
        ({"page": "17"}, 17),
        ({"passage": "p120"}, 24),
        ({"at": "40000-40010"}, 27),
        ({"page": "9999"}, 1),
        ({"at": "x"}, 1),
    ],
)
def test_the_sheet_that_is_asked_for(query: dict[str, str], page: int) -> None:
    shown = view(BOOK, **query)
    numbers = [p.number for p in shown.pages]
    assert page in numbers
    assert len(numbers) < len(PAGES) / 2
    assert shown.total == len(PAGES)
    assert (shown.before is None) == (numbers[0] == 1)


def test_sheets_follow_one_another_to_the_end() -> None:
    seen: list[int | None] = []
    anchor: str | None = "p1"
    while anchor:
        shown = view(BOOK, passage=anchor)
        seen += [page.number for page in shown.pages]
        anchor = shown.after
    assert seen == [page.number for page in PAGES]
