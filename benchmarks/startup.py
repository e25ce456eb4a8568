"""How long a person waits for the program: `--help`, a search from a cold start, the server until it is ready.

Run: python -m benchmarks.startup [--rounds 5]
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from benchmarks.measuring import command_seconds, machine, median_ms, meguri
from benchmarks.serving import free_port, stop

TARGETS_MS = {"help": 500, "search from a cold start": 3000, "server ready": 3000}


def corpus_folder(folder: Path) -> Path:
    data = folder / "data"
    subprocess.run(meguri("init", "--data", str(data)), check=True, capture_output=True)
    subprocess.run(meguri("ingest", "corpus", "--data", str(data)), check=True, capture_output=True)
    return data


def server_ready_seconds(data: Path) -> float:
    port = free_port()
    started = time.perf_counter()
    process = subprocess.Popen(
        meguri("serve", "--data", str(data), "--port", str(port)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        while time.perf_counter() - started < 60:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=1)
                return time.perf_counter() - started
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.02)
        raise RuntimeError("the server did not become ready")
    finally:
        stop(process)


def measure(rounds: int) -> dict[str, float]:
    """Medians in milliseconds, the cases in turn in each round."""
    times: dict[str, list[float]] = {name: [] for name in TARGETS_MS}
    with tempfile.TemporaryDirectory() as folder:
        data = corpus_folder(Path(folder))
        search = meguri("search", "天ぷら油を捨てずに使いたい", "--data", str(data))
        for _ in range(rounds):
            times["help"].append(command_seconds(meguri("--help")))
            times["search from a cold start"].append(command_seconds(search))
            times["server ready"].append(server_ready_seconds(data))
    return {name: round(median_ms(values)) for name, values in times.items()}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    medians = measure(parser.parse_args().rounds)
    print(json.dumps({"machine": machine(), "median_ms": medians, "target_ms": TARGETS_MS}, indent=1))


if __name__ == "__main__":
    main()
