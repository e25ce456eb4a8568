"""Run as a program: ingests a file and prints how many rows are done after each batch, so that a test can kill it."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from ingest import parallel
from ingest.columns import load_columns
from ingest.pipeline import Ingestion, Options
from kg.oxigraph_store import OxigraphStore
from tests.ingest.support import BASE


def main() -> None:
    graph, journals, file = map(Path, sys.argv[1:4])
    parallel.BATCH = 20
    store = OxigraphStore(graph)
    run = Ingestion(store, BASE, Options(load_columns(), journals=journals, workers=1), "tests")
    report = run.ingest(file, lambda _, done: say(done=done))
    say(resumed=report.resumed, report=report.as_json())
    run.close()
    store.close()


def say(**what: object) -> None:
    os.write(1, (json.dumps(what) + "\n").encode())


if __name__ == "__main__":
    main()
