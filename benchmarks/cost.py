"""What an upsert and a search cost as the index grows, as a plot: 10⁴, 10⁵ and, where memory allows, 10⁶ vectors.

The vectors are random, since neither cost depends on what they say. An upsert replaces one vector by its new revision,
as a change of a record does, or adds a new one; searches take the best 200, of all and behind a filter that 1 % pass.

Run: python -m benchmarks.cost [--sizes 10000 30000 100000] [--rounds 15] [--plot docs/images/cost.svg]
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np

from benchmarks.measuring import machine, median_ms, seconds

# what both encoders give together
DIMENSION, POOL, ROUNDS = 384 + 512, 200, 15
LABELS = {
    "upsert": "a vector's new revision / 1件の更新",
    "insert": "a new vector / 1件の追加",
    "search": "search of all / 全件の検索",
    "search_filtered": "search where 1 % pass / 1 %に絞った検索",
}


def measure(size: int, rounds: int = ROUNDS) -> dict[str, float]:
    """Medians in milliseconds with so many vectors."""
    from search_api.engine.index.faiss_index import FaissIndex
    from search_api.engine.models.embedder import unit_rows

    random = np.random.default_rng(7)
    index = FaissIndex(DIMENSION)
    for start in range(0, size, 10_000):
        count = min(10_000, size - start)
        index.add(np.arange(start, start + count), unit_rows(random.standard_normal((count, DIMENSION), np.float32)))
    queries = unit_rows(random.normal(size=(rounds, DIMENSION)))
    few = random.random(size) < 0.01
    replaced = iter(random.permutation(size)[:rounds].tolist())

    def upsert(number: int) -> None:
        index.remove(np.asarray([next(replaced)]))
        index.add(np.asarray([size + rounds + number]), queries[number : number + 1])

    def insert(number: int) -> None:
        index.add(np.asarray([size + number]), queries[number : number + 1])

    times = {
        "search": [seconds(lambda q=q: index.search(q, POOL)) for q in queries],
        "search_filtered": [seconds(lambda q=q: index.search(q, POOL, few)) for q in queries],
        "insert": [seconds(lambda n=n: insert(n)) for n in range(rounds)],
        "upsert": [seconds(lambda n=n: upsert(n)) for n in range(rounds)],
    }
    return {name: round(median_ms(values), 3) for name, values in times.items()}


def plot(costs: dict[int, dict[str, float]], file: Path) -> None:
    """Draw the medians over the sizes, both axes logarithmic."""
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams |= {
        "svg.hashsalt": "meguri",
        "svg.fonttype": "none",
        "font.family": ["Noto Sans CJK JP", "DejaVu Sans"],
    }
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7, 4.2))
    for (name, label), mark in zip(LABELS.items(), "osD^", strict=True):
        axes.plot(list(costs), [cost[name] for cost in costs.values()], marker=mark, label=label)
    axes.set(xscale="log", yscale="log", xlabel="vectors / ベクトル数", ylabel="ms (median / 中央値)")
    axes.grid(visible=True, which="both", alpha=0.25)
    axes.legend(frameon=False)
    file.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(file, format="svg", bbox_inches="tight", metadata={"Date": None})


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 30_000, 100_000])
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--plot", type=Path)
    options = parser.parse_args()
    costs = {size: measure(size, options.rounds) for size in options.sizes}
    print(json.dumps({"machine": machine(), "dimension": DIMENSION, "median_ms": costs}, indent=1))
    if options.plot:
        plot(costs, options.plot)


if __name__ == "__main__":
    main()
