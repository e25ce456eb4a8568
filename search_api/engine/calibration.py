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
from dataclasses import asdict, dataclass, replace
from functools import cache
from importlib import resources

from search_api.engine.ranking import Hit, Meaning, background

FILE_NAME = "calibration.json"


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

    def probability(self, score: float, background: float | None, meaning: Meaning | None = None) -> float:
        """Between 0 and 1; ``background`` is None where there are too few records to know it."""
        known = {**self.usual, **features(score, background, meaning)}
        total = sum(weight * known[name] for name, weight in self.weights.items())
        return 1 / (1 + math.exp(-(self.intercept + total)))

    def judged(self, hits: Sequence[Hit], model: str) -> list[Hit]:
        """Hits in the order of their scores with their probabilities, likeliest first.

        The order stays where nothing was calibrated for one of them: a probability compares with no score.
        """
        usual = background(hits)
        known = [
            replace(hit, chance=self.probability(hit.score, usual, hit.meaning))
            if self.holds_for(model, hit.entry.kind)
            else hit
            for hit in hits
        ]
        if any(hit.chance is None for hit in known):
            return known
        return sorted(known, key=lambda hit: -hit.order)

    def to_json(self) -> str:
        """The file's text."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n"


def features(score: float, background: float | None, meaning: Meaning | None) -> dict[str, float]:
    """What the regression reads, by name, as far as it is known."""
    found = {"score": score}
    if meaning:
        found |= {name: getattr(meaning, name) for name in ("known", "agreement", "likeness", "native")}
    return found if background is None else found | {"rise": score - background}
