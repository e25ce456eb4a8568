"""Whether graph and index agree is told exactly, and a slow comparison is not made again at each question."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest

from search_api.engine import comparison
from search_api.engine.comparison import KEPT, Comparison
from search_api.engine.sync import Difference


class Clock:
    """Time that a comparison takes, and that goes by between questions."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch, service: Any) -> Iterator[tuple[Comparison, Clock, list[float]]]:
    """A comparison that takes the seconds in the list's last place, and how often one was made (its length − 1)."""
    clock, made, real = Clock(), [3.0], comparison.difference

    def slowly(*arguments: Any) -> Difference:
        clock.now += made[0]
        made.append(clock.now)
        return real(*arguments)

    monkeypatch.setattr(comparison, "difference", slowly)
    yield Comparison(service.store, service.index, service.folder.base, clock), clock, made


def test_a_slow_agreement_is_told_again_for_a_while(compared: tuple[Comparison, Clock, list[float]]) -> None:
    asked, clock, made = compared
    first = asked.now()
    assert first[1] == Difference((), ()) and first[0] > 0
    for _ in range(3):
        assert asked.now() == first
    assert len(made) == 2
    clock.now += 3.0 * KEPT
    assert asked.now() == first and len(made) == 3


def test_a_quick_one_is_made_each_time(compared: tuple[Comparison, Clock, list[float]]) -> None:
    asked, _, made = compared
    made[0] = 0.01
    for number in count(2):
        asked.now()
        assert len(made) == number
        if number == 4:
            break


def test_a_change_of_the_index_and_a_difference_are_never_hidden(
    compared: tuple[Comparison, Clock, list[float]], service: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, _, made = compared
    asked.now()
    hashes = service.index.record_hashes()
    lost, _ = hashes.popitem()
    monkeypatch.setattr(type(service.index), "record_hashes", lambda _: hashes)
    for number in (3, 4):
        assert asked.now()[1].stale == (lost,) and len(made) == number
