"""Places and traits in a query: linked where they are clear, asked for where not, never taken from other words."""

from __future__ import annotations

import pytest

from search_api.engine.places import MOST_PLACES, places_in, traits_in
from search_api.engine.situation import Situation, situation_of


@pytest.mark.parametrize(
    ("text", "codes", "role"),
    [
        ("長野県内の空き家", ("20",), "where"),
        ("within Nagano, reuse of cooking oil", ("20",), "where"),
        ("within nagano reuse oil", ("20",), "where"),
        ("東京都府中市の生ごみ", ("13206",), "where"),
        ("food waste in Fuchu, Tokyo", ("13206",), "where"),
        ("飯田市の木質チップ", ("20205",), "where"),
        ("東北の寒い町で", ("block-tohoku",), "where"),
        ("九州地方の畜産", ("block-kyushu-okinawa",), "where"),
        ("Kyushu bamboo", ("block-kyushu-okinawa",), "where"),
        ("長野県飯田市に本社がある会社です", ("20205",), "seat"),
        ("a company in Osaka sells boilers", ("27",), "seat"),
        ("長野県外で売りたい", ("20",), "outside"),
        ("outside Nagano", ("20",), "outside"),
        ("府中市の生ごみ", ("13206", "34208"), "where"),
        ("food waste in Fuchu", ("13206", "34208", "34302"), "where"),
    ],
)
def test_a_place_is_what_its_name_can_mean(text: str, codes: tuple[str, ...], role: str) -> None:
    (place,) = places_in(text)
    assert (place.codes, place.role) == (codes, role)
    assert text[place.start : place.end] == place.text


@pytest.mark.parametrize(
    "text",
    [
        "天ぷら油を捨てずに使いたい",
        "山あいの町の電気",
        "川上の村と川下の町",
        "本市の課題",
        "山田さんの困りごと",
        "a mine",
    ],
)
def test_other_words_are_no_places(text: str) -> None:
    assert places_in(text) == []


def test_a_list_of_places_is_no_condition() -> None:
    names = [f"{name}市" for name in ("飯田", "松本", "上田", "岡谷", "諏訪", "須坂")]
    assert len(places_in("、".join(names[:MOST_PLACES]))) == MOST_PLACES
    assert places_in("、".join(names)) == []


def test_traits_are_told_by_their_words() -> None:
    assert traits_in("離島で使える発電") == {"island": "離島"}
    assert traits_in("人口3,000人の島で") == {"island": "島"}
    assert set(traits_in("雪国の寒冷地")) == {"snow", "cold"}
    assert traits_in("heating for a snowy island") == {"island": "island", "snow": "snowy"}
    assert traits_in("島根県と広島の牡蠣") == {}


def uses(situation: Situation) -> list[tuple[str, str]]:
    return [(part.text, part.use) for part in situation.parts]


def test_a_place_filters_what_lies_somewhere_and_is_a_feature_of_the_rest() -> None:
    text = "長野県の人口3,000人の村で"
    assert uses(situation_of(text, "issue")) == [("長野県", "filter"), ("人口3,000人", "feature")]
    assert uses(situation_of(text, "technology")) == [("長野県", "feature"), ("人口3,000人", "feature")]
    assert situation_of("飯田市の当社", "issue").filters == ()
    assert situation_of("長野県以外の空き家", "issue").parts == ()


def test_an_unclear_place_filters_only_when_somebody_says_which() -> None:
    assert situation_of("府中市の生ごみ", "issue").filters == ()
    assert uses(situation_of("府中市の生ごみ", "issue")) == [("府中市", "ask")]
    chosen = situation_of("府中市の生ごみ", "issue", "34")
    assert (uses(chosen), chosen.regions) == ([("府中市", "feature")], ("34208",))


def test_what_was_read_can_be_taken_back() -> None:
    text = "長野県の人口3,000人の村で"
    assert uses(situation_of(text, "issue", ignore=["長野県"])) == [("長野県", "ignored"), ("人口3,000人", "feature")]
    nothing = situation_of(text, "issue", ignore=["*"])
    assert (nothing.filters, nothing.figures, nothing.regions) == ((), (), ())
