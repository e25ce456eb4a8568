"""``/api/v1/registrations``: sending records, asking what became of them, and the secretariat's decisions."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Path, Query
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import JSONResponse

from kg.iris import Kind
from search_api.desk.posted import EXCHANGE, JSON, Posted, registered_kind
from search_api.desk.registrations import refused, register
from search_api.desk.review import Decision, decide, registration_unknown, shown
from search_api.engine.query import filter_unknown
from search_api.http.context import ContextOf
from search_api.http.examples_writing import POSTED, REPORT
from search_api.http.problems import problem_responses
from search_api.http.writing import SECURITY, ActorOf, BodyOf, SecretariatOf

router = APIRouter(prefix="/api/v1", tags=["registrations"])
RegistrationId = Annotated[str, Path(description="The id from the answer. / 回答にある ID", max_length=60)]
_CONTENT = {
    JSON: {"schema": {"type": ["object", "array"]}, "example": POSTED},
    EXCHANGE: {"schema": {"type": ["object", "array"]}},
}


def _posted(
    content: BodyOf,
    request: Request,
    kind: Annotated[str | None, Query(description="Kind of all records without one. / 登録の種類")] = None,
    source: Annotated[
        str, Query(description="Logical name of the source. / 出所の名前", min_length=1, max_length=100)
    ] = "api",
) -> Posted:
    media_type = EXCHANGE if EXCHANGE in request.headers.get("content-type", "") else JSON
    return Posted(content, media_type, _kind(kind), source)


@router.post(
    "/registrations",
    summary="Register one record or a batch / 一件または複数を登録",
    status_code=201,
    responses={
        200: {"description": "Nothing was new / 変更なし", "content": {JSON: {}}},
        201: {"description": "Stored / 登録済み", "content": {JSON: {"example": REPORT}}},
        202: {"description": "Waits for review / 審査待ち", "content": {JSON: {}}},
        **problem_responses(400, 401, 403, 413, 422),
    },
    openapi_extra={"requestBody": {"required": True, "content": _CONTENT}, **SECURITY},
)
def post_registrations(
    actor: ActorOf,
    context: ContextOf,
    posted: Annotated[Posted, Depends(_posted)],
    review: Annotated[bool, Query(description="Keep for review first. / 審査を経る")] = False,
    idempotency_key: Annotated[
        str | None, Header(description="Sent twice with one key, done once. / 同じキーの再送は一度だけ実行")
    ] = None,
) -> JSONResponse:
    """Takes records by canonical field names or in the exchange format (JSON-LD) and answers with a report of each
    row. A submitter's registrations, and all with `review=true`, wait for the secretariat.

    正式な項目名または交換形式（JSON-LD）の記録を受け取り、行ごとの結果を返します。
    提出者用トークンの登録と `review=true` の登録は、事務局の審査を待ちます。
    """
    answer = register(context.desk, posted, actor, review=review, key=idempotency_key)
    if answer.status == 422:
        raise refused(answer.body)
    headers = {"Location": f"/api/v1/registrations/{answer.body['registration']}", "Cache-Control": "no-store"}
    return JSONResponse(answer.body, answer.status, headers=headers)


@router.get(
    "/registrations",
    summary="What waits for review / 審査待ちの一覧",
    responses=problem_responses(401, 403, 422),
    openapi_extra=SECURITY,
)
def list_registrations(
    actor: SecretariatOf,
    context: ContextOf,
    state: Annotated[str, Query(description="pending, accepted, returned, rejected, … / 状態")] = "pending",
    limit: Annotated[int, Query(description="How many / 件数", ge=1, le=1_000)] = 100,
    offset: Annotated[int, Query(description="How many to skip / 開始位置", ge=0)] = 0,
) -> dict[str, Any]:
    """The submissions in one state, the oldest first, with what was sent.

    一つの状態にある提出を、古い順に、送られた内容とともに返します。
    """
    from search_api.relational.submissions import STATES  # noqa: PLC0415  (SQLAlchemy: when it is needed)

    del actor
    if state not in STATES:
        raise filter_unknown("state", state, ", ".join(STATES))
    with context.desk.database.reading() as tx:
        found = tx.submissions.in_state(state, limit, offset)
        total = tx.submissions.count(state)
    return {"state": state, "total": total, "registrations": [shown(one, whole=True) for one in found]}


@router.get(
    "/registrations/{id}",
    summary="What became of a registration / 登録の状態",
    responses=problem_responses(401, 403, 404, 422),
    openapi_extra=SECURITY,
)
def get_registration(id: RegistrationId, actor: ActorOf, context: ContextOf) -> dict[str, Any]:
    """The state of a request (`reg-…`) or of one of its records (`reg-…-1`), for whoever sent it and the secretariat.

    提出全体（`reg-…`）またはその一件（`reg-…-1`）の状態を、提出者と事務局に返します。
    """
    with context.desk.database.reading() as tx:
        one = tx.submissions.get(id)
        found = [one] if one else tx.submissions.batch(id)
    found = [sent for sent in found if actor.trusted or sent.submitter == actor.name]
    if not found:
        raise registration_unknown(id)
    rows = [shown(sent, whole=True) for sent in found]
    return rows[0] if one else {"registration": id, "rows": rows}


class DecisionBody(BaseModel):
    """A decision; returning and rejecting need a reason, which the submitter sees."""

    decision: Decision = Field(description="accept, return or reject / 受理・差戻し・却下", examples=["return"])
    reason: str | None = Field(None, max_length=2_000, examples=["対象地域を市区町村で指定してください。"])


@router.post(
    "/registrations/{id}/decision",
    summary="Accept, return or reject / 受理・差戻し・却下",
    responses=problem_responses(401, 403, 404, 409, 422),
    openapi_extra=SECURITY,
)
def decide_registration(
    id: RegistrationId, body: DecisionBody, actor: SecretariatOf, context: ContextOf
) -> dict[str, Any]:
    """The secretariat's decision on one waiting record; an accepted one is published at once.

    審査待ちの一件に対する事務局の判断です。受理するとすぐに公開されます。
    """
    return decide(context.desk, id, body.decision, actor.name, body.reason)


def _kind(value: str | None) -> Kind | None:
    return None if value is None else registered_kind(value)
