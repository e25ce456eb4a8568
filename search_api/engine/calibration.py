"""From a score to the probability that a person would call the result useful.

A logistic regression over the score and its distance from the query's background (ranks 11 to 40), fitted by
``python -m benchmarks.calibration`` on judged queries, half of them with their answers taken out of the index. It holds
for the models and the kinds that it was fitted on; for others there is no probability.
"""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass
from functools import cache
from importlib import resources

FILE_NAME = "calibration.json"


@dataclass(frozen=True)
class Calibration:
    """``p = 1 / (1 + exp(−(intercept + score·s + rise·(s − background))))``; ``line`` is where an answer begins."""

    model: str
    kinds: tuple[str, ...]
    intercept: float
    score: float
    rise: float
    usual_rise: float
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

    def probability(self, score: float, background: float | None) -> float:
        """Between 0 and 1; where too few records make no background, a usual distance is taken."""
        rise = self.usual_rise if background is None else score - background
        return 1 / (1 + math.exp(-(self.intercept + self.score * score + self.rise * rise)))

    def to_json(self) -> str:
        """The file's text."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n"
