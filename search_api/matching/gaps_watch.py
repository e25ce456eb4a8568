"""Keeps the table of gaps ready while the server runs: counted beside the searches, and again after records change."""

from __future__ import annotations

import logging
import os
import time
from contextlib import suppress
from threading import Condition, Thread, get_native_id

from kg.errors import MeguriError
from search_api.matching.gaps import Findings, Gaps, find_all, gaps_of, in_language, state_of
from search_api.service import Service

# how often the index is looked at, and how long it must have been quiet (seconds)
LOOK, QUIET = 1.0, 2.0
# counting takes at most this share of the time
SHARE = 0.25
# between two batches it waits until nobody has searched for so long, at the latest until the second (seconds)
IDLE, LATEST = 1.0, 30.0
# how long an answer waits for a table that is almost there (seconds)
PATIENCE = 1.5
_log = logging.getLogger(__name__)


class GapsWatch:
    """Not started, every table is counted when it is asked for; started, a thread keeps the newest one."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._changed = Condition()
        self._findings: Findings | None = None
        self._tables: dict[tuple[str, bool], Gaps] = {}
        self._progress = (0, 0)
        self._waiting = 0
        self._stopping = False
        self._thread: Thread | None = None

    def start(self) -> None:
        """Count anew, and from now on after every change."""
        self._stopping, self._findings = False, None
        self._tables.clear()
        self._thread = Thread(target=self._work, name="gaps", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread; what it has embedded stays."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        if self._thread:
            self._thread.join()
        self._thread = None

    def table(self, lang: str) -> Gaps:
        """The newest table, perhaps with ``current`` false.

        Raises MeguriError (``gaps_counting``, with how far it is) while the first one is being counted.
        """
        if self._thread is None:
            return gaps_of(self._service, lang)
        state = state_of(self._service)
        with self._changed:
            self._waiting += 1
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._stopping or self._holds(state), PATIENCE)
            self._waiting -= 1
            findings, (done, total) = self._findings, self._progress
        if findings is None:
            raise gaps_counting(done, total)
        return self._in_language(findings, lang, current=findings.state == state)

    def _holds(self, state: int) -> bool:
        return self._findings is not None and self._findings.state == state

    def _in_language(self, findings: Findings, lang: str, *, current: bool) -> Gaps:
        key = (lang, current)
        table = self._tables.get(key)
        if table is None or table.counted != findings.counted:
            table = self._tables[key] = in_language(self._service, findings, lang, current=current)
        return table

    def _work(self) -> None:
        # searches come first; where the system does not let a thread be nice, it only shares the processor
        with suppress(OSError, AttributeError):
            os.setpriority(os.PRIO_PROCESS, get_native_id(), 19)
        while not self._stopping:
            started = time.monotonic()
            try:
                if self._findings is None or self._findings.state != self._quiet_state():
                    self._count()
            except _StoppedError:
                return
            except Exception:  # counted again when something changes, or at the next look
                _log.exception("The gaps could not be counted")
            spent = time.monotonic() - started
            with self._changed:
                self._changed.wait_for(lambda: self._stopping, LOOK + spent * (1 / SHARE - 1))

    def _quiet_state(self) -> int:
        """The state when nothing has changed for a moment, so that a file that comes in is counted once."""
        state = state_of(self._service)
        while self._findings and state != self._findings.state and not self._stopping:
            with self._changed:
                self._changed.wait_for(lambda: self._stopping, QUIET)
            now = state_of(self._service)
            if now == state:
                break
            state = now
        return state

    def _count(self) -> None:
        findings = find_all(self._service, self._tell)
        with self._changed:
            self._findings = findings
            self._changed.notify_all()
        for lang in ("ja", "en"):
            self._in_language(findings, lang, current=True)

    def _tell(self, done: int, total: int) -> None:
        self._progress = (done, total)
        latest = time.monotonic() + LATEST
        while self._service.engine.idle < IDLE and time.monotonic() < latest:
            # whoever waits for the table is served as quickly as one who searches
            if self._stopping or self._waiting:
                break
            with self._changed:
                self._changed.wait_for(lambda: self._stopping or self._waiting > 0, IDLE / 4)
        if self._stopping:
            raise _StoppedError


class _StoppedError(Exception):
    """The server ends while the gaps are being counted."""


def gaps_counting(done: int, total: int) -> MeguriError:
    """The first table is not there yet."""
    return MeguriError(
        code="gaps_counting",
        en=f"The gaps are being counted: {done} of {total or '…'} records are compared.",
        ja=f"需要と供給の一覧を作成しています（{total or '…'} 件中 {done} 件を照合済み）。",
        remedy_en="Ask again in a few seconds.",
        remedy_ja="数秒後にもう一度開いてください。",
    )
