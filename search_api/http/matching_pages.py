"""The pages of matching: what fits a record, and the view from above."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from kg.errors import MeguriError
from search_api.engine.results import Result
from search_api.http.context import Context, ContextOf, ReaderOf, page
from search_api.http.focus import find_record
from search_api.http.problems import status_of
from search_api.matching.exchange import Asked, Flow, flows
from search_api.matching.records import OPPOSITE
from search_api.matching.related import Related, related_to
from search_api.matching.suggestions import Matches, matches_of
from search_api.web.reader import Reader

router = APIRouter(include_in_schema=False)
FLOWS = 10


@dataclass(frozen=True)
class _View:
    """What the template needs; ``matches`` only for issues and technologies."""

    matches: Matches | None
    flows: list[Flow]
    related: Related


@router.get("/matches/{id}")
def matches_page(id: str, context: ContextOf, reader: ReaderOf) -> Response:
    """What fits a record: matches, exchange, schemes, events, similar records."""
    focus = find_record(context.service, id)
    view = _view(context, reader, focus.id, focus.kind)
    title = context.labels.name(str(focus.iri), "ja" if reader.lang == "ja" else "en")
    return page(context, reader, "matches.html", focus=focus, title=title, view=view, why=why)


@router.get("/gaps")
def gaps_page(context: ContextOf, reader: ReaderOf) -> Response:
    """Unmet demand and idle supply; while they are first counted, how far that is, on a page that renews itself."""
    try:
        table = context.gaps.table(reader.lang)
    except MeguriError as error:
        if error.code != "gaps_counting":
            raise
        waiting = page(context, reader, "gaps_counting.html", status_of(error), problem=error)
        waiting.headers.update({"Refresh": "3", "Retry-After": "3", "Cache-Control": "no-store"})
        return waiting
    return page(context, reader, "gaps.html", gaps=table)


def why(result: Result) -> str:
    """The shortest reason for a result: a shared concept, a path between concepts, or the sentence that says it."""
    evidence = result.evidence
    if evidence.shared_concepts:
        return " · ".join(concept.label for concept in evidence.shared_concepts[:3])
    if evidence.paths:
        return " → ".join(step.text for step in evidence.paths[0])
    return evidence.passages[0].text if evidence.passages else ""


def _view(context: Context, reader: Reader, id_: str, kind: str) -> _View:
    service, lang = context.service, reader.lang
    paired = kind in OPPOSITE
    return _View(
        matches=matches_of(service, context.known_database(), id_, lang) if paired else None,
        flows=flows(service, lang, Asked(record=id_, limit=FLOWS)),
        related=related_to(service, id_, lang),
    )
