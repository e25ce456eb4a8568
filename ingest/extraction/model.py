"""The values that extraction yields; every place counts characters of the text and is half-open."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["region", "issue", "technology", "resource", "organisation", "goal"]
Predicate = Literal["facesIssue", "offersTechnology", "addressesIssue", "deployedIn", "partnerOf", "rejected"]
#: How a mention or relation was found: a label of the vocabulary, a name of the register, a rule, a trained model.
Method = Literal["label", "register", "rule", "model"]


@dataclass(frozen=True)
class Mention:
    """Words that name something; ``code`` is a region's (5 digits, 2 for a prefecture), ``iri`` its or a concept's."""

    kind: Kind
    start: int
    end: int
    text: str
    confidence: float
    method: Method
    iri: str | None = None
    code: str | None = None
    page: int | None = None

    def as_json(self) -> dict[str, Any]:
        """As ``meguri extract --json`` prints it."""
        return {
            "kind": self.kind,
            "text": self.text,
            "start": self.start,
            "end": self.end,
            "page": self.page,
            "iri": self.iri,
            "code": self.code,
            "confidence": self.confidence,
        }


@dataclass(frozen=True)
class Goal:
    """A quantity that somebody wants to reach: value as a plain number (percent for shares), year Gregorian."""

    text: str
    start: int
    end: int
    indicator: str | None
    value: float
    unit: str
    target_year: int | None
    confidence: float

    def as_json(self) -> dict[str, Any]:
        """As ``meguri extract --json`` prints it; whole numbers without a point."""
        return {
            "text": self.text,
            "start": self.start,
            "end": self.end,
            "indicator": self.indicator,
            "value": int(self.value) if self.value.is_integer() else self.value,
            "unit": self.unit,
            "target_year": self.target_year,
        }


@dataclass(frozen=True)
class Relation:
    """Subject and object are mentions of the text; ``start`` and ``end`` bound the words that say it."""

    subject: Mention
    predicate: Predicate
    object: Mention
    start: int
    end: int
    confidence: float

    def as_json(self) -> dict[str, Any]:
        """As ``meguri extract --json`` prints it."""
        return {
            "subject": self.subject.text,
            "predicate": self.predicate,
            "object": self.object.text,
            "start": self.start,
            "end": self.end,
            "confidence": self.confidence,
        }


@dataclass(frozen=True)
class Extraction:
    """All that was found in one text; mentions in the order of the text."""

    text: str
    lang: str
    mentions: list[Mention] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)
    goals: list[Goal] = field(default_factory=list)

    def as_json(self, file: str) -> dict[str, Any]:
        """The document that ``meguri extract FILE --json`` prints."""
        return {
            "file": file,
            "lang": self.lang,
            "mentions": [mention.as_json() for mention in self.mentions],
            "relations": [relation.as_json() for relation in self.relations],
            "goals": [goal.as_json() for goal in self.goals],
            "text": self.text,
        }
