"""Whether a technology's conditions hold where an issue is: the same comparison as in a search, from the records."""

from __future__ import annotations

from kg.iris import record_iri
from kg.namespaces import CES, REGION
from search_api.engine.conditions import Offer
from search_api.engine.results import Condition
from search_api.engine.situation import Situation, situation_of_record
from search_api.matching.records import Side
from search_api.service import Service


def conditions_between(service: Service, technology: Side, issue: Side, lang: str) -> list[Condition]:
    """What the technology asks of the issue's place, what does not fit first."""
    return service.engine.conditions(offer_of(service, technology, lang), situation_at(service, issue), lang)


def offer_of(service: Service, technology: Side, lang: str) -> Offer:
    """What a technology states of itself, its text in a language where it has one."""
    iri, graph = record_iri(service.folder.base, technology.id), technology.graph

    def iris(*predicates: object) -> tuple[str, ...]:
        return tuple(sorted({str(value) for p in predicates for value in graph.objects(iri, p)}))  # type: ignore[arg-type]

    def first(predicate: object) -> str:
        return min((str(value) for value in graph.objects(iri, predicate)), default="")  # type: ignore[arg-type]

    own = lang if lang in technology.words else next(iter(technology.words), lang)
    return Offer(
        kind="technology",
        lang=own,
        text=technology.text(own),
        scale=first(CES.minimumScale),
        climate=first(CES.climateCondition),
        permits=iris(CES.needsPermit),
        uses=iris(CES.usesResource),
        regions=tuple(code.removeprefix(str(REGION)) for code in iris(CES.availableIn)),
        valid_until=first(CES.validUntil)[:10],
    )


def situation_at(service: Service, issue: Side) -> Situation:
    """Where an issue is, and the amounts that it tells; of the people only where the region's number is not known."""
    known = bool(issue.region) and service.engine.facts_of(issue.region).population is not None
    texts = [issue.text(lang) for lang in issue.words]
    return situation_of_record(texts[0] if texts else "", issue.region, people=not known)
