"""Whether the server lives, and whether it is ready: the graph answers and the index agrees with it."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import JSONResponse

from kg.errors import MeguriError
from search_api.http.context import Context, ContextOf
from search_api.http.problems import MEDIA_TYPE, problem_of, problem_responses
from search_api.service import Service

router = APIRouter(prefix="/health", tags=["health"])


class Live(BaseModel):
    """The process answers."""

    status: str = Field("ok", examples=["ok"])


class Check(BaseModel):
    """One thing that must be right, with what was found."""

    name: str = Field(examples=["index"])
    ok: bool = Field(examples=[True])
    found: dict[str, Any] = Field(examples=[{"records": 118, "entries": 131, "stale": 0, "gone": 0}])


class Ready(BaseModel):
    """All checks are passed."""

    status: str = Field("ok", examples=["ok"])
    checks: list[Check]


@router.get("/live", summary="The process answers / プロセスの応答")
def live() -> Live:
    """Answers as long as the process does; says nothing about the data.

    プロセスが動いていれば応答します。データの状態は含みません。
    """
    return Live(status="ok")


@router.get(
    "/ready",
    summary="The graph answers and the index agrees with it / グラフと索引の一致",
    response_model=Ready,
    responses=problem_responses(503),
)
def ready(request: Request, context: ContextOf) -> Any:
    """Opens the store, and compares the index with the graph by the content hash of every record; where that takes
    long, an agreement is told for twenty times as long unless the index changes.

    グラフを開けることと、索引が全記録の内容ハッシュでグラフと一致することを確かめます。
    比較に時間がかかる場合、索引が変わらない限り、一致の結果をその20倍の時間まで使います。
    """
    checks = [_graph(context.service), _index(context)]
    if all(check.ok for check in checks):
        return Ready(status="ok", checks=checks)
    extra = {"checks": [check.model_dump() for check in checks]}
    problem = problem_of(_not_ready(checks), request, extra)
    return JSONResponse(problem.model_dump(), 503, media_type=MEDIA_TYPE)


def _graph(service: Service) -> Check:
    try:
        return Check(name="graph", ok=service.store.ask("ASK { ?s ?p ?o }"), found={})
    except Exception as error:  # whatever is wrong with the store is the answer here
        return Check(name="graph", ok=False, found={"error": type(error).__name__})


def _index(context: Context) -> Check:
    try:
        records, missing = context.comparison.now()
    except Exception as error:
        return Check(name="index", ok=False, found={"error": type(error).__name__})
    counts = {"records": records, "entries": len(context.service.index)}
    differs = {"stale": len(missing.stale), "gone": len(missing.gone)}
    return Check(name="index", ok=not missing, found=counts | differs)


def _not_ready(checks: list[Check]) -> MeguriError:
    failed = ", ".join(check.name for check in checks if not check.ok)
    return MeguriError(
        code="not_ready",
        en=f"Not ready: {failed}.",
        ja=f"準備ができていません: {failed}。",
        remedy_en="Restart `meguri serve`, which heals the index; `meguri doctor` says more.",
        remedy_ja="`meguri serve` を再起動すると索引を修復します。詳しくは `meguri doctor` で確認してください。",
    )
