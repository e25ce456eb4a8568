"""From signals to an order: the balanced cosine, the words in common, and the concepts that query and record share.

The weights are few and were chosen on one whole set of judged queries; a regression on folds by theme gave much the
same (docs/matching.md tells which set, what each part adds, and what was tried and left out). A signal that is missing
adds nothing and costs nothing: words do not cross languages, and not every text names a concept.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from search_api.engine.index.entries import Candidate, Entry

MOST_CONCEPTS = 3
# the ranks that stand for "what is always there" when a query is answered by nothing
BACKGROUND = slice(10, 40)
# from this cosine on a need counts as near: it may be told
NEAR = 0.3
# from these on, how records go with needs may order them: the query's cosine to the nearest need, and the mean cosine
# of the first results to what meets needs; a question of another matter (a municipal FAQ) stays below the second
KNOWN, FAMILIAR, FIRST = 0.2, 0.37, 10

# of each place in a query that names concepts: their IRIs, and its share of the query's content words
Shares = Sequence[tuple[frozenset[str], float]]


@dataclass(frozen=True)
class Weights:
    """What coverage (by its square: a few words mislead, all seldom do) and a shared concept add to the cosine.

    ``stated`` is for the share of the query's words that name a concept which the graph states of the record, squared
    as well: so words count across languages and under other names.
    """

    words: float = 0.13
    concept: float = 0.02
    stated: float = 0.1


WEIGHTS = Weights()


class Meaning(NamedTuple):
    """How a record goes with what a query probably means.

    ``known`` is the query's cosine to the nearest needs that were written down, ``agreement`` how far both are about
    the same concepts (Bhattacharyya coefficient, 0 to 1), ``likeness`` the record's cosine to what solves the needs
    meant, ``native`` 1 where both are in one language; ``familiar`` is the record's cosine to what meets any need,
    and ``concepts`` are the local names of those probably meant.
    """

    known: float
    agreement: float
    likeness: float
    native: float
    familiar: float = 0.0
    concepts: tuple[str, ...] = ()


class Hit(NamedTuple):
    """A record by its best entry: ``score`` orders, ``cosine`` and ``coverage`` are its parts.

    ``id`` is the entry's in the index, ``meaning`` how what it offers goes with what is probably meant, ``chance`` the
    probability that a person would call it useful (None where nothing was calibrated). A tuple, since a search makes
    a thousand of them and a frozen dataclass takes several times as long.
    """

    entry: Entry
    cosine: float
    coverage: float = 0.0
    score: float = 0.0
    id: int = -1
    meaning: Meaning | None = None
    chance: float | None = None

    def with_meaning(self, meaning: Meaning) -> Hit:
        """The same hit with its meaning; written out, which is quicker than ``_replace``."""
        return Hit(self.entry, self.cosine, self.coverage, self.score, self.id, meaning, self.chance)

    def with_chance(self, chance: float) -> Hit:
        """The same hit with its probability."""
        return Hit(self.entry, self.cosine, self.coverage, self.score, self.id, self.meaning, chance)


def rank(
    candidates: Iterable[Candidate], concepts: Collection[str], weights: Weights = WEIGHTS, shares: Shares = ()
) -> list[Hit]:
    """Records by their best entry, best first; ``concepts`` and ``shares`` are the query's."""
    named = frozenset(concepts)
    hits = [Hit(c.entry, c.cosine, c.coverage, _score(c, named, shares, weights), c.id) for c in candidates]
    best: dict[str, Hit] = {}
    for hit in sorted(hits, key=lambda hit: (-hit.score, hit.entry.record, hit.entry.part)):
        best.setdefault(hit.entry.record, hit)
    return list(best.values())


def about_needs(hits: Sequence[Hit]) -> bool:
    """Whether what was written down of needs says anything of a query and its results, given in the order of scores."""
    meanings = [hit.meaning for hit in hits[:FIRST] if hit.meaning]
    if not meanings or meanings[0].known < KNOWN:
        return False
    return sum(meaning.familiar for meaning in meanings) / len(meanings) >= FAMILIAR


def background(hits: Sequence[Hit]) -> float | None:
    """The mean score of the ranks 11 to 40 in the order of scores; None where there are too few records to know it."""
    ranks = [hit.score for hit in hits[BACKGROUND]]
    return sum(ranks) / len(ranks) if ranks else None


def _score(found: Candidate, concepts: frozenset[str], shares: Shares, weights: Weights) -> float:
    kinds, themes, named = found.entry.concepts, found.entry.themes, found.entry.named
    shared = len(concepts.intersection(chain(kinds, themes, named)))
    told = sum(share for iris, share in shares if not (iris.isdisjoint(kinds) and iris.isdisjoint(themes)))
    added = weights.words * found.coverage**2 + weights.stated * told**2
    return found.cosine + added + weights.concept * min(shared, MOST_CONCEPTS)
