"""What a search takes with numpy's products on one thread, as it serves, and on two, in turn in one process.

No HTTP and no model in another process are between: the difference is the threads' alone. A core may be kept busy.

Run: python -m benchmarks.search_threads DATA [--queries 60] [--busy]
"""

from __future__ import annotations

import argparse
import json
import os
import time
from contextlib import nullcontext
from pathlib import Path

from threadpoolctl import threadpool_limits

from benchmarks.measuring import busy_core, machine, median_ms, percentile_ms
from benchmarks.search_http import queries
from search_api.engine.query import Request
from search_api.engine.search import SearchEngine
from search_api.service import reading
from search_api.settings import Settings

THREADS = (1, 2)


def one(engine: SearchEngine, text: str, threads: int) -> tuple[float, float]:
    """Wall time and processor time of a search, in seconds."""
    with threadpool_limits(threads, "blas"):
        started, worked = time.perf_counter(), time.process_time()
        engine.search(Request(text))
        return time.perf_counter() - started, time.process_time() - worked


def measure(engine: SearchEngine, texts: list[str]) -> dict[str, dict[str, float]]:
    """Each query with each number of threads, which goes first changing from query to query."""
    for text in texts[:4]:
        engine.search(Request(text))
    found: dict[int, list[tuple[float, float]]] = {threads: [] for threads in THREADS}
    for number, text in enumerate(texts):
        for threads in THREADS if number % 2 else reversed(THREADS):
            found[threads].append(one(engine, text, threads))
    return {f"{threads} thread(s)": told(times) for threads, times in found.items()}


def told(times: list[tuple[float, float]]) -> dict[str, float]:
    wall, worked = zip(*times, strict=True)
    return {
        "median_ms": round(median_ms(wall), 1),
        "p95_ms": round(percentile_ms(wall, 95), 1),
        "p95_to_median": round(percentile_ms(wall, 95) / median_ms(wall), 2),
        "processor_median_ms": round(median_ms(worked), 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("--queries", type=int, default=60)
    parser.add_argument("--busy", action="store_true", help="keep a core busy meanwhile")
    options = parser.parse_args()
    with reading(Settings(data=options.data)) as service, busy_core() if options.busy else nullcontext():
        times = measure(service.engine, queries(options.queries))
    load = round(os.getloadavg()[0], 1)
    print(json.dumps({"machine": machine(), "load": load, "queries": options.queries} | times, indent=1))


if __name__ == "__main__":
    main()
