"""What was read from a document, as its page shows it: each statement in words, with the place that says it."""

from __future__ import annotations

from dataclasses import dataclass

from kg.namespaces import CES
from kg.store import GraphStore
from search_api.desk.statements import statements_of
from search_api.http.labels import Labels


@dataclass(frozen=True)
class ReadingView:
    """One statement; ``at`` is the place as an address asks for it, ``decision`` None where nobody has looked at it."""

    subject: str
    relation: str
    object: str
    at: str
    percent: int
    decision: str | None
    on: str | None
    correction: str | None


def readings_of(store: GraphStore, base: str, document: str, labels: Labels, lang: str) -> list[ReadingView]:
    """The statements of a document, in its order."""
    return [_view(one, labels, lang) for one in statements_of(store, base, document)]


def _view(one: dict[str, object], labels: Labels, lang: str) -> ReadingView:
    predicate, says = str(one["predicate"]), str(one["says"])
    subject, _, object_ = says.partition(f" — {predicate} → ") if " — " in says else says.partition(" → ")
    review = one["review"]
    decided: dict[str, str | None] = review if isinstance(review, dict) else {}
    return ReadingView(
        subject=subject,
        relation=labels.name(str(CES[predicate]), lang).text,
        object=object_,
        at=f"{one['start']}-{one['end']}",
        percent=round(100 * float(str(one["confidence"]))),
        decision=decided.get("decision"),
        on=decided.get("on"),
        correction=decided.get("correction"),
    )
