"""One question on rdflib's memory store: the seconds that it takes, with a tenth of the copies and the ontology loaded.

Run by benchmarks.sparql_speed: python -m benchmarks.rdflib_join COPIES.nq QUESTION
"""

from __future__ import annotations

import sys
import time
from itertools import islice
from pathlib import Path

from rdflib import Graph

STATEMENTS = 100_000


def main() -> None:
    copies, question = sys.argv[1:3]
    graph = Graph()
    for file in [*Path("ontology").glob("*.ttl"), *Path("ontology").glob("*/*.ttl")]:
        graph.parse(file)
    with Path(copies).open(encoding="utf-8") as lines:
        # the lines come in pairs: in the default graph, and in the record's
        graph.parse(data="".join(islice(lines, 0, 2 * STATEMENTS, 2)), format="nt")
    query = Path(f"corpus/questions/{question}.rq").read_text(encoding="utf-8")
    started = time.perf_counter()
    list(graph.query(query))
    print(time.perf_counter() - started)


if __name__ == "__main__":
    main()
