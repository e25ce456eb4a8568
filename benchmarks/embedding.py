"""Throughput of serving against SentenceTransformer.encode with its defaults: ``python -m benchmarks.embedding``.

Both embed the same corpus-like texts in turn, so that a noisy machine disturbs both alike; medians and their ratio
come from one run. Prints a table, then one line of JSON. With ``--set DIR`` it also scores nDCG@10 of both on a
folder in the format of ``meguri evaluate`` (means of the shipped samples taken away).
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.measuring import machine, median_ms, seconds
from search_api.engine.models.embedder import Embedder, Vectors, unit_rows
from search_api.engine.models.onnx_model import OnnxEmbedder
from search_api.engine.models.prepare import prepare_default_model
from search_api.engine.models.reference_means import LANGUAGES, load_reference_means, sample_texts
from search_api.engine.models.torch_model import SentenceTransformerEmbedder


def corpus_texts() -> list[str]:
    """240 texts of the length of registrations (45 to 170 tokens): issues and pairs of summaries, both languages."""
    texts: list[str] = []
    for language in LANGUAGES:
        passages, issues = sample_texts("passage", language), sample_texts("issue", language)
        texts += passages + issues
        texts += [f"{first} {second}" for first, second in zip(passages[::2], issues, strict=True)]
    return texts


def throughput(embedders: Mapping[str, Embedder], rounds: int) -> dict[str, float]:
    """Texts a second: medians over interleaved rounds."""
    texts = corpus_texts()
    times: dict[str, list[float]] = {name: [] for name in embedders}
    for embedder in embedders.values():
        embedder.embed(texts[:32], "passage")
    for _ in range(rounds):
        for name, embedder in embedders.items():
            times[name].append(seconds(_job(embedder, texts)))
    return {name: len(texts) / statistics.median(found) for name, found in times.items()}


def query_ms(embedder: Embedder, rounds: int = 30) -> float:
    """Median milliseconds of one everyday query."""
    query = sample_texts("query", "ja")[1:2]
    embedder.embed(query, "query")
    return median_ms([seconds(lambda: embedder.embed(query, "query")) for _ in range(rounds)])


def ndcg(embedder: Embedder, folder: Path, means: Mapping[tuple[str, str], Vectors]) -> dict[str, float]:
    """nDCG@10 by target after language balance; documents are centred by their own means, queries by the sample's."""
    technologies, issues, queries = (_rows(folder / f"{name}.jsonl") for name in ("technologies", "issues", "queries"))
    scores: dict[str, float] = {}
    for name, documents, field in (("technology", technologies, "summary"), ("issue", issues, "description")):
        asked = [row for row in queries if row["target"] == name and row["relevant"]]
        vectors = _documents(embedder, documents, field)
        kind = "query" if name == "technology" else "offer"
        found = _queries(embedder, [(row["text"], row["lang"]) for row in asked], kind, means)
        scores[f"{kind}_to_{name}"] = _mean_ndcg(found @ vectors.T, documents, [row["relevant"] for row in asked])
    asked = [row for row in issues if row["relevant_technologies"]]
    texts = [(f"{row['title']}\n{row['description']}", row["lang"]) for row in asked]
    matrix = _queries(embedder, texts, "issue", means) @ _documents(embedder, technologies, "summary").T
    scores["issue_to_technology"] = _mean_ndcg(matrix, technologies, [row["relevant_technologies"] for row in asked])
    return scores


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--set", type=Path, help="folder with technologies.jsonl, issues.jsonl, queries.jsonl")
    options = parser.parse_args()
    folder = prepare_default_model()
    started = time.perf_counter()
    serving = OnnxEmbedder(folder)
    loaded = time.perf_counter() - started
    reference = SentenceTransformerEmbedder(str(folder / "sentence-transformers"))
    embedders: dict[str, Embedder] = {"onnx": serving, "sentence-transformers": reference}
    speeds = throughput(embedders, options.rounds)
    agreement = (serving.embed(corpus_texts(), "passage") * reference.embed(corpus_texts(), "passage")).sum(axis=1)
    result: dict[str, Any] = {
        "machine": machine(),
        "model": serving.model_id,
        "texts_per_second": {name: round(speed, 1) for name, speed in speeds.items()},
        "ratio": round(speeds["onnx"] / speeds["sentence-transformers"], 2),
        "query_ms": {name: round(query_ms(embedder), 1) for name, embedder in embedders.items()},
        "load_seconds": round(loaded, 2),
        "cosine": {"mean": round(float(agreement.mean()), 5), "least": round(float(agreement.min()), 5)},
    }
    if options.set:
        means = load_reference_means(folder)
        result["ndcg_at_10"] = {name: ndcg(embedder, options.set, means) for name, embedder in embedders.items()}
    _print(result)


def _print(result: Mapping[str, Any]) -> None:
    print(f"{result['machine']}; {result['model']}")
    print(f"{'':24}{'texts/s':>10}{'query ms':>10}")
    for name, speed in result["texts_per_second"].items():
        print(f"{name:24}{speed:>10}{result['query_ms'][name]:>10}")
    print(f"ratio {result['ratio']}; load {result['load_seconds']} s; cosine {result['cosine']}")
    print(json.dumps(result, ensure_ascii=False))


def _job(embedder: Embedder, texts: list[str]) -> Callable[[], object]:
    return lambda: embedder.embed(texts, "passage")


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _documents(embedder: Embedder, rows: list[dict[str, Any]], field: str) -> Vectors:
    vectors = embedder.embed([f"{row['title']}\n{row[field]}" for row in rows], "passage")
    languages = np.asarray([row["lang"] for row in rows])
    for language in set(languages):
        vectors[languages == language] -= vectors[languages == language].mean(axis=0)
    return unit_rows(vectors)


def _queries(
    embedder: Embedder, texts: list[tuple[str, str]], kind: str, means: Mapping[tuple[str, str], Vectors]
) -> Vectors:
    vectors = embedder.embed([text for text, _ in texts], "query")
    return unit_rows(vectors - np.stack([means[kind, language] for _, language in texts]))


def _mean_ndcg(scores: Vectors, documents: list[dict[str, Any]], judged: list[Mapping[str, int]]) -> float:
    """Exponential gains, logarithmic discount, ten deep."""
    values = []
    for row, grades in zip(scores, judged, strict=True):
        gains = [2 ** grades.get(documents[place]["id"], 0) - 1 for place in np.argsort(-row)[:10]]
        best = sorted((2**grade - 1 for grade in grades.values()), reverse=True)[:10]
        values.append(_discounted(gains) / _discounted(best))
    return round(float(np.mean(values)), 4)


def _discounted(gains: list[int]) -> float:
    return float(sum(gain / np.log2(rank + 2) for rank, gain in enumerate(gains)))


if __name__ == "__main__":
    main()
