"""The Reconciliation Service API 0.2 of the W3C community group (https://reconciliation-api.github.io/specs/0.2/).

OpenRefine and the like match the rows of a table with our regions, concepts and organisations through it.
"""

from __future__ import annotations

import json
from html import escape
from typing import Annotated, Any
from urllib.parse import parse_qs

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from kg.errors import MeguriError
from search_api.http.context import Context, ContextOf, ResponseLanguage
from search_api.http.problems import problem_responses
from search_api.http.research.candidates import TYPES, Candidate, CandidateFinder
from search_api.http.research.site import site_of

router = APIRouter(tags=["research"])
MAX_BODY = 1_000_000
MAX_QUERIES = 100
PREVIEW = {"width": 420, "height": 160}


def finder_of(request: Request, context: ContextOf) -> CandidateFinder:
    """All names of the newest state of the graph, read once for each state."""
    newest, state = str(context.service.folder.snapshots.newest()), request.app.state
    if getattr(state, "candidates", ("", None))[0] != newest:
        state.candidates = (newest, CandidateFinder(context.service.store, context.labels))
    finder: CandidateFinder = state.candidates[1]
    return finder


FinderOf = Annotated[CandidateFinder, Depends(finder_of)]


class ReconciliationQuery(BaseModel):
    """One cell of a table. ``type`` is one of the manifest's or a list of them; ``properties`` are accepted unused."""

    query: str = Field(max_length=1_000)
    type: str | list[str] | None = None
    limit: int = Field(5, ge=1, le=50)
    properties: list[dict[str, Any]] = []
    type_strict: str | None = None

    @property
    def types(self) -> list[str]:
        """The types asked for, all of them where none is."""
        return [self.type] if isinstance(self.type, str) else self.type or list(TYPES)


@router.get(
    "/reconcile",
    summary="Reconciliation service / 照合サービス",
    description="The manifest, or with `queries` the candidates. / マニフェスト、または `queries` への候補。",
    responses=problem_responses(413, 422),
)
def reconcile(
    request: Request,
    context: ContextOf,
    finder: FinderOf,
    queries: Annotated[
        str | None,
        Query(description="A batch of queries in JSON. / JSON のクエリ群", examples=['{"q0": {"query": "府中市"}}']),
    ] = None,
    callback: Annotated[str | None, Query(include_in_schema=False)] = None,
) -> Response:
    """JSONP (`callback`) is not offered: every response is open to other sites by CORS."""
    return _open(_manifest(request, context) if queries is None else _answers(finder, queries))


@router.post(
    "/reconcile",
    summary="Candidates for a batch of names / 名称の候補",
    description="The batch as the form field `queries`, or as JSON. / フォームの `queries` または JSON で送る。",
    responses=problem_responses(413, 422),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/x-www-form-urlencoded": {
                    "schema": {"type": "object", "properties": {"queries": {"type": "string"}}, "required": ["queries"]}
                }
            },
        }
    },
)
async def reconcile_batch(request: Request, context: ContextOf, finder: FinderOf) -> Response:
    """A batch by POST."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            raise _too_large()
    text = body.decode(errors="replace")
    if "json" not in request.headers.get("content-type", ""):
        text = (parse_qs(text).get("queries") or [""])[0]
        if not text:
            return _open(_manifest(request, context))
    return _open(await run_in_threadpool(_answers, finder, text))


@router.get("/reconcile/suggest/{what}", include_in_schema=False)
def suggest(what: str, finder: FinderOf, lang: ResponseLanguage, prefix: str = "", cursor: int = 0) -> Response:
    """Entities or types whose name begins so."""
    if what == "type":
        wanted = prefix.casefold()
        found = [_type(name) for name, words in TYPES.items() if any(wanted in w.casefold() for w in (name, *words))]
        return _open({"result": found[cursor:]})
    if what != "entity":
        return _open({"result": []})
    candidates = finder.find(prefix[:200], list(TYPES), 10 + max(0, cursor))[max(0, cursor) :]
    return _open({"result": [_entity(each, lang) for each in candidates]})


@router.get("/reconcile/preview", include_in_schema=False)
def preview(finder: FinderOf, lang: ResponseLanguage, id: str) -> Response:
    """A small page on one entity."""
    found = finder.get(id)
    name = found.names(lang) if found else id
    about = found.about(lang) if found else ""
    text = (
        f'<!doctype html><html lang="{lang}"><meta charset="utf-8"><title>{escape(name)}</title>'
        f"<body><p><strong>{escape(name)}</strong></p><p>{escape(about)}</p><p>{escape(id)}</p></body></html>"
    )
    # other sites show it in a frame: that is what it is for
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return HTMLResponse(text, 200 if found else 404, headers={"Content-Security-Policy": policy})


def _answers(finder: CandidateFinder, text: str) -> dict[str, Any]:
    """``{key: {"result": [candidate…]}}`` for a batch in JSON."""
    try:
        batch = json.loads(text)
        if not isinstance(batch, dict) or len(batch) > MAX_QUERIES:
            raise ValueError(f"an object of at most {MAX_QUERIES} queries is expected")
        asked = {str(key): ReconciliationQuery.model_validate(query) for key, query in batch.items()}
    except (ValueError, ValidationError, RecursionError) as error:
        raise _unreadable(error) from error
    return {key: {"result": _matched(query, finder)} for key, query in asked.items()}


def _matched(query: ReconciliationQuery, finder: CandidateFinder) -> list[dict[str, Any]]:
    found = finder.find(query.query, query.types, query.limit)
    # a match is certain only where one candidate alone bears exactly this name
    certain = [each for each in found if each.score == 100]
    return [
        {
            "id": each.iri,
            "name": each.display,
            "description": each.about("ja"),
            "type": [_type(each.type)],
            "score": each.score,
            "match": certain == [each],
            "features": [{"id": "name_similarity", "value": each.score}],
        }
        for each in found
    ]


def _entity(candidate: Candidate, lang: str) -> dict[str, Any]:
    return {
        "id": candidate.iri,
        "name": candidate.display,
        "description": candidate.about(lang),
        "notable": [_type(candidate.type)],
    }


def _type(name: str) -> dict[str, str]:
    return {"id": name, "name": " / ".join(TYPES[name])}


def _manifest(request: Request, context: Context) -> dict[str, Any]:
    site = site_of(request, context)
    suggestion = {"service_url": site.origin, "service_path": ""}
    return {
        "versions": ["0.2"],
        "name": "めぐり Meguri",
        "identifierSpace": "https://w3id.org/meguri/",
        "schemaSpace": "https://w3id.org/meguri/ces#",
        "defaultTypes": [_type(name) for name in TYPES],
        "documentation": site.url("/dataset"),
        "view": {"url": site.url("/resolve?iri={{id}}")},
        "preview": {"url": site.url("/reconcile/preview?id={{id}}"), **PREVIEW},
        "suggest": {kind: {**suggestion, "service_path": f"/reconcile/suggest/{kind}"} for kind in ("entity", "type")},
        "batchSize": MAX_QUERIES,
    }


def _open(body: dict[str, Any]) -> Response:
    return JSONResponse(body, headers={"Access-Control-Allow-Origin": "*"})


def _too_large() -> MeguriError:
    return MeguriError(
        code="body_too_large",
        en=f"A batch may have {MAX_BODY:,} bytes.",
        ja=f"一度に送れるのは {MAX_BODY:,} バイトまでです。",
        remedy_en=f"Send at most {MAX_QUERIES} queries at a time.",
        remedy_ja=f"一度に送るクエリは {MAX_QUERIES} 件までにしてください。",
    )


def _unreadable(error: Exception) -> MeguriError:
    detail = " ".join(str(error).split())[:300]
    return MeguriError(
        code="body_invalid",
        en=f"The batch of queries cannot be read: {detail}",
        ja=f"クエリ群を読み取れません: {detail}",
        remedy_en='Send an object such as {"q0": {"query": "府中市", "type": "Region"}}.',
        remedy_ja='{"q0": {"query": "府中市", "type": "Region"}} のような JSON を送ってください。',
    )
