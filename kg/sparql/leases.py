"""The checkpoints that running queries read: each under one lease, at most three, the newest first."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack
from pathlib import Path

from kg.snapshots import KEEP, Snapshots


class Leases:
    """Counts who reads which checkpoint; a lease is given back with its last reader."""

    def __init__(self, snapshots: Snapshots) -> None:
        self._snapshots = snapshots
        self._readers: Counter[Path] = Counter()
        self._held: dict[Path, ExitStack] = {}

    def take(self) -> Path:
        """The newest checkpoint, until ``give_back``. MeguriError (``no_snapshot``) where there is none.

        Where three older ones are still being read, the newest of these.
        """
        newest = self._snapshots.newest()
        if newest not in self._held:
            newest = max(self._held) if len(self._held) >= KEEP else self._lease()
        self._readers[newest] += 1
        return newest

    def give_back(self, path: Path) -> None:
        """One reader less."""
        self._readers[path] -= 1
        if not self._readers[path]:
            del self._readers[path]
            self._held.pop(path).close()

    def _lease(self) -> Path:
        stack = ExitStack()
        path = stack.enter_context(self._snapshots.lease())
        if path in self._held:  # it came between looking and leasing
            stack.close()
        else:
            self._held[path] = stack
        return path
