"""What fits a record, with what is known beside the ranking: matches under way, refusals, where it works already."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pydantic import BaseModel, Field

from kg.iris import provenance_iri, record_iri
from kg.namespaces import PROV
from kg.store import GraphStore
from search_api.engine.region_labels import region_label
from search_api.engine.results import RegionLabel, Result
from search_api.matching.fit import conditions_between
from search_api.matching.ranking import above_line, fitting
from search_api.matching.records import Side, find_side, require_pair, side
from search_api.matching.similarity import ALIKE, RegionLikeness, deployments
from search_api.service import Service

if TYPE_CHECKING:
    from search_api.relational.database import Database
    from search_api.relational.matches import Event, Match

# a likeness of 1 moves a suggestion up by so many places
PLACES = 4.0
MAX_PRECEDENTS = 3


class Precedent(BaseModel):
    """A region where the technology runs already, and why it speaks for this one."""

    region: RegionLabel
    likeness: float = Field(description="From 0 to 1")
    reasons: list[str]


class Suggestion(BaseModel):
    """A record that fits; ``match`` and ``state`` are set for the secretariat where the pair is under way."""

    result: Result
    good: bool = Field(description="Above the line from which a person would call it useful")
    ruled_out: bool = Field(False, description="Something that the records state does not fit: it comes last")
    precedents: list[Precedent] = []
    match: str | None = None
    state: str | None = None
    version: int | None = None


class HeldBack(BaseModel):
    """A pair that is not suggested again, since the region declined it and nothing has changed since."""

    id: str
    title: str
    match: str
    declined_at: str
    reason: str | None


class Why(BaseModel):
    """Why there are no suggestions at all, and what to do, in both languages."""

    code: str = Field(examples=["record_without_words"])
    en: str
    ja: str


WITHOUT_WORDS = Why(
    code="record_without_words",
    en="Title and description of this record hold no words or numbers, so nothing can be compared with it."
    " Whoever registered it can describe it in words and register it again under the same id.",
    ja="この登録の名称と概要には文字や数字がなく、比べることができません。"
    "言葉で説明を書き、同じ ID で登録し直してください。",
)


class Matches(BaseModel):
    """What fits a record. ``held_back`` is for the secretariat; others do not learn who declined what.

    ``reason`` is set where nothing could be looked for.
    """

    id: str
    find: str
    language: str
    answered: bool
    suggestions: list[Suggestion]
    held_back: list[HeldBack] = []
    reason: Why | None = None


@dataclass(frozen=True)
class _Known:
    """What the relational store knows of the record's pairs, and of refusals in the region."""

    pairs: dict[str, Match] = field(default_factory=dict)
    declined: list[Match] = field(default_factory=list)
    reasons: dict[str, str | None] = field(default_factory=dict)


def matches_of(
    service: Service, database: Database | None, id_: str, lang: str, *, limit: int = 10, private: bool = False
) -> Matches:
    """The records of the other kind that fit a record, best first; none, with the reason, for one without words.

    Raises MeguriError: ``record_unknown``, ``match_kind``.
    """
    store, base = service.store, service.folder.base
    record = side(store, base, id_)
    find = require_pair(record.kind, id_)
    if not record.searchable:
        return Matches(id=id_, find=find, language=lang, answered=False, suggestions=[], reason=WITHOUT_WORDS)
    answer = fitting(service, record, find, lang, limit * 2)
    known = _known(database, record)
    held: dict[str, HeldBack] = {}
    kept = []
    for result in answer.results:
        refusal = _refusal(store, base, record, result.id, known)
        if refusal is None:
            kept.append(_suggestion(result, known, private=private))
        else:
            held[result.id] = _held(result, refusal, known)
    kept = [_with_conditions(service, record, one, lang) for one in kept]
    kept = _with_precedents(service, record, kept, lang)[:limit]
    good = [one for one in kept if one.good]
    return Matches(
        id=id_,
        find=find,
        language=lang,
        answered=answer.answered and bool(good),
        suggestions=kept,
        held_back=list(held.values()) if private else [],
    )


def _known(database: Database | None, record: Side) -> _Known:
    if database is None:
        return _Known()
    with database.reading() as tx:
        own = tx.matches.of_record(record.id)
        others = tx.matches.in_states(["declined"], record.region) if record.kind == "issue" and record.region else []
        declined = list({m.id: m for m in (*own, *others) if m.state == "declined"}.values())
        reasons = {
            m.id: next((e.reason for e in reversed(tx.matches.history(m.id)) if e.reason), None) for m in declined
        }
    other = "technology" if record.kind == "issue" else "issue"
    return _Known({getattr(m, other): m for m in own}, declined, reasons)


def _last_reason(history: list[Event]) -> str | None:
    return next((event.reason for event in reversed(history) if event.reason), None)


def _refusal(store: GraphStore, base: str, record: Side, other: str, known: _Known) -> Match | None:
    """The refusal that still stands against a pair: by the issue's region, with neither record revised since."""
    issue, technology = (record.id, other) if record.kind == "issue" else (other, record.id)
    for match in known.declined:
        if match.technology != technology:
            continue
        asked = record if record.kind == "issue" else find_side(store, base, issue)
        offered = record if record.kind == "technology" else find_side(store, base, technology)
        if asked is None or offered is None or match.region != asked.region:
            continue
        newer = match.issue != issue and _revised(store, base, issue) > match.updated_at
        changed = match.issue == issue and match.issue_hash != asked.hash
        if not newer and not changed and match.technology_hash == offered.hash:
            return match
    return None


def _revised(store: GraphStore, base: str, id_: str) -> str:
    """When the revision of a record was stored, in the form of the relational store's times."""
    graph = store.graph(provenance_iri(base, id_))
    said = str(graph.value(record_iri(base, id_), PROV.generatedAtTime) or "")
    return said[:19] + ".999999Z" if said else ""


def _suggestion(result: Result, known: _Known, *, private: bool) -> Suggestion:
    match = known.pairs.get(result.id)
    shown = match if match and (private or match.project) else None
    return Suggestion(
        result=result,
        good=above_line(result),
        match=shown.id if shown else None,
        state=shown.state if shown else None,
        version=shown.version if shown else None,
    )


def _with_conditions(service: Service, record: Side, one: Suggestion, lang: str) -> Suggestion:
    """With what the technology asks of the issue's place; one that the records rule out is no good suggestion."""
    other = find_side(service.store, service.folder.base, one.result.id)
    if other is None:
        return one
    technology, issue = (other, record) if record.kind == "issue" else (record, other)
    conditions = conditions_between(service, technology, issue, lang)
    ruled_out = any(c.certain and c.status == "unmet" for c in conditions)
    evidence = one.result.evidence.model_copy(update={"conditions": conditions})
    result = one.result.model_copy(update={"evidence": evidence})
    return one.model_copy(update={"result": result, "good": one.good and not ruled_out, "ruled_out": ruled_out})


def _held(result: Result, refusal: Match, known: _Known) -> HeldBack:
    return HeldBack(
        id=result.id,
        title=result.title,
        match=refusal.id,
        declined_at=refusal.updated_at,
        reason=known.reasons.get(refusal.id),
    )


def _with_precedents(service: Service, record: Side, found: list[Suggestion], lang: str) -> list[Suggestion]:
    """A technology that runs in a similar region moves up, with the reason."""
    running = deployments(service.store, service.folder.base)
    likeness = RegionLikeness(service.store, service.engine.concepts)
    placed = []
    for place, one in enumerate(found):
        technology = one.result.id if record.kind == "issue" else record.id
        here = record.region if record.kind == "issue" else next((r.code for r in one.result.regions), "")
        precedents = _precedents(likeness, here, running.get(technology, set()), lang)
        best = precedents[0].likeness if precedents else 0.0
        last = len(found) if one.ruled_out else 0
        placed.append((place + last - PLACES * best, place, one.model_copy(update={"precedents": precedents})))
    placed.sort(key=lambda item: item[:2])
    return [one for _, _, one in placed]


def _precedents(likeness: RegionLikeness, here: str, running: Iterable[str], lang: str) -> list[Precedent]:
    compared = [(likeness.compare(here, code), code) for code in sorted(running)] if here else []
    alike = sorted((pair for pair in compared if pair[0].score >= ALIKE), key=lambda pair: -pair[0].score)
    return [
        Precedent(region=label, likeness=found.score, reasons=found.reasons(lang))
        for found, code in alike[:MAX_PRECEDENTS]
        if (label := region_label(code, lang))
    ]
