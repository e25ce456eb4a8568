"""``GET /api/v1/search``: the answer of the engine, as it is."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from search_api.engine.query import DEFAULT_LIMIT, MAX_LIMIT, MAX_OFFSET
from search_api.engine.query import Request as SearchRequest
from search_api.engine.results import SearchAnswer
from search_api.http.context import ContextOf, PreferredLanguage
from search_api.http.examples import SEARCH_ANSWER
from search_api.http.problems import problem_responses

router = APIRouter(prefix="/api/v1", tags=["search"])

Q = (
    "What is needed or offered, in words or sentences, Japanese or English."
    " / 困りごと、または提供できるもの（語句でも文でも、日英どちらでも）"
)
FIND = (
    "The class of the answer: technology, issue, partner, region, resource, scheme, project, event, document or any."
    " / 探すものの種類"
)
REGION = (
    "Code (13206, 13, block-kanto) or unambiguous name of a region; what lies inside it counts."
    " / 地域のコードまたは名称（内側の地域を含む）"
)
SDG = (
    "An SDG (7) or target (12.5): what has a theme that contributes to it."
    " / SDGs の目標またはターゲット（それに貢献するテーマをもつもの）"
)
IGNORE = (
    "Words of the query whose place, amount or trait is not to count (see `understood`); * for none of them."
    " / 条件として読み取らない語（understood を参照）。* はすべて"
)
LANG = "Language of labels: ja or en; else Accept-Language, else the query's. / 表示の言語"
Filter = str | None


class SearchParameters(BaseModel):
    """The parameters of a search. A misspelt one is refused: an ignored filter would give a wrong answer."""

    model_config = ConfigDict(extra="forbid")

    q: str = Field("", description=Q, examples=["天ぷら油を捨てずに使いたい", "our town wants to reuse cooking oil"])
    find: str = Field("technology", description=FIND, examples=["technology", "issue"])
    region: Filter = Field(None, description=REGION, examples=["13206", "block-kanto"])
    level: Filter = Field(
        None,
        description="Sphere level: community, region, block or international. / 圏域レベル",
        examples=["community"],
    )
    theme: Filter = Field(
        None,
        description="A theme's slug, label or IRI; narrower themes count. / テーマ（下位を含む）",
        examples=["wasteCookingOilTheme"],
    )
    sdg: Filter = Field(None, description=SDG, examples=["7", "12.5"])
    ignore: list[str] = Field(
        [],
        description=IGNORE,
        examples=[["長野県内"]],
        max_length=20,
    )
    fitting: bool = Field(
        False,
        description="Leave out what certainly does not fit: ended, not offered there, too large. / 合わないものを除く",
    )
    lang: Filter = Field(None, description=LANG, examples=["ja"])
    limit: int = Field(DEFAULT_LIMIT, ge=1, le=MAX_LIMIT, description="Results on a page. / 1ページの件数")
    offset: int = Field(0, ge=0, le=MAX_OFFSET, description="Results to skip. / 読み飛ばす件数")


@router.get(
    "/search",
    summary="Search by meaning / 意味で検索",
    responses={200: {"content": {"application/json": {"example": SEARCH_ANSWER}}}, **problem_responses(400, 422)},
)
def search(
    context: ContextOf,
    preferred: PreferredLanguage,
    asked: Annotated[SearchParameters, Query()],
    response: Response,
) -> SearchAnswer:
    """Records nearest in meaning, each with the evidence: similarity, shared concepts, paths and the passage.

    意味の近い記録を、根拠（近さ、共通の概念、概念のつながり、該当する文）とともに返します。
    """
    # labels speak the language that was asked for, else the query's own
    answer = context.service.engine.search(
        SearchRequest(
            asked.q,
            asked.find,
            asked.region,
            asked.level,
            asked.theme,
            preferred,
            asked.limit,
            asked.offset,
            asked.sdg,
            tuple(asked.ignore),
            fitting_only=asked.fitting,
        )
    )
    response.headers["Content-Language"] = answer.language
    response.headers["Vary"] = "Accept-Language"
    return answer
