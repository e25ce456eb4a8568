"""A PDF of 2,000 pages beside one of 200: time and memory of its text, of its statements, and of storing it.

Memory is flat where ten times the pages do not take ten times of it. `text` is the reader alone, `dry_run` a
`meguri ingest --dry-run` (passages, mentions, statements), `ingest` (with --store) the whole, which embeds every
passage. The process that reads the PDF is told apart from the command.

Run: python -m benchmarks.pdf_long [--pages 200 2000] [--store] [--keep FOLDER]
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from benchmarks.measuring import machine, meguri
from benchmarks.pdf_samples import printed_book
from benchmarks.pdf_text import page_count

READ = "from ingest.readers.document_text import read_document_text"


def resident(pid: int) -> int:
    """Resident memory of a process in MB; 0 once it has ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) // 1024 for line in lines if line.startswith("VmRSS")), 0)


def children(pid: int) -> list[int]:
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        return [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except OSError:
        return []


class Watch:
    """Peaks of a process and of the processes that it starts, looked at twenty times a second."""

    def __init__(self, pid: int) -> None:
        self.own = self.readers = 0
        self._pid, self._ended = pid, threading.Event()
        self._thread = threading.Thread(target=self._look)
        self._thread.start()

    def _look(self) -> None:
        while not self._ended.wait(0.05):
            self.own = max(self.own, resident(self._pid))
            self.readers = max([self.readers, *map(resident, children(self._pid))])

    def close(self) -> None:
        """Stop looking."""
        self._ended.set()
        self._thread.join()


def watched(command: list[str]) -> dict[str, object]:
    """One command: wall and processor time, peaks of memory in MB."""
    before, started = os.times(), time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    watch = Watch(process.pid)
    code = process.wait()
    watch.close()
    after = os.times()
    assert code == 0, code
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return {
        "seconds": round(time.perf_counter() - started, 1),
        "processor_seconds": round(used, 1),
        "peak_mb_of_the_command": watch.own,
        "peak_mb_of_the_reader": watch.readers,
    }


def measure(size: int, folder: Path, *, store: bool) -> dict[str, object]:
    """One size, through each of the ways."""
    file = folder / "documents" / f"plan-{size}.pdf"
    if not file.exists():
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(printed_book(size))
    text = f"from pathlib import Path; {READ}; read_document_text(Path({str(file)!r}))"
    found: dict[str, object] = {
        "pages": page_count(file.read_bytes()),
        "megabytes": round(file.stat().st_size / 1e6, 1),
        "text": watched([sys.executable, "-c", text]),
        "dry_run": watched(meguri("ingest", str(file), "--dry-run")),
    }
    if store:
        data = folder / "data"
        if not data.exists():
            subprocess.run(meguri("init", "--data", str(data)), check=True, capture_output=True)
        found["ingest"] = watched(meguri("ingest", str(file), "--data", str(data)))
    return found


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--pages", type=int, nargs="+", default=[200, 2_000])
    parser.add_argument("--store", action="store_true", help="ingest as well: embedding takes minutes for 200 pages")
    parser.add_argument("--keep", type=Path, help="keep PDFs and data folder here")
    options = parser.parse_args()
    print(machine())
    with tempfile.TemporaryDirectory() as folder:
        kept = options.keep or Path(folder)
        kept.mkdir(parents=True, exist_ok=True)
        for size in options.pages:
            print(json.dumps(measure(size, kept, store=options.store), indent=1), flush=True)


if __name__ == "__main__":
    main()
