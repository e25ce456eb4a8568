"""What each part of the ranking adds: ``python -m benchmarks.ablation DIR`` scores the search path without it.

nDCG@10 per slice with 95 % intervals (bootstrap over queries). ``words alone`` is BM25 over Sudachi's
normalised forms and English stems; the other rows add one part each.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from search_api.engine.evaluation import EvaluationSet, Topic, evaluation_engine, load_set, query_of
from search_api.engine.models.joint import JointEmbedder, joint_means
from search_api.engine.models.loading import LoadedModel
from search_api.engine.models.onnx_model import OnnxEmbedder
from search_api.engine.models.prepare import PUBLISHED_MODEL, model_folder, prepare_model
from search_api.engine.models.reference_means import load_reference_means
from search_api.engine.models.sentence_encoder import SentenceEncoder
from search_api.engine.models.sentence_encoder_package import encoder_folder
from search_api.engine.ranking import WEIGHTS, Hit, Weights
from search_api.engine.scoring import by_query, interval, qrels
from search_api.engine.search import SearchEngine

NOTHING = Weights(0.0, 0.0, 0.0)
SUFFIXES = {"-1": "keywords ja", "-2": "everyday ja", "-3": "sentence en"}
Scores = dict[str, float]


def published() -> LoadedModel:
    """The first encoder without Meguri's corrections; prepared where that was not done yet."""
    folder = prepare_model(PUBLISHED_MODEL)
    return LoadedModel(OnnxEmbedder(folder), load_reference_means(folder))


def parts() -> tuple[LoadedModel, LoadedModel, LoadedModel]:
    """The first encoder, the second one, and both."""
    folder = model_folder("multilingual-e5-small")
    second = encoder_folder(folder.parent)
    one = LoadedModel(OnnxEmbedder(folder), load_reference_means(folder))
    other = LoadedModel(SentenceEncoder(second), load_reference_means(second))
    means = joint_means([one.reference_means, other.reference_means])
    return one, other, LoadedModel(JointEmbedder([one.embedder, other.embedder]), means)


def variants(evaluation: EvaluationSet) -> Iterator[tuple[str, Scores]]:
    """Name and nDCG@10 by query of each variant."""
    one, other, both = parts()
    as_published = published()
    yield "first encoder as published, no balance", scored(evaluation, as_published, 0, NOTHING, balanced=False)
    yield "first encoder as published", scored(evaluation, as_published, 0, NOTHING)
    yield "first encoder", scored(evaluation, one, 0, NOTHING)
    yield "second encoder", scored(evaluation, other, 0, NOTHING)
    yield "both encoders", scored(evaluation, both, 0, NOTHING)
    with evaluation_engine(evaluation, both) as engine:
        yield "words alone", _scores(evaluation, lambda topic: _by_words(engine, topic))
        yield "+ titles", _scores(evaluation, lambda topic: _run(engine, topic, NOTHING))
        words, concepts = Weights(WEIGHTS.words, 0.0, 0.0), Weights(WEIGHTS.words, WEIGHTS.concept, 0.0)
        yield "+ words", _scores(evaluation, lambda topic: _run(engine, topic, words))
        yield "+ concepts", _scores(evaluation, lambda topic: _run(engine, topic, concepts))
        yield "by probability, with needs (= search)", _scores(evaluation, lambda topic: _searched(engine, topic))


def scored(
    evaluation: EvaluationSet, model: LoadedModel, title_weight: float, weights: Weights, *, balanced: bool = True
) -> Scores:
    """nDCG@10 by query of one variant."""
    with evaluation_engine(evaluation, model, balanced=balanced, title_weight=title_weight) as engine:
        return _scores(evaluation, lambda topic: _run(engine, topic, weights))


def _run(engine: SearchEngine, topic: Topic, weights: Weights) -> Mapping[str, float]:
    return {_id(hit): hit.score for hit in engine.signals(query_of(topic), weights=weights)}


def _searched(engine: SearchEngine, topic: Topic) -> Mapping[str, float]:
    return {_id(hit): 1 / rank for rank, hit in enumerate(engine.rank(query_of(topic)), 1)}


def _by_words(engine: SearchEngine, topic: Topic) -> Mapping[str, float]:
    return {_id(hit): hit.coverage for hit in engine.signals(query_of(topic)) if hit.coverage}


def _id(hit: Hit) -> str:
    return hit.entry.record.partition(":")[2]


def _scores(evaluation: EvaluationSet, rank: object) -> Scores:
    topics = [topic for topic in evaluation.topics() if any(topic.relevant.values())]
    run = {topic.id: dict(rank(topic)) for topic in topics}  # type: ignore[operator]
    judged = qrels(topics)
    return dict(zip(judged, by_query(judged, run)["nDCG@10"], strict=True))


def slices(evaluation: EvaluationSet) -> dict[str, list[str]]:
    """Slice → ids of its answerable queries."""
    found: dict[str, list[str]] = {}
    for topic in evaluation.topics():
        if any(topic.relevant.values()):
            found.setdefault(topic.target, []).append(topic.id)
            if topic.target == "technology" and topic.id[-2:] in SUFFIXES:
                found.setdefault(SUFFIXES[topic.id[-2:]], []).append(topic.id)
    return found


@contextmanager
def _table(names: Mapping[str, list[str]]) -> Iterator[None]:
    print("| variant | " + " | ".join(f"{name} ({len(ids)})" for name, ids in names.items()) + " |")
    print("|---|" + "---|" * len(names))
    yield


def main() -> None:
    """Print the table as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    evaluation = load_set(parser.parse_args().folder)
    names = slices(evaluation)
    with _table(names):
        for variant, scores in variants(evaluation):
            cells = []
            for ids in names.values():
                values = np.array([scores.get(id_, 0.0) for id_ in ids])
                low, high = interval(values)
                cells.append(f"{values.mean():.3f} ({low:.2f}–{high:.2f})")
            print(f"| {variant} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
