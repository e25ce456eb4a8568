"""Medians, and the machine that they were measured on."""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path


def machine() -> str:
    """Processor, cores and Python of this machine, in a line."""
    cpu = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [line.partition(":")[2].strip() for line in info.read_text().splitlines() if "model name" in line]
        cpu = names[0] if names else cpu
    return f"{cpu}, {os.cpu_count()} cores, Python {platform.python_version()}"


def seconds(action: Callable[[], object]) -> float:
    """Wall time of one call."""
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def median_ms(times: Sequence[float]) -> float:
    """Median of seconds, in milliseconds."""
    return statistics.median(times) * 1000


def percentile_ms(times: Sequence[float], percent: int) -> float:
    """That percentile of seconds, in milliseconds."""
    return statistics.quantiles(times, n=100, method="inclusive")[percent - 1] * 1000


@contextmanager
def busy_core() -> Iterator[None]:
    """A process that computes without pause, at normal priority, as long as the context lasts."""
    process = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        yield
    finally:
        process.kill()
        process.wait()


def memory(pid: int) -> dict[str, int]:
    """Resident memory of a process now and at its peak, in MB; nothing where the system does not tell."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return {}
    lines = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
    names = {"resident_mb": "VmRSS", "peak_mb": "VmHWM"}
    return {name: int(lines[field].split()[0]) // 1024 for name, field in names.items()}


def timed(command: Sequence[str]) -> tuple[float, float]:
    """Wall time of a whole process, which must succeed, and its processor time with that of its children.

    On a shared machine the second one varies much less.
    """
    before = os.times()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return after.elapsed - before.elapsed, used


def cpu_until_now(pid: int) -> float:
    """Processor time of a running process; 0 where the system does not tell."""
    stat = Path(f"/proc/{pid}/stat")
    if not stat.exists():
        return 0.0
    fields = stat.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def meguri(*arguments: str) -> list[str]:
    """The command line of this environment."""
    return [str(Path(sys.executable).with_name("meguri")), *arguments]
