"""Runs all benchmarks in turn: ``python -m benchmarks`` (or `make bench`); docs/benchmarks.md says what they mean."""

from __future__ import annotations

import subprocess
import sys

ALL = (
    "benchmarks.embedding",
    "benchmarks.startup",
    "benchmarks.extraction",
    "benchmarks.search_http",
    "benchmarks.registrations",
    "benchmarks.pdf_text",
    "benchmarks.pdf_long",
    "benchmarks.posting",
    "benchmarks.cost",
    "benchmarks.editions",
    "benchmarks.sparql_hostile",
    "benchmarks.sparql_speed",
)

if __name__ == "__main__":
    for module in ALL:
        print(f"── {module}", flush=True)
        subprocess.run([sys.executable, "-m", module], check=True)
