"""Who is next: a bounded queue that shares the places fairly among clients, however many queries each sends."""

from __future__ import annotations

from collections import Counter, OrderedDict, deque
from dataclasses import dataclass, field
from itertools import count


@dataclass(eq=False)
class Ticket:
    """One client's wish for a place."""

    client: str
    number: int
    admitted: bool = field(default=False)


class Line:
    """Tickets that wait and tickets that run. It knows nothing of time or processes.

    A place goes to the waiting client that has the fewest running, of equals to the one served longest ago. The last
    place is kept for clients that have none running, so one client alone can never keep all others out.
    """

    def __init__(self, places: int, queue: int, per_client: int) -> None:
        self._places, self._queue, self._per_client = places, queue, per_client
        self._waiting: OrderedDict[str, deque[Ticket]] = OrderedDict()  # those served longest ago come first
        self._running: Counter[str] = Counter()
        self._numbers = count()

    def may_join(self, client: str) -> bool:
        """Whether the client's share is not used up."""
        return self._running[client] + len(self._waiting.get(client, ())) < self._per_client

    @property
    def full(self) -> bool:
        """Whether nobody more may wait."""
        return sum(map(len, self._waiting.values())) >= self._queue

    @property
    def running(self) -> int:
        """How many places are taken."""
        return self._running.total()

    @property
    def waiting(self) -> int:
        """How many tickets wait."""
        return sum(map(len, self._waiting.values()))

    def join(self, client: str) -> Ticket:
        """Wait for a place."""
        ticket = Ticket(client, next(self._numbers))
        self._waiting.setdefault(client, deque()).append(ticket)
        return ticket

    def admit(self) -> list[Ticket]:
        """Give out the places that are free, in turn."""
        admitted = []
        while (client := self._next()) is not None:
            tickets = self._waiting[client]
            ticket = tickets.popleft()
            if tickets:
                self._waiting.move_to_end(client)
            else:
                del self._waiting[client]
            self._running[client] += 1
            ticket.admitted = True
            admitted.append(ticket)
        return admitted

    def leave(self, ticket: Ticket) -> None:
        """Give a place back, or stop waiting for one."""
        if ticket.admitted:
            self._running[ticket.client] -= 1
            self._running += Counter()  # drops those who have none
        elif ticket in self._waiting.get(ticket.client, ()):
            self._waiting[ticket.client].remove(ticket)
            if not self._waiting[ticket.client]:
                del self._waiting[ticket.client]

    def _next(self) -> str | None:
        free = self._places - self.running
        if free <= 0 or not self._waiting:
            return None
        client = min(self._waiting, key=lambda name: self._running[name])
        kept = self._places > 1 and free == 1 and self._running[client] > 0
        return None if kept else client
