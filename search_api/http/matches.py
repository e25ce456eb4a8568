"""``/api/v1/records/{id}/matches`` for everybody, ``/api/v1/matches`` for the secretariat."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from search_api.desk import matches as desk_matches
from search_api.desk.actors import actor_of
from search_api.engine.query import filter_unknown
from search_api.http.context import Context, ContextOf, ResponseLanguage
from search_api.http.problems import problem_responses
from search_api.http.records import LangParameter, RecordId
from search_api.http.writing import SECURITY, SecretariatOf
from search_api.matching.suggestions import Matches, matches_of

router = APIRouter(prefix="/api/v1", tags=["matches"])
MatchId = Annotated[str, Path(description="The match's id. / マッチングの ID", max_length=60)]
REASON = Field(None, max_length=2_000, description="Kept unpublished. / 公開されません")


@router.get(
    "/records/{id}/matches",
    summary="What fits a record / 合う相手",
    responses=problem_responses(401, 403, 404, 422),
)
def record_matches(
    id: RecordId,
    request: Request,
    context: ContextOf,
    used: ResponseLanguage,
    response: Response,
    lang: LangParameter = None,
    limit: Annotated[int, Query(description="How many / 件数", ge=1, le=50)] = 10,
) -> Matches:
    """For an issue the technologies that fit it, for a technology the issues that it fits, with the reasons and with
    the similar regions where it runs already. With the secretariat's token also the state of each pair.

    課題には合う技術を、技術には合う課題を、理由と、すでに使われている似た地域とともに返します。
    事務局のトークンがあれば、組合せの状態も含みます。
    """
    response.headers["Content-Language"] = used
    response.headers["Vary"] = "Accept-Language, Authorization"
    private = "authorization" in request.headers and _is_secretariat(request, context)
    found = matches_of(context.service, context.known_database(), id, used, limit=limit, private=private)
    if private:
        response.headers["Cache-Control"] = "no-store"
    return found


class NewMatch(BaseModel):
    """A pair to follow."""

    issue: str = Field(max_length=120, examples=["issue-I001"])
    technology: str = Field(max_length=120, examples=["technology-T001"])
    reason: str | None = REASON


class StepBody(BaseModel):
    """A step of a match. ``version`` is the one that was read: a match that has changed since is left alone."""

    to: str | None = Field(None, max_length=30, description="introduced, talking, trial, adopted, declined")
    reason: str | None = REASON
    version: int | None = Field(None, ge=1)
    publish: list[str] = Field([], max_length=2, description="Sides that agree to publish: issue, technology")


@router.get(
    "/matches",
    summary="Matches under way / 進行中の組合せ",
    responses=problem_responses(401, 403, 422),
    openapi_extra=SECURITY,
)
def list_matches(
    actor: SecretariatOf,
    context: ContextOf,
    state: Annotated[str | None, Query(description="Only this state / 状態")] = None,
    region: Annotated[str | None, Query(description="Only this region (code) / 地域", max_length=20)] = None,
) -> dict[str, Any]:
    """The matches in one state or all of them, the latest change first, each with its history.

    一つの状態、またはすべての組合せを、新しい変更から順に、経緯とともに返します。
    """
    del actor
    known = desk_matches.states(context.service.store)
    if state is not None and state not in known:
        raise filter_unknown("state", state, ", ".join(known))
    with context.desk.database.reading() as tx:
        found = tx.matches.in_states([state] if state else list(known), region)
        return {"matches": [desk_matches.shown(m, tx.matches.history(m.id), known) for m in found]}


@router.post(
    "/matches",
    summary="Start a match / 組合せを始める",
    status_code=201,
    responses=problem_responses(401, 403, 404, 409, 422),
    openapi_extra=SECURITY,
)
def start_match(body: NewMatch, actor: SecretariatOf, context: ContextOf) -> dict[str, Any]:
    """A new pair of issue and technology, in the state suggested.

    課題と技術の新しい組合せを「提案」の状態で作ります。
    """
    made = desk_matches.start(context.desk, body.issue, body.technology, actor.name, body.reason)
    return desk_matches.as_json(context.desk, made)


@router.get(
    "/matches/{id}",
    summary="A match with its history / 組合せと経緯",
    responses=problem_responses(401, 403, 404, 422),
    openapi_extra=SECURITY,
)
def get_match(id: MatchId, actor: SecretariatOf, context: ContextOf) -> dict[str, Any]:
    """The match, who changed it and when.

    組合せと、誰がいつ変更したかを返します。
    """
    del actor
    with context.desk.database.reading() as tx:
        match = tx.matches.get(id)
    if match is None:
        raise desk_matches.match_unknown(id)
    return desk_matches.as_json(context.desk, match)


@router.post(
    "/matches/{id}/transitions",
    summary="Move a match / 状態を進める",
    responses=problem_responses(401, 403, 404, 409, 422),
    openapi_extra=SECURITY,
)
def move_match(id: MatchId, body: StepBody, actor: SecretariatOf, context: ContextOf) -> dict[str, Any]:
    """The next state, with a reason where it is declined. An adopted match that both sides publish becomes a project
    in the graph; everything else stays unpublished.

    次の状態に進めます（見送りには理由が必要です）。採用され双方が公開に同意した組合せだけが、
    プロジェクトとしてグラフに入ります。
    """
    step = desk_matches.Step(body.to, body.reason, body.version, tuple(body.publish))
    return desk_matches.as_json(context.desk, desk_matches.move(context.desk, id, step, actor.name))


def _is_secretariat(request: Request, context: Context) -> bool:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return actor_of(context.settings, token.strip() if scheme.lower() == "bearer" else None).trusted
