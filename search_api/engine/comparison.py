"""Graph and index compared by the content hash of every record, no oftener than that is worth.

With 100,000 records a comparison takes seconds. Who asks whether a server is ready does so all the time, and asks
again where no answer came in time.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock

from kg.store import GraphStore
from search_api.engine.index.search_index import SearchIndex
from search_api.engine.sync import Difference, difference

# what took longer is kept, as long as that many times what it took (seconds)
QUICK, KEPT = 0.2, 20


class Comparison:
    """Compares one at a time; safe to share between threads."""

    def __init__(
        self, store: GraphStore, index: SearchIndex, base: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._store, self._index, self._base, self._clock = store, index, base, clock
        self._lock = Lock()
        self._agreed: int | None = None  # the state of the index in which both agreed last
        self._until = 0.0

    def now(self) -> tuple[int, Difference]:
        """How many records are indexed, and what healing would do.

        An agreement is remembered for a while unless the index changes; a difference never.
        """
        with self._lock:
            hashes = self._index.record_hashes()
            state, started = hash(frozenset(hashes.items())), self._clock()
            if state == self._agreed and started < self._until:
                return len(hashes), Difference((), ())
            found = difference(self._store, hashes, self._base)
            took = self._clock() - started
            self._agreed = state if not found and took > QUICK else None
            self._until = started + took * (1 + KEPT)
            return len(hashes), found
