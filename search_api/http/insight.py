"""``/api/v1/gaps``, ``/api/v1/exchange`` and ``/api/v1/records/{id}/related``."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel
from starlette.responses import Response

from search_api.engine.query import filter_unknown
from search_api.http.context import Context, ContextOf, ResponseLanguage
from search_api.http.problems import problem_responses
from search_api.http.records import LangParameter, RecordId
from search_api.matching.exchange import LIMIT, Asked, Flow, flows
from search_api.matching.gaps import Gaps, as_csv
from search_api.matching.records import side
from search_api.matching.related import Related, related_to

router = APIRouter(prefix="/api/v1", tags=["matches"])


class Flows(BaseModel):
    """Exchanges, the nearest first."""

    language: str
    flows: list[Flow]


@router.get(
    "/gaps",
    summary="Unmet demand and idle supply / 満たされない需要と使われない供給",
    response_model=Gaps,
    responses=problem_responses(422, 503),
)
def gaps(
    context: ContextOf,
    used: ResponseLanguage,
    response: Response,
    lang: LangParameter = None,
    format: Annotated[Literal["json", "csv"], Query(description="json or csv / 形式")] = "json",
) -> Gaps | Response:
    """Issues that no technology answers well, technologies that no region asks for, by theme, prefecture and level,
    and the concepts that nobody covers.

    よく合う技術のない課題と、求める地域のない技術を、テーマ・都道府県・圏域レベル別に、
    また、対応する技術のない概念を返します。

    They are counted beside the searches; `current` is false while changes are still to be compared. Before the first
    count is done the answer is 503 with how far it is. / 集計は検索と並行して行います。
    """
    found = context.gaps.table(used)
    if format == "csv":
        disposition = {"Content-Disposition": 'attachment; filename="meguri-gaps.csv"', "Content-Language": used}
        return Response(as_csv(found), media_type="text/csv; charset=utf-8", headers=disposition)
    response.headers["Content-Language"] = used
    return found


@router.get(
    "/exchange", summary="Whose surplus another needs / 余剰と必要の組合せ", responses=problem_responses(404, 422)
)
def exchange(  # noqa: PLR0913  (one parameter a filter)
    context: ContextOf,
    used: ResponseLanguage,
    response: Response,
    lang: LangParameter = None,
    record: Annotated[str | None, Query(description="Only with this record / この記録", max_length=120)] = None,
    region: Annotated[str | None, Query(description="Only with this region (code) / この地域", max_length=20)] = None,
    resource: Annotated[str | None, Query(description="Only this resource (slug or label) / この資源")] = None,
    limit: Annotated[int, Query(description="How many / 件数", ge=1, le=500)] = LIMIT,
) -> Flows:
    """Regions and companies that complete each other: who has a resource, who needs it, how much, and how far apart.

    互いに補い合う地域と企業：資源をもつ側、必要とする側、量、距離を返します。
    """
    response.headers["Content-Language"] = used
    if record:
        side(context.service.store, context.service.folder.base, record)
    asked = Asked(record, region, _resource(context, resource), limit)
    return Flows(language=used, flows=flows(context.service, used, asked))


@router.get("/records/{id}/related", summary="More like this / 似たもの", responses=problem_responses(404, 422))
def related(
    id: RecordId, context: ContextOf, used: ResponseLanguage, response: Response, lang: LangParameter = None
) -> Related:
    """Similar records, and the support schemes and events that fit and are still open.

    似た記録と、合う支援制度・催し（募集中・開催前のもの）を返します。
    """
    response.headers["Content-Language"] = used
    return related_to(context.service, id, used)


def _resource(context: Context, value: str | None) -> str | None:
    if not value:
        return None
    known = list(context.service.engine.concepts.in_scheme("resource"))
    for concept in known:
        if value in (concept.iri, concept.iri.rpartition("/")[2], *concept.labels.values()):
            return concept.iri
    raise filter_unknown("resource", value, ", ".join(c.iri.rpartition("/")[2] for c in known[:60]))
