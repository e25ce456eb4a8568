"""Queries in kana or romaji alone are searched as they are usually written; other texts stay as they are."""

from __future__ import annotations

import pytest

from search_api.engine.kana import KanaReader
from search_api.engine.lexicon import packaged_lexicon
from search_api.engine.query import Request
from search_api.engine.search import SearchEngine


@pytest.fixture(scope="module")
def reader() -> KanaReader:
    return KanaReader(packaged_lexicon()[1].texts("ja"))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("てんぷらあぶらをもやしたい", "天ぷら油をもやしたい"),
        ("テンプラアブラ", "天ぷら油"),
        ("tempura abura o nenryou ni shitai", "天ぷら油をねんりょうにしたい"),
        ("ゆきおろしがたいへん", "雪下ろしがたいへん"),
        ("chikurin no seibi", "竹林のせいび"),
    ],
)
def test_the_labels_in_it_are_written_as_they_are(reader: KanaReader, text: str, written: str) -> None:
    assert reader.rewritten(text) == written


@pytest.mark.parametrize(
    "text", ["天ぷら油", "food waste biogas", "tomato", "to make", "あ", "ふにゃふにゃする", "sewage", "123"]
)
def test_other_texts_stay(reader: KanaReader, text: str) -> None:
    assert reader.rewritten(text) is None


def test_a_hostile_text_is_judged_in_no_time(reader: KanaReader) -> None:
    for text in ("a" * 5_000, "sh" * 2_500, "tempura " * 600 + "x", "n" * 5_000):
        reader.rewritten(text)


def test_the_search_tells_what_it_searched_for(engine: SearchEngine) -> None:
    kana, written = engine.search(Request("てんぷらあぶら")), engine.search(Request("天ぷら油"))
    assert [r.id for r in kana.results] == [r.id for r in written.results]
    assert [(u.kind, u.label) for u in kana.understood] == [("spelling", "天ぷら油")]
    assert engine.search(Request("てんぷらあぶら", ignore=("てんぷらあぶら",))).understood == []
