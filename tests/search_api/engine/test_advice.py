"""Advice names what a query lacks, never what it has."""

from __future__ import annotations

from dataclasses import replace

import pytest

from search_api.engine.advice import advise
from search_api.engine.concepts import Concept, ConceptGraph
from search_api.engine.evidence import QueryTerms
from search_api.engine.index.entries import Entry
from search_api.engine.index.filters import Filters
from search_api.engine.query import Query
from search_api.engine.ranking import Hit

OIL = "https://w3id.org/meguri/concept/resource/oil"
GRAPH = ConceptGraph({OIL: Concept(OIL, "resource", {"ja": "廃食用油", "en": "Waste cooking oil"})}, [])
NEAR = [Hit(Entry("t", "ja", "technology", "ja", "題", "文", concepts=(OIL,)), 0.2)]


def codes(text: str, named: dict[str, str], hits: list[Hit], region: str | None = None) -> list[str]:
    query = Query(text, "technology", "ja", "ja", "query", Filters(region=region), 10, 0)
    return [advice.code for advice in advise(query, QueryTerms(named), hits, GRAPH)]


def test_a_bare_query_lacks_everything() -> None:
    assert codes("困っている", {}, []) == ["resource", "amount", "place"]


def test_what_is_said_is_not_asked_for() -> None:
    assert codes("飯田市で年30tの油", {OIL: "油"}, []) == []
    assert "place" not in codes("困っている", {}, [], region="20205")


def test_concepts_of_the_nearest_are_offered_once_they_are_not_named() -> None:
    assert codes("困っている", {}, NEAR)[0] == "concepts"
    assert "concepts" not in codes("油が余る", {OIL: "油"}, NEAR)


@pytest.mark.parametrize(("lang", "label"), [("ja", "廃食用油"), ("en", "Waste cooking oil")])
def test_advice_speaks_the_language_of_the_response(lang: str, label: str) -> None:
    query = Query("?", "technology", "en", lang, "query", Filters(), 10, 0)
    first = advise(query, QueryTerms({}), NEAR, GRAPH)[0]
    assert first.concepts[0].label == label and first.text.isascii() == (lang == "en")


def test_what_only_one_of_the_nearest_has_is_not_offered() -> None:
    other = [Hit(Entry(f"o{n}", "ja", "technology", "ja", "題", "文"), 0.1) for n in range(3)]
    assert "concepts" not in codes("困っている", {}, [*NEAR, *other])
    twice = [*NEAR, Hit(replace(NEAR[0].entry, record="t2"), 0.19), *other]
    assert codes("困っている", {}, twice)[0] == "concepts"


def test_equally_common_concepts_come_in_the_order_of_the_results() -> None:
    names = [f"{OIL}{n}" for n in range(4)]
    graph = ConceptGraph({name: Concept(name, "resource", {"ja": name}) for name in names}, [])
    near = [Hit(replace(NEAR[0].entry, record=f"r{n}", concepts=tuple(names)), 0.2) for n in range(2)]
    query = Query("?", "technology", "ja", "ja", "query", Filters(), 10, 0)
    assert [concept.iri for concept in advise(query, QueryTerms({}), near, graph)[0].concepts] == names
