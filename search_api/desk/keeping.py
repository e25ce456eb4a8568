"""What follows a commit while the server answers: the index at once, the readers' copy soon, the index's file later."""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable, Iterable
from threading import Condition, Lock, Thread

from search_api.engine.sync import index_records, synchronise
from search_api.service import Service

Progress = Callable[[int, int], None]

# so many records are embedded at a time: what a registration waits for behind a large file
CHUNK = 16
# a copy for readers is made when nothing was written for the first time, at the latest after the second (seconds)
QUIET, LATEST = 0.3, 1.0
# likewise for the file of vectors, which is only a cache
SAVE_QUIET, SAVE_LATEST = 5.0, 60.0
_log = logging.getLogger(__name__)


class _Timer:
    """When something that may wait a little must happen: after a quiet moment, or when it has waited long enough."""

    def __init__(self, quiet: float, latest: float) -> None:
        self._quiet, self._latest = quiet, latest
        self._first: float | None = None
        self._last = 0.0

    def touch(self) -> None:
        self._last = time.monotonic()
        self._first = self._last if self._first is None else self._first

    def clear(self) -> None:
        self._first = None

    def due(self) -> float | None:
        """The moment, None where nothing waits."""
        if self._first is None:
            return None
        return min(self._last + self._quiet, self._first + self._latest)


class Keeper:
    """Not started, it only remembers what changed until ``settle``; started, two threads follow every change."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._changed = Condition()
        self._urgent: deque[str] = deque()
        self._waiting: deque[str] = deque()
        self._in_hand = 0
        self._snapshot = _Timer(QUIET, LATEST)
        self._save = _Timer(SAVE_QUIET, SAVE_LATEST)
        self._publishing = Lock()
        self._stopping = False
        self._threads: list[Thread] = []

    def start(self) -> None:
        """Follow changes from now on."""
        self._stopping = False
        self._threads = [Thread(target=work, name=work.__name__, daemon=True) for work in (self._index, self._publish)]
        for thread in self._threads:
            thread.start()

    def changed(self, ids: Iterable[str], *, urgent: bool = True) -> None:
        """These records were committed or withdrawn; urgent ones are indexed before a large file's."""
        with self._changed:
            (self._urgent if urgent else self._waiting).extend(ids)
            self._snapshot.touch()
            self._changed.notify_all()

    def settle(self, progress: Progress | None = None) -> None:
        """Return when index and readers' copy hold what was committed before this was called."""
        if not self._threads:
            self._settle_here(progress)
            return
        with self._changed:
            total = self._left()
            while self._left():
                if progress:
                    progress(max(total - self._left(), 0), total)
                self._changed.wait(0.2)
        self._publish_now()

    def stop(self) -> None:
        """End the threads after they have finished; what is not indexed is found by comparison at the next start."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        for thread in self._threads:
            thread.join()
        self._threads = []
        if self._snapshot.due() is not None:
            self._publish_now()

    def _settle_here(self, progress: Progress | None) -> None:
        self._urgent.clear()
        self._waiting.clear()
        if self._snapshot.due() is not None:
            self._publish_now()
        synchronise(self._service.store, self._service.index, self._service.folder.base, progress)

    def _left(self) -> int:
        return len(self._urgent) + len(self._waiting) + self._in_hand

    def _index(self) -> None:
        while (ids := self._next_chunk()) is not None:
            try:
                index_records(self._service.store, self._service.index, self._service.folder.base, ids)
            except Exception:  # found again by comparison at the next start
                _log.exception("These records could not be indexed: %s", ", ".join(ids))
            with self._changed:
                self._in_hand = 0
                self._save.touch()
                self._changed.notify_all()

    def _next_chunk(self) -> list[str] | None:
        """What to index next; None when the keeper stops. A large file's rest waits for the next start then."""
        with self._changed:
            while not self._stopping or self._urgent:
                queue = self._urgent or self._waiting
                if queue:
                    ids = [queue.popleft() for _ in range(min(CHUNK, len(queue)))]
                    self._in_hand = len(ids)
                    return list(dict.fromkeys(ids))
                self._changed.wait()
        return None

    def _publish(self) -> None:
        while True:
            with self._changed:
                if self._stopping:
                    return
                timers = (self._snapshot, self._save)
                moments = [due for timer in timers if (due := timer.due()) is not None]
                delay = min(moments) - time.monotonic() if moments else None
                if delay is None or delay > 0:
                    self._changed.wait(delay)
                    continue
            self._do_what_is_due()

    def _do_what_is_due(self) -> None:
        now = time.monotonic()
        snapshot, save = self._snapshot.due(), self._save.due()
        try:
            if snapshot is not None and snapshot <= now:
                self._publish_now()
            if save is not None and save <= now:
                with self._changed:
                    self._save.clear()
                self._service.index.save()
        except Exception:
            _log.exception("A copy for readers could not be written")
            time.sleep(1)

    def _publish_now(self) -> None:
        """A new copy for readers; commits may go on meanwhile."""
        with self._publishing:
            with self._changed:
                self._snapshot.clear()
            self._service.folder.snapshots.publish(self._service.store)
