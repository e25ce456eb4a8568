"""What a search notices of eight clients that send hostile queries, and whether each of these ends in its time.

The clients have addresses of their own (127.0.0.11 to .18), so the share of one client does not keep the others out.
Each sends the queries of benchmarks/hostile, a giant VALUES and a deep nesting, one after the other, without a pause.

Run: python -m benchmarks.sparql_hostile [--statements 300000] [--deadline 3] [--searches 60]
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import subprocess
import tempfile
import threading
import time
import urllib.parse
import urllib.request
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.measuring import machine, median_ms, meguri, seconds
from benchmarks.serving import free_port, stop
from benchmarks.sparql_data import large_folder

CLIENTS = 8
GRACE = 1.0
TEXTS = ("天ぷら油を捨てずに使いたい", "wood chips for a swimming pool", "高齢者の見守り", "food waste into compost")


def hostile_queries() -> dict[str, str]:
    found = {file.stem: file.read_text(encoding="utf-8") for file in sorted(Path("benchmarks/hostile").glob("*.rq"))}
    values = " ".join(str(n) for n in range(100_000))
    found["giant-values"] = f"SELECT (COUNT(*) AS ?n) {{ VALUES ?x {{ {values} }} VALUES ?y {{ {values[:200_000]} }} }}"
    found["deep-nesting"] = "SELECT * {" + "{" * 100_000 + "}" * 100_000 + "}"
    found["long-alternation"] = "SELECT * { FILTER(" + "||".join(["1=2"] * 100_000) + ") }"
    return found


@dataclass
class Attack:
    """Eight clients, until they are told to stop, with what became of their queries."""

    port: int
    deadline: float
    over: threading.Event = field(default_factory=threading.Event)
    ends: Counter[str] = field(default_factory=Counter)
    slowest: dict[str, float] = field(default_factory=dict)

    def run(self, number: int) -> None:
        """One client."""
        queries = [(name, urllib.parse.urlencode({"query": query})) for name, query in hostile_queries().items()]
        at = number
        while not self.over.is_set():
            name, body = queries[at % len(queries)]
            started = time.perf_counter()
            status = self._send(number, body)
            spent = time.perf_counter() - started
            self.ends[status] += 1
            self.slowest[name] = max(spent, self.slowest.get(name, 0.0))
            at += 1

    def _send(self, number: int, body: str) -> str:
        source = (f"127.0.0.{11 + number}", 0)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60, source_address=source)
        try:
            connection.request("POST", "/sparql", body, {"Content-Type": "application/x-www-form-urlencoded"})
            response = connection.getresponse()
            response.read()
            return str(response.status)
        except http.client.IncompleteRead:
            return "broken off"
        except (http.client.HTTPException, OSError) as error:
            return type(error).__name__
        finally:
            connection.close()


def measure(statements: int, deadline: float, searches: int, corpus: Path | None) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        data, _ = large_folder(Path(folder), statements, corpus)
        port = free_port()
        environment = {**os.environ, "MEGURI_SPARQL_SECONDS": str(deadline)}
        command = meguri("serve", "--data", str(data), "--port", str(port))
        server = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
        try:
            _wait(port, server)
            return {"machine": machine(), "statements": statements, **_compare(port, deadline, searches)}
        finally:
            stop(server)


def _compare(port: int, deadline: float, searches: int) -> dict[str, Any]:
    _searches(port, 20)
    before = median_ms(_searches(port, searches))
    attack = Attack(port, deadline)
    threads = [threading.Thread(target=attack.run, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    time.sleep(1)
    begun = time.perf_counter()
    times: list[float] = []
    while len(times) < searches or time.perf_counter() - begun < 4 * deadline:
        times += _searches(port, 4)
    attack.over.set()
    for thread in threads:
        thread.join()
    after = median_ms(_searches(port, searches))
    attacked = median_ms(times)
    return {
        "load": os.getloadavg()[0],
        "search_before_ms": round(before, 1),
        "search_attacked_ms": round(attacked, 1),
        "search_after_ms": round(after, 1),
        "ratio": round(attacked / min(before, after), 2),
        "hostile_queries": dict(attack.ends),
        "slowest_s": {name: round(spent, 2) for name, spent in sorted(attack.slowest.items())},
        "allowed_s": deadline + GRACE,
        "all_in_time": max(attack.slowest.values()) <= deadline + GRACE,
    }


def _searches(port: int, count: int) -> list[float]:
    def search(text: str) -> None:
        address = f"http://127.0.0.1:{port}/api/v1/search?" + urllib.parse.urlencode({"q": text})
        urllib.request.urlopen(address, timeout=60).read()

    texts = [TEXTS[number % len(TEXTS)] for number in range(count)]
    return [seconds(lambda text=text: search(text)) for text in texts]


def _wait(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(1200):
        if server.poll() is not None:
            break
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=5).close()
            return
        except (TimeoutError, OSError):
            time.sleep(0.1)
    raise RuntimeError("the server did not become ready; `meguri doctor` on the data folder says why")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--statements", type=int, default=300_000)
    parser.add_argument("--deadline", type=float, default=3.0)
    parser.add_argument("--searches", type=int, default=60)
    parser.add_argument("--corpus", type=Path, help="a data folder with the corpus, to be copied instead of made")
    options = parser.parse_args()
    print(
        json.dumps(
            measure(options.statements, options.deadline, options.searches, options.corpus),
            indent=1,
            ensure_ascii=False,
        )
    )


if __name__ == "__main__":
    main()
