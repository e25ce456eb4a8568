"""One question on rdflib's memory store, which holds the default graph of N-Quads.

Run by benchmarks.sparql_speed: python -m benchmarks.rdflib_join WHOLE.nq QUESTION SECONDS; prints the seconds that the
question took, and whether it came to its end within SECONDS.
"""

from __future__ import annotations

import json
import signal
import sys
import time
from pathlib import Path

import pyoxigraph as ox
from rdflib import Graph


def main() -> None:
    whole, question, most = sys.argv[1:4]
    quads = ox.parse(path=whole, format=ox.RdfFormat.N_QUADS)
    published = (quad.triple for quad in quads if isinstance(quad.graph_name, ox.DefaultGraph))
    graph = Graph()
    graph.parse(data=ox.serialize(published, format=ox.RdfFormat.N_TRIPLES), format="nt")
    query = Path(f"corpus/questions/{question}.rq").read_text(encoding="utf-8")
    signal.signal(signal.SIGALRM, _over)
    signal.setitimer(signal.ITIMER_REAL, float(most))
    started = time.perf_counter()
    try:
        list(graph.query(query))
        ended = True
    except TimeoutError:
        ended = False
    signal.setitimer(signal.ITIMER_REAL, 0)
    print(json.dumps([time.perf_counter() - started, ended]))


def _over(number: int, frame: object) -> None:
    raise TimeoutError


if __name__ == "__main__":
    main()
