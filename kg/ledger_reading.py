"""Reads the commitments of a store for the ledger."""

from __future__ import annotations

from datetime import date

from rdflib.term import Node

from kg.ledger import PLAN_REVISION_MONTHS, Commitment, RuleSet, Standing, standing
from kg.queries import load_query
from kg.store import GraphStore, Row

# companies publish at once, local governments in the next revision of a plan; for the others the reports are it
_PUBLICATION_MONTHS = {
    "companyOrIndustryAssociation": 0,
    "localGovernment": PLAN_REVISION_MONTHS,
    "universityResearchOther": None,
}


def read_commitments(store: GraphStore, base: str) -> list[Commitment]:
    """All published commitments with their follow-ups, by id; labels in Japanese where there are any."""
    found: dict[str, list[Row]] = {}
    for row in store.select(load_query("commitments")):
        found.setdefault(str(row["commitment"]).removeprefix(base), []).append(row)
    return [_commitment(id_, rows) for id_, rows in sorted(found.items())]


def ledger(store: GraphStore, base: str, on: date) -> list[Standing]:
    """Where every commitment stands on a day."""
    return [standing(commitment, on) for commitment in read_commitments(store, base)]


def _commitment(id_: str, rows: list[Row]) -> Commitment:
    first = rows[0]
    return Commitment(
        id=id_,
        member=_preferred([row["name"] for row in rows]),
        label=_preferred([row["label"] for row in rows]),
        rules=_rules(first),
        joined_on=_required_day(first["joined"]),
        goal_submitted_on=_day(first.get("submitted")),
        measures_published_on=_day(first.get("published")),
        follow_up_months=_number(first.get("period")),
        reported_on=sorted({day for row in rows if (day := _day(row.get("reported")))}),
    )


def _rules(row: Row) -> RuleSet:
    name = str(row["rules"]).rpartition("/")[2]
    return RuleSet(
        name=name,
        goal_within_months=int(str(row["within"])),
        follow_up_months=_number(row.get("every")),
        asks_for_project=name == "universityResearchOther",
        publication_within_months=_PUBLICATION_MONTHS[name],
    )


def _preferred(labels: list[Node]) -> str:
    """The Japanese label, else the first."""
    japanese = [label for label in labels if getattr(label, "language", None) == "ja"]
    return str((japanese or labels)[0])


def _required_day(value: Node) -> date:
    return date.fromisoformat(str(value))


def _day(value: Node | None) -> date | None:
    return None if value is None else date.fromisoformat(str(value))


def _number(value: Node | None) -> int | None:
    return None if value is None else int(str(value))
