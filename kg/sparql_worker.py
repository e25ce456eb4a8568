"""The process that runs one query: ``python -m kg.sparql_worker SNAPSHOT RESULTS GRAPH < query > answer``."""

from __future__ import annotations

import sys
from pathlib import Path

from kg.errors import MeguriError
from kg.oxigraph_store import OxigraphStore


def main() -> int:
    """0 with the answer on stdout, 1 with the reason on stderr."""
    snapshot, results_format, graph_format = sys.argv[1:4]
    try:
        store = OxigraphStore(Path(snapshot), read_only=True)
        answer = store.serialized(sys.stdin.buffer.read().decode(), results_format, graph_format)
    except (MeguriError, ValueError, RuntimeError, OSError) as error:
        sys.stderr.write(str(error))
        return 1
    sys.stdout.buffer.write(answer)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
