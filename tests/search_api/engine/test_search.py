"""The whole search path over a real graph: one answer a record, regions, facets, pages."""

from __future__ import annotations

import pytest

from kg.namespaces import CONCEPT, REGION
from search_api.engine.index.filters import Filters
from search_api.engine.query import Request
from search_api.engine.region_labels import region_label
from search_api.engine.regions_search import rank_regions
from search_api.engine.results import SearchAnswer
from search_api.engine.search import KIND_LABELS, SearchEngine
from tests.search_api.engine.conftest import BASE


def ids(answer: SearchAnswer) -> list[str]:
    return [result.id for result in answer.results]


def test_a_question_finds_the_technology_in_either_language(engine: SearchEngine) -> None:
    for text in ("使い終わった天ぷら油を燃料にしたい", "turn used frying oil into fuel"):
        answer = engine.search(Request(text))
        assert ids(answer)[0] == "technology-T1"
        assert answer.answered
        assert all(result.kind == "technology" for result in answer.results)
    best = answer.results[0]
    assert (best.iri, best.lang, best.score, best.sample) == (f"{BASE}technology-T1", "en", None, True)


def test_a_record_in_both_languages_counts_once_by_its_better_entry(engine: SearchEngine) -> None:
    japanese = engine.search(Request("使い終わった天ぷら油を集めて軽油の代わりになる燃料を作る"))
    english = engine.search(Request("Used frying oil is collected and turned into a fuel"))
    for answer, lang in ((japanese, "ja"), (english, "en")):
        assert ids(answer).count("technology-T1") == 1
        assert answer.results[0].lang == lang


def test_results_come_best_first(engine: SearchEngine) -> None:
    scores = [result.evidence.dense for result in engine.search(Request("バス", find="any", limit=100)).results]
    assert scores == sorted(scores, reverse=True)
    assert len(scores) > 5


def test_filters_reach_the_search(engine: SearchEngine) -> None:
    assert set(ids(engine.search(Request("油", region="13206")))) == {"technology-T1", "technology-T3"}
    assert ids(engine.search(Request("油", find="issue", region="34208"))) == ["issue-I2"]
    assert ids(engine.search(Request("油", theme="wasteCookingOilTheme"))) == ["technology-T1"]
    assert ids(engine.search(Request("油", level="community", find="issue"))) == ["issue-I1"]
    nothing = engine.search(Request("油", find="project"))
    assert (nothing.results, nothing.answered, nothing.next) == ([], False, None)


def test_a_document_is_found_by_its_best_passage(engine: SearchEngine) -> None:
    answer = engine.search(Request("small electric bus booked by telephone", find="document"))
    (document,) = answer.results
    assert document.lang == "en"
    assert "electric bus" in document.summary


def test_pages_divide_the_results(engine: SearchEngine) -> None:
    whole = engine.search(Request("油", find="any", limit=100))
    pages, offset = [], 0
    while offset is not None:
        page = engine.search(Request("油", find="any", limit=2, offset=offset))
        pages += ids(page)
        following = page.next
        assert following in (None, offset + 2)
        if following is None:
            break
        offset = following
    assert pages == ids(whole)
    assert whole.next is None


def test_a_page_behind_the_last_one_is_empty_yet_answered(engine: SearchEngine) -> None:
    page = engine.search(Request("油", offset=900))
    assert (page.results, page.next, page.answered) == ([], None, True)


def test_labels_are_in_the_language_of_the_response(engine: SearchEngine) -> None:
    ja, en = (engine.search(Request("電動バス", region="13206", lang=lang)) for lang in ("ja", "en"))
    minibus = {a.language: next(r for r in a.results if r.id == "technology-T3") for a in (ja, en)}
    assert [label.label for label in minibus["ja"].regions] == ["東京都府中市"]
    assert [label.label for label in minibus["en"].regions] == ["Fuchu City, Tokyo"]
    assert [label.label for label in minibus["en"].themes] == ["Transport and logistics"]
    assert [label.label for label in minibus["ja"].themes] == ["交通・物流"]
    assert {facet.label for facet in en.facets["kind"]} == {"Technologies"}
    assert {facet.label for facet in ja.facets["kind"]} == {"技術・ソリューション"}


def test_facets_count_the_results(engine: SearchEngine) -> None:
    answer = engine.search(Request("油", find="any", limit=100))
    kinds = {facet.value: facet.count for facet in answer.facets["kind"]}
    assert sum(kinds.values()) == len(answer.results)
    assert kinds["technology"] == 3
    for name in ("region", "theme", "level"):
        for facet in answer.facets[name]:
            again = engine.search(Request("油", find="any", limit=100, **{name: facet.value}))  # type: ignore[arg-type]
            assert len(again.results) >= facet.count, (name, facet)


def test_every_kind_has_a_label_in_both_languages() -> None:
    assert KIND_LABELS["ja"].keys() == KIND_LABELS["en"].keys()


def test_region_labels() -> None:
    kanto = region_label("block-kanto", "en")
    assert kanto is not None
    assert kanto.iri == f"{REGION}block-kanto"
    assert region_label("99999", "ja") is None


@pytest.mark.parametrize(("text", "code"), [("真庭市", "33214"), ("Maniwa City", "33214"), ("北海道", "01")])
def test_a_region_that_the_text_names_comes_first(engine: SearchEngine, text: str, code: str) -> None:
    first = engine.search(Request(text, find="region")).results[0]
    assert (first.id, first.iri, first.kind) == (f"region-{code}", f"{REGION}{code}", "region")
    assert first.evidence.dense == 1.0


def test_both_regions_of_one_name_are_found_and_told_apart(engine: SearchEngine) -> None:
    results = engine.search(Request("府中市", find="region", lang="en")).results
    titles = {result.id: result.title for result in results}
    assert titles["region-13206"] == "Fuchu City, Tokyo"
    assert titles["region-34208"] == "Fuchu City, Hiroshima Prefecture"


def test_an_offer_finds_the_regions_that_need_it(engine: SearchEngine) -> None:
    answer = engine.search(Request("家庭の使用済みの天ぷら油を集めて燃料にします", find="region"))
    assert ids(answer)[0] == "region-13206"
    assert answer.results[0].title == "東京都府中市"
    assert "燃えるごみ" in answer.results[0].summary
    assert str(CONCEPT["theme/wasteCookingOilTheme"]) in {theme.iri for theme in answer.results[0].themes}


def test_a_region_filter_holds_for_named_regions_and_for_needs(engine: SearchEngine) -> None:
    assert ids(engine.search(Request("府中市", find="region", region="34"))) == ["region-34208"]


@pytest.mark.parametrize("text", ["we mine data to date", "sue the mine", "地域 課題"])
def test_common_words_are_no_regions(text: str) -> None:
    assert rank_regions(text, [], Filters()) == []


@pytest.mark.parametrize("text", ["Maniwa needs wood", "木材 真庭市", "maniwa"])
def test_names_among_words_are(text: str) -> None:
    assert "region-33214" in {hit.entry.record for hit in rank_regions(text, [], Filters())}


def test_a_place_in_the_words_filters_and_is_told(engine: SearchEngine) -> None:
    everywhere = engine.search(Request("油", find="issue"))
    there = engine.search(Request("広島県の油", find="issue"))
    assert ids(there) == ["issue-I2"] and len(everywhere.results) > 1
    (part,) = there.understood
    assert (part.kind, part.use, part.region and part.region.code) == ("place", "filter", "34")
    back = engine.search(Request("広島県の油", find="issue", ignore=("広島県",)))
    assert set(ids(back)) == set(ids(everywhere))
    assert back.understood[0].use == "ignored"


def test_an_unclear_place_is_asked_for_and_filters_nothing(engine: SearchEngine) -> None:
    answer = engine.search(Request("府中市の油", find="issue", lang="en"))
    (part,) = answer.understood
    assert (part.use, [c.code for c in part.candidates]) == ("ask", ["13206", "34208"])
    assert part.candidates[0].label == "Fuchu City, Tokyo"
    assert {code for r in answer.results for code in (x.code for x in r.regions)} >= {"13206", "34208"}


def test_a_place_does_not_shut_out_technologies_or_documents_without_a_place(engine: SearchEngine) -> None:
    technologies = engine.search(Request("油", limit=100))
    assert set(ids(engine.search(Request("広島県の油", limit=100)))) == set(ids(technologies))
