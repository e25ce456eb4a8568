"""Sentences cut into clauses, and what a text spoke of before a clause."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.extraction.model import Mention
from ingest.extraction.relations.words import relation_words
from ingest.extraction.sentences import Sentence

_COMPANY = re.compile(r"会社|[(（]株|㈱|㈲|Co\.|Ltd|Inc|Corp|LLC|Company|K\.K")

# 株式会社…（本社：東京都千代田区、代表：…）: where somebody sits is not of whom a sentence speaks
_SEAT = re.compile(
    r"[(（][^)）]*(?:本社|本店|本部|所在地?|住所|headquarter\w*|based\sin|head\soffice)[^)）]*$", re.IGNORECASE
)
# 上川町から技術を学び: nor is it from where something came
_SOURCE = re.compile(r"(?:から|より)[^、。]{0,20}?(?:学[びんぶ]|視察|購入|調達|仕入|取り寄せ|取寄せ|運[びんぶ]|輸送)")


@dataclass(frozen=True)
class Clause:
    """A part of a sentence (half-open, characters of the document) with the mentions in it, in order."""

    start: int
    end: int
    text: str
    actors: tuple[Mention, ...]
    technologies: tuple[Mention, ...]
    issues: tuple[Mention, ...]

    @property
    def regions(self) -> list[Mention]:
        """The regions among the actors."""
        return [actor for actor in self.actors if actor.kind == "region"]

    @property
    def organisations(self) -> list[Mention]:
        """The organisations among the actors."""
        return [actor for actor in self.actors if actor.kind == "organisation"]


@dataclass
class Topic:
    """What the text spoke of last."""

    region: Mention | None = None
    organisation: Mention | None = None
    company: Mention | None = None
    actor: Mention | None = None
    main: Mention | None = None
    paragraph: int = 0
    technology: Mention | None = None
    issue: Mention | None = None

    def enter(self, paragraph: int) -> None:
        """A new paragraph speaks of the document's own region until it names another."""
        if paragraph != self.paragraph and self.main is not None:
            self.region = self.main
        self.paragraph = paragraph

    def note(self, clause: Clause) -> None:
        """Remember what a clause spoke of."""
        self.region = clause.regions[0] if clause.regions else self.region
        self.organisation = clause.organisations[-1] if clause.organisations else self.organisation
        companies = [o for o in clause.organisations if _COMPANY.search(o.text)]
        self.company = companies[-1] if companies else self.company
        self.actor = clause.actors[0] if clause.actors else self.actor
        self.technology = clause.technologies[-1] if clause.technologies else self.technology
        self.issue = clause.issues[-1] if clause.issues else self.issue


def clauses_of(sentence: Sentence, mentions: Sequence[Mention]) -> Iterator[Clause]:
    """A sentence cut into clauses; no mention is cut."""
    words = relation_words(sentence.lang)
    cuts = [sentence.start + match.end() for match in words.clause.finditer(sentence.text)]
    cuts = [cut for cut in cuts if not any(m.start < cut < m.end for m in mentions)]
    for start, end in zip([sentence.start, *cuts], [*cuts, sentence.end], strict=True):
        if start < end:
            yield clause_of(sentence, mentions, start, end)


def clause_of(sentence: Sentence, mentions: Sequence[Mention], start: int, end: int) -> Clause:
    """A part of a sentence (characters of the document) with the mentions that stand in it whole."""
    inside = [m for m in mentions if start <= m.start and m.end <= end]
    beside = {id(m) for m in mentions if m.kind == "region" and _only_beside(sentence, m, mentions)}
    return Clause(
        start,
        end,
        sentence.text[start - sentence.start : end - sentence.start],
        tuple(m for m in inside if m.kind in ("region", "organisation") and id(m) not in beside),
        tuple(m for m in inside if m.kind == "technology"),
        tuple(m for m in inside if m.kind == "issue"),
    )


def _only_beside(sentence: Sentence, region: Mention, mentions: Sequence[Mention]) -> bool:
    """Whether a region only tells a seat, a source, or the prefecture of the place behind it (北海道の上川町)."""
    before = sentence.text[: region.start - sentence.start]
    behind = sentence.text[region.end - sentence.start :]
    if _SEAT.search(before) or _SOURCE.match(behind):
        return True
    code = region.code or ""
    return (
        len(code) == 2
        and behind.startswith("の")
        and any(m.start == region.end + 1 and (m.code or "").startswith(code) for m in mentions)
    )
