"""What is told as meant does not contradict the resource that a query names."""

from __future__ import annotations

from kg.namespaces import CONCEPT
from search_api.engine.concepts import Concept, ConceptGraph, Step
from search_api.engine.evidence import QueryTerms
from search_api.engine.index.entries import Entry
from search_api.engine.ranking import Hit
from search_api.engine.told import agreeing

KINDS = [("technology/boiler", "broader", "technology/heat"), ("technology/stove", "broader", "technology/heat")]
EDGES = [("boiler", "usesResource", "thinnings"), ("pump", "usesResource", "water"), ("thinnings", "broader", "wood")]
NAMES = ("boiler", "pump", "thinnings", "water", "wood", "lessons", "heat")
GRAPH = ConceptGraph({name: Concept(name) for name in NAMES}, [Step(*edge) for edge in EDGES])
MEANT = ("pump", "boiler", "lessons")


def told(*named: str, first: tuple[str, ...] = ()) -> list[str]:
    hits = [Hit(Entry("t", "ja", "technology", "ja", "題", "文", concepts=first), 0.3)]
    return agreeing(MEANT, QueryTerms(dict.fromkeys(named, "")), hits, GRAPH)


def test_a_concept_about_another_resource_than_the_named_one_is_not_told() -> None:
    assert told("thinnings") == told("wood") == ["boiler", "lessons"]
    assert told("water") == ["pump", "lessons"]


def test_nothing_is_left_out_where_no_resource_is_named() -> None:
    assert told() == told("heat") == list(MEANT)


def test_what_a_first_result_is_about_is_told() -> None:
    assert told("thinnings", first=("pump",)) == list(MEANT)


def test_where_a_technology_is_named_only_its_own_kind_is_told() -> None:
    boiler, stove, heat = names = [str(CONCEPT[f"technology/{name}"]) for name in ("boiler", "stove", "heat")]
    steps = [Step(str(CONCEPT[below]), relation, str(CONCEPT[above])) for below, relation, above in KINDS]
    graph = ConceptGraph({name: Concept(name) for name in names}, steps)

    def meant(*named: str) -> list[str]:
        return agreeing((boiler, stove, heat), QueryTerms(dict.fromkeys(named, "")), [], graph)

    assert meant(boiler) == [boiler, heat]
    assert meant(heat) == [boiler, stove, heat]
    assert meant(boiler, stove) == meant() == [boiler, stove, heat]


def test_a_named_technology_and_a_named_resource_both_count() -> None:
    stove, heat = (str(CONCEPT[f"technology/{name}"]) for name in ("stove", "heat"))
    edges = [(stove, "broader", heat), (stove, "usesResource", "pellets"), (heat, "yieldsResource", "chips")]
    graph = ConceptGraph({n: Concept(n) for n in (stove, heat, "pellets", "chips")}, [Step(*edge) for edge in edges])
    assert agreeing((stove, heat), QueryTerms({heat: "", "chips": ""}), [], graph) == [heat]
    assert agreeing((stove, heat), QueryTerms({heat: ""}), [], graph) == [stove, heat]
