"""Our endpoint beside the native Oxigraph server on the same million statements, and beside rdflib on joins.

The queries are the competency questions (corpus/questions), without those that take the native server over 5 seconds.
Each is timed on both servers in turn (the fastest of 3 to 21); those under 2 ms and those over 20 ms on the native one
are then asked by one and by eight clients at a time. Our workers run at the niceness of the native server
(MEGURI_SPARQL_NICE=0), so that other load on the machine counts against both.

Run: python -m benchmarks.sparql_speed [--statements 1000000] [--seconds 5] [--no-rdflib]
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.metadata
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from statistics import geometric_mean, median
from typing import Any

from benchmarks.measuring import machine, meguri, seconds
from benchmarks.serving import free_port, stop
from benchmarks.sparql_clients import Endpoint, answers_in, fastest_seconds, throughput
from benchmarks.sparql_data import large_folder

QUESTIONS = Path("corpus/questions")
JOINS = ("07-know-how-for-my-issue", "11-regions-for-an-offer", "15-offers-of-the-same-kind")
JOIN_STATEMENTS = 150_000  # of which rdflib still answers something
SHORT, LONG = 0.002, 0.020
LIMIT = 5.0  # seconds of a question on the native server, over which it is left out
JOIN_SECONDS = 60.0  # that rdflib gets for a join


def questions() -> dict[str, str]:
    return {file.stem: file.read_text(encoding="utf-8") for file in sorted(QUESTIONS.glob("*.rq"))}


@contextlib.contextmanager
def ours(data: Path) -> Iterator[Endpoint]:
    port = free_port()
    command = meguri("serve", "--data", str(data), "--port", str(port))
    with running(command, f"http://127.0.0.1:{port}/health/live", MEGURI_SPARQL_NICE="0"):
        yield Endpoint("127.0.0.1", port, "/sparql")


def native_binary() -> str:
    """The server of the package `oxigraph`."""
    files = importlib.metadata.files("oxigraph") or []
    return next(str(file.locate()) for file in files if file.name == "oxigraph" and file.parent.name == "bin")


@contextlib.contextmanager
def native(folder: Path, whole: Path) -> Iterator[Endpoint]:
    """The native server, read-only, on a store of its own that was loaded and compacted."""
    binary, port, location = native_binary(), free_port(), str(folder / "native")
    subprocess.run([binary, "load", "--location", location, "--file", str(whole)], check=True, capture_output=True)
    subprocess.run([binary, "optimize", "--location", location], check=True, capture_output=True)
    command = [binary, "serve-read-only", "--location", location, "--bind", f"127.0.0.1:{port}"]
    command += ["--timeout-s", str(round(LIMIT))]
    with running(command, f"http://127.0.0.1:{port}/"):
        yield Endpoint("127.0.0.1", port, "/query")


@contextlib.contextmanager
def running(command: list[str], ready: str, **settings: str) -> Iterator[None]:
    environment = {**os.environ, **settings}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(1200):
            try:
                urllib.request.urlopen(ready, timeout=1).close()
                break
            except OSError:
                if process.poll() is not None:
                    raise RuntimeError(f"ended at its start: {command}") from None
                time.sleep(0.1)
        else:
            raise RuntimeError(f"not ready: {command}")
        yield
    finally:
        stop(process)


def measure(statements: int, spell: float, corpus: Path | None, *, with_rdflib: bool) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        data, whole = large_folder(folder, statements, corpus)
        with native(folder, whole) as theirs, ours(data) as mine:
            fastest_seconds(mine, "ASK {}", 3)
            times = _latencies(mine, theirs)
            report: dict[str, Any] = {"machine": machine(), "load": os.getloadavg()[1], "questions": len(times)}
            report["latency"] = _classes(times)
            report["throughput"] = _throughputs(mine, theirs, times, spell)
            report |= _worker(data)
            if with_rdflib:
                report["joins"] = _joins(folder / "joins", corpus)
    return report


def _latencies(mine: Endpoint, theirs: Endpoint) -> dict[str, tuple[float, float]]:
    times = {}
    for name, query in questions().items():
        if not answers_in(theirs, query, LIMIT):
            print(f"{name}: left out, over {LIMIT:.0f} s on the native server", file=sys.stderr)
            continue
        times[name] = (fastest_seconds(mine, query, 21), fastest_seconds(theirs, query, 21))
        print(f"{name}: ours {times[name][0] * 1e3:.1f} ms, native {times[name][1] * 1e3:.1f} ms", file=sys.stderr)
    return times


def _named_classes(times: dict[str, tuple[float, float]]) -> dict[str, list[str]]:
    return {
        "under 2 ms": [n for n, (_, t) in times.items() if t < SHORT],
        "2 to 20 ms": [n for n, (_, t) in times.items() if SHORT <= t <= LONG],
        "over 20 ms": [n for n, (_, t) in times.items() if t > LONG],
    }


def _classes(times: dict[str, tuple[float, float]]) -> dict[str, Any]:
    """Per class: how many questions, and native time by ours (1 is as fast, below is slower), geometric mean."""
    return {
        name: {"questions": len(members), "ratio": round(geometric_mean(times[n][1] / times[n][0] for n in members), 2)}
        for name, members in _named_classes(times).items()
        if members
    }


def _throughputs(
    mine: Endpoint, theirs: Endpoint, times: dict[str, tuple[float, float]], spell: float
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, members in _named_classes(times).items():
        chosen = [questions()[n] for n in members if times[n][1] < spell / 4]
        if not chosen or name == "2 to 20 ms":
            continue
        for clients in (1, 8):
            a, b = throughput(mine, chosen, clients, spell), throughput(theirs, chosen, clients, spell)
            found[f"{name}, {clients} clients"] = {"ours": round(a, 1), "native": round(b, 1), "ratio": round(a / b, 2)}
    return found


def _worker(data: Path) -> dict[str, Any]:
    """The start of a worker to its first answer, and its memory when it waits."""
    import asyncio

    from kg.snapshots import Snapshots
    from kg.sparql.pool import QueryPool
    from kg.sparql.question import Limits, Question

    starts, memory = [], 0.0
    for _ in range(9):
        pool = QueryPool(Snapshots(data / "snapshots"), Limits(workers=1, nice=0))

        async def first(pool: QueryPool = pool) -> None:
            async with pool.ask(Question("ASK { ?s ?p ?o }")) as answer:
                await answer.read()

        starts.append(seconds(lambda first=first: asyncio.run(first())))
        (pid,) = pool.idle_pids
        resident = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if "VmRSS" in line)
        memory = int(resident.split()[1]) / 1000
        pool.close()
    return {"worker_start_ms": round(median(starts) * 1e3), "idle_worker_mb": round(memory, 1)}


def _joins(folder: Path, corpus: Path | None) -> dict[str, Any]:
    """Our endpoint and rdflib's memory store on the same smaller graph; rdflib gets a minute for each join."""
    folder.mkdir()
    data, whole = large_folder(folder, JOIN_STATEMENTS, corpus)
    found = {}
    for name in JOINS:
        query = questions()[name]
        with ours(data) as mine:
            fastest_seconds(mine, "ASK {}", 3)
            spent = fastest_seconds(mine, query, 5)
        command = [sys.executable, "-m", "benchmarks.rdflib_join", str(whole), name, str(JOIN_SECONDS)]
        theirs, ended = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
        at_least = "" if ended else "at least "
        found[name] = (
            f"{at_least}{theirs / spent:.0f} times: rdflib {at_least}{theirs:.1f} s, ours {spent * 1e3:.1f} ms"
        )
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--statements", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=float, default=5.0, help="of each throughput run")
    parser.add_argument("--corpus", type=Path, help="a data folder with the corpus, to be copied instead of made")
    parser.add_argument("--no-rdflib", action="store_true")
    options = parser.parse_args()
    print(
        json.dumps(
            measure(options.statements, options.seconds, options.corpus, with_rdflib=not options.no_rdflib), indent=1
        )
    )


if __name__ == "__main__":
    main()
