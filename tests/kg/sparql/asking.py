"""Asks a pool from tests that are not coroutines."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from kg.errors import MeguriError
from kg.sparql.pool import QueryPool
from kg.sparql.question import Question

ROWS = 3_000
HEAVY = "SELECT (COUNT(*) AS ?n) { ?a ?p ?b . ?c ?q ?d . ?e ?r ?f }"


@dataclass
class Asker:
    """A pool and the ways in which tests ask it."""

    pool: QueryPool

    def __call__(self, query: str, client: str = "", **options: Any) -> bytes:
        """The whole answer."""

        async def whole() -> bytes:
            async with self.pool.ask(Question(query, **options), client) as answer:
                return await answer.read()

        return asyncio.run(whole())

    def refusal(self, query: str, **options: Any) -> MeguriError:
        """The error that a query ends in."""
        try:
            answer = self(query, **options)
        except MeguriError as error:
            return error
        raise AssertionError(f"answered: {answer[:200]!r}")
