"""One question on rdflib's memory store: the seconds that it takes, with a tenth of the copies and the ontology loaded.

Run by benchmarks.sparql_speed: python -m benchmarks.rdflib_join COPIES.nq QUESTION SECONDS; prints the seconds and
whether it came to its end within SECONDS.
"""

from __future__ import annotations

import json
import signal
import sys
import time
from itertools import islice
from pathlib import Path

from rdflib import Graph

STATEMENTS = 100_000


def main() -> None:
    copies, question, most = sys.argv[1:4]
    graph = Graph()
    for file in [*Path("ontology").glob("*.ttl"), *Path("ontology").glob("*/*.ttl")]:
        graph.parse(file)
    with Path(copies).open(encoding="utf-8") as lines:
        # the lines come in pairs: in the default graph, and in the record's
        graph.parse(data="".join(islice(lines, 0, 2 * STATEMENTS, 2)), format="nt")
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
