"""What every ``PhraseFinder`` must do; a test class inherits this and makes its own finder."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from ingest.nlp.phrases import Phrase, PhraseFinder, Span


class PhraseFinderContract:
    """Inherit, and make a finder of these phrases."""

    def make(self, phrases: Iterable[Phrase]) -> PhraseFinder:
        raise NotImplementedError

    @pytest.mark.parametrize(
        ("phrases", "text", "spans"),
        [
            ([], "abc", []),
            (["a"], "", []),
            (["a"], "aba", [(0, 1), (2, 3)]),
            (["ab", "abc", "b"], "abcab", [(0, 3), (3, 5)]),
            (["ab", "bcd"], "abcd", [(1, 4)]),
            (["ab", "bc"], "abc", [(0, 2)]),
            (["aa"], "aaa", [(0, 2)]),
            (["ab", "ab"], "ab", [(0, 2)]),
        ],
    )
    def test_the_longest_then_the_first_counts(self, phrases: list[str], text: str, spans: list[Span]) -> None:
        finder = self.make([tuple(phrase) for phrase in phrases])
        assert finder.find(list(text)) == spans

    def test_a_finder_can_be_asked_again(self) -> None:
        finder = self.make([("油",), ("天麩羅", "油")])
        assert finder.find(["油"]) == finder.find(["油"]) == [(0, 1)]
        assert finder.find(["天麩羅", "油"]) == [(0, 2)]
