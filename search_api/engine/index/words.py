"""The seam to a word index, with the in-memory double that is the oracle in its tests."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

# BM25's usual constants (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009); Tantivy's too
K1, B = 1.2, 0.75


class WordIndex(Protocol):
    """BM25 over content words that were normalised before; ids are those of entries."""

    def replace(self, removed: Iterable[int], added: Mapping[int, Sequence[str]]) -> None:
        """Forget ids and know others by their words, duplicates included; searches see it at once."""
        ...

    def search(self, words: Sequence[str], k: int) -> dict[int, float]:
        """The at most ``k`` ids that share most with these words: id → coverage, above 0 and at most 1.

        Coverage is BM25 divided by the summed inverse document frequencies of the words: 1 is what an entry of usual
        length scores that has every word once. So it compares between queries, which BM25 does not.
        """
        ...

    def count(self) -> int:
        """How many ids there are."""
        ...


class MemoryWords:
    """The double: counts everything, each time."""

    def __init__(self) -> None:
        self._documents: dict[int, Counter[str]] = {}

    def replace(self, removed: Iterable[int], added: Mapping[int, Sequence[str]]) -> None:
        """See ``WordIndex.replace``."""
        for id_ in removed:
            self._documents.pop(id_, None)
        self._documents |= {id_: Counter(words) for id_, words in added.items()}

    def search(self, words: Sequence[str], k: int) -> dict[int, float]:
        """See ``WordIndex.search``."""
        wanted = set(words)
        frequencies = {word: sum(word in counts for counts in self._documents.values()) for word in wanted}
        weights = {word: idf(frequency, len(self._documents)) for word, frequency in frequencies.items()}
        scores = {id_: self._bm25(counts, weights) for id_, counts in self._documents.items()}
        best = sorted((item for item in scores.items() if item[1] > 0), key=lambda item: (-item[1], item[0]))[:k]
        return {id_: coverage(score, weights.values()) for id_, score in best}

    def count(self) -> int:
        """See ``WordIndex.count``."""
        return len(self._documents)

    def _bm25(self, counts: Counter[str], weights: Mapping[str, float]) -> float:
        usual = sum(c.total() for c in self._documents.values()) / len(self._documents)
        norm = K1 * (1 - B + B * counts.total() / usual) if usual else K1
        return sum(w * counts[word] * (K1 + 1) / (counts[word] + norm) for word, w in weights.items() if counts[word])


def idf(frequency: int, documents: int) -> float:
    """Inverse document frequency as BM25 has it: ln(1 + (N − n + 0.5) / (n + 0.5))."""
    return math.log(1 + (documents - frequency + 0.5) / (frequency + 0.5))


def coverage(score: float, weights: Iterable[float]) -> float:
    """A BM25 score as a share of what the query's words could give; at most 1."""
    possible = sum(weights)
    return min(score / possible, 1.0) if possible else 0.0
