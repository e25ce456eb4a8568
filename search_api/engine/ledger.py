"""The ledger as an answer: the members' commitments on a day, most urgent first, counted and filtered.

Command line, API and page show the same rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from pydantic import BaseModel, Field

from ingest.normalise.dates import parse_date
from kg.ledger import STATES, Duty, Standing, by_urgency
from kg.ledger_reading import ledger
from kg.store import GraphStore
from search_api.engine.query import filter_unknown

RULE_SETS = ("companyOrIndustryAssociation", "localGovernment", "universityResearchOther")


@dataclass(frozen=True)
class LedgerRequest:
    """What of the ledger is asked for: the day, and filters by state and by rule set."""

    on: date
    state: str | None = None
    member_kind: str | None = None


class Reason(BaseModel):
    """Why, in both languages."""

    ja: str
    en: str


class OpenDuty(BaseModel):
    """Something else that is overdue."""

    state: str
    due: date | None
    reason: Reason


class LedgerRow(BaseModel):
    """Where one commitment stands; ``days`` until it is due (negative: days overdue), null where no day is known."""

    id: str
    member: str
    member_en: str
    member_iri: str
    member_kind: str
    commitment: str
    commitment_en: str
    state: str
    due: date | None
    days: int | None
    reason: Reason
    also: list[OpenDuty]
    changed: date | None = Field(description="The day on which a changed goal was submitted again.")


class LedgerAnswer(BaseModel):
    """The rows, most urgent first; the counts are over all members, before the filters."""

    on: date
    total: int
    states: dict[str, int]
    member_kinds: dict[str, int]
    rows: list[LedgerRow]


def ledger_answer(store: GraphStore, base: str, asked: LedgerRequest) -> LedgerAnswer:
    """The ledger on a day; MeguriError (``filter_unknown``) for a state or rule set that there is not."""
    _known("state", asked.state, STATES)
    _known("kind", asked.member_kind, RULE_SETS)
    standings = sorted(ledger(store, base, asked.on), key=by_urgency)
    chosen = [row for row in standings if _fits(row, asked)]
    return LedgerAnswer(
        on=asked.on,
        total=len(chosen),
        states=_counted(STATES, (row.state for row in standings)),
        member_kinds=_counted(RULE_SETS, (row.commitment.rules.name for row in standings)),
        rows=[_row(row, asked.on) for row in chosen],
    )


def asked_day(text: str | None, name: str = "on") -> date:
    """A day as people write it, today where none is given; MeguriError (``filter_unknown``) where it is none."""
    if not text:
        return date.today()
    try:
        return parse_date(text)
    except ValueError as error:
        raise filter_unknown(name, text[:40], "2026-11-22, 令和8年11月22日") from error


def _known(name: str, value: str | None, allowed: tuple[str, ...]) -> None:
    if value and value not in allowed:
        raise filter_unknown(name, value[:40], ", ".join(allowed))


def _fits(row: Standing, asked: LedgerRequest) -> bool:
    """A commitment late with two things is found under both."""
    states = {row.state, *(duty.state for duty in row.also)}
    kinds = (None, "", row.commitment.rules.name)
    return (not asked.state or asked.state in states) and asked.member_kind in kinds


def _counted(names: tuple[str, ...], values: Iterable[str]) -> dict[str, int]:
    counts = Counter(values)
    return {name: counts[name] for name in names}


def _row(row: Standing, on: date) -> LedgerRow:
    commitment = row.commitment
    return LedgerRow(
        id=commitment.id,
        member=commitment.member,
        member_en=commitment.member_en,
        member_iri=commitment.member_iri,
        member_kind=commitment.rules.name,
        commitment=commitment.label,
        commitment_en=commitment.label_en,
        state=row.state,
        due=row.due,
        days=(row.due - on).days if row.due else None,
        reason=Reason(ja=row.ja, en=row.en),
        also=[_duty(duty) for duty in row.also],
        changed=commitment.changed_on if commitment.changed_on and commitment.changed_on <= on else None,
    )


def _duty(duty: Duty) -> OpenDuty:
    return OpenDuty(state=duty.state, due=duty.due, reason=Reason(ja=duty.ja, en=duty.en))
