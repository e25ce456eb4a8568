"""The pool's end of a worker process: starts it, asks it, watches its memory and its time, and kills it."""

from __future__ import annotations

import asyncio
import importlib.util
import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from kg.errors import MeguriError
from kg.sparql import refusals
from kg.sparql.frames import DATA, END, FAILURE, FORM, HEAD, list_field, request, unpacked
from kg.sparql.question import MB, Limits, Question

WATCH = 0.05  # seconds between two looks at a worker's memory
READ = 256 * 1024
_PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096
# as a program text, so that nothing of this environment's start-up files is run
_START = "import sys; sys.path[:0] = sys.argv[4:]; from kg.sparql.worker import main; main()"


class Worker:
    """A process that answers one question at a time."""

    def __init__(self, *, network: bool = False, nice: int = 19) -> None:
        """Start it at that niceness, 19 being the lowest precedence; it takes questions when it is up."""
        self.network = network
        self.killed = False
        ours, theirs = socket.socketpair()
        with theirs:
            mode = "network" if network else "closed"
            command = [sys.executable, "-I", "-S", "-c", _START, str(os.getpid()), mode, str(nice), *_paths()]
            self._process = subprocess.Popen(  # noqa: S603  (our own program)
                command, stdin=theirs.fileno(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=_environment()
            )
        ours.setblocking(False)
        self._socket = ours
        self.pid = self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    def kill(self) -> None:
        """End it at once, whatever it does; who waits for its answer is told so without waiting for its end.

        On busy processors a process of the lowest priority takes seconds to die: it gives back its memory itself.
        """
        self.killed = True
        with suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGKILL)
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """End it and give back what it held here; ``alive`` turns false soon after."""
        self.kill()
        self._socket.close()

    def wait(self) -> None:
        """Wait for its end after ``close``."""
        self._process.wait()

    def private_bytes(self) -> int:
        """Its private memory: resident without what it shares with files; 0 where the system does not say."""
        try:
            resident, shared = Path(f"/proc/{self.pid}/statm").read_bytes().split()[1:3]
        except (OSError, ValueError):
            return 0
        return (int(resident) - int(shared)) * _PAGE

    async def send(self, data: bytes) -> None:
        """Send a request; ConnectionError where the process is gone."""
        await asyncio.get_running_loop().sock_sendall(self._socket, data)

    async def receive(self) -> bytes:
        """The next bytes; empty where the process is gone."""
        try:
            return await asyncio.get_running_loop().sock_recv(self._socket, READ)
        except ConnectionError:
            return b""


class Run:
    """One question on one worker, from its request to the end of its answer."""

    def __init__(self, worker: Worker, question: Question, snapshot: Path, limits: Limits, started: float) -> None:
        self.form = self.coding = ""
        self.done = False
        self._worker = worker
        self._limits = limits
        self._loop = asyncio.get_running_loop()
        self._deadline = started + limits.seconds
        self._killed: MeguriError | None = None
        self._buffer = bytearray()
        self._request = _request(question, snapshot, limits)
        self._timer = self._loop.call_later(WATCH, self._watch)

    async def start(self) -> bytes:
        """Send the question and wait for the first part of the answer; MeguriError where there is none."""
        try:
            await self._worker.send(self._request)
        except ConnectionError:
            raise self._lost() from None
        kind, payload = await self._frame()
        assert kind == FORM
        self.form, self.coding = payload.decode().split()
        return await self.next_part() or b""

    async def next_part(self) -> bytes | None:
        """The next part of the answer, all that has come by now; None at its end."""
        if self.done:
            return None
        parts: list[bytes] = []
        while True:
            kind, payload = await self._frame()
            if kind == END:
                self._finish()
                return b"".join(parts) if parts else None
            parts.append(payload)
            if not self._has_frame():
                return b"".join(parts)

    def stop(self) -> None:
        """Give up the question: the worker dies, because a query cannot be cancelled."""
        if not self.done:
            self._worker.kill()
        self._timer.cancel()

    async def _frame(self) -> tuple[bytes, bytes]:
        while not self._has_frame():
            data = await self._worker.receive()
            if not data:
                raise self._lost()
            self._buffer += data
        size = int.from_bytes(self._buffer[1:HEAD], "big")
        kind, payload = bytes(self._buffer[:1]), bytes(self._buffer[HEAD : HEAD + size])
        del self._buffer[: HEAD + size]
        if kind == FAILURE:
            self._finish()
            raise refusals.from_worker([field.decode(errors="replace") for field in unpacked(payload)], self._limits)
        assert kind in (FORM, DATA, END)
        return kind, payload

    def _has_frame(self) -> bool:
        return len(self._buffer) >= HEAD and len(self._buffer) >= HEAD + int.from_bytes(self._buffer[1:HEAD], "big")

    def _finish(self) -> None:
        self.done = True
        self._timer.cancel()

    def _lost(self) -> MeguriError:
        return self._killed or refusals.crashed()

    def _watch(self) -> None:
        if self._loop.time() >= self._deadline:
            self._killed = refusals.timeout(self._limits.seconds)
        elif self._worker.private_bytes() > self._limits.memory_mb * MB:
            self._killed = refusals.memory(self._limits)
        if self._killed:
            self._worker.kill()
        else:
            left = max(0.0, self._deadline - self._loop.time())
            self._timer = self._loop.call_later(min(WATCH, left), self._watch)


def _request(question: Question, snapshot: Path, limits: Limits) -> bytes:
    return request(
        [
            str(snapshot).encode(),
            question.query.encode(),
            f"{question.results} {question.graphs} {'gzip' if question.gzip else 'identity'}".encode(),
            f"{limits.result_mb * MB} {limits.rows}".encode(),
            list_field(question.default_graphs),
            list_field(question.named_graphs),
            list_field(limits.services),
            question.base.encode(),
        ]
    )


def _paths() -> list[str]:
    """Where the worker finds this package and the engine, without looking through site-packages for more."""
    found = importlib.util.find_spec("pyoxigraph")
    assert found is not None and found.origin is not None
    return [str(Path(__file__).parents[2]), str(Path(found.origin).parents[1])]


def _environment() -> dict[str, str]:
    """No tokens and no proxies: only what the program needs to be loaded."""
    return {name: os.environ[name] for name in ("LD_LIBRARY_PATH", "SYSTEMROOT", "TMPDIR") if name in os.environ}
