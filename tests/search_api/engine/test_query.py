"""What may be asked, and what is refused with a reason in both languages."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import MeguriError
from kg.namespaces import CONCEPT
from search_api.engine.concepts import ConceptGraph
from search_api.engine.query import KINDS, MAX_CHARACTERS, Query, Request, understand

JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
THEME = str(CONCEPT["theme/wasteCookingOilTheme"])


def refused(request: Request, concepts: ConceptGraph) -> MeguriError:
    with pytest.raises(MeguriError) as caught:
        understand(request, concepts)
    error = caught.value
    for text in (error.ja, error.remedy_ja):
        assert JAPANESE.search(text), text
    for text in (error.en, error.remedy_en):
        assert text
        assert text[0].isascii()
    return error


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "query_empty"),
        (" \n\t　", "query_empty"),
        ("あ" * (MAX_CHARACTERS + 1), "query_too_long"),
        ("油 " * 50_000, "query_too_long"),
        ("😀🎉", "query_without_words"),
        ("…!?。、「」", "query_without_words"),
    ],
)
def test_texts_that_say_nothing(text: str, code: str, concepts: ConceptGraph) -> None:
    assert refused(Request(text), concepts).code == code


@pytest.mark.parametrize(
    ("request_", "named"),
    [
        (Request("油", find="animal"), "technology"),
        (Request("油", lang="fr"), "ja, en"),
        (Request("油", limit=0), "1–100"),
        (Request("油", limit=101), "1–100"),
        (Request("油", offset=-1), "0–1000"),
        (Request("油", offset=1_001), "0–1000"),
        (Request("油", region="アトランティス"), "13206"),
        (Request("油", region="99999"), "13206"),
        (Request("油", level="galaxy"), "community"),
        (Request("油", theme="nonsense"), "wasteCookingOilTheme"),
        (Request("油", sdg="18"), "12.5"),
        (Request("油", theme=str(CONCEPT["resource/wasteCookingOil"])), "wasteCookingOilTheme"),
    ],
)
def test_filters_that_mean_nothing_name_what_would(request_: Request, named: str, concepts: ConceptGraph) -> None:
    error = refused(request_, concepts)
    assert error.code == "filter_unknown"
    assert named in error.remedy_en
    assert named in error.remedy_ja


def test_an_ambiguous_region_names_the_candidates(concepts: ConceptGraph) -> None:
    error = refused(Request("油", region="府中市"), concepts)
    assert error.code == "filter_unknown"
    for remedy in (error.remedy_en, error.remedy_ja):
        assert "13206" in remedy
        assert "34208" in remedy


@pytest.mark.parametrize(
    ("region", "code"),
    [
        ("13206", "13206"),
        ("13", "13"),
        ("block-kanto", "block-kanto"),
        ("JP", "JP"),
        ("真庭市", "33214"),
        ("東京都府中市", "13206"),
        ("Fuchu City, Tokyo", "13206"),
        ("北海道", "01"),
        ("", None),
        (None, None),
    ],
)
def test_a_region_by_code_or_name(region: str | None, code: str | None, concepts: ConceptGraph) -> None:
    assert understand(Request("油", region=region), concepts).filters.region == code


@pytest.mark.parametrize("theme", [THEME, "wasteCookingOilTheme", "廃食用油の利用", "Use of waste cooking oil"])
def test_a_theme_by_address_slug_or_label(theme: str, concepts: ConceptGraph) -> None:
    assert understand(Request("油", theme=theme), concepts).filters.themes == (THEME,)


def test_a_theme_means_everything_below_it(concepts: ConceptGraph) -> None:
    themes = understand(Request("油", theme="transportMobility"), concepts).filters.themes
    assert themes[0] == str(CONCEPT["theme/transportMobility"])
    assert len(themes) > 1


@pytest.mark.parametrize("sdg", ["12.5", "SDG 12.5", "ターゲット１２.５", str(CONCEPT["sdg/12.5"])])
def test_a_target_means_the_themes_that_contribute_to_it(sdg: str, concepts: ConceptGraph) -> None:
    themes = understand(Request("油", sdg=sdg), concepts).filters.goal_themes
    assert themes is not None and THEME in themes
    assert str(CONCEPT["theme/transportMobility"]) not in themes


def test_a_goal_means_its_targets_too(concepts: ConceptGraph) -> None:
    asked = {sdg: understand(Request("油", sdg=sdg), concepts).filters.goal_themes for sdg in ("12", "12.5", "目標12")}
    assert asked["12"] is not None and set(asked["12"]) > set(asked["12.5"] or ())
    assert asked["目標12"] == asked["12"]
    assert understand(Request("油"), concepts).filters.goal_themes is None


def test_a_level_by_slug_or_label(concepts: ConceptGraph) -> None:
    by_slug = understand(Request("油", level="community"), concepts).filters.level
    label = concepts.get(str(by_slug))
    assert label is not None
    assert understand(Request("油", level=label.label("ja")), concepts).filters.level == by_slug


def test_the_text_is_folded(concepts: ConceptGraph) -> None:
    assert understand(Request("  ﾃﾝﾌﾟﾗ油\n\t１２ "), concepts).text == "テンプラ油 12"


@pytest.mark.parametrize(
    ("text", "lang", "expected"),
    [("天ぷら油", None, ("ja", "ja")), ("cooking oil", None, ("en", "en")), ("天ぷら油", "en", ("ja", "en"))],
)
def test_the_language_of_the_text_and_of_the_labels(
    text: str, lang: str | None, expected: tuple[str, str], concepts: ConceptGraph
) -> None:
    query = understand(Request(text, lang=lang), concepts)
    assert (query.lang, query.response_lang) == expected


def test_every_kind_can_be_asked_for(concepts: ConceptGraph) -> None:
    queries = {kind: understand(Request("油", find=kind), concepts) for kind in KINDS}
    assert {kind: query.filters.kind for kind, query in queries.items()} == {
        kind: None if kind in ("any", "region") else kind for kind in KINDS
    }
    assert {kind for kind, query in queries.items() if query.kind == "offer"} == {"issue", "region"}


@given(st.text(max_size=200))
def test_any_text_is_understood_or_refused(text: str) -> None:
    try:
        query = understand(Request(text), ConceptGraph({}, []))
    except MeguriError as error:
        assert error.code in ("query_empty", "query_without_words", "query_too_long")
    else:
        assert isinstance(query, Query)
        assert query.text.strip() == query.text != ""
