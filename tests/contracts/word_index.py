"""What every ``WordIndex`` must do; a test class inherits this and makes its own index."""

from __future__ import annotations

import pytest

from search_api.engine.index.words import WordIndex


class WordIndexContract:
    """Inherit, and make an empty index."""

    def make(self) -> WordIndex:
        raise NotImplementedError

    def filled(self) -> WordIndex:
        index = self.make()
        index.replace((), {3: ["天ぷら", "油", "燃料"], 10: ["竹", "炭", "燃料"], 200: ["boiler", "chip", "chip"]})
        return index

    def test_nothing_is_found_in_nothing(self) -> None:
        assert self.make().search(["油"], 5) == {}
        assert self.make().count() == 0

    def test_the_one_that_shares_most_comes_first(self) -> None:
        assert list(self.filled().search(["油", "燃料"], 5)) == [3, 10]

    def test_unknown_words_find_nothing(self) -> None:
        assert self.filled().search(["海"], 5) == {}
        assert self.filled().search([], 5) == {}

    def test_coverage_lies_between_0_and_1_and_falls_with_words_that_are_missing(self) -> None:
        index = self.filled()
        whole, part = index.search(["油"], 5)[3], index.search(["油", "海", "山"], 5)[3]
        assert 0 < part < whole <= 1

    def test_at_most_k(self) -> None:
        assert len(self.filled().search(["燃料"], 1)) == 1

    def test_what_is_removed_is_not_found(self) -> None:
        index = self.filled()
        index.replace([3, 999], {})
        assert list(index.search(["燃料"], 5)) == [10]
        assert index.count() == 2

    def test_a_replaced_id_has_its_new_words_alone(self) -> None:
        index = self.filled()
        index.replace([3], {3: ["石けん"]})
        assert index.search(["油"], 5) == {}
        assert list(index.search(["石けん"], 5)) == [3]
        assert index.count() == 3

    def test_words_are_taken_as_they_are(self) -> None:
        index = self.make()
        index.replace((), {1: ["AND", '"', "*"], 2: ["or"]})
        assert list(index.search(["AND"], 5)) == [1]
        assert index.search(["and"], 5) == {}

    def test_a_repeated_word_counts_more(self) -> None:
        index = self.make()
        index.replace((), {1: ["油", "水", "水"], 2: ["油", "油", "水"]})
        found = index.search(["油", "海"], 5)
        assert found[2] > found[1] == pytest.approx(found[1])
