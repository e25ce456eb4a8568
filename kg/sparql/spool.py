"""What a worker gave and its client has not read yet: a little in memory, the rest in a file without a name.

So the worker is free as soon as its answer is complete, however slowly it is read.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections import deque
from contextlib import suppress
from typing import IO

IN_MEMORY = 1_000_000
PART = 256 * 1024


class Budget:
    """The bytes that all spools of a pool may hold together."""

    def __init__(self, most: int) -> None:
        self.left = most
        self._freed = asyncio.Event()

    async def take(self, size: int) -> None:
        """Wait until there is room."""
        while self.left < size:
            self._freed.clear()
            await self._freed.wait()
        self.left -= size

    def give_back(self, size: int) -> None:
        """Make room."""
        self.left += size
        self._freed.set()


class Spool:
    """Parts in the order in which they came; written by one task, read by another."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._memory: deque[bytes] = deque()
        self._in_memory = 0
        self._file: IO[bytes] | None = None
        self._written = self._read = self._taken = 0
        self._ended = False
        self._error: BaseException | None = None
        self._changed = asyncio.Event()

    async def put(self, part: bytes) -> None:
        """Add a part; waits while all spools together are full."""
        await self._budget.take(len(part))
        self._taken += len(part)
        if self._file is None and self._in_memory + len(part) <= IN_MEMORY:
            self._memory.append(part)
            self._in_memory += len(part)
        else:
            self._spill(part)
        self._changed.set()

    def end(self, error: BaseException | None = None) -> None:
        """Nothing more comes; ``error`` is raised to the reader next: what came before it is of no use to anybody."""
        self._ended, self._error = True, error
        if error is not None:
            self.close()
        self._changed.set()

    async def next(self) -> bytes | None:
        """The next part; None at the end."""
        while True:
            if self._error is not None:
                raise self._error
            part = self._next()
            if part:
                self._taken -= len(part)
                self._budget.give_back(len(part))
                return part
            if self._ended:
                return None
            self._changed.clear()
            await self._changed.wait()

    def close(self) -> None:
        """Forget what was not read."""
        self._budget.give_back(self._taken)
        self._taken = 0
        self._memory.clear()
        if self._file is not None:
            with suppress(OSError):
                self._file.close()

    def _spill(self, part: bytes) -> None:
        if self._file is None:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115  (closed by ``close``)
        self._file.seek(self._written)
        self._file.write(part)
        self._written += len(part)

    def _next(self) -> bytes:
        if self._memory:
            part = self._memory.popleft()
            self._in_memory -= len(part)
            return part
        if self._file is None or self._read == self._written:
            return b""
        self._file.seek(self._read)
        part = self._file.read(min(PART, self._written - self._read))
        self._read += len(part)
        return part
