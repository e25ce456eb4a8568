"""A few worker processes for the queries of many clients, with a queue, fair shares and limits that hold.

All of it runs on one event loop; nothing is started before the first question.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from pathlib import Path

from kg.errors import MeguriError
from kg.snapshots import Snapshots
from kg.sparql import refusals
from kg.sparql.leases import Leases
from kg.sparql.line import Line, Ticket
from kg.sparql.process import Run, Worker
from kg.sparql.question import MB, Limits, Question
from kg.sparql.spool import Budget, Spool

IDLE_MB = 80  # a worker that kept more than this from a large query is replaced by a fresh one
WORD = "SERVICE"


class Answer:
    """An answer that has begun: its form (``solutions``, ``boolean``, ``graph``), its coding, checkpoint and parts."""

    def __init__(self, run: Run, first: bytes, snapshot: Path, release: Callable[[], None], budget: Budget) -> None:
        """``release`` gives the worker back, as soon as it has done its work."""
        self.form = run.form
        self.coding = run.coding
        self.snapshot = snapshot
        self._run = run
        self._first = first
        self._release = release
        self._budget = budget
        if run.done:
            release()

    @property
    def complete(self) -> bytes | None:
        """All of it, where it came at once."""
        return self._first if self._run.done else None

    async def parts(self) -> AsyncIterator[bytes]:
        """The parts as they come; MeguriError in the middle where a limit ends it.

        The worker is read ahead of whoever reads this, so that a slow reader does not keep it.
        """
        yield self._first
        if self._run.done:
            return
        spool = Spool(self._budget)
        reading = asyncio.create_task(self._read_ahead(spool))
        try:
            while (part := await spool.next()) is not None:
                yield part
        finally:
            reading.cancel()
            spool.close()

    async def read(self) -> bytes:
        """All of it."""
        return b"".join([part async for part in self.parts()])

    async def _read_ahead(self, spool: Spool) -> None:
        error: MeguriError | None = None
        try:
            while (part := await self._run.next_part()) is not None:
                await spool.put(part)
        except MeguriError as raised:
            error = raised
        self._release()
        spool.end(error)


class QueryPool:
    """Answers questions on checkpoints. ``close`` ends its processes."""

    def __init__(self, snapshots: Snapshots, limits: Limits) -> None:
        self.limits = limits
        self._leases = Leases(snapshots)
        self._line = Line(limits.workers, limits.queue, limits.per_client)
        self._calls: dict[Ticket, asyncio.Future[None]] = {}
        self._idle: list[Worker] = []
        self._dying: list[Worker] = []
        self._unread: Counter[str] = Counter()  # answers that their clients have not read to the end
        self._budget = Budget(limits.spool_mb * MB)

    @asynccontextmanager
    async def ask(self, question: Question, client: str = "") -> AsyncIterator[Answer]:
        """The answer, begun; leaving the block before its end stops the query.

        Raises MeguriError: ``query_invalid``, ``query_failed``, ``query_fetches``, ``query_too_large``,
        ``query_too_complex``; a limit was reached: ``query_timeout``, ``query_memory``, ``query_result_too_large``;
        too much at a time: ``query_share``, ``query_busy`` (both ``Refused``); ``no_snapshot``, ``store_unreadable``.
        """
        started = asyncio.get_running_loop().time()
        limits = self.limits.within(question.seconds)
        if len(question.query) > limits.query_kb * 1_000 or len(question.query.encode()) > limits.query_kb * 1_000:
            raise refusals.too_long(limits)
        ticket = await self._place(client, limits)
        self._unread[client] += 1
        try:
            with ExitStack() as stack:
                stack.callback(self._leave, ticket)
                snapshot = stack.enter_context(self._snapshot(question))
                worker = stack.enter_context(self._worker(self._needs_network(question)))
                run = Run(worker, question, snapshot, limits, started)
                stack.callback(run.stop)
                yield Answer(run, await run.start(), snapshot, stack.close, self._budget)
        finally:
            self._unread[client] -= 1
            self._unread += Counter()  # drops those who have none

    def close(self) -> None:
        """End all processes; questions under way fail."""
        for worker in self._idle:
            worker.close()
        for worker in (*self._idle, *self._dying):
            worker.wait()
        self._idle, self._dying = [], []

    @property
    def load(self) -> tuple[int, int]:
        """How many queries run, and how many wait."""
        return self._line.running, self._line.waiting

    @property
    def idle_pids(self) -> list[int]:
        """The processes that wait for a question."""
        return [worker.pid for worker in self._idle]

    async def _place(self, client: str, limits: Limits) -> Ticket:
        if not self._line.may_join(client) or self._unread[client] >= limits.per_client:
            raise refusals.share(limits)
        if self._line.full:
            raise refusals.busy(limits)
        ticket = self._line.join(client)
        self._admit()
        if not ticket.admitted:
            await self._wait(ticket, limits)
        return ticket

    async def _wait(self, ticket: Ticket, limits: Limits) -> None:
        """Half of the time that a query has may pass before it starts."""
        self._calls[ticket] = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(limits.seconds / 2):
                await self._calls[ticket]
        except BaseException as error:
            self._leave(ticket)
            if isinstance(error, TimeoutError):
                raise refusals.busy(limits) from error
            raise
        finally:
            del self._calls[ticket]

    def _admit(self) -> None:
        for ticket in self._line.admit():
            call = self._calls.get(ticket)
            if call is not None and not call.done():
                call.set_result(None)

    def _leave(self, ticket: Ticket) -> None:
        self._line.leave(ticket)
        self._admit()

    @contextmanager
    def _snapshot(self, question: Question) -> Iterator[Path]:
        if question.snapshot is not None:
            yield question.snapshot
            return
        path = self._leases.take()
        try:
            yield path
        finally:
            self._leases.give_back(path)

    def _needs_network(self, question: Question) -> bool:
        return bool(self.limits.services) and WORD in question.query.upper()

    @contextmanager
    def _worker(self, network: bool) -> Iterator[Worker]:
        worker = self._take(network)
        try:
            yield worker
        finally:
            self._put_back(worker)

    def _take(self, network: bool) -> Worker:
        self._dying = [worker for worker in self._dying if worker.alive]
        for worker in reversed(self._idle):
            if worker.network == network:
                self._idle.remove(worker)
                if worker.alive:
                    return worker
                worker.close()
        return Worker(network=network, nice=self.limits.nice)

    def _put_back(self, worker: Worker) -> None:
        """Keep a worker that is well; replace one that was killed, that died, or that has grown fat."""
        if worker.killed or not worker.alive or worker.private_bytes() > IDLE_MB * MB:
            worker.close()
            self._dying.append(worker)
            worker = Worker(network=worker.network, nice=self.limits.nice)
        self._idle.append(worker)


async def ask_once(question: Question, snapshots: Snapshots, limits: Limits) -> tuple[str, bytes]:
    """The form and the whole answer of one question, by a pool of its own."""
    pool = QueryPool(snapshots, limits)
    try:
        async with pool.ask(question) as answer:
            return answer.form, await answer.read()
    finally:
        pool.close()
