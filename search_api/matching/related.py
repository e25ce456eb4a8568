"""More like this, and the support schemes and events that fit a record and are still open."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from pydantic import BaseModel, Field
from rdflib import URIRef

from kg.iris import record_iri
from kg.namespaces import CES
from search_api.engine.results import Result
from search_api.matching.ranking import above_line, request_of
from search_api.matching.records import Side, side
from search_api.service import Service

SHOWN = 5
# so many are looked at, since closed ones fall out
LOOKED_AT = 30


class Related(BaseModel):
    """Records beside a record."""

    id: str
    language: str
    similar: list[Result] = Field(description="Records of the same kind that say the like")
    schemes: list[Result] = Field(description="Support schemes that fit, reach the region and are not closed")
    events: list[Result] = Field(description="Events on the matter that are still to come")


def related_to(service: Service, id_: str, lang: str, on: date | None = None) -> Related:
    """What lies beside a record on a day (today); MeguriError (``record_unknown``)."""
    day = on or date.today()
    record = side(service.store, service.folder.base, id_)
    schemes = _found(service, record, "scheme", lang, record.region or None)
    return Related(
        id=id_,
        language=lang,
        similar=_found(service, record, record.kind, lang)[:SHOWN],
        schemes=_open(service, schemes, CES.applicationCloses, day),
        events=_open(service, _found(service, record, "event", lang), CES.startsOn, day, required=True),
    )


def _found(service: Service, record: Side, find: str, lang: str, region: str | None = None) -> list[Result]:
    if not record.searchable:
        return []
    results = service.engine.search(request_of(record, find, lang, LOOKED_AT, region)).results
    return [result for result in results if result.id != record.id and above_line(result)]


def _open(
    service: Service, results: Iterable[Result], last_day: URIRef, day: date, *, required: bool = False
) -> list[Result]:
    """Those whose day has not passed; one that states no day counts as open unless the day is ``required``."""
    kept = []
    for result in results:
        iri = record_iri(service.folder.base, result.id)
        said = service.store.graph(iri).value(iri, last_day)
        if (said is None and not required) or (said is not None and str(said)[:10] >= day.isoformat()):
            kept.append(result)
    return kept[:SHOWN]
