"""The ledger of Circular Partners: what each member's rule set asks for, by when, and where it stands on a given day.

The rules themselves are data (``ontology/schemes/member-kinds.ttl``, class ces:RuleSet); this module counts days.
A year runs from the joining date and its last day is included; follow-ups come due every 12 months, or at the
member's own period, after the goal (METI, Guidelines for Joining the Partnership). A changed goal is submitted again
and moves no date: whoever changes a goal every spring would else never report on it.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, get_args

State = Literal[
    "project_missing", "goal_overdue", "follow_up_overdue", "publication_missing", "goal_pending", "on_track"
]
STATES: tuple[State, ...] = get_args(State)
OVERDUE: frozenset[State] = frozenset({"project_missing", "goal_overdue", "follow_up_overdue", "publication_missing"})
# where measures are made public: at once, in the next revision of a plan, or by the reports themselves
Publication = Literal["at_once", "plan_revision", "by_reports"]


@dataclass(frozen=True)
class RuleSet:
    """What one member kind must do. ``follow_up_months`` is None where the member chooses its own period."""

    name: str
    goal_within_months: int
    follow_up_months: int | None
    # a project instead of a quantitative goal
    asks_for_project: bool = False
    publication: Publication = "at_once"


@dataclass(frozen=True)
class Commitment:
    """One member's commitment as the graph holds it; ``reported_on`` are the days of its follow-ups.

    ``plan_revision_on`` is the day of the next revision of the plan in which a local government publishes.
    Names are in Japanese where there are any, ``…_en`` in English where there are any.
    """

    id: str
    member: str
    label: str
    rules: RuleSet
    joined_on: date
    goal_submitted_on: date | None = None
    changed_on: date | None = None
    measures_published_on: date | None = None
    plan_revision_on: date | None = None
    follow_up_months: int | None = None
    reported_on: Sequence[date] = field(default_factory=tuple)
    member_en: str = ""
    label_en: str = ""
    member_iri: str = ""


@dataclass(frozen=True)
class Duty:
    """Something that is due or overdue: the state it means, the day (None where none is known), and why."""

    state: State
    due: date | None
    en: str
    ja: str


@dataclass(frozen=True)
class Standing:
    """Where a commitment stands: its state, the day on which that is or was due, and why, in both languages.

    ``also`` holds what is overdue besides.
    """

    commitment: Commitment
    state: State
    due: date | None
    en: str
    ja: str
    also: tuple[Duty, ...] = ()

    @property
    def overdue(self) -> bool:
        """Whether the secretariat waits for something."""
        return self.state in OVERDUE


def add_months(day: date, months: int) -> date:
    """The corresponding day so many months later, or the month's last day where it has none (Civil Code, art. 143)."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def standing(commitment: Commitment, on: date) -> Standing:
    """Where a commitment stands on a day. What was recorded after that day is not known on it."""
    submitted = _known(commitment.goal_submitted_on, on)
    duties = [_goal(commitment)] if submitted is None else _after_goal(commitment, submitted, on)
    late = [duty for duty in duties if duty.due is not None and duty.due < on]
    if late:
        return _stands(commitment, sorted(late, key=lambda duty: STATES.index(duty.state)))
    return _stands(commitment, [_coming(commitment, duties)])


def by_urgency(row: Standing) -> tuple[bool, date, str]:
    """Sort key: what is overdue first, the oldest before all; then what comes due next; last what has no date."""
    return not row.overdue, row.due or date.max, row.commitment.id


def _after_goal(commitment: Commitment, submitted: date, on: date) -> list[Duty]:
    """What is still owed once there is a goal or project: the next report, and the publication where it is missing."""
    duties = [_duty(commitment, "follow_up_overdue", next_follow_up(commitment, submitted, on))]
    if not _known(commitment.measures_published_on, on) and commitment.rules.publication != "by_reports":
        at_once = commitment.rules.publication == "at_once"
        due = submitted if at_once else commitment.plan_revision_on
        duties.append(_duty(commitment, "publication_missing", due))
    return duties


def _coming(commitment: Commitment, duties: list[Duty]) -> Duty:
    """Nothing is late: the first of what comes, said as something that comes."""
    first = min(duties, key=lambda duty: duty.due or date.max)
    if first.state in ("goal_overdue", "project_missing"):
        return _duty(commitment, "goal_pending", first.due)
    if first.due is None:
        plan_unknown = any(duty.state == "publication_missing" for duty in duties)
        return Duty("on_track", None, *(_NO_PLAN if plan_unknown else _NO_PERIOD))
    en, ja = _NEXT_REPORT if first.state == "follow_up_overdue" else _NEXT_PLAN
    return Duty("on_track", first.due, en.format(due=first.due), ja.format(due=first.due))


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


def _due_dates(submitted: date, period: int) -> Iterator[date]:
    number = 1
    while True:
        # counted from the goal each time, so that the 31st does not become the 28th for ever
        yield add_months(submitted, number * period)
        number += 1


def _goal(commitment: Commitment) -> Duty:
    due = add_months(commitment.joined_on, commitment.rules.goal_within_months)
    return _duty(commitment, "project_missing" if commitment.rules.asks_for_project else "goal_overdue", due)


def _known(day: date | None, on: date) -> date | None:
    return day if day is not None and day <= on else None


_REASONS: dict[State, tuple[str, str]] = {
    "goal_pending": ("The {what} is due on {due}.", "{what_ja}の期限は {due} です。"),
    "goal_overdue": ("The {what} was due on {due} and has not come.", "{what_ja}の期限 {due} を過ぎています。"),
    "project_missing": ("The {what} was due on {due} and has not come.", "{what_ja}の期限 {due} を過ぎています。"),
    "publication_missing": (
        "The goal is submitted, but its measures were not made public (due {due}).",
        "目標は提出済みですが、取組が公表されていません（期限 {due}）。",
    ),
    "follow_up_overdue": ("The follow-up of {due} has not come.", "{due} が期限のフォローアップ報告がありません。"),
}
_NEXT_REPORT = ("Nothing is missing; the next report is due on {due}.", "不足はありません。次の報告期限は {due} です。")
_NEXT_PLAN = (
    "Nothing is missing; the measures are due in the plan's revision of {due}.",
    "不足はありません。取組は {due} の計画改定で公表する予定です。",
)
_NO_PERIOD = (
    "Nothing is missing; no period of follow-up is stated.",
    "不足はありません。報告の周期が登録されていません。",
)
_NO_PLAN = (
    "Nothing is missing; neither a period of follow-up nor the day of the plan's next revision is stated.",
    "不足はありません。報告の周期も、次の計画改定の日も登録されていません。",
)


def _duty(commitment: Commitment, state: State, due: date | None) -> Duty:
    project = commitment.rules.asks_for_project
    words = {
        "due": due.isoformat() if due else "",
        "what": "start of a project" if project else "goal",
        "what_ja": "プロジェクトの開始・参加" if project else "目標提出",
    }
    en, ja = _REASONS[state]
    return Duty(state, due, en.format(**words), ja.format(**words))


def _stands(commitment: Commitment, duties: list[Duty]) -> Standing:
    first, *also = duties
    return Standing(commitment, first.state, first.due, first.en, first.ja, tuple(also))
