"""The concepts in memory: hierarchy, and the paths that explain a match."""

from __future__ import annotations

import pytest

from kg.namespaces import CONCEPT
from search_api.engine.concepts import CONTRIBUTES, RELATIONS, SENTENCES, Concept, ConceptGraph, Step

OIL, ORGANIC = str(CONCEPT["resource/wasteCookingOil"]), str(CONCEPT["resource/foodOrganicWaste"])
BIODIESEL = str(CONCEPT["technology/biodieselProduction"])


def graph(*edges: tuple[str, str, str]) -> ConceptGraph:
    names = {name for subject, _, object_ in edges for name in (subject, object_)}
    return ConceptGraph({name: Concept(name) for name in names}, [Step(*edge) for edge in edges])


def shown(paths: list[list[Step]]) -> list[list[tuple[str, str, str]]]:
    return [[(step.subject, step.relation, step.object) for step in path] for path in paths]


def test_narrower_concepts_at_every_depth() -> None:
    tree = graph(("b", "broader", "a"), ("c", "broader", "b"), ("d", "broader", "b"), ("e", "broader", "x"))
    assert set(tree.with_narrower("a")) == {"a", "b", "c", "d"}
    assert tree.with_narrower("a")[0] == "a"
    assert tree.with_narrower("c") == ("c",)
    assert tree.with_narrower("unknown") == ("unknown",)


def test_a_concept_below_two_others_counts_once() -> None:
    diamond = graph(("b", "broader", "a"), ("c", "broader", "a"), ("d", "broader", "b"), ("d", "broader", "c"))
    assert sorted(diamond.with_narrower("a")) == ["a", "b", "c", "d"]


def test_a_circle_in_the_hierarchy_ends() -> None:
    circle = graph(("a", "broader", "b"), ("b", "broader", "c"), ("c", "broader", "a"))
    assert set(circle.with_narrower("a")) == {"a", "b", "c"}


@pytest.mark.parametrize("relation", sorted(RELATIONS.values()))
def test_one_edge_is_a_path_in_both_directions(relation: str) -> None:
    edge = ("a", relation, "b")
    assert shown(graph(edge).paths(["a"], ["b"])) == [[edge]]
    assert shown(graph(edge).paths(["b"], ["a"])) == [[edge]]


def test_technologies_handle_what_they_use_or_yield_and_all_above_it() -> None:
    uses = (("boiler", "usesResource", "chips"), ("chips", "broader", "wood"), ("kiln", "yieldsResource", "chips"))
    tree = graph(*uses, ("boiler", "addressesTheme", "heat"), ("pump", "usesResource", "water"))
    assert tree.handling(["wood"]) == tree.handling(["chips"]) == {"boiler", "kiln"}
    assert tree.handling(["heat"]) == tree.handling(["boiler"]) == tree.handling([]) == set()
    assert tree.counted_handling(["wood", "chips", "heat"]) == {"boiler": 2, "kiln": 2}
    assert tree.handles_any("boiler") and not tree.handles_any("chips") and not tree.handles_any("heat")


def test_themes_of_a_goal_are_those_of_its_targets_and_all_below() -> None:
    goals = graph(
        ("7.2", "broader", "7"), ("solar", CONTRIBUTES, "7.2"), ("roof", "broader", "solar"), ("heat", CONTRIBUTES, "7")
    )
    assert set(goals.contributing_to("7")) == {"solar", "roof", "heat"}
    assert set(goals.contributing_to("7.2")) == {"solar", "roof"}
    assert goals.contributing_to("5") == ()
    assert goals.paths(["solar"], ["heat"]) == goals.paths(["solar"], ["7.2"]) == []


def test_two_edges_are_a_path() -> None:
    makes, takes = ("boiler", "yieldsResource", "ash"), ("field", "usesResource", "ash")
    chain = graph(makes, takes)
    assert shown(chain.paths(["boiler"], ["field"])) == [[makes, takes]]
    assert shown(chain.paths(["field"], ["boiler"])) == [[takes, makes]]


def test_three_edges_are_none() -> None:
    chain = graph(("a", "usesResource", "b"), ("b", "broader", "c"), ("d", "usesResource", "c"))
    assert chain.paths(["a"], ["d"]) == []


@pytest.mark.parametrize(("first", "second"), [("broader", "broader"), ("broader", "related"), ("related", "related")])
def test_two_edges_of_the_hierarchy_say_nothing(first: str, second: str) -> None:
    assert graph(("a", first, "top"), ("b", second, "top")).paths(["a"], ["b"]) == []


def test_a_path_never_returns_to_its_start() -> None:
    assert graph(("a", "usesResource", "b"), ("a", "yieldsResource", "b")).paths(["a"], ["a"]) == []


def test_what_is_stated_in_both_directions_is_one_path() -> None:
    both = graph(("a", "related", "b"), ("b", "related", "a"), ("c", "usesResource", "b"))
    assert len(both.paths(["a"], ["b"])) == 1


def test_no_more_paths_than_asked_for() -> None:
    star = graph(*[("hub", "usesResource", f"r{i}") for i in range(9)])
    assert len(star.paths(["hub"], [f"r{i}" for i in range(9)], limit=4)) == 4
    assert star.paths([], ["hub"]) == star.paths(["hub"], []) == star.paths(["unknown"], ["hub"]) == []


def test_labels_fall_back_to_the_other_language_and_to_the_slug() -> None:
    assert Concept("x/slug", labels={"ja": "油", "en": "oil"}).label("en") == "oil"
    assert Concept("x/slug", labels={"ja": "油"}).label("en") == "油"
    assert Concept("x/slug").label("en") == "slug"


def test_every_relation_reads_as_a_sentence_in_both_languages() -> None:
    for lang in ("ja", "en"):
        assert SENTENCES[lang].keys() == set(RELATIONS.values())
        for sentence in SENTENCES[lang].values():
            assert "A" in sentence.format(subject="A", object="B")
            assert "B" in sentence.format(subject="A", object="B")


def test_the_ontology_is_read(concepts: ConceptGraph) -> None:
    oil = concepts.get(OIL)
    assert oil is not None
    assert OIL in concepts
    assert oil.scheme == "resource"
    assert oil.label("ja") == "廃食用油"
    assert oil.labels.keys() == {"ja", "en"}
    assert OIL in concepts.with_narrower(ORGANIC)
    assert shown(concepts.paths([OIL], [BIODIESEL])) == [[(BIODIESEL, "usesResource", OIL)]]
    assert all(concept.labels.keys() >= {"ja", "en"} for concept in concepts.in_scheme("theme"))
    assert len(list(concepts.in_scheme("level"))) == 4
    assert concepts.get("unknown") is None
