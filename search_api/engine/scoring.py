"""How good a run is: nDCG@10, recall@10 and MRR with intervals, by target and by pair of languages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from search_api.engine.evaluation import EvaluationSet, Run, Topic

MEASURES = ("nDCG@10", "R@10", "RR")
PAIRS = ("ja→ja", "ja→en", "en→ja", "en→en")
ALL, GAP = "all", "all, widest gap"
DRAWS = 2000
Qrels = dict[str, dict[str, int]]


def qrels(topics: Iterable[Topic]) -> Qrels:
    """Judgments by query."""
    return {topic.id: topic.relevant for topic in topics}


def score(judged: Qrels, run: Mapping[str, Mapping[str, float]], names: Sequence[str] = MEASURES) -> dict[str, float]:
    """nDCG@10, recall@10 and MRR, means over all judged queries (a query without results counts as 0)."""
    return {name: round(float(np.mean(values)), 4) for name, values in by_query(judged, run, names).items()}


def by_query(
    judged: Qrels, run: Mapping[str, Mapping[str, float]], names: Sequence[str] = MEASURES
) -> dict[str, list[float]]:
    """Each measure's values, in the order of the judged queries."""
    import ir_measures  # noqa: PLC0415

    measures = [ir_measures.parse_measure(name) for name in names]
    full = {query: dict(run.get(query, {})) for query in judged}
    found: dict[str, dict[str, float]] = {name: dict.fromkeys(judged, 0.0) for name in names}
    for metric in ir_measures.iter_calc(measures, judged, full):
        found[names[measures.index(metric.measure)]][metric.query_id] = float(metric.value)
    return {name: list(values.values()) for name, values in found.items()}


def interval(values: Sequence[float]) -> tuple[float, float]:
    """The 95 % interval of a mean (bootstrap over queries, Efron 1979)."""
    low, high = np.percentile(_means(values), [2.5, 97.5])
    return float(low), float(high)


def widest_gap(groups: Sequence[Sequence[float]]) -> tuple[float, float, float]:
    """The distance between the highest and the lowest mean of the groups, and its 95 % interval.

    The interval leans upwards: chance alone keeps the means of small groups apart.
    """
    drawn = np.stack([_means(group) for group in groups])
    low, high = np.percentile(drawn.max(axis=0) - drawn.min(axis=0), [2.5, 97.5])
    means = [float(np.mean(group)) for group in groups]
    return max(means) - min(means), float(low), float(high)


def _means(values: Sequence[float]) -> npt.NDArray[np.float64]:
    drawn = np.random.default_rng(0).choice(np.asarray(values), (DRAWS, len(values)))
    return np.asarray(drawn.mean(axis=1), dtype=np.float64)


def scores_by_slice(evaluation: EvaluationSet, run: Run) -> dict[str, dict[str, float]]:
    """Scores for each target, each language of its queries, each pair of query and answer language, and their gap.

    The pairs come by target and over all queries together. In a pair, candidates and judgments are those of the
    answer's language. Queries for which nothing is relevant cannot be scored and are left out. ``low`` and ``high`` are
    the 95 % interval of nDCG@10.
    """
    topics = list(evaluation.topics())
    languages = {item.id: item.lang for item in (*evaluation.technologies, *evaluation.issues)}
    slices: dict[str, list[Topic]] = defaultdict(list)
    for topic in topics:
        slices[topic.target].append(topic)
    for topic in topics:
        slices[f"{topic.target} {topic.lang}"].append(topic)
    whole = {name: _judged(qrels(group)) for name, group in slices.items()}
    table = {name: _row(judged, run) for name, judged in whole.items() if judged}
    for target in dict.fromkeys(topic.target for topic in topics):
        pairs = _pairs(slices[target], run, languages)
        table |= {f"{target} {pair}": _row(*kept) for pair, kept in pairs.items()}
    pairs = _pairs(topics, run, languages)
    table |= {f"{ALL} {pair}": _row(*kept) for pair, kept in pairs.items()}
    if len(pairs) > 1:
        table[GAP] = _gap([by_query(*kept)[MEASURES[0]] for kept in pairs.values()])
    return table


def trec_lines(run: Run, tag: str = "meguri") -> Iterator[str]:
    """The run in TREC format: ``qid Q0 docid rank score tag``."""
    for query, documents in run.items():
        ranked = sorted(documents.items(), key=lambda pair: -pair[1])
        for rank, (document, value) in enumerate(ranked, start=1):
            yield f"{query} Q0 {document} {rank} {value:.6f} {tag}"


def _judged(judged: Qrels) -> Qrels:
    return {query: relevant for query, relevant in judged.items() if any(grade > 0 for grade in relevant.values())}


def _row(judged: Qrels, run: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    values = by_query(judged, run)
    low, high = interval(values[MEASURES[0]])
    means = {name: round(float(np.mean(found)), 4) for name, found in values.items()}
    return means | {"queries": float(len(judged)), "low": round(low, 4), "high": round(high, 4)}


def _gap(groups: Sequence[Sequence[float]]) -> dict[str, float]:
    gap, low, high = widest_gap(groups)
    shown = {MEASURES[0]: gap, "low": low, "high": high}
    return {name: round(value, 4) for name, value in shown.items()} | {"queries": float(sum(map(len, groups)))}


def _pairs(group: Iterable[Topic], run: Run, languages: Mapping[str, str]) -> dict[str, tuple[Qrels, Run]]:
    """Pair of languages → judgments and run of its queries, as far as any can be scored."""
    topics = list(group)
    found = {pair: _restricted(topics, run, languages, pair) for pair in PAIRS}
    return {pair: kept for pair, kept in found.items() if kept[0]}


def _restricted(
    group: Iterable[Topic], run: Run, languages: Mapping[str, str], pair: str
) -> tuple[Qrels, dict[str, dict[str, float]]]:
    asked, answered = pair.split("→")
    judged = {
        t.id: {d: grade for d, grade in t.relevant.items() if languages.get(d) == answered}
        for t in group
        if t.lang == asked
    }
    judged = _judged(judged)
    kept = {q: {d: s for d, s in run.get(q, {}).items() if languages.get(d) == answered} for q in judged}
    return judged, kept
