"""What reading goals has in common in both languages: years, places, and the order of the amounts in a sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from ingest.extraction.model import Goal
from ingest.extraction.sentences import Sentence

# where the words for what is measured begin in the sentence, and those words
Indicator = tuple[int, str]
# an amount, the years of its sentence, and where the goal before it ends; None where the amount is no goal
Reading = Callable[[re.Match[str], Sequence["TargetYear"], int], Goal | None]


@dataclass(frozen=True)
class TargetYear:
    """A year until which something is to be reached, with its place in the sentence."""

    start: int
    end: int
    value: int


def read_in_order(
    sentence: Sentence, amounts: Iterable[re.Match[str]], years: Sequence[TargetYear], read: Reading
) -> list[Goal]:
    """The goals among the amounts of a sentence; each is read with the place where the one before it ends."""
    found: list[Goal] = []
    last_end = 0
    for amount in amounts:
        goal = read(amount, years, last_end)
        if goal is not None:
            found.append(goal)
            last_end = goal.end - sentence.start
    return found


def goal_at(
    sentence: Sentence,
    place: tuple[int, int],
    indicator: Indicator | None,
    quantity: tuple[float, str],
    year: TargetYear | None,
) -> Goal:
    """The goal that stands there in a sentence; one without indicator or year is less sure."""
    start, end = place
    value, unit = quantity
    return Goal(
        text=sentence.text[start:end],
        start=sentence.start + start,
        end=sentence.start + end,
        indicator=indicator[1] if indicator else None,
        value=value,
        unit=unit,
        target_year=year.value if year else None,
        confidence=0.9 if year and indicator else 0.6,
    )


def last_before(years: Sequence[TargetYear], place: int, since: int = 0) -> TargetYear | None:
    """The year that stands nearest before a place, not before ``since``."""
    return next((year for year in reversed(years) if since <= year.start < place), None)
