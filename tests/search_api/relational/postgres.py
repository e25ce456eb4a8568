"""A PostgreSQL server of the test's own: loopback only, in a temporary folder, as an unprivileged user."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

UNPRIVILEGED = ("postgres", "nobody")


def binaries() -> Path | None:
    """The folder of ``initdb`` and ``postgres``, the newest version first; None where there is no server."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda p: int(p.parts[4]), reverse=True)
    if found:
        return found[0].parent
    named = shutil.which("postgres")
    return Path(named).parent if named and shutil.which("initdb") else None


@contextmanager
def server(bin_: Path) -> Iterator[str]:
    """A running server; its URL."""
    # not pytest's own folder: that one is closed to other users
    root = Path(tempfile.mkdtemp(prefix="meguri-pg-"))
    user = _user()
    if user:
        shutil.chown(root, user)
    data, port = root / "data", _free_port()
    command = [str(bin_ / "initdb"), "-D", str(data), "-U", "meguri", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"]
    subprocess.run(command, check=True, user=user, capture_output=True, cwd=root)
    options = {"listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": root, "fsync": "off"}
    flags = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    process = subprocess.Popen(
        [str(bin_ / "postgres"), "-D", str(data), *flags], user=user, cwd=root, stderr=(root / "log").open("wb")
    )
    try:
        _wait(port, process, root / "log")
        yield f"postgresql://meguri@127.0.0.1:{port}/postgres"
    finally:
        process.terminate()
        process.wait(30)
        shutil.rmtree(root, ignore_errors=True)


def _user() -> str | None:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in UNPRIVILEGED if name in known)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(300):
        assert process.poll() is None, log.read_text(errors="replace")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0 and b"ready to accept" in log.read_bytes():
                return
        time.sleep(0.1)
    raise AssertionError(log.read_text(errors="replace"))
