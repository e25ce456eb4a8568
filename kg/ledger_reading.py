"""Reads the commitments of a store for the ledger."""

from __future__ import annotations

from datetime import date

from rdflib.term import Node

from kg.ledger import Commitment, Publication, RuleSet, Standing, standing
from kg.queries import load_query
from kg.store import GraphStore, Row

_PUBLICATION: dict[str, Publication] = {
    "companyOrIndustryAssociation": "at_once",
    "localGovernment": "plan_revision",
    "universityResearchOther": "by_reports",
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
        changed_on=max((day for row in rows if (day := _day(row.get("changed")))), default=None),
        measures_published_on=_day(first.get("published")),
        plan_revision_on=_day(first.get("revision")),
        follow_up_months=_number(first.get("period")),
        reported_on=sorted({day for row in rows if (day := _day(row.get("reported")))}),
        member_en=_in([row["name"] for row in rows], "en"),
        label_en=_in([row["label"] for row in rows], "en"),
        member_iri=str(first["member"]),
    )


def _rules(row: Row) -> RuleSet:
    name = str(row["rules"]).rpartition("/")[2]
    return RuleSet(
        name=name,
        goal_within_months=int(str(row["within"])),
        follow_up_months=_number(row.get("every")),
        asks_for_project=name == "universityResearchOther",
        publication=_PUBLICATION[name],
    )


def _preferred(labels: list[Node]) -> str:
    """The Japanese label, else the first."""
    return _in(labels, "ja") or str(labels[0])


def _in(labels: list[Node], lang: str) -> str:
    """The label in a language; empty where there is none."""
    return next((str(label) for label in labels if getattr(label, "language", None) == lang), "")


def _required_day(value: Node) -> date:
    return date.fromisoformat(str(value))


def _day(value: Node | None) -> date | None:
    return None if value is None else date.fromisoformat(str(value))


def _number(value: Node | None) -> int | None:
    return None if value is None else int(str(value))
