"""Medians, and the machine that they were measured on."""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
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


def command_seconds(command: Sequence[str], env: dict[str, str] | None = None) -> float:
    """Wall time of a whole process, which must succeed."""
    full = {**os.environ, **(env or {})}
    return seconds(
        lambda: subprocess.run(command, check=True, env=full, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    )


def meguri(*arguments: str) -> list[str]:
    """The command line of this environment."""
    return [str(Path(sys.executable).with_name("meguri")), *arguments]
