"""Clients of SPARQL endpoints, each a process of its own, that count what they are answered."""

from __future__ import annotations

import http.client
import multiprocessing
import time
import urllib.parse
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Endpoint:
    """Where queries are posted."""

    host: str
    port: int
    path: str


def ask(connection: http.client.HTTPConnection, endpoint: Endpoint, query: str) -> tuple[int, bytes]:
    """Status and body of one query, posted as a form over a kept connection."""
    body = urllib.parse.urlencode({"query": query})
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Accept": "application/sparql-results+json,text/turtle;q=0.9",
    }
    connection.request("POST", endpoint.path, body, headers)
    response = connection.getresponse()
    return response.status, response.read()


def fastest_seconds(endpoint: Endpoint, query: str, rounds: int, most: float = 2.0) -> float:
    """The fastest time of a query asked by one client, of at most ``rounds``, and about ``most`` seconds after three.

    Whatever else runs on the machine only adds to a time, so on a busy one the fastest says more than the median.
    """
    connection = http.client.HTTPConnection(endpoint.host, endpoint.port, timeout=120)
    times: list[float] = []
    begun = time.perf_counter()
    while len(times) < rounds and (len(times) < 3 or time.perf_counter() - begun < most):
        started = time.perf_counter()
        status, body = ask(connection, endpoint, query)
        assert status == 200, (status, body[:300])
        times.append(time.perf_counter() - started)
    connection.close()
    return min(times)


def answers_in(endpoint: Endpoint, query: str, seconds: float) -> bool:
    """Whether a query is answered within that time."""
    connection = http.client.HTTPConnection(endpoint.host, endpoint.port, timeout=seconds)
    try:
        return ask(connection, endpoint, query)[0] == 200
    except (TimeoutError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def throughput(endpoint: Endpoint, queries: Sequence[str], clients: int, seconds: float) -> float:
    """Queries a second that ``clients`` processes get answered, each asking all queries in turn from its own start."""
    barrier = multiprocessing.Barrier(clients + 1)
    results: multiprocessing.Queue[int] = multiprocessing.Queue()
    processes = [
        multiprocessing.Process(target=_client, args=(endpoint, queries, number, seconds, barrier, results))
        for number in range(clients)
    ]
    for process in processes:
        process.start()
    barrier.wait()
    started = time.perf_counter()
    answered = sum(results.get() for _ in processes)
    spent = time.perf_counter() - started
    for process in processes:
        process.join()
    return answered / spent


def _client(
    endpoint: Endpoint, queries: Sequence[str], number: int, seconds: float, barrier: object, results: object
) -> None:
    connection = http.client.HTTPConnection(endpoint.host, endpoint.port, timeout=120)
    answered, at = 0, number
    barrier.wait()  # type: ignore[attr-defined]
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        status, body = ask(connection, endpoint, queries[at % len(queries)])
        assert status == 200, (status, body[:300])
        answered, at = answered + 1, at + 1
    results.put(answered)  # type: ignore[attr-defined]
