"""The queue: bounded, fair, and never closed to a newcomer by one client alone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kg.sparql.line import Line, Ticket


def test_places_are_shared_among_clients() -> None:
    line = Line(places=3, queue=20, per_client=10)
    greedy = [line.join("greedy") for _ in range(6)]
    assert [t.admitted for t in line.admit() and greedy] == [True, True, False, False, False, False]
    line.join("modest")
    assert [t.client for t in line.admit()] == ["modest"]  # the last place was kept for it
    line.join("third")
    line.leave(greedy[0])
    assert [t.client for t in line.admit()] == ["third"]


def test_equals_take_turns() -> None:
    line = Line(places=1, queue=20, per_client=10)
    for client in ("a", "a", "b", "b", "c"):
        line.join(client)
    order = []
    while admitted := line.admit():
        order.append(admitted[0].client)
        line.leave(admitted[0])
    assert order == ["a", "b", "c", "a", "b"]


def test_shares_and_the_queue_end() -> None:
    line = Line(places=2, queue=3, per_client=2)
    line.join("a")
    assert line.may_join("a")
    line.join("a")
    assert not line.may_join("a") and line.may_join("b") and not line.full
    line.join("b")
    assert line.full


@given(st.lists(st.tuples(st.sampled_from("abc"), st.booleans()), max_size=60), st.integers(1, 4))
def test_it_is_never_idle_and_never_over_full(steps: list[tuple[str, bool]], places: int) -> None:
    line = Line(places, queue=100, per_client=100)
    tickets: list[Ticket] = []
    for client, leave in steps:
        if leave and tickets:
            line.leave(tickets.pop(0))
        else:
            tickets.append(line.join(client))
        line.admit()
        running = [t for t in tickets if t.admitted]
        waiting = {t.client for t in tickets if not t.admitted}
        assert len(running) == line.running <= places
        assert len(tickets) - len(running) == line.waiting
        if waiting - {t.client for t in running}:
            assert line.running == places  # whoever has none running waits only for a full house
