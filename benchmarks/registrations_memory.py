"""Memory of an ingestion against the size of its file: ``python -m benchmarks.registrations_memory [ROWS …]``.

Each size is ingested by a process of its own into a store on the disk; told are the peak of resident memory of that
process (RocksDB's own included) and the largest of its workers. A line every ``_STEP`` rows shows how it grows, and
how many blocks Python itself holds: what grows beside them is RocksDB's. ``--workers N`` drafts in N processes
(1: none beside this one). ``--workbook ROWS`` tells what reading the same rows from an XLSX takes, nothing committed.
"""

from __future__ import annotations

import argparse
import csv
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import openpyxl

from benchmarks.measuring import machine, memory
from benchmarks.registrations import written
from ingest.columns import load_columns
from ingest.limits import DEFAULT_LIMITS
from ingest.pipeline import Ingestion, Options
from ingest.readers.open_file import open_file
from ingest.sheets import plan_file, records_of
from kg.namespaces import DEFAULT_BASE
from kg.ontology_load import load_ontology
from kg.oxigraph_store import OxigraphStore

SIZES = (50_000, 500_000)
_STEP = 50_000


def measure(rows: int, folder: Path, workers: int | None) -> None:
    """One ingestion in this process."""
    path = written(folder / "rows.csv", rows)
    graph = OxigraphStore(folder / "graph")
    load_ontology(graph)
    options = Options(load_columns(), journals=folder / "ingestions", workers=workers)
    run = Ingestion(graph, DEFAULT_BASE, options, "benchmark")
    started, told = time.perf_counter(), 0

    def tell(_: str, done: int) -> None:
        nonlocal told
        if done // _STEP > told:
            told = done // _STEP
            resident = memory(os.getpid()).get("resident_mb", 0)
            print(
                f"  {done:,} rows: {resident} MB resident, {sys.getallocatedblocks():,} blocks of Python's,"
                f" {time.perf_counter() - started:.0f} s, {time.process_time():.0f} s of this process",
                flush=True,
            )

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


def measure_workbook(path: Path) -> None:
    """Read all rows of a workbook in this process, as an ingestion does before it commits."""
    columns, started = load_columns(), time.perf_counter()
    before = memory(os.getpid()).get("resident_mb", 0)
    file = open_file(path, DEFAULT_LIMITS)
    plan = plan_file(file, None, columns, DEFAULT_LIMITS)
    rows = sum(1 for sheet in plan.sheets for _ in records_of(file, sheet, DEFAULT_LIMITS))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    size = path.stat().st_size / 2**20
    seconds = time.perf_counter() - started
    print(f"{rows:,} rows of a workbook ({size:.1f} MB): peak {peak} MB, {before} MB before; {seconds:.1f} s")


def as_workbook(source: Path) -> Path:
    """A CSV saved as XLSX, each cell a text."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("登録")
    with source.open(encoding="utf-8", newline="") as file:
        for row in csv.reader(file):
            sheet.append(row)
    path = source.with_suffix(".xlsx")
    book.save(path)
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", nargs="*", type=int, default=SIZES)
    parser.add_argument("--workers", type=int)
    parser.add_argument("--workbook", type=int)
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.read:
        measure_workbook(chosen.read)
        return
    with tempfile.TemporaryDirectory() as folder:
        if chosen.one:
            measure(chosen.one, Path(folder), chosen.workers)
            return
        print(machine(), flush=True)
        if chosen.workbook:
            _in_a_process("--read", str(as_workbook(written(Path(folder) / "rows.csv", chosen.workbook))))
            return
    for rows in chosen.rows:
        _in_a_process("--one", str(rows), *(["--workers", str(chosen.workers)] if chosen.workers else []))


def _in_a_process(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "benchmarks.registrations_memory", *arguments], check=True)


if __name__ == "__main__":
    main()
