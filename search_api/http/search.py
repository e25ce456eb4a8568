"""``GET /api/v1/search``: the answer of the engine, as it is."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request

from kg.errors import MeguriError
from search_api.engine.query import DEFAULT_LIMIT, MAX_LIMIT, MAX_OFFSET
from search_api.engine.query import Request as SearchRequest
from search_api.engine.results import SearchAnswer
from search_api.http.context import ContextOf, PreferredLanguage
from search_api.http.examples import SEARCH_ANSWER
from search_api.http.problems import problem_responses

router = APIRouter(prefix="/api/v1", tags=["search"])

Text = Annotated[
    str,
    Query(
        description="What is needed or offered, in words or sentences, Japanese or English. / 困りごと、または提供できるもの（語句でも文でも、日英どちらでも）",
        openapi_examples={
            "everyday": {"value": "天ぷら油を捨てずに使いたい"},
            "keywords": {"value": "廃食用油 燃料化"},
            "english": {"value": "our town wants to reuse cooking oil"},
        },
    ),
]
Find = Annotated[
    str,
    Query(
        description="The class of the answer: technology, issue, partner, region, resource, scheme, project, event, document or any. / 探すものの種類",
        examples=["technology"],
    ),
]
Region = Annotated[
    str | None,
    Query(
        description="Code (13206, 13, block-kanto) or unambiguous name of a region; what lies inside it counts. / 地域のコードまたは名称（内側の地域を含む）",
        examples=["13206"],
    ),
]
Level = Annotated[
    str | None,
    Query(
        description="Sphere level: community, region, block or international. / 圏域レベル", examples=["community"]
    ),
]
Theme = Annotated[
    str | None,
    Query(
        description="A theme's slug, label or IRI; narrower themes count. / テーマ（下位を含む）",
        examples=["wasteCookingOilTheme"],
    ),
]
Sdg = Annotated[
    str | None, Query(description="Reserved for SDG goals; refused for now. / SDG による絞り込み（未対応）")
]
LangParameter = Annotated[
    str | None,
    Query(
        alias="lang",
        description="Language of labels: ja or en; else Accept-Language, else the query's. / 表示の言語",
        examples=["ja"],
    ),
]
Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT, description="Results on a page. / 1ページの件数")]
Offset = Annotated[int, Query(ge=0, le=MAX_OFFSET, description="Results to skip. / 読み飛ばす件数")]


@router.get(
    "/search",
    summary="Search by meaning / 意味で検索",
    responses={200: {"content": {"application/json": {"example": SEARCH_ANSWER}}}, **problem_responses(400, 422)},
)
def search(
    request: Request,
    context: ContextOf,
    preferred: PreferredLanguage,
    q: Text = "",
    find: Find = "technology",
    region: Region = None,
    level: Level = None,
    theme: Theme = None,
    sdg: Sdg = None,
    lang: LangParameter = None,
    limit: Limit = DEFAULT_LIMIT,
    offset: Offset = 0,
) -> SearchAnswer:
    """Records nearest in meaning, each with the evidence: similarity, shared concepts, paths and the passage.

    意味の近い記録を、根拠（近さ、共通の概念、概念のつながり、該当する文）とともに返します。
    """
    if sdg:
        raise _sdg_unsupported()
    # labels speak the language that was asked for, else the query's own
    asked = SearchRequest(q, find, region, level, theme, preferred, limit, offset)
    return context.service.engine.search(asked)


def _sdg_unsupported() -> MeguriError:
    return MeguriError(
        code="filter_unsupported",
        en="Filtering by SDG is not possible yet.",
        ja="SDG による絞り込みにはまだ対応していません。",
        remedy_en="Leave `sdg` out, or filter by `theme`; each theme's page names the SDG targets it contributes to.",
        remedy_ja="`sdg` を外すか、`theme` で絞り込んでください。各テーマのページに関係する SDG があります。",
    )
