"""Which of many phrases occur in a text, and where: the seam between the norms of its words and labels."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Protocol

Phrase = tuple[str, ...]
Span = tuple[int, int]


class PhraseFinder(Protocol):
    """Knows a set of phrases (none of them empty); may be asked by several threads in turn, not at once."""

    def find(self, norms: Sequence[str]) -> list[Span]:
        """Where phrases stand, as half-open ranges in order and without overlaps.

        Of overlapping ones the longest counts, and of equally long ones the first.
        """
        ...


class DictionaryPhrases:
    """Phrases by their first norm and length: nothing to import and nothing to build, so a search uses it."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self._known: dict[str, dict[int, set[Phrase]]] = defaultdict(lambda: defaultdict(set))
        for phrase in phrases:
            self._known[phrase[0]][len(phrase)].add(phrase)

    def find(self, norms: Sequence[str]) -> list[Span]:
        """See ``PhraseFinder.find``."""
        return longest_apart(
            (start, start + length)
            for start, norm in enumerate(norms)
            if norm in self._known
            for length, phrases in self._known[norm].items()
            if tuple(norms[start : start + length]) in phrases
        )


def longest_apart(spans: Iterable[Span]) -> list[Span]:
    """The spans without those that overlap a longer one, or one as long and earlier; in order."""
    kept: list[Span] = []
    taken: set[int] = set()
    for start, end in sorted(spans, key=lambda span: (span[0] - span[1], span[0])):
        if taken.isdisjoint(range(start, end)):
            kept.append((start, end))
            taken.update(range(start, end))
    return sorted(kept)
