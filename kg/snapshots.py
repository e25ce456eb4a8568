"""Checkpoints of the graph for readers: published after a commit, leased while read, at most three kept."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from kg.errors import MeguriError
from kg.store import GraphStore

KEEP = 3


class Snapshots:
    """The folder ``DATA/snapshots``: numbered checkpoints, each with a lock file that its readers share."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def publish(self, store: GraphStore) -> Path:
        """Write the next checkpoint under a temporary name, rename it, and drop old ones that nobody reads."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._sweep_unfinished()
        number = self._numbers()[-1] + 1 if self._numbers() else 1
        draft = self._folder / f"draft-{os.getpid()}"
        store.snapshot(draft)
        target = self._path(number)
        draft.rename(target)
        self._drop_old()
        return target

    @contextmanager
    def lease(self) -> Iterator[Path]:
        """The newest checkpoint, which stays until the lease ends, even if newer ones come.

        Raises MeguriError (``no_snapshot``) where nothing was published yet.
        """
        while (path := self.newest()) is not None:
            with path.with_suffix(".lock").open("a") as lock:
                fcntl.flock(lock, fcntl.LOCK_SH)
                if path.is_dir():  # else it was dropped between looking and locking, and there are newer ones
                    yield path
                    return
        raise MeguriError(
            code="no_snapshot",
            en=f"There is no readable copy of the graph in {self._folder.parent}.",
            ja=f"{self._folder.parent} に読み取り用のグラフがありません。",
            remedy_en="Run `meguri init` and `meguri ingest corpus` first, or name the right folder with --data.",
            remedy_ja="先に `meguri init` と `meguri ingest corpus` を実行するか、"
            "--data で正しいフォルダを指定してください。",
        )

    def newest(self) -> Path | None:
        """The newest checkpoint, None where nothing was published yet; read it under a ``lease`` only."""
        numbers = self._numbers()
        return self._path(numbers[-1]) if numbers else None

    def _numbers(self) -> list[int]:
        if not self._folder.is_dir():
            return []
        return sorted(int(p.name) for p in self._folder.iterdir() if p.name.isdigit() and p.is_dir())

    def _path(self, number: int) -> Path:
        return self._folder / f"{number:08d}"

    def _drop_old(self) -> None:
        for path in map(self._path, self._numbers()[:-KEEP]):
            with path.with_suffix(".lock").open("a") as lock, suppress(BlockingIOError):
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(path, ignore_errors=True)
        for lock_path in self._folder.glob("*.lock"):
            if not lock_path.with_suffix("").is_dir():
                lock_path.unlink(missing_ok=True)

    def _sweep_unfinished(self) -> None:
        """What a killed process left half-written; only the store's owner publishes, so nobody else writes."""
        for draft in self._folder.glob("draft-*"):
            shutil.rmtree(draft, ignore_errors=True)
