"""Memory of an ingestion against the size of its file: ``python -m benchmarks.registrations_memory [ROWS …]``.

Each size is ingested by a process of its own into a store on the disk; told are the peak of resident memory of that
process (RocksDB's own included) and the largest of its workers. A line every ``_STEP`` rows shows how it grows.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.measuring import machine, memory
from benchmarks.registrations import written
from ingest.columns import load_columns
from ingest.pipeline import Ingestion, Options
from kg.namespaces import DEFAULT_BASE
from kg.ontology_load import load_ontology
from kg.oxigraph_store import OxigraphStore

SIZES = (50_000, 500_000)
_STEP = 50_000


def measure(rows: int, folder: Path) -> None:
    """One ingestion in this process."""
    path = written(folder / "rows.csv", rows)
    graph = OxigraphStore(folder / "graph")
    load_ontology(graph)
    options = Options(load_columns(), journals=folder / "ingestions")
    run = Ingestion(graph, DEFAULT_BASE, options, "benchmark")
    started, told = time.perf_counter(), 0

    def tell(_: str, done: int) -> None:
        nonlocal told
        if done // _STEP > told:
            told = done // _STEP
            resident = memory(os.getpid()).get("resident_mb", 0)
            print(f"  {done:,} rows: {resident} MB resident, {time.perf_counter() - started:.0f} s", flush=True)

    summary = run.ingest(path, tell).summary
    run.close()
    graph.close()
    own, workers = (
        resource.getrusage(who).ru_maxrss // 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    wall, size = time.perf_counter() - started, path.stat().st_size // 2**20
    print(
        f"{rows:,} rows ({size} MB): peak {own} MB, {workers} MB in the largest worker;"
        f" {summary['valid']:,} stored in {wall:.0f} s ({time.process_time():.0f} s of this process)"
    )


def main(arguments: list[str]) -> None:
    if arguments[:1] == ["--one"]:
        with tempfile.TemporaryDirectory() as folder:
            measure(int(arguments[1]), Path(folder))
        return
    print(machine())
    for rows in map(int, arguments or map(str, SIZES)):
        subprocess.run([sys.executable, "-m", "benchmarks.registrations_memory", "--one", str(rows)], check=True)


if __name__ == "__main__":
    main(sys.argv[1:])
