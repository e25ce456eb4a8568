"""Why a result was found, and that every word of it can be checked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.namespaces import CONCEPT
from search_api.engine.evidence import EvidenceFinder
from search_api.engine.index.entries import Entry
from search_api.engine.index.filters import Filters
from search_api.engine.query import Query, Request
from search_api.engine.results import Evidence
from search_api.engine.search import SearchEngine
from tests.search_api.engine.conftest import RECORDS

OIL = str(CONCEPT["resource/wasteCookingOil"])
OIL_THEME = str(CONCEPT["theme/wasteCookingOilTheme"])
BIODIESEL = str(CONCEPT["technology/biodieselProduction"])


def query(text: str, lang: str = "ja", response_lang: str = "") -> Query:
    return Query(text, "technology", lang, response_lang or lang, "query", Filters(), 10, 0)


def entry(text: str = "本文。", lang: str = "ja", **more: object) -> Entry:
    values: dict[str, object] = {"record": "r", "part": lang, "kind": "technology", "lang": lang, "title": "題"}
    return Entry(text=text, **(values | more))  # type: ignore[arg-type]


def explain(finder: EvidenceFinder, asked: Query, found: Entry) -> Evidence:
    return finder.explain(finder.read(asked), asked, found, 0.51234)


def test_shared_concepts_carry_the_label_of_the_response(evidence_finder: EvidenceFinder) -> None:
    found = entry(concepts=(OIL,), themes=(OIL_THEME,))
    for asked, label in ((query("天ぷら油", "ja", "en"), "en"), (query("used cooking oil", "en", "ja"), "ja")):
        shared = explain(evidence_finder, asked, found).shared_concepts
        assert {concept.iri for concept in shared} & {OIL, OIL_THEME}
        assert all(concept.label.isascii() == (label == "en") for concept in shared), shared
        assert {concept.scheme for concept in shared} <= {"resource", "theme"}


def test_what_is_not_shared_is_joined_by_a_path(evidence_finder: EvidenceFinder) -> None:
    for lang, sentence in (("ja", "「{}」は「{}」を利用する"), ("en", "{} uses {}")):
        evidence = explain(evidence_finder, query("バイオディーゼル燃料製造", "ja", lang), entry(concepts=(OIL,)))
        assert evidence.shared_concepts == []
        steps = [step for path in evidence.paths for step in path if step.relation == "usesResource"]
        step = next(s for s in steps if s.subject.iri == BIODIESEL)
        assert step.object.iri == OIL
        assert step.text == sentence.format(step.subject.label, step.object.label)


def test_places_that_name_concepts_have_their_share_of_the_words(evidence_finder: EvidenceFinder) -> None:
    (share,) = evidence_finder.read(query("天ぷら油 回収")).shares
    assert {OIL, OIL_THEME} & share[0] and share[1] == pytest.approx(2 / 3)
    assert evidence_finder.read(query("むずかしいこと")).shares == ()


def test_a_query_that_names_nothing_shares_nothing(evidence_finder: EvidenceFinder) -> None:
    evidence = explain(evidence_finder, query("むずかしいこと"), entry(concepts=(OIL,)))
    assert (evidence.shared_concepts, evidence.paths) == ([], [])
    assert evidence.dense == 0.5123


def test_words_in_common_are_shown_as_the_query_writes_them(evidence_finder: EvidenceFinder) -> None:
    evidence = explain(evidence_finder, query("collecting batteries", "en"), entry("We collect a battery.", "en"))
    assert evidence.matched_terms == ["collecting", "batteries"]
    assert evidence.lexical == 1.0
    half = explain(evidence_finder, query("collecting umbrellas", "en"), entry("We collect a battery.", "en"))
    assert (half.matched_terms, half.lexical) == (["collecting"], 0.5)


def test_japanese_spellings_of_one_word_are_one(evidence_finder: EvidenceFinder) -> None:
    evidence = explain(evidence_finder, query("てんぷら油"), entry("天ぷら油を集める。"))
    assert evidence.lexical == 1.0


def test_across_languages_there_is_no_share_of_words(evidence_finder: EvidenceFinder) -> None:
    assert explain(evidence_finder, query("天ぷら油"), entry("Cooking oil.", "en")).lexical is None
    assert explain(evidence_finder, query("the of", "en"), entry("The oil.", "en")).lexical is None


def test_the_passage_names_what_the_query_names(evidence_finder: EvidenceFinder) -> None:
    text = "町の話をする。廃食用油を集める。費用は安い。"
    (passage,) = explain(evidence_finder, query("天ぷら油の再利用"), entry(text, concepts=(OIL,))).passages
    assert passage.text == "廃食用油を集める。"
    assert (passage.field, passage.iri, passage.lang) == ("description", None, "ja")
    (first,) = explain(evidence_finder, query("宇宙旅行"), entry(text)).passages
    assert (first.text, first.start) == ("町の話をする。", 0)


@pytest.mark.parametrize(
    ("text", "lang", "expected"),
    [
        ("３ 採用した方法\n町は堆肥を配る。", "ja", "町は堆肥を配る。"),
        ("## 2. Findings\nThe town hands out compost.", "en", "The town hands out compost."),
        ("３ 採用した方法", "ja", "３ 採用した方法"),
    ],
)
def test_a_heading_is_shown_only_where_nothing_else_is_said(text: str, lang: str, expected: str) -> None:
    (passage,) = explain(EvidenceFinder.without_terms(), query("宇宙旅行"), entry(text, lang)).passages
    assert passage.text == expected


def test_an_entry_without_text_has_no_passage(evidence_finder: EvidenceFinder) -> None:
    for text in ("", " \n　"):
        assert explain(evidence_finder, query("油"), entry(text)).passages == []


def test_an_unknown_concept_is_shown_by_its_slug() -> None:
    finder = EvidenceFinder.without_terms()
    assert finder.read(query("油")).concepts == {}
    assert explain(finder, query("油"), entry(concepts=(OIL,))).shared_concepts == []


pieces = st.sampled_from(
    ["天ぷら油", "を集める", "。", "！？", "\n", "\n\n", " ", "　", ". ", "3.5 t", "oil", "...", "𠮷"]
)


@given(st.lists(pieces, max_size=15).map("".join), st.sampled_from(["ja", "en"]), st.integers(0, 500))
def test_passages_are_verbatim_with_their_place(text: str, lang: str, start: int) -> None:
    finder = EvidenceFinder.without_terms()
    for found in (entry(text, lang), entry(text, lang, passage="iri#p1", start=start, end=start + len(text))):
        passages = explain(finder, query("天ぷら油"), found).passages
        assert bool(passages) == bool(text.strip())
        for passage in passages:
            offset = start if found.passage else 0
            assert text[passage.start - offset : passage.end - offset] == passage.text
            assert passage.text == passage.text.strip() != ""
            assert passage.iri == found.passage


@pytest.mark.parametrize("text", ["間伐材を運ぶ費用が高い", "町の電動バス", "small electric bus", "廃食用油"])
def test_passages_of_documents_have_their_place_in_the_document(engine: SearchEngine, text: str) -> None:
    document = (RECORDS / "plan.txt").read_text(encoding="utf-8")
    (result,) = engine.search(Request(text, find="document")).results
    (passage,) = result.evidence.passages
    assert document[passage.start : passage.end] == passage.text
    assert passage.iri is not None
    assert passage.iri.startswith(result.iri + "#p")
    assert passage.field is None


def test_passages_of_records_have_their_place_in_the_description(engine: SearchEngine) -> None:
    (result, *_) = engine.search(Request("冬でも固まりにくい天ぷら油の燃料")).results
    (passage,) = result.evidence.passages
    assert result.summary[passage.start : passage.end] == passage.text
