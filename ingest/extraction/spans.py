"""Places in a text, kept so that asking about one costs the same in a text of any length."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

from ingest.extraction.sentences import Sentence

# characters of a text that share a list
_BUCKET = 64


class Placed(Protocol):
    """Whatever has a place (half-open, characters of the text)."""

    @property
    def start(self) -> int:
        """Its first character."""
        ...

    @property
    def end(self) -> int:
        """The character behind its last one."""
        ...


P = TypeVar("P", bound=Placed)


class Spans:
    """Places that are taken."""

    def __init__(self, spans: Iterable[tuple[int, int]] = ()) -> None:
        self._buckets: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for start, end in spans:
            self.add(start, end)

    def add(self, start: int, end: int) -> None:
        """Take a place."""
        for bucket in range(start // _BUCKET, end // _BUCKET + 1):
            self._buckets[bucket].append((start, end))

    def meets(self, start: int, end: int) -> bool:
        """Whether any character of this place is taken."""
        return any(
            start < other_end and other_start < end
            for bucket in range(start // _BUCKET, end // _BUCKET + 1)
            for other_start, other_end in self._buckets.get(bucket, ())
        )


def by_sentence(sentences: Sequence[Sentence], placed: Iterable[P]) -> list[list[P]]:
    """For each sentence (in their order in the text) what lies in it whole, in the order in which it is given."""
    starts = [sentence.start for sentence in sentences]
    inside: list[list[P]] = [[] for _ in sentences]
    for one in placed:
        number = bisect_right(starts, one.start) - 1
        if number >= 0 and one.end <= sentences[number].end:
            inside[number].append(one)
    return inside
