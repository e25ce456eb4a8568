"""A query with all that decides its answer, and the limits that it runs under."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

MB = 1_000_000


@dataclass(frozen=True)
class Limits:
    """What one query may take, and how many run and wait; ``meguri_…`` settings name the same."""

    seconds: float = 30.0
    """From its arrival to the end of its answer, the time in the queue included."""
    memory_mb: int = 1_000
    """Private memory of the process that runs it."""
    rows: int = 1_000_000
    """Solutions or triples of an answer."""
    result_mb: int = 100
    """Bytes of an answer before compression."""
    spool_mb: int = 1_000
    """Bytes of all answers together that wait, complete, for clients that read slowly."""
    query_kb: int = 1_000
    """Bytes of a query."""
    workers: int = 3
    """Queries that run at a time; the last place is kept for clients that have none running."""
    queue: int = 64
    """Queries that wait."""
    per_client: int = 16
    """Queries of one client that run or wait."""
    nice: int = 19
    """Niceness of the processes that run queries: 19 gives way to everything else, 0 to nothing."""
    services: tuple[str, ...] = ()
    """Addresses that SERVICE may ask."""

    def within(self, seconds: float | None) -> Limits:
        """These limits with a shorter time, where one was asked for."""
        return self if seconds is None else replace(self, seconds=max(0.001, min(seconds, self.seconds)))


@dataclass(frozen=True)
class Question:
    """A query, the dataset that it sees, and the formats of its answer.

    ``snapshot`` is a checkpoint under a lease of the caller's (an edition); None is the newest one.
    ``default_graphs`` and ``named_graphs`` as in the SPARQL 1.1 Protocol: None leaves the choice to the query.
    With ``gzip`` the answer may come compressed; ``Answer.coding`` says whether it did.
    ``base`` is what relative IRIs are resolved against; without it they are refused.
    """

    query: str
    results: str = "json"
    graphs: str = "ttl"
    gzip: bool = False
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None
    snapshot: Path | None = None
    seconds: float | None = None
    base: str = ""
