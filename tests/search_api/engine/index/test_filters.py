"""Filters as bitmaps: each by itself, and together as brute force would have them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.regions.register import RegionRegister
from kg.errors import MeguriError
from search_api.engine.index.entries import Entry
from search_api.engine.index.filters import FilterIndex, Filters

FUCHU_TOKYO, TOKYO, KANTO, JAPAN, FUCHU_HIROSHIMA = "13206", "13", "block-kanto", "JP", "34208"
PLACES = (FUCHU_TOKYO, TOKYO, KANTO, JAPAN, FUCHU_HIROSHIMA, "34", "01", "13101", "00000")
KINDS = ("technology", "scheme", "issue", "document")


def entry(kind: str = "technology", **more: object) -> Entry:
    values: dict[str, object] = {"record": "r", "part": "ja", "kind": kind, "lang": "ja", "title": "題", "text": ""}
    return Entry(**(values | more))  # type: ignore[arg-type]


def passing(filters: Filters, entries: list[Entry]) -> list[int]:
    index = FilterIndex()
    for id_, known in enumerate(entries):
        index.add(id_, known)
    mask = index.mask(filters)
    return list(range(len(entries))) if mask is None else [int(i) for i in mask.nonzero()[0]]


def places(filters: Filters, kind: str, *regions: tuple[str, ...]) -> list[int]:
    return passing(filters, [entry(kind, regions=codes) for codes in regions])


def test_nothing_asked_for_needs_no_mask() -> None:
    assert FilterIndex().mask(Filters()) is None


def test_an_unknown_value_lets_nothing_pass() -> None:
    assert passing(Filters(kind="event"), [entry(), entry("issue")]) == []


def test_kind_language_level() -> None:
    entries = [entry(), entry("issue"), entry(lang="en"), entry(levels=("L1", "L2"))]
    assert passing(Filters(kind="issue"), entries) == [1]
    assert passing(Filters(record_language="en"), entries) == [2]
    assert passing(Filters(level="L2"), entries) == [3]


def test_any_of_several_themes_is_enough() -> None:
    entries = [entry(themes=("a",)), entry(themes=("b", "c")), entry(themes=("d",)), entry()]
    assert passing(Filters(themes=("a", "c")), entries) == [0, 1]


def test_a_region_means_everything_within_it() -> None:
    inside = ((FUCHU_TOKYO,), (TOKYO,), (KANTO,), (FUCHU_HIROSHIMA,), ())
    assert places(Filters(region=TOKYO), "issue", *inside) == [0, 1]
    assert places(Filters(region=KANTO), "issue", *inside) == [0, 1, 2]
    assert places(Filters(region=JAPAN), "issue", *inside) == [0, 1, 2, 3]
    assert places(Filters(region=FUCHU_TOKYO), "issue", *inside) == [0]


@pytest.mark.parametrize("kind", ["technology", "scheme"])
def test_offers_that_reach_the_region_pass(kind: str) -> None:
    offered = ((), (KANTO,), (TOKYO,), (FUCHU_TOKYO,), (FUCHU_HIROSHIMA,), ("13101",), (JAPAN,))
    assert places(Filters(region=FUCHU_TOKYO), kind, *offered) == [0, 1, 2, 3, 6]
    assert places(Filters(region=TOKYO), kind, *offered) == [0, 1, 2, 3, 5, 6]


def test_an_issue_without_a_region_is_nowhere() -> None:
    assert places(Filters(region=JAPAN), "issue", ()) == []


def test_an_unknown_region_is_refused() -> None:
    with pytest.raises(MeguriError):
        FilterIndex().mask(Filters(region="99999"))


def test_removal_and_later_additions() -> None:
    index = FilterIndex()
    first, second = entry("issue", regions=(FUCHU_TOKYO,)), entry("issue", regions=(FUCHU_TOKYO,))
    index.add(0, first)
    assert index.mask(Filters(region=TOKYO)).tolist() == [True]  # type: ignore[union-attr]
    index.add(5, second)
    assert index.mask(Filters(region=TOKYO)).tolist() == [True, *[False] * 4, True]  # type: ignore[union-attr]
    index.remove(0)
    assert index.mask(Filters(region=TOKYO)).tolist() == [False] * 5 + [True]  # type: ignore[union-attr]


def test_a_goal_without_themes_lets_nothing_pass() -> None:
    entries = [entry(themes=("a",)), entry(themes=("b",)), entry()]
    assert passing(Filters(goal_themes=()), entries) == []
    assert passing(Filters(goal_themes=("a",)), entries) == [0]
    assert passing(Filters(themes=("b",), goal_themes=("a",)), entries) == []


def test_ids_far_beyond_the_first_ones() -> None:
    index = FilterIndex()
    index.add(5_000, entry("issue"))
    index.remove(9_999)
    mask = index.mask(Filters(kind="issue"))
    assert mask is not None and mask.nonzero()[0].tolist() == [5_000] and len(mask) == 5_001


def brute_force(filters: Filters, known: Entry) -> bool:
    """The same question asked of one entry."""
    alone = [
        filters.kind in (None, known.kind),
        filters.level is None or filters.level in known.levels,
        filters.record_language in (None, known.lang),
        not filters.themes or bool(set(filters.themes) & set(known.themes)),
    ]
    return all(alone) and (filters.region is None or reaches(known, filters.region))


def reaches(known: Entry, code: str) -> bool:
    register = RegionRegister.load()
    inside = {code, *(region.code for region in register.descendants(code))}
    around = {code, *(region.code for region in register.ancestors(code))}
    offer = known.kind in ("technology", "scheme")
    return bool(inside & set(known.regions)) or (offer and (not known.regions or bool(around & set(known.regions))))


some = st.lists(st.sampled_from(("a", "b", "c")), max_size=2, unique=True).map(tuple)
entries = st.lists(
    st.builds(
        entry,
        st.sampled_from(KINDS),
        lang=st.sampled_from(("ja", "en")),
        themes=some,
        levels=some,
        regions=st.lists(st.sampled_from(PLACES), max_size=2, unique=True).map(tuple),
    ),
    max_size=8,
)
asked = st.builds(
    Filters,
    kind=st.none() | st.sampled_from(KINDS),
    region=st.none() | st.sampled_from(PLACES[:-1]),
    level=st.none() | st.sampled_from(("a", "b")),
    themes=some,
    record_language=st.none() | st.sampled_from(("ja", "en")),
)


@given(entries, asked)
def test_together_they_equal_brute_force(known: list[Entry], filters: Filters) -> None:
    assert passing(filters, known) == [i for i, e in enumerate(known) if brute_force(filters, e)]
