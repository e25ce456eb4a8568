"""What an offer asks of a place: compared with words and facts, certain only where the records decide."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from kg.namespaces import CONCEPT
from search_api.engine.concepts import ConceptGraph
from search_api.engine.conditions import Offer, Place, certainly_unfit, conditions_of
from search_api.engine.lexicon import packaged_lexicon
from search_api.engine.region_facts import Held, RegionFacts
from search_api.engine.results import Condition
from search_api.engine.situation import Situation, situation_of, situation_of_record

TODAY = date(2026, 11, 29)
FOOD_WASTE = f"{CONCEPT}resource/householdFoodWaste"
OFFER = Offer("technology", "ja", "", "", "", (), (), (), "")


@pytest.fixture(scope="module")
def concepts() -> ConceptGraph:
    return packaged_lexicon()[0].concepts


def facts(code: str) -> RegionFacts:
    known = RegionFacts(code)
    if code == "32525":  # Ama
        known.population, known.counted, known.traits = 2300, "2020-10-01", {"island"}
        known.held = [Held(FOOD_WASTE, "mass", 12.0, "https://example.jp/id/resource-R1")]
    return known


def judged(offer: Offer, situation: Situation, concepts: ConceptGraph, lang: str = "ja") -> dict[str, Condition]:
    return {c.code: c for c in conditions_of(offer, Place.of(situation, facts), concepts, lang, TODAY)}


AMA = situation_of_record("", "32525", people=True)


def test_a_scale_that_the_region_does_not_reach_is_told_with_both_figures(concepts: ConceptGraph) -> None:
    offer = replace(OFFER, scale="日量30t以上、人口10万人以上", uses=(FOOD_WASTE,))
    found = judged(offer, AMA, concepts)
    assert (found["people"].status, found["people"].certain) == ("unmet", True)
    assert "100,000人以上" in found["people"].text and "2,300人（2020-10-01）" in found["people"].text
    assert found["mass"].status == "unmet" and "12 t/年" in found["mass"].text and "resource-R1" in found["mass"].text
    english = judged(offer, AMA, concepts, "en")
    assert "12 t a year" in english["mass"].text and "Household food waste" in english["mass"].text


@pytest.mark.parametrize("scale", ["人口4万人以上か大きな温泉地", "人口3万人程度から", "人口20万人以上の圏域"])
def test_an_alternative_or_an_approximation_is_a_warning_only(scale: str, concepts: ConceptGraph) -> None:
    found = judged(replace(OFFER, scale=scale), AMA, concepts)["people"]
    assert (found.status, found.certain) == ("unmet", False)
    assert not certainly_unfit(replace(OFFER, scale=scale), Place.of(AMA, facts), concepts, TODAY)


def test_what_the_words_say_goes_before_the_facts(concepts: ConceptGraph) -> None:
    offer = replace(OFFER, scale="人口1,000～8,000人の町、生ごみ 年5～30t")
    found = judged(offer, situation_of("海士町の人口2万人と生ごみ年20t", "technology"), concepts)
    assert (found["people"].status, found["mass"].status) == ("check", "met")
    assert "ご入力: 人口2万人" in found["people"].text


def test_a_scale_that_nothing_is_known_for_is_shown(concepts: ConceptGraph) -> None:
    found = judged(replace(OFFER, scale="工務店6～10社"), AMA, concepts)
    assert [(c.code, c.status) for c in found.values()] == [("scale", "check")]


def test_an_offer_of_other_regions_or_that_has_ended_is_certainly_out(concepts: ConceptGraph) -> None:
    snow = replace(OFFER, regions=("01", "15", "20"))
    assert judged(snow, AMA, concepts)["area"].certain
    assert judged(snow, situation_of_record("", "20205", people=True), concepts)["area"].status == "met"
    block = situation_of("中部地方の雪室", "technology")
    assert judged(snow, block, concepts)["area"].status == "met"
    for day, certain in (("2026-11-28", True), ("2026-11-29", False), ("", False)):
        assert (
            certainly_unfit(replace(OFFER, valid_until=day), Place.of(Situation(), facts), concepts, TODAY) is certain
        )


def test_the_offers_own_words_on_the_climate_are_quoted(concepts: ConceptGraph) -> None:
    offer = replace(OFFER, text="どの町でも使える。島では船賃がかさみ、採算が合わない。雪は苦にしない。")
    found = judged(offer, AMA, concepts)
    assert "「島では船賃がかさみ、採算が合わない。」" in found["island"].text and found["island"].status == "check"
    assert set(judged(offer, situation_of("平地の町", "technology"), concepts)) == set()


def test_records_that_are_no_offers_ask_nothing(concepts: ConceptGraph) -> None:
    issue = replace(OFFER, kind="issue", scale="人口10万人以上", valid_until="2000-01-01")
    assert judged(issue, AMA, concepts) == {}
