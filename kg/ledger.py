"""The ledger of Circular Partners: what each member's rule set asks for, by when, and where it stands on a given day.

The rules themselves are data (``ontology/schemes/member-kinds.ttl``, class ces:RuleSet); this module counts days.
A year runs from the joining date and its last day is included; follow-ups come due every 12 months, or at the
member's own period, after the goal (METI, Guidelines for Joining the Partnership).
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

State = Literal[
    "on_track", "goal_pending", "goal_overdue", "publication_missing", "follow_up_overdue", "project_missing"
]
# local governments publish in the next revision of a plan; two years after the goal it is asked for
PLAN_REVISION_MONTHS = 24


@dataclass(frozen=True)
class RuleSet:
    """What one member kind must do. ``follow_up_months`` is None where the member chooses its own period."""

    name: str
    goal_within_months: int
    follow_up_months: int | None
    # a project instead of a quantitative goal
    asks_for_project: bool = False
    # months after the goal within which the measures must be public: 0 is at once, None where the reports are that
    publication_within_months: int | None = 0


@dataclass(frozen=True)
class Commitment:
    """One member's commitment as the graph holds it; ``reported_on`` are the days of its follow-ups."""

    id: str
    member: str
    label: str
    rules: RuleSet
    joined_on: date
    goal_submitted_on: date | None = None
    measures_published_on: date | None = None
    follow_up_months: int | None = None
    reported_on: Sequence[date] = field(default_factory=tuple)


@dataclass(frozen=True)
class Standing:
    """Where a commitment stands: its state, the next day on which something is due, and why, in both languages."""

    commitment: Commitment
    state: State
    due: date | None
    en: str
    ja: str


def add_months(day: date, months: int) -> date:
    """The corresponding day so many months later, or the month's last day where it has none (Civil Code, art. 143)."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def standing(commitment: Commitment, on: date) -> Standing:
    """Where a commitment stands on a day. What was recorded after that day is not known on it."""
    submitted = _known(commitment.goal_submitted_on, on)
    if submitted is None:
        return _without_goal(commitment, on)
    due = next_follow_up(commitment, submitted, on)
    if due is not None and on > due:
        return _stands(commitment, "follow_up_overdue", due)
    publication_due = _publication_due(commitment, submitted)
    if publication_due is not None and on >= publication_due and not _known(commitment.measures_published_on, on):
        return _stands(commitment, "publication_missing", publication_due)
    return _stands(commitment, "on_track", due)


def next_follow_up(commitment: Commitment, submitted: date, on: date) -> date | None:
    """The earliest due date without a report; None where no period is known.

    Each report, in order, serves the earliest due date that has none and whose period has begun: a late report
    makes up for the date that was missed, not for the next one.
    """
    period = commitment.rules.follow_up_months or commitment.follow_up_months
    if not period:
        return None
    dates = _due_dates(submitted, period)
    previous, due = submitted, next(dates)
    for report in sorted(day for day in commitment.reported_on if day <= on):
        if report > previous:
            previous, due = due, next(dates)
    return due


def _publication_due(commitment: Commitment, submitted: date) -> date | None:
    months = commitment.rules.publication_within_months
    return None if months is None else add_months(submitted, months)


def _due_dates(submitted: date, period: int) -> Iterator[date]:
    number = 1
    while True:
        # counted from the goal each time, so that the 31st does not become the 28th for ever
        yield add_months(submitted, number * period)
        number += 1


def _without_goal(commitment: Commitment, on: date) -> Standing:
    due = add_months(commitment.joined_on, commitment.rules.goal_within_months)
    if on <= due:
        return _stands(commitment, "goal_pending", due)
    return _stands(commitment, "project_missing" if commitment.rules.asks_for_project else "goal_overdue", due)


def _known(day: date | None, on: date) -> date | None:
    return day if day is not None and day <= on else None


_REASONS: dict[State, tuple[str, str]] = {
    "on_track": (
        "Nothing is missing; the next report is due on {due}.",
        "不足はありません。次の報告期限は {due} です。",
    ),
    "goal_pending": ("The {what} is due on {due}.", "{what_ja}の期限は {due} です。"),
    "goal_overdue": ("The {what} was due on {due} and has not come.", "{what_ja}の期限 {due} を過ぎています。"),
    "project_missing": ("The {what} was due on {due} and has not come.", "{what_ja}の期限 {due} を過ぎています。"),
    "publication_missing": (
        "The goal is submitted, but its measures were not made public (due {due}).",
        "目標は提出済みですが、取組が公表されていません（期限 {due}）。",
    ),
    "follow_up_overdue": ("The follow-up of {due} has not come.", "{due} が期限のフォローアップ報告がありません。"),
}
_NO_PERIOD = (
    "Nothing is missing; no period of follow-up is stated.",
    "不足はありません。報告の周期が登録されていません。",
)


def _stands(commitment: Commitment, state: State, due: date | None) -> Standing:
    en, ja = _NO_PERIOD if due is None else _REASONS[state]
    project = commitment.rules.asks_for_project
    words = {
        "due": due.isoformat() if due else "",
        "what": "start of a project" if project else "goal",
        "what_ja": "プロジェクトの開始・参加" if project else "目標提出",
    }
    return Standing(commitment, state, due, en.format(**words), ja.format(**words))
