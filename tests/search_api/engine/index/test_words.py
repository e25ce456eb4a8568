"""The dictionary is the oracle; Tantivy must find the same, and be filled anew where it was left behind."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search_api.engine.index.entries import Entry
from search_api.engine.index.search_index import SearchIndex
from search_api.engine.index.tantivy_words import TantivyWords
from search_api.engine.index.words import MemoryWords
from search_api.engine.models.double import HashingEmbedder
from search_api.engine.reading import Reading
from tests.contracts.word_index import WordIndexContract

WORDS = ["油", "水", "竹", "炭", "雪"]
documents = st.dictionaries(st.integers(0, 40), st.lists(st.sampled_from(WORDS), min_size=1, max_size=8), max_size=10)


class TestMemoryWords(WordIndexContract):
    def make(self) -> MemoryWords:
        return MemoryWords()


class TestTantivyWords(WordIndexContract):
    def make(self) -> TantivyWords:
        return TantivyWords()


@settings(max_examples=20, deadline=None)
@given(documents, st.sets(st.sampled_from(WORDS), min_size=1))
def test_tantivy_finds_what_the_oracle_finds(entries: dict[int, list[str]], asked: set[str]) -> None:
    exact, tantivy = MemoryWords(), TantivyWords()
    for index in (exact, tantivy):
        index.replace((), entries)
    expected, found = exact.search(sorted(asked), 50), tantivy.search(sorted(asked), 50)
    assert found.keys() == expected.keys()
    # Tantivy keeps lengths in a byte, so its scores are near, not equal
    assert all(found[id_] == pytest.approx(value, abs=0.06) for id_, value in expected.items())


class SpaceReader:
    """Reads words at spaces; version and readings are counted by the tests."""

    def __init__(self, version: str = "1") -> None:
        self.version = version
        self.read_texts: list[str] = []

    def read(self, text: str, lang: str) -> Reading:
        self.read_texts.append(text)
        return Reading(words=tuple((0, word) for word in text.split()))


def opened(folder: Path, reader: SpaceReader) -> SearchIndex:
    return SearchIndex(folder, HashingEmbedder(32), {}, ontology="1", reader=reader)


def found(index: SearchIndex, word: str) -> dict[str, float]:
    vector = HashingEmbedder(32).embed([word], "query")[0]
    from search_api.engine.index.filters import Filters

    candidates = index.candidates(index.balanced(vector, "query", "ja"), Filters(), 5, [word])
    return {found.entry.record: found.coverage for found in candidates}


def test_words_survive_a_restart_and_texts_are_read_once(tmp_path: Path) -> None:
    reader = SpaceReader()
    index = opened(tmp_path, reader)
    index.update({"a": ("1", [Entry("a", "ja", "issue", "ja", "油", "水 竹")])})
    index.save()
    index.close()
    again = opened(tmp_path, reader)
    assert found(again, "竹")["a"] > 0
    assert reader.read_texts == ["油\n水 竹"]
    again.close()


def test_a_word_index_that_was_left_behind_is_filled_anew(tmp_path: Path) -> None:
    reader = SpaceReader()
    index = opened(tmp_path, reader)
    index.update({"a": ("1", [Entry("a", "ja", "issue", "ja", "油", "竹")])})
    index.save()
    index.close()
    (tmp_path / "words" / "state.json").write_text("{}")
    (tmp_path / "words" / "meta.json").write_text("{}")
    again = opened(tmp_path, reader)
    assert found(again, "竹")["a"] > 0
    again.close()


def test_another_vocabulary_reads_anew(tmp_path: Path) -> None:
    index = opened(tmp_path, SpaceReader("1"))
    index.update({"a": ("1", [Entry("a", "ja", "issue", "ja", "油", "竹")])})
    index.save()
    index.close()
    newer = SpaceReader("2")
    opened(tmp_path, newer).close()
    assert newer.read_texts == ["油\n竹"]
