"""What was read from a document, as its page shows it: each statement in words, with the place that says it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kg.namespaces import CES
from kg.reviews import Words
from kg.store import GraphStore
from search_api.desk.statements import statements_of
from search_api.http.labels import Labels
from search_api.http.passages import Named


@dataclass(frozen=True)
class ReadingView:
    """One statement; ``at`` is the place as an address asks for it, ``decision`` None where nobody has looked at it."""

    key: str
    predicate: str
    subject: str
    relation: str
    object: str
    at: str
    percent: int
    decision: str | None
    on: str | None
    correction: str | None
    # what the register, the vocabulary or the partners know of its subject and object, by the words that name it
    linked: list[tuple[str, Named]]


def readings_of(store: GraphStore, base: str, document: str, labels: Labels, lang: str) -> list[ReadingView]:
    """The statements of a document, in its order."""
    return [_view(one, labels, lang) for one in statements_of(store, base, document)]


def _view(one: dict[str, object], labels: Labels, lang: str) -> ReadingView:
    predicate, words = str(one["predicate"]), Words.of(str(one["says"]))
    review = one["review"]
    decided: dict[str, str | None] = review if isinstance(review, dict) else {}
    return ReadingView(
        key=str(one["statement"]),
        predicate=predicate,
        subject=words.subject,
        relation=labels.name(str(CES[predicate]), lang).text,
        object=words.object,
        at=f"{one['start']}-{one['end']}",
        percent=round(100 * float(str(one["confidence"]))),
        decision=decided.get("decision"),
        on=decided.get("on"),
        correction=_readable(decided.get("correction"), labels, lang),
        linked=list(_linked(one, words, labels, lang)),
    )


def _linked(one: dict[str, object], words: Words, labels: Labels, lang: str) -> Iterator[tuple[str, Named]]:
    for end, said in (("subject", words.subject), ("object", words.object)):
        iri = str(one[end] or "")
        label = labels.of(iri, lang) if iri.startswith("http") and "#" not in iri else None
        path = labels.path(iri) if label is not None else None
        if label is not None and path is not None:
            yield said, Named(label, path)


def _readable(correction: str | None, labels: Labels, lang: str) -> str | None:
    """A correction with the predicate's label in place of its name."""
    words = Words.of(correction or "")
    if not words.predicate:
        return correction
    return f"{words.subject} {labels.name(str(CES[words.predicate]), lang).text} {words.object}"
