"""The ledger of Circular Partners over HTTP: the page ``/ledger`` and ``GET /api/v1/ledger``."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from kg.errors import MeguriError
from kg.ledger import OVERDUE
from search_api.engine.ledger import LedgerAnswer, LedgerRequest, asked_day, ledger_answer
from search_api.http.addresses import local_path
from search_api.http.context import Context, ContextOf, ReaderOf, page
from search_api.http.problems import Problem, problem_of, problem_responses, status_of
from search_api.web.reader import Reader

router = APIRouter()
ON = "The day, such as 2026-11-22 or 令和8年11月22日; today where it is left out. / 基準日（省略時は今日）"
STATE = (
    "Only this state: project_missing, goal_overdue, follow_up_overdue, publication_missing, goal_pending, on_track."
    " / 状況による絞り込み"
)
KIND = (
    "Only this rule set: companyOrIndustryAssociation, localGovernment, universityResearchOther."
    " / 会員区分による絞り込み"
)


class LedgerParameters(BaseModel):
    """The parameters of the ledger; a misspelt one is refused."""

    model_config = ConfigDict(extra="forbid")

    on: str | None = Field(None, description=ON, max_length=40, examples=["2026-11-22"])
    state: str | None = Field(None, description=STATE, examples=["goal_overdue"])
    kind: str | None = Field(None, description=KIND, examples=["localGovernment"])
    lang: str | None = Field(None, description="Language of errors: ja or en. / エラーの言語")


class PageParameters(BaseModel):
    """What the form sends; parameters that other sites append to links are ignored."""

    on: str = ""
    state: str = ""
    kind: str = ""


@router.get(
    "/api/v1/ledger", tags=["records"], summary="The ledger on a day / 基準日の台帳", responses=problem_responses(422)
)
def ledger(context: ContextOf, asked: Annotated[LedgerParameters, Query()]) -> LedgerAnswer:
    """Where each member's commitment stands, what is due next and why, most urgent first.

    会員ごとの目標の状況、次の期限とその理由を、急ぐものから順に返します。
    """
    return _answer(context, LedgerRequest(asked_day(asked.on), asked.state, asked.kind))


@router.get("/ledger", include_in_schema=False)
def ledger_page(
    request: Request, context: ContextOf, reader: ReaderOf, given: Annotated[PageParameters, Query()]
) -> Response:
    """The ledger as a page."""
    try:
        answer = _answer(context, LedgerRequest(asked_day(given.on), given.state, given.kind))
    except MeguriError as error:
        # shown on the ledger of today, where the day or filter can be mended
        today = _answer(context, LedgerRequest(asked_day(None)))
        return _page(context, reader, today, PageParameters(), problem_of(error, request), status_of(error))
    return _page(context, reader, answer, given)


def _answer(context: Context, asked: LedgerRequest) -> LedgerAnswer:
    service = context.service
    return ledger_answer(service.store, service.folder.base, asked)


def _page(
    context: Context,
    reader: Reader,
    answer: LedgerAnswer,
    given: PageParameters,
    problem: Problem | None = None,
    status: int = 200,
) -> Response:
    base = context.service.folder.base
    paths = {row.id: (f"/id/{row.id}", local_path(row.member_iri, base)) for row in answer.rows}
    values = {"answer": answer, "asked": given, "paths": paths, "overdue": OVERDUE, "problem": problem}
    return page(context, reader, "ledger.html", status, **values)
