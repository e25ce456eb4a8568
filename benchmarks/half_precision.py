"""What half precision costs and saves: the index that ships beside FAISS's flat one in full precision, in one run.

Random vectors tell the time of a scan (of all, and behind filters that a half and 1 % pass) and the memory; an index's
own vectors and the evaluation's queries tell how many of the best are the same, alone and among noisy copies of the
same vectors. The index is opened for reading, and its vectors are centred anew from the stored embeddings, which are in
full precision.

Run: python -m benchmarks.half_precision [--sizes 10000 100000] [--rounds 40] [--data DATA]
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.measuring import machine, median_ms, seconds
from search_api.engine.index.faiss_index import FaissIndex
from search_api.engine.index.search_index import SearchIndex
from search_api.engine.index.vectors import ExactIndex, Ids, Mask, Vectors
from search_api.engine.models.embedder import unit_blocks, unit_rows

DIMENSION, POOL = 384 + 512, 200
QUERIES = Path("corpus/evaluation/queries.jsonl")


class Flat:
    """FAISS's scan in full precision behind the same id map, as the index was before."""

    def __init__(self, dimension: int) -> None:
        import faiss

        self._faiss: Any = faiss
        self._index: Any = faiss.IndexIDMap2(faiss.IndexFlatIP(dimension))

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """Add vectors under new ids."""
        self._index.add_with_ids(vectors, ids)

    def search(self, query: Vectors, k: int, allowed: Mask | None = None) -> None:
        """Look for the best; what is found is of no interest here."""
        parameters = None
        if allowed is not None:
            bitmap = np.packbits(allowed, bitorder="little")
            selector = self._faiss.IDSelectorBitmap(len(bitmap), self._faiss.swig_ptr(bitmap))
            parameters = self._faiss.SearchParameters(sel=selector)
        self._index.search(query.reshape(1, -1), k, params=parameters)


def speed(size: int, rounds: int) -> dict[str, Any]:
    """Medians in milliseconds of both, each query in turn, and their ratio, by how many pass the filter."""
    random = np.random.default_rng(7)
    flat, half = Flat(DIMENSION), FaissIndex(DIMENSION)
    for start in range(0, size, 10_000):
        ids = np.arange(start, min(start + 10_000, size))
        vectors = unit_rows(random.standard_normal((len(ids), DIMENSION), np.float32))
        flat.add(ids, vectors)
        half.add(ids, vectors)
    queries = unit_rows(random.standard_normal((rounds, DIMENSION), np.float32))
    masks = {"all": None, "half_pass": random.random(size) < 0.5, "1%_pass": random.random(size) < 0.01}
    return {name: _in_turn(flat, half, queries, mask) for name, mask in masks.items()}


def _in_turn(flat: Flat, half: FaissIndex, queries: Vectors, mask: Mask | None) -> dict[str, float]:
    pairs = [
        (seconds(lambda q=q: flat.search(q, POOL, mask)), seconds(lambda q=q: half.search(q, POOL, mask)))
        for q in queries
    ]
    full, ours = median_ms([a for a, _ in pairs]), median_ms([b for _, b in pairs])
    return {"full_ms": round(full, 3), "half_ms": round(ours, 3), "ratio": round(ours / full, 2)}


def agreement(vectors: Vectors, queries: list[Vectors]) -> dict[str, Any]:
    """How many of the best 10 and 200 are the same, and how far scores are apart."""
    exact, half = ExactIndex(vectors.shape[1]), FaissIndex(vectors.shape[1])
    for each in (exact, half):
        each.add(np.arange(len(vectors)), vectors)
    shares: dict[int, list[float]] = {10: [], POOL: []}
    apart = 0.0
    for query in queries:
        wanted, found = exact.search(query, POOL), half.search(query, POOL)
        for k, values in shares.items():
            values.append(len(set(wanted[0][:k]) & set(found[0][:k])) / min(k, len(exact)))
        # the k-th best of one beside the k-th best of the other, whichever entries they are
        apart = max(apart, float(np.abs(wanted[1] - found[1]).max()))
    same = {f"best_{k}_same": round(float(np.mean(values)), 5) for k, values in shares.items()}
    return {"entries": len(exact), "queries": len(queries)} | same | {"scores_apart": float(f"{apart:.1e}")}


def _with_copies(real: Vectors, blocks: tuple[int, ...], size: int) -> Vectors:
    """The vectors and noisy copies of them, as many as ``size`` in all."""
    noise = np.random.default_rng(7)
    copies = real[noise.integers(0, len(real), max(size - len(real), 0))]
    copies = copies + noise.normal(0, 0.02, copies.shape).astype(np.float32)
    return np.concatenate([real, unit_blocks(copies, blocks)])


def _queries(index: SearchIndex) -> Iterator[Vectors]:
    rows = [json.loads(line) for line in QUERIES.read_text(encoding="utf-8").splitlines() if line]
    for row, vector in zip(rows, index.query_vectors([row["text"] for row in rows]), strict=True):
        yield index.balanced(vector, "query", row["lang"])


def real(data: Path, sizes: list[int]) -> list[dict[str, Any]]:
    """``agreement`` of a data folder's index, alone and with copies up to these sizes."""
    from search_api.engine.models.loading import load_model
    from search_api.service import reading
    from search_api.settings import Settings

    settings = Settings(data=data)
    with reading(settings) as service:
        vectors = np.concatenate([part for _, part in service.index.fresh_vectors()])
        queries = list(_queries(service.index))
    blocks = load_model(settings.model, settings.models).embedder.blocks
    return [agreement(_with_copies(vectors, blocks, size), queries) for size in (0, *sizes)]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--data", type=Path)
    options = parser.parse_args()
    result: dict[str, Any] = {"machine": machine()}
    result |= {str(size): speed(size, options.rounds) for size in options.sizes}
    if options.data:
        result["real"] = real(options.data, options.sizes)
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
