"""A spool gives back what was put in, in order, from memory or file, and its bytes come back to the budget."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.sparql import spool as module
from kg.sparql.spool import Budget, Spool


@given(st.lists(st.tuples(st.binary(min_size=1, max_size=300_000), st.booleans()), max_size=12))
def test_in_order_whatever_the_rhythm(steps: list[tuple[bytes, bool]]) -> None:
    async def go() -> bytes:
        spool, out = Spool(Budget(10_000_000)), b""
        for part, read in steps:
            await spool.put(part)
            if read:
                out += await spool.next() or b""
        spool.end()
        while (part_read := await spool.next()) is not None:
            out += part_read
        spool.close()
        return out

    assert asyncio.run(go()) == b"".join(part for part, _ in steps)


def test_whoever_is_over_the_budget_waits() -> None:
    async def go() -> None:
        budget = Budget(module.IN_MEMORY)
        first, second = Spool(budget), Spool(budget)
        await first.put(b"x" * module.IN_MEMORY)
        waiting = asyncio.create_task(second.put(b"y"))
        await asyncio.sleep(0.01)
        assert not waiting.done()
        first.close()
        await waiting
        assert await second.next() == b"y"
        second.close()

    asyncio.run(go())


def test_an_error_comes_at_once_and_frees_what_waits() -> None:
    async def go() -> None:
        budget = Budget(3 * module.IN_MEMORY)
        spool = Spool(budget)
        for _ in range(3):
            await spool.put(b"x" * module.IN_MEMORY)
        assert await spool.next()
        spool.end(ValueError("a limit"))
        await asyncio.wait_for(budget.take(3 * module.IN_MEMORY), 5)
        with pytest.raises(ValueError, match="a limit"):
            await spool.next()
        spool.close()  # again, as whoever reads does at the end: nothing is given back twice
        assert budget.left == 0

    asyncio.run(go())
