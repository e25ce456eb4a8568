"""Which columns a record of each kind keeps; a column that is known but not kept is reported, like an unknown one."""

from __future__ import annotations

from functools import cache

from ingest.columns import IGNORED
from ingest.makers import MAKERS
from kg.iris import Kind


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


# itself, where it comes from, and the people to ask (who stay out of the graph)
_SHARED = _names(
    "id description description_en language themes source source_date url sample registered updated "
    "entered valid_until remarks department contact_person phone email amount unit"
)
_PLACES = _names("regions jis_code prefecture municipality")
_OWNER = _names("organisation organisation_en corporate_number")
_KEPT: dict[Kind, frozenset[str]] = {
    "partner": _PLACES | _names("member_kind corporate_number"),
    "resource": _PLACES | _names("resource_kind season"),
    "technology": _PLACES
    | _OWNER
    | _names("technology_kinds resources yields level readiness permits deployed_in scale cost"),
    "issue": _PLACES | _OWNER | _names("issue_kind level resources tried constraint budget"),
    "scheme": _PLACES | _OWNER | _names("eligible_kinds upper_limit opens closes support_kind subsidy_rate"),
    "project": _PLACES | _names("used_technology addressed_issue partners outcome outcome_en state started ended"),
    "event": _PLACES | _OWNER | _names("place starts ends"),
    "commitment": _OWNER
    | _names(
        "member_kind realised_by joined goal_submitted changed indicator baseline_value baseline_year target_value "
        "target_unit target_year published_at published_on plan_revision period_months"
    ),
    "followup": _names("reported reported_value reported_year"),
}


@cache
def kept_fields(kind: Kind) -> frozenset[str]:
    """The canonical names of the columns that a record of this kind keeps."""
    title = MAKERS[kind].title
    return _SHARED | _KEPT[kind] | {title, f"{title}_en"}


def not_kept(field: str | None, kind: Kind) -> bool:
    """Whether a field is one of ours (None is none) that records of this kind leave out."""
    return field is not None and field not in IGNORED and field not in kept_fields(kind)
