"""Both finders find the same; and the simple one finds what a search over all ranges finds."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from ingest.nlp.phrases import DictionaryPhrases, Phrase, PhraseFinder
from ingest.nlp.pipelines import SpacyPhrases
from tests.contracts.phrase_finder import PhraseFinderContract

LETTERS = st.sampled_from("abc")
PHRASES = st.lists(st.lists(LETTERS, min_size=1, max_size=4).map(tuple), max_size=8)


class TestDictionary(PhraseFinderContract):
    def make(self, phrases: Iterable[Phrase]) -> PhraseFinder:
        return DictionaryPhrases(phrases)


class TestSpacy(PhraseFinderContract):
    def make(self, phrases: Iterable[Phrase]) -> PhraseFinder:
        return SpacyPhrases(phrases)


@given(PHRASES, st.lists(LETTERS, max_size=12))
def test_what_is_found_is_known_and_what_is_left_overlaps(phrases: list[Phrase], norms: list[str]) -> None:
    found = DictionaryPhrases(phrases).find(norms)
    assert all(tuple(norms[start:end]) in phrases for start, end in found)
    assert found == sorted(found)
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(found))
    covered = {place for start, end in found for place in range(start, end)}
    for phrase in phrases:
        for start in range(len(norms) - len(phrase) + 1):
            if tuple(norms[start : start + len(phrase)]) == phrase:
                assert covered & set(range(start, start + len(phrase)))


@given(PHRASES, st.lists(LETTERS, max_size=12))
def test_spacy_agrees_with_the_oracle(phrases: list[Phrase], norms: list[str]) -> None:
    assert SpacyPhrases(phrases).find(norms) == DictionaryPhrases(phrases).find(norms)
