"""Fits and judges the probability that stands beside each result: ``python -m benchmarks.calibration DIR [DIR …]``.

Each DIR is a folder of judged queries. The logistic regression is fitted on all of them; what is reported of each comes
from folds by theme, which have seen nothing of the query's theme, and, where there are several, from a fit on the
others alone. Each query counts twice: as it is, and with its answers taken out of the ranking. Fitted on the five best
by score, judged on the five that a search shows first, with the probabilities that it shows
(``Calibration.judged``), of the best twenty. ``--write`` replaces the calibration that ships and the diagram in docs.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.preprocessing import StandardScaler

from benchmarks.reliability import reliability_diagram
from search_api.engine.calibration import FILE_NAME, Calibration, features, pooled
from search_api.engine.evaluation import EvaluationSet, Run, evaluation_engine, load_set, query_of
from search_api.engine.models.loading import load_model
from search_api.engine.ranking import Hit, about_needs, background
from search_api.engine.scoring import DRAWS, scores_by_slice

TOP, DEPTH = 5, 20
BINS = 10
PENALTY = 0.02  # the inverse of its strength
KINDS = ("technology", "issue")
FEATURES = ("score", "rise", "known", "agreement", "likeness", "native")


@dataclass(frozen=True)
class Judged:
    """One of the twenty best results of a query by score: what the regression reads of it, and whether it is useful."""

    theme: str  # with the name of its folder, as the query
    query: str
    record: str
    removed: bool
    place: int
    features: tuple[float, ...]
    useful: bool
    about_needs: bool


def judged(folder: Path) -> tuple[list[Judged], str]:
    """The judged results of all answerable queries, as they are and without their answers; and the model's id."""
    evaluation, model = load_set(folder), load_model("multilingual-e5-small")
    themes = {id_: f"{folder.name} {theme}" for id_, theme in _themes(folder).items()}
    with evaluation_engine(evaluation, model) as engine:
        rows = list(_rows(evaluation, engine, themes))
    return rows, model.embedder.model_id


def _rows(evaluation: EvaluationSet, engine: object, themes: dict[str, str]) -> Iterator[Judged]:
    for topic in evaluation.topics():
        useful = {record for record, grade in topic.relevant.items() if grade > 0}
        if not useful:
            continue
        hits: list[Hit] = engine.signals(query_of(topic))  # type: ignore[attr-defined]
        for removed in (False, True):
            left = [hit for hit in hits if not (removed and _id(hit) in useful)]
            best, theme = left[:DEPTH], themes[topic.id]
            known = features([hit.score for hit in best], background(left), [hit.meaning for hit in best])
            read = np.nan_to_num(np.column_stack([known[name] for name in FEATURES])).tolist()
            query, about = f"{theme} {topic.id}", about_needs(left)
            for place, (hit, row) in enumerate(zip(best, read, strict=True)):
                yield Judged(theme, query, _id(hit), removed, place, tuple(row), _id(hit) in useful, about)


def _id(hit: Hit) -> str:
    return hit.entry.record.partition(":")[2]


def _themes(folder: Path) -> dict[str, str]:
    lines = [line for name in ("queries.jsonl", "issues.jsonl") for line in (folder / name).read_text().splitlines()]
    return {row["id"]: str(row.get("theme", row["id"])) for row in map(json.loads, filter(None, lines))}


def fit(rows: Sequence[Judged]) -> LogisticRegression:
    """A logistic regression over the features as they are, fitted on standardised ones.

    So the penalty treats all alike: some tell nearly the same, and left alone they get large weights of opposite signs.
    """
    best = [row for row in rows if row.place < TOP]
    scaler = StandardScaler().fit(_features(best))
    found = LogisticRegression(C=PENALTY, max_iter=1000).fit(scaler.transform(_features(best)), _labels(best))
    found.coef_ = found.coef_ / scaler.scale_
    found.intercept_ = found.intercept_ - found.coef_ @ scaler.mean_
    return found


def orders(rows: Sequence[Judged], chances: np.ndarray) -> Iterator[list[int]]:
    """The places of each query's rows, as ``Calibration.judged`` orders them."""
    by_query: dict[tuple[str, bool], list[int]] = {}
    for place, row in enumerate(rows):
        by_query.setdefault((row.query, row.removed), []).append(place)
    for places in by_query.values():
        yield sorted(places, key=lambda place: -chances[place]) if rows[places[0]].about_needs else places


def shown(rows: Sequence[Judged], chances: np.ndarray) -> tuple[list[Judged], np.ndarray]:
    """What a search shows first: five rows of each query, with the probabilities that it shows."""
    first: list[Judged] = []
    values: list[float] = []
    for order in orders(rows, chances):
        first += [rows[place] for place in order[:TOP]]
        values += pooled([float(chances[place]) for place in order])[:TOP]
    return first, np.array(values)


def ranked(rows: Sequence[Judged], chances: np.ndarray) -> Run:
    """The run of the queries as they are, twenty deep: query's id → record → one by its rank."""
    found = {}
    for order in orders(rows, chances):
        first = rows[order[0]]
        if not first.removed:
            ranks = {rows[place].record: 1 / rank for rank, place in enumerate(order, 1)}
            found[first.query.removeprefix(f"{first.theme} ")] = ranks
    return found


def _features(rows: Sequence[Judged]) -> np.ndarray:
    return np.array([row.features for row in rows])


def _labels(rows: Sequence[Judged]) -> np.ndarray:
    return np.array([row.useful for row in rows])


def _named(values: Sequence[float]) -> dict[str, float]:
    return {name: round(float(value), 4) for name, value in zip(FEATURES, values, strict=True)}


def by_folds(rows: Sequence[Judged]) -> np.ndarray:
    """Each row's probability from a model that has seen nothing of the row's theme."""
    chances = np.zeros(len(rows))
    themes = np.array([row.theme for row in rows])
    for theme in sorted(set(themes)):
        seen = [row for row in rows if row.theme != theme]
        chances[themes == theme] = fit(seen).predict_proba(_features([r for r in rows if r.theme == theme]))[:, 1]
    return chances


def expected_calibration_error(chances: np.ndarray, useful: np.ndarray) -> float:
    """Mean distance between predicted and found share over ten bins of equal mass (Naeini et al., AAAI 2015)."""
    parts = np.array_split(np.argsort(chances), BINS)
    return float(sum(len(p) / len(chances) * abs(chances[p].mean() - useful[p].mean()) for p in parts))


def best_of_queries(rows: Sequence[Judged], chances: np.ndarray) -> list[tuple[int, float]]:
    """For each query with and without its answers: whether they are there, and the best probability."""
    return [pair for pairs in _best_by_query(rows, chances).values() for pair in pairs]


def _best_by_query(rows: Sequence[Judged], chances: np.ndarray) -> dict[str, list[tuple[int, float]]]:
    best: dict[tuple[str, bool], float] = {}
    for row, chance in zip(rows, chances, strict=True):
        key = (row.query, row.removed)
        best[key] = max(best.get(key, 0.0), float(chance))
    found: dict[str, list[tuple[int, float]]] = {}
    for (query, removed), chance in best.items():
        found.setdefault(query, []).append((int(not removed), chance))
    return found


def interval_of_auroc(rows: Sequence[Judged], chances: np.ndarray) -> tuple[float, float]:
    """The 95 % interval by bootstrap over queries, each with its answers and without."""
    queries, chance = list(_best_by_query(rows, chances).values()), np.random.default_rng(0)
    drawn = []
    for _ in range(DRAWS):
        picked = [pair for place in chance.integers(0, len(queries), len(queries)) for pair in queries[place]]
        drawn.append(roc_auc_score(*zip(*picked, strict=True)))
    low, high = np.percentile(drawn, [2.5, 97.5])
    return float(low), float(high)


def line_between(present: Sequence[int], best: Sequence[float]) -> float:
    """The probability at which answered and unanswered queries are told apart best (Youden's index)."""
    truth, values = np.array(present, dtype=bool), np.array(best)
    return float(max(sorted(set(best)), key=lambda c: (values[truth] >= c).mean() - (values[~truth] >= c).mean()))


def _report(name: str, rows: Sequence[Judged], chances: np.ndarray) -> None:
    first, chances = shown(rows, chances)
    present, best = zip(*best_of_queries(first, chances), strict=True)
    error = expected_calibration_error(chances, _labels(first))
    low, high = interval_of_auroc(first, chances)
    told = f"ECE {error:.3f}  AUROC of answerable {roc_auc_score(present, best):.3f} ({low:.3f}–{high:.3f})"
    print(f"{name:36} results {len(first):5}  {told}")


def _report_order(folder: Path, rows: Sequence[Judged], chances: np.ndarray) -> None:
    table = scores_by_slice(load_set(folder), ranked(rows, chances))
    told = [f"{target} {table[target]['nDCG@10']:.3f}" for target in ("technology", "issue", "issue→technology")]
    print(f"{'':36} nDCG@10  {'  '.join(told)}")


def _panel(name: str, rows: Sequence[Judged], chances: np.ndarray) -> tuple[str, np.ndarray, np.ndarray]:
    first, values = shown(rows, chances)
    return name, values, _labels(first)


def main() -> None:
    """Fit, report, and write where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    found = {folder.name: judged(folder) for folder in options.folders}
    rows = [row for read, _ in found.values() for row in read]
    folds = by_folds(rows)
    panels = [_panel(f"{name}, folds by theme", *_of(read, rows, folds)) for name, (read, _) in found.items()]
    for folder, (name, (read, _)) in zip(options.folders, found.items(), strict=True):
        _report(f"{name}, folds by theme", *_of(read, rows, folds))
        _report_order(folder, *_of(read, rows, folds))
        others = [row for other, (own, _) in found.items() if other != name for row in own]
        if others:
            _report(f"{name}, fitted on the others", read, fit(others).predict_proba(_features(read))[:, 1])
    calibration = _calibration(rows, folds, next(iter(found.values()))[1], list(found))
    print(calibration.to_json())
    if options.write:
        (Path("search_api/engine") / FILE_NAME).write_text(calibration.to_json(), encoding="utf-8")
        Path("docs/images/reliability.svg").write_text(reliability_diagram(panels, BINS), encoding="utf-8")


def _of(read: Sequence[Judged], rows: Sequence[Judged], chances: np.ndarray) -> tuple[Sequence[Judged], np.ndarray]:
    """The rows of one folder with their probabilities."""
    start = rows.index(read[0])
    return read, chances[start : start + len(read)]


def _calibration(rows: Sequence[Judged], folds: np.ndarray, model: str, names: Sequence[str]) -> Calibration:
    regression = fit(rows)
    return Calibration(
        model=model,
        kinds=KINDS,
        intercept=round(float(regression.intercept_[0]), 4),
        weights=_named(regression.coef_[0]),
        usual=_named(_features([row for row in rows if row.place < TOP]).mean(axis=0)),
        line=round(line_between(*zip(*best_of_queries(*shown(rows, folds)), strict=True)), 3),
        fitted_by=f"python -m benchmarks.calibration {' '.join(names)}",
    )


if __name__ == "__main__":
    main()
