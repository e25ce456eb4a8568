"""The server of the ``oxigraph`` package, really started on this machine: a SPARQL 1.1 endpoint for tests."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path

import httpx
import pytest


def binary() -> str:
    """The server that the package installs, or the one on the path; the test is skipped where there is none."""
    try:
        files = metadata.files("oxigraph") or []
    except metadata.PackageNotFoundError:
        files = []
    installed = [str(file.locate()) for file in files if file.name == "oxigraph"]
    found = next(iter(installed), None) or shutil.which("oxigraph")
    if found is None:
        pytest.skip("the oxigraph package is not installed")
    return found


def free_port() -> int:
    """A port of this machine that nobody listens to."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def oxigraph_server(folder: Path) -> Iterator[str]:
    """Its address; it keeps its data in memory, since what it does on a disk is its own affair."""
    address = f"127.0.0.1:{free_port()}"
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([binary(), "serve", "--bind", address], stdout=log, stderr=log)
    try:
        _wait(f"http://{address}/query", process, folder / "log")
        yield f"http://{address}"
    finally:
        process.terminate()
        process.wait(10)


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(400):
        try:
            httpx.get(url, params={"query": "ASK {}"}, verify=False).raise_for_status()
            return
        except httpx.HTTPError:
            assert process.poll() is None, log.read_text()
            time.sleep(0.05)
    pytest.fail(log.read_text())
