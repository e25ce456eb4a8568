"""Expected scores beside the command that makes them; a missing score is a failure, never a zero."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from kg.errors import MeguriError

# int8 is rounded otherwise on other processors, which moves the scores of large slices by this much
TOLERANCE = 0.02
# of small ones, by what one query loses where its answer falls from the first place to the second
ONE_QUERY = 0.5
# such a loss is compared with an expectation of three digits
_ROUNDING = 0.0006


def missed(table: Mapping[str, Mapping[str, float]], path: Path) -> list[str]:
    """The expectations that were not met, a line each, in both languages.

    Raises MeguriError (``expectation_invalid``) where the file is not ``{slice: {measure: value}}``.
    """
    return [
        f"{name} {measure}: {_shown(table, name, measure)}, expected / 期待値 {value:.4f} ± {tolerance:.2g}"
        for name, measures in _expected(path).items()
        for tolerance in [_tolerance(table.get(name, {}))]
        for measure, value in measures.items()
        if not _met(table.get(name, {}).get(measure), value, tolerance)
    ]


def _tolerance(scores: Mapping[str, float]) -> float:
    """How far a slice of so many ``queries`` may be off."""
    queries = scores.get("queries")
    return max(TOLERANCE, ONE_QUERY / queries + _ROUNDING) if queries else TOLERANCE


def _met(found: float | None, value: float, tolerance: float) -> bool:
    return found is not None and abs(found - value) <= tolerance


def _shown(table: Mapping[str, Mapping[str, float]], name: str, measure: str) -> str:
    found = table.get(name, {}).get(measure)
    return "missing / なし" if found is None else f"{found:.4f}"


def _expected(path: Path) -> dict[str, dict[str, float]]:
    try:
        loaded = json.loads(path.read_text(encoding="utf-8"))
        return {name: {m: float(v) for m, v in scores.items()} for name, scores in loaded["scores"].items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise MeguriError(
            code="expectation_invalid",
            en=f"{path} holds no expected scores: {error}",
            ja=f"{path} に期待スコアがありません: {error}",
            remedy_en='Write {"scores": {"technology": {"nDCG@10": 0.85}}}.',
            remedy_ja='{"scores": {"technology": {"nDCG@10": 0.85}}} の形で書いてください。',
        ) from error
