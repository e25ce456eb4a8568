"""The seam to the search engine: what fits a record, best first. All of matching ranks by this function."""

from __future__ import annotations

from search_api.engine.calibration import Calibration
from search_api.engine.index.balance import QueryKind
from search_api.engine.query import MAX_LIMIT, Request
from search_api.engine.results import Result, SearchAnswer
from search_api.engine.search import Scored
from search_api.engine.situation import NOWHERE
from search_api.matching.records import Side
from search_api.service import Service

# the cosine that counts as a match where the engine calibrates no score: of the ten nearest technologies of each issue
# of the tuning set, 76 % of those that fit lie above it, and 13 % of the others
UNCALIBRATED_LINE = 0.2


_KIND_OF_TEXT: dict[str, QueryKind] = {"issue": "issue", "technology": "offer"}


def request_of(record: Side, find: str, lang: str, limit: int, region: str | None = None) -> Request:
    """What finds records of a kind for a record, by its own words; its place is its own, and not read from them."""
    own = lang if lang in record.words else next(iter(record.words), lang)
    kind = _KIND_OF_TEXT.get(record.kind, "query")
    return Request(record.text(own), find, region, lang=lang, limit=limit, situation=NOWHERE, kind=kind)


def fitting(service: Service, record: Side, find: str, lang: str, limit: int = 20) -> SearchAnswer:
    """Records of a kind that fit a record, labels in ``lang``; at most ``MAX_LIMIT``."""
    answer = service.engine.search(request_of(record, find, lang, min(limit + 1, MAX_LIMIT)))
    results = [result for result in answer.results if result.id != record.id][:limit]
    return answer.model_copy(update={"results": results})


def above_line(result: Result | Scored) -> bool:
    """Whether the result answers: the line is the same one that ``answered`` of a search draws."""
    if result.score is not None:
        return result.score >= Calibration.shipped().line
    cosine = result.cosine if isinstance(result, Scored) else result.evidence.dense
    return cosine >= UNCALIBRATED_LINE
