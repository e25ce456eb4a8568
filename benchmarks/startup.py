"""How long a person waits for the program: `--help`, a search from a cold start, the server until it is ready.

Run: python -m benchmarks.startup [--rounds 5]
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
import time
from pathlib import Path

from benchmarks.measuring import cpu_until_now, machine, median_ms, meguri, timed
from benchmarks.serving import serving

TARGETS_MS = {"help": 500, "search from a cold start": 3000, "server ready": 3000}


def corpus_folder(folder: Path) -> Path:
    data = folder / "data"
    subprocess.run(meguri("init", "--data", str(data)), check=True, capture_output=True)
    subprocess.run(meguri("ingest", "corpus", "--data", str(data)), check=True, capture_output=True)
    return data


def server_ready(data: Path) -> tuple[float, float]:
    """Wall time until a server is ready, and the processor time that it took until then."""
    started = time.perf_counter()
    with serving(data) as (_, process):
        return time.perf_counter() - started, cpu_until_now(process.pid)


def measure(rounds: int) -> dict[str, float]:
    """Medians in milliseconds, the cases in turn in each round; processor time beside the wall time."""
    times: dict[str, list[float]] = {name: [] for case in TARGETS_MS for name in (case, f"{case}, processor time")}
    with tempfile.TemporaryDirectory() as folder:
        data = corpus_folder(Path(folder))
        search = meguri("search", "天ぷら油を捨てずに使いたい", "--data", str(data))
        for _ in range(rounds):
            for name, took in zip(times, timed(meguri("--help")), strict=False):
                times[name].append(took)
            for name, took in zip(list(times)[2:], (*timed(search), *server_ready(data)), strict=True):
                times[name].append(took)
    return {name: round(median_ms(values)) for name, values in times.items()}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    medians = measure(parser.parse_args().rounds)
    print(json.dumps({"machine": machine(), "median_ms": medians, "target_ms": TARGETS_MS}, indent=1))


if __name__ == "__main__":
    main()
