"""Drafting on many cores, or many machines: batches go to an executor, and come back in their order.

Any executor does: a process pool, or what a cluster offers under that interface (``dask.distributed``'s
``Client.get_executor()``, ``mpi4py.futures``), as long as the package ``ingest`` can be imported there.
"""

from __future__ import annotations

import hashlib
import logging
import multiprocessing
import os
import pickle
import zlib
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import suppress
from dataclasses import replace
from itertools import islice
from typing import TypeVar

from ingest.drafting import Draft, Drafter, Form
from ingest.readers.table import Row
from ingest.vocabulary import Vocabulary

# rows that are drafted, committed and remembered together
BATCH = 500
# below so many rows the workers would take longer to start than to work
WORTH_IT = 4_000
# batches under way for each worker: enough that none waits, few enough that memory does not grow with the file
_AHEAD = 2
# a search that is answered meanwhile goes first
_NICENESS = 10
_log = logging.getLogger(__name__)
_drafters: dict[str, Drafter] = {}
Item = TypeVar("Item")


class Drafting:
    """Drafts rows with an executor that is given, else with a pool of ``workers`` processes where a file is worth it.

    ``workers`` is 1 for this process alone, None for one on each core. Close it to end the pool.
    """

    def __init__(self, executor: Executor | None = None, workers: int | None = None) -> None:
        self._given = executor
        self._workers = workers or os.cpu_count() or 1
        self._own: Executor | None = None

    def batches(self, form: Form, rows: Iterable[Row], expected: int) -> Iterator[list[Draft]]:
        """The drafts of rows in their order, a batch at a time; ``expected`` is about how many rows there are."""
        executor = self._executor(expected)
        batches = batched(rows, BATCH)
        if executor is None:
            drafter = Drafter(form)
            yield from ([drafter.draft(row) for row in batch] for batch in batches)
            return
        yield from _in_order(executor, form, batches, _AHEAD * self._workers)

    def close(self) -> None:
        """End the pool of one's own."""
        if self._own is not None:
            self._own.shutdown(cancel_futures=True)
        self._own = None

    def _executor(self, expected: int) -> Executor | None:
        if self._given is not None:
            return self._given
        if self._workers == 1 or expected < WORTH_IT:
            return None
        if self._own is None:
            # not forked: a server that ingests has threads, whose locks a fork would copy as they stand
            context = multiprocessing.get_context("spawn")
            self._own = ProcessPoolExecutor(self._workers, mp_context=context, initializer=_step_back)
        return self._own


def draft_rows(packed: bytes, key: str, rows: list[Row]) -> list[Draft]:
    """What a worker does: the drafts of some rows. ``packed`` is the form, which it unpacks once (``key`` names it)."""
    drafter = _drafters.get(key)
    if drafter is None:
        _drafters.clear()
        # packed by this module in the process that sent it
        drafter = _drafters[key] = Drafter(pickle.loads(zlib.decompress(packed)))  # noqa: S301
    return [drafter.draft(row) for row in rows]


def _in_order(executor: Executor, form: Form, batches: Iterator[list[Row]], ahead: int) -> Iterator[list[Draft]]:
    # without the index of its labels, which a worker makes faster than it could be sent
    packed = zlib.compress(pickle.dumps(replace(form, vocabulary=Vocabulary(form.vocabulary.labels))), 1)
    key = hashlib.sha256(packed).hexdigest()
    waiting: deque[tuple[list[Row], Future[list[Draft]] | None]] = deque()
    alone: Drafter | None = None
    for batch in batches:
        waiting.append((batch, None if alone else _submitted(executor, packed, key, batch)))
        if len(waiting) > ahead:
            alone = alone or _alone(waiting[0][1], form)
            yield _finished(*waiting.popleft(), alone)
    while waiting:
        alone = alone or _alone(waiting[0][1], form)
        yield _finished(*waiting.popleft(), alone)


def _submitted(executor: Executor, packed: bytes, key: str, rows: list[Row]) -> Future[list[Draft]] | None:
    with suppress(BrokenExecutor):
        return executor.submit(draft_rows, packed, key, rows)
    return None


def _alone(future: Future[list[Draft]] | None, form: Form) -> Drafter | None:
    """Who goes on where the workers died (the system ended one for its memory, a node went away)."""
    if future is not None and not isinstance(future.exception(), BrokenExecutor):
        return None
    _log.warning("The workers ended before their time; this process goes on alone")
    return Drafter(form)


def _finished(rows: list[Row], future: Future[list[Draft]] | None, alone: Drafter | None) -> list[Draft]:
    if future is not None and (alone is None or (future.done() and future.exception() is None)):
        return future.result()
    assert alone is not None
    return [alone.draft(row) for row in rows]


def _step_back() -> None:
    if hasattr(os, "nice"):
        os.nice(_NICENESS)


def batched(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """Lists of so many items, the last one shorter."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch
