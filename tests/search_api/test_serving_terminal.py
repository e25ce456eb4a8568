"""What a person at a terminal sees of a server: messages when it opens, and then nothing that draws itself anew."""

import os
import pty
import select
import subprocess
import time

import httpx
import pytest

from kg.folder import DataFolder
from tests.oxigraph_server import free_port
from tests.search_api.test_remote_graph import MEGURI


def _read(terminal: int, seconds: float) -> bytes:
    """What comes until nothing has come for so long, five seconds at most."""
    found, ends = b"", time.monotonic() + 5
    while time.monotonic() < ends and select.select([terminal], [], [], seconds)[0]:
        found += os.read(terminal, 65_536)
    return found


def _ready(address: str, process: subprocess.Popen[bytes]) -> bool:
    try:
        return process.poll() is None and httpx.get(f"{address}/health/ready", timeout=10).status_code == 200
    except httpx.HTTPError:
        return False


@pytest.mark.model
def test_nothing_is_drawn_while_a_server_serves(data_folder: DataFolder) -> None:
    terminal, inside = pty.openpty()
    address = f"http://127.0.0.1:{(port := free_port())}"
    command = [str(MEGURI), "serve", "--data", str(data_folder.path), "--port", str(port)]
    process = subprocess.Popen(command, stdout=inside, stderr=inside)
    try:
        ends = time.monotonic() + 120
        while not _ready(address, process):
            assert process.poll() is None and time.monotonic() < ends, _read(terminal, 0.1).decode()
            _read(terminal, 0.1)
        _read(terminal, 0.5)
        assert _read(terminal, 1.0) == b""
    finally:
        process.terminate()
        process.wait(30)
        os.close(inside)
        os.close(terminal)
