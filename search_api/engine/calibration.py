"""From a score to the probability that a person would call the result useful.

A logistic regression over the score, its distance from the query's background (ranks 11 to 40), and how the record goes
with what is probably meant: a near miss shares the words and is about another need. Fitted by
``python -m benchmarks.calibration`` on judged queries, half of them with their answers taken out of the index. It holds
for the models and the kinds that it was fitted on; for others there is no probability.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib import resources

import numpy as np
import numpy.typing as npt

from search_api.engine.ranking import Hit, Meaning, about_needs, background

FILE_NAME = "calibration.json"
OF_MEANING = ("known", "agreement", "likeness", "native")
Column = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Calibration:
    """``p = 1 / (1 + exp(−(intercept + Σ weight · feature)))``; ``line`` is where an answer begins.

    Features: the score, its ``rise`` above the background, and those of ``ranking.Meaning``. ``usual`` are their means,
    taken where one is not known.
    """

    model: str
    kinds: tuple[str, ...]
    intercept: float
    weights: Mapping[str, float]
    usual: Mapping[str, float]
    line: float
    fitted_by: str

    @classmethod
    @cache
    def shipped(cls) -> Calibration:
        """The calibration that comes with this version."""
        loaded = json.loads(resources.files(__package__).joinpath(FILE_NAME).read_text(encoding="utf-8"))
        return cls(**loaded | {"kinds": tuple(loaded["kinds"])})

    def holds_for(self, model: str, kind: str) -> bool:
        """Whether scores of this embedder and this kind of record were calibrated."""
        return model == self.model and kind in self.kinds

    def probabilities(
        self, scores: Sequence[float], background: float | None, meanings: Sequence[Meaning | None]
    ) -> Column:
        """Those of one query's results, shape (n,), between 0 and 1; ``background`` is None where it is not known."""
        known = features(scores, background, meanings)
        total = np.full(len(scores), self.intercept)
        for name, weight in self.weights.items():
            value = known[name]
            total += weight * np.where(np.isnan(value), self.usual.get(name, 0.0), value)
        return np.asarray(1 / (1 + np.exp(-total)))

    def judged(self, hits: Sequence[Hit], model: str) -> list[Hit]:
        """Hits in the order of their scores with their probabilities, which never rise from one to the next.

        Where query and results are about needs that were written down (``ranking.about_needs``), the likeliest go
        first. Elsewhere the order stays, since needs say little of other matters, and probabilities that would rise are
        pooled. Where one of the hits was not calibrated the order stays as well: a probability compares with no score.
        """
        held = [self.holds_for(model, hit.entry.kind) for hit in hits]
        found = self.probabilities([hit.score for hit in hits], background(hits), [hit.meaning for hit in hits])
        chances = found.tolist()
        if not all(held):
            told = zip(hits, chances, held, strict=True)
            return [hit.with_chance(chance) if own else hit for hit, chance, own in told]
        if about_needs(hits):
            order = np.argsort(-found, kind="stable").tolist()
            return [hits[place].with_chance(chances[place]) for place in order]
        return [hit.with_chance(chance) for hit, chance in zip(hits, pooled(chances), strict=True)]

    def to_json(self) -> str:
        """The file's text."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n"


def pooled(chances: Sequence[float]) -> list[float]:
    """The nearest numbers (least squares) that never rise: neighbours that would are given their mean.

    Isotonic regression by pooling adjacent violators (Ayer et al. 1955); the sum stays.
    """
    blocks: list[tuple[float, int]] = []
    for chance in chances:
        total, count = chance, 1
        while blocks and blocks[-1][0] / blocks[-1][1] < total / count:
            before = blocks.pop()
            total, count = total + before[0], count + before[1]
        blocks.append((total, count))
    return [total / count for total, count in blocks for _ in range(count)]


def features(
    scores: Sequence[float], background: float | None, meanings: Sequence[Meaning | None]
) -> dict[str, Column]:
    """What the regression reads of the results of one query, by name, each of shape (n,); NaN where it is not known."""
    score = np.asarray(scores, dtype=np.float64)
    found = {"score": score, "rise": score - (math.nan if background is None else background)}
    for name in OF_MEANING:
        values = [getattr(meaning, name) if meaning else math.nan for meaning in meanings]
        found[name] = np.asarray(values, dtype=np.float64)
    return found
