"""How long the publication of an edition takes, whatever the size of the graph: ``python -m benchmarks editions``.

Publication is what makes an edition citable; sealing (sorting, hashing, dumps) follows and grows with the graph.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from kg.edition_seal import seal
from kg.folder import DataFolder
from kg.namespaces import DEFAULT_BASE
from kg.oxigraph_store import OxigraphStore

SIZES = (50_000, 500_000)
ROUNDS = 5


def main() -> None:
    """Print a table."""
    sys.stdout.write("| statements | publication (median of 5) | sealing, once | N-Quads dump |\n|---|---|---|---|\n")
    for size in SIZES:
        with tempfile.TemporaryDirectory() as root:
            sys.stdout.write(_row(Path(root), size))


def _row(root: Path, size: int) -> str:
    folder = _folder(root, size)
    editions = folder.editions()
    times = [_timed(lambda: editions.publish(folder.snapshots)) for _ in range(ROUNDS)]
    sealing = _timed(lambda: seal(editions, 1))
    megabytes = editions.get(1).dumps["nq"].bytes / 1e6
    return f"| {size:,} | {median(times) * 1000:.0f} ms | {sealing:.1f} s | {megabytes:.1f} MB |\n"


def _folder(root: Path, size: int) -> DataFolder:
    """A data folder with a graph of so many quads, half of them in the default graph."""
    chance = random.Random(7)
    file = root / "graph.nq"
    with file.open("w", encoding="utf-8") as out:
        for number in range(size // 2):
            record = f"<{DEFAULT_BASE}technology-T{number // 10}>"
            said = f'{record} <https://w3id.org/meguri/ces#p{number % 10}> "{chance.getrandbits(80):x} 天ぷら油"@ja'
            out.write(f"{said} .\n{said} {record} .\n")
    (root / "data").mkdir()
    folder = DataFolder(root / "data", DEFAULT_BASE)
    store = OxigraphStore(root / "data" / "graph")
    store.load_nquads(file)
    folder.snapshots.publish(store)
    store.close()
    return folder


def _timed(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
