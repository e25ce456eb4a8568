"""How long a posted registration takes: to its answer, to being found by search, to being seen by SPARQL.

A real server on the corpus, over HTTP. The first registrations after a start, sent as soon as the server is ready and
three seconds later, are told apart from those that follow. Search and SPARQL are asked over and over until they know
the new record, so each time includes the request that found it.

Run: python -m benchmarks.posting [--posts 20] [--starts 3] [--keep FOLDER]
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from benchmarks.measuring import machine
from benchmarks.serving import serving
from benchmarks.startup import corpus_folder

TOKEN = "benchmark"
WORDS = ("水車小屋", "棚田", "古民家", "林道", "灯台", "養殖場", "石切場", "茶畑", "味噌蔵", "学校林", "温泉", "渡船場")
GIVE_UP = 30.0


def ask(address: str, path: str, body: bytes | None = None, **headers: str) -> Any:
    request = urllib.request.Request(f"{address}{path}", body, headers)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def post(address: str, name: str) -> None:
    """Register one issue."""
    number = sum(map(ord, name))
    record = {
        "kind": "issue",
        "id": name,
        "issue": f"{WORDS[number % len(WORDS)]}の手入れをする人が足りない {name}",
        "description": f"{WORDS[number % len(WORDS)]}を守ってきた人が高齢になり、手入れが続けられない。{name}",
        "prefecture": "東京都",
        "municipality": "府中市",
    }
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    answer = ask(address, "/api/v1/registrations", json.dumps(record).encode(), **headers)
    assert answer["rows"][0]["status"] == "valid", answer


def until(holds: Callable[[], bool], started: float) -> float:
    """Seconds from ``started`` until it holds; RuntimeError where it does not come to."""
    while time.perf_counter() - started < GIVE_UP:
        if holds():
            return time.perf_counter() - started
        time.sleep(0.03)
    raise RuntimeError("the registration was not found")


def searched(address: str, name: str) -> bool:
    query = urllib.parse.urlencode({"q": f"手入れをする人が足りない {name}", "find": "issue", "limit": 20})
    return any(found["id"] == f"issue-{name}" for found in ask(address, f"/api/v1/search?{query}")["results"])


def selected(address: str, name: str) -> bool:
    query = f'ASK {{ ?issue <http://purl.org/dc/terms/identifier> "{name}" }}'
    path = "/sparql?" + urllib.parse.urlencode({"query": query, "format": "json"})
    return bool(ask(address, path)["boolean"])


def one(address: str, name: str) -> dict[str, float]:
    """Post one registration and wait for it, both ways at once; seconds since it was sent."""
    started = time.perf_counter()
    post(address, name)
    answered = time.perf_counter() - started
    with ThreadPoolExecutor(2) as pool:
        search = pool.submit(until, lambda: searched(address, name), started)
        sparql = pool.submit(until, lambda: selected(address, name), started)
        return {"answered": answered, "searched": search.result(), "selected": sparql.result()}


def told(times: list[dict[str, float]]) -> dict[str, dict[str, float]]:
    """Median and worst of each, in seconds."""
    return {
        what: {
            "median": round(statistics.median(t[what] for t in times), 3),
            "worst": round(max(t[what] for t in times), 3),
        }
        for what in ("answered", "searched", "selected")
    }


def measure(data: Path, posts: int, starts: int) -> dict[str, object]:
    """The first registrations after so many starts, and those that followed the last one."""
    at_once, soon, later = [], [], []
    for start in range(starts):
        with serving(data, MEGURI_API_TOKEN=TOKEN) as (address, _):
            at_once.append(one(address, f"ATONCE{start}"))
        with serving(data, MEGURI_API_TOKEN=TOKEN) as (address, _):
            time.sleep(3)
            soon.append(one(address, f"SOON{start}"))
            if start == starts - 1:
                later = [one(address, f"LATER{number}") for number in range(posts)]
    times = {"first, at once": told(at_once), "first, after three seconds": told(soon), "later": told(later)}
    return {"machine": machine(), "posts": posts, "starts": starts} | times


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--posts", type=int, default=20)
    parser.add_argument("--starts", type=int, default=3)
    parser.add_argument("--keep", type=Path, help="make the data folder here, and start from it again the next time")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        kept = options.keep or Path(folder)
        kept.mkdir(parents=True, exist_ok=True)
        made = kept / "data" if (kept / "data").exists() else corpus_folder(kept)
        # what is posted must be new each time
        data = Path(folder) / "posted"
        shutil.copytree(made, data)
        print(json.dumps(measure(data, options.posts, options.starts), indent=1))


if __name__ == "__main__":
    main()
