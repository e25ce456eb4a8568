"""The records of the two programmes: schemes, projects, events, and the members' commitments with their reports."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from ingest.records import Iri, Iris, LangText, Record, Says
from kg.namespaces import CES


class SupportScheme(Record):
    """A subsidy, fund, loan or expert dispatch: who may apply, for what, until when."""

    kind = "scheme"
    rdf_class = CES.SupportScheme
    provided_by: Annotated[Iri | None, Says(CES.providedBy, "iri")] = None
    eligible_kinds: Annotated[Iris, Says(CES.eligibleKind, "iri")] = ()
    eligible_regions: Annotated[Iris, Says(CES.eligibleRegion, "iri")] = ()
    opens: Annotated[date | None, Says(CES.applicationOpens)] = None
    closes: Annotated[date | None, Says(CES.applicationCloses)] = None
    support_kind: Annotated[str | None, Says(CES.supportKind)] = None
    subsidy_rate: Annotated[str | None, Says(CES.subsidyRate)] = None
    upper_limit: Annotated[Decimal | str | None, Says(CES.upperLimit)] = None


class Project(Record):
    """A technology put to work in a region by partners, with what came of it."""

    kind = "project"
    rdf_class = CES.Project
    used_technology: Annotated[Iri | None, Says(CES.usesTechnology, "iri")] = None
    addressed_issue: Annotated[Iri | None, Says(CES.addressesIssue, "iri")] = None
    partners: Annotated[Iris, Says(CES.hasPartner, "iri")] = ()
    regions: Annotated[Iris, Says(CES.inRegion, "iri")] = ()
    outcomes: Annotated[LangText, Says(CES.outcome, "text")] = Field(default_factory=dict)
    state: Annotated[str | None, Says(CES.projectState)] = None
    started: Annotated[date | None, Says(CES.startedOn)] = None
    ended: Annotated[date | None, Says(CES.endedOn)] = None


class Event(Record):
    """A forum, seminar or meeting where people get to know each other."""

    kind = "event"
    rdf_class = CES.Event
    organised_by: Annotated[Iri | None, Says(CES.organisedBy, "iri")] = None
    regions: Annotated[Iris, Says(CES.inRegion, "iri")] = ()
    place: Annotated[str | None, Says(CES.place)] = None
    starts: Annotated[date, Says(CES.startsOn)]
    ends: Annotated[date | None, Says(CES.endsOn)] = None


class Commitment(Record):
    """A member's circular-economy goal with its dates; which rules hold follows from the member kind."""

    kind = "commitment"
    rdf_class = CES.Commitment
    committed_by: Annotated[Iri, Says(CES.committedBy, "iri")]
    member_kind: Annotated[Iris, Says(CES.memberKind, "iri")] = ()
    joined: Annotated[date, Says(CES.joinedOn)]
    goal_submitted: Annotated[date | None, Says(CES.goalSubmittedOn)] = None
    changed: Annotated[date | None, Says(CES.changedOn)] = None
    indicator: Annotated[str | None, Says(CES.indicator)] = None
    baseline_value: Annotated[Decimal | None, Says(CES.baselineValue)] = None
    baseline_year: Annotated[int | None, Says(CES.baselineYear)] = None
    target_value: Annotated[Decimal | None, Says(CES.targetValue)] = None
    target_unit: Annotated[str | None, Says(CES.unit)] = None
    target_year: Annotated[int | None, Says(CES.targetYear)] = None
    published_at: Annotated[str | None, Says(CES.measuresPublishedAt)] = None
    published_on: Annotated[date | None, Says(CES.measuresPublishedOn)] = None
    plan_revision: Annotated[date | None, Says(CES.planRevisionOn)] = None
    period_months: Annotated[int | None, Says(CES.followUpPeriodMonths)] = None
    realised_by: Annotated[Iri | None, Says(CES.realisedThrough, "iri")] = None


class FollowUp(Record):
    """One report on a commitment: when it came, and the value that was reached."""

    kind = "followup"
    rdf_class = CES.FollowUp
    commitment: Annotated[Iri, Says(CES.followsUp, "iri")]
    reported: Annotated[date, Says(CES.reportedOn)]
    reported_value: Annotated[Decimal | None, Says(CES.reportedValue)] = None
    reported_year: Annotated[int | None, Says(CES.reportedYear)] = None
