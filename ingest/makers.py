"""What each kind of record takes from its row beside what all kinds share."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from ingest import records, records_programmes
from ingest.resolver import Resolver, texts_of
from kg.iris import Kind

Fields = dict[str, object]


@dataclass(frozen=True)
class Maker:
    """``title`` is the column that names such a record; ``required`` are further columns that it must have."""

    model: type[records.Record]
    title: str
    fields: Callable[[Resolver], Fields]
    required: tuple[str, ...] = ()
    needs_region: bool = False


def _technology(row: Resolver) -> Fields:
    return {
        "offered_by": row.organisation(),
        "technology_kinds": row.concepts("technology_kinds", "technology"),
        "uses": row.concepts("resources", "resource"),
        "yields": row.concepts("yields", "resource"),
        "levels": row.concepts("level", "level"),
        "readiness": row.concepts("readiness", "readiness"),
        "permits": row.permits(),
        "permit_note": row.values.get("permits"),
        "available_in": row.regions(),
        "deployed_in": row.listed_regions("deployed_in"),
    } | _plain(row, "scale", "cost")


def _issue(row: Resolver) -> Fields:
    return {
        "region": row.one_region(),
        "issue_kind": row.concepts("issue_kind", "issue-kind"),
        "levels": row.concepts("level", "level"),
        "concerns": row.concepts("resources", "resource"),
        "raised_by": row.optional_organisation(),
    } | _plain(row, "tried", "constraint", "budget", "department")


def _resource(row: Resolver) -> Fields:
    return {
        "region": row.one_region(),
        "resource_kinds": row.concepts("resource_kind", "resource"),
    } | _plain(row, "season")


def _partner(row: Resolver) -> Fields:
    return {
        "member_kind": row.concepts("member_kind", "member-kind"),
        "seat": row.regions(),
    } | _plain(row, "corporate_number")


def _scheme(row: Resolver) -> Fields:
    return {
        "provided_by": row.optional_organisation(),
        "eligible_kinds": row.concepts("eligible_kinds", "member-kind"),
        "eligible_regions": row.regions(),
        "upper_limit": _number_or_text(row.values.get("upper_limit")),
    } | _plain(row, "opens", "closes", "support_kind", "subsidy_rate")


def _project(row: Resolver) -> Fields:
    return {
        "used_technology": row.record("used_technology", "technology"),
        "addressed_issue": row.record("addressed_issue", "issue"),
        "partners": row.organisations("partners"),
        "regions": row.regions(),
        "outcomes": texts_of(row.values, "outcome"),
    } | _plain(row, "state", "started", "ended")


def _event(row: Resolver) -> Fields:
    return {
        "organised_by": row.optional_organisation(),
        "regions": row.regions(),
    } | _plain(row, "place", "starts", "ends")


def _commitment(row: Resolver) -> Fields:
    return {
        "committed_by": row.organisation(),
        "member_kind": row.concepts("member_kind", "member-kind"),
        "realised_by": row.record("realised_by", "project"),
    } | _plain(
        row,
        "joined",
        "goal_submitted",
        "changed",
        "indicator",
        "baseline_value",
        "baseline_year",
        "target_value",
        "target_unit",
        "target_year",
        "published_at",
        "published_on",
        "plan_revision",
        "period_months",
    )


def _followup(row: Resolver) -> Fields:
    return {"commitment": row.record("followed_commitment", "commitment")} | _plain(
        row, "reported", "reported_value", "reported_year"
    )


def _number_or_text(value: object) -> object:
    """A plain number as one, so that it can be compared; anything else stays what was written, and a shape warns."""
    with suppress(InvalidOperation):
        return Decimal(str(value).replace(",", "")) if value is not None else None
    return value


def _plain(row: Resolver, *names: str) -> Fields:
    """Values that become fields of the same name as they are."""
    return {name: row.values.get(name) for name in names}


MAKERS: dict[Kind, Maker] = {
    "partner": Maker(records.Partner, "organisation", _partner),
    "resource": Maker(records.RegionalResource, "resource", _resource, needs_region=True),
    "technology": Maker(records.Technology, "technology", _technology, required=("organisation",)),
    "issue": Maker(records.Issue, "issue", _issue, needs_region=True),
    "scheme": Maker(records_programmes.SupportScheme, "scheme", _scheme),
    "project": Maker(records_programmes.Project, "project", _project),
    "event": Maker(records_programmes.Event, "event", _event, required=("starts",)),
    "commitment": Maker(
        records_programmes.Commitment, "commitment", _commitment, required=("organisation", "member_kind", "joined")
    ),
    "followup": Maker(records_programmes.FollowUp, "followed_commitment", _followup, required=("reported",)),
}
