"""The address ``/sparql`` itself: queries, the description of the service, and the page for people."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from search_api.http.context import Context, ContextOf
from search_api.http.negotiation import HTML
from search_api.http.problems import problem_responses
from search_api.http.sparql import refusals
from search_api.http.sparql.answering import answered
from search_api.http.sparql.description import service_description
from search_api.http.sparql.formats import GRAPHS, RESULTS, asked_formats, wants_html
from search_api.http.sparql.page import query_page
from search_api.http.sparql.protocol import FORM, QUERY, Asked, read_request

router = APIRouter(tags=["research"])
SUMMARY = "SPARQL 1.1 queries / SPARQL 1.1 による問い合わせ"
DESCRIPTION = """The SPARQL 1.1 Protocol for queries, over the published graph: the default graph holds all published
statements, each record has a named graph, and so have provenance and history. Each query has limits (time, memory,
rows); an error says which one was reached. Updates and SERVICE are refused. Without a query: the service's description
in RDF, or a page for people.

公開グラフへの SPARQL 1.1 プロトコル（検索のみ）。デフォルトグラフに公開済みの全記述があり、記録ごとに名前付きグラフが、
来歴と履歴にもそれぞれのグラフがあります。時間・メモリ・行数に上限があり、超えた場合はどの上限かを返します。
update と SERVICE は使えません。query がなければ、サービスの説明（RDF）または入力ページを返します。"""
_STRING = {"type": "string"}


def _parameter(name: str, description: str, **schema: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "description": description, "schema": {**_STRING, **schema}}


_PARAMETERS = [
    _parameter("query", "A SPARQL 1.1 query. / SPARQL 1.1 のクエリ", example="SELECT * WHERE { ?s ?p ?o } LIMIT 10"),
    _parameter("default-graph-uri", "A graph for the default graph; may be repeated. / デフォルトグラフ（複数可）"),
    _parameter("named-graph-uri", "A named graph that GRAPH sees; may be repeated. / 名前付きグラフ（複数可）"),
    _parameter("format", "json, xml, csv, tsv; ttl, nt, jsonld, rdf; instead of Accept. / Accept の代わりの形式"),
    _parameter("timeout", "Seconds, up to the server's limit. / 秒数（サーバーの上限まで）", type="number"),
    _parameter("edition", "The number of an edition, instead of the newest data. / 版の番号", type="integer"),
]
# what is JSON is any JSON to a reader of this description; the rest is text
_CONTENT: dict[str, Any] = {
    name: {"schema": {} if name.endswith("json") else _STRING} for name in (*RESULTS.values(), *GRAPHS.values())
}
_ANSWER: dict[int | str, dict[str, Any]] = {
    200: {"description": "The answer. / 結果", "content": {**_CONTENT, HTML: {"schema": _STRING}}}
}
_ERRORS = problem_responses(400, 403, 404, 406, 410, 413, 415, 422, 429, 503, 504)
_FIELDS = {p["name"]: {**p["schema"], "description": p["description"]} for p in _PARAMETERS}
_BODY = {
    "required": True,
    "content": {
        FORM: {"schema": {"type": "object", "properties": _FIELDS, "required": ["query"]}},
        QUERY: {"schema": _STRING},
    },
}


@router.get(
    "/sparql",
    summary=SUMMARY,
    description=DESCRIPTION,
    response_class=Response,
    responses={**_ANSWER, **_ERRORS},
    openapi_extra={"parameters": _PARAMETERS},
)
async def query_by_get(request: Request, context: ContextOf) -> Response:
    """A query in the address, the service's description, or the page."""
    asked = await read_request(request, context.queries.limits)
    accept = request.headers.get("accept")
    if not asked.format and wants_html(accept):
        return await query_page(context, request, asked)
    if asked.query is None:
        return service_description(context, request, asked.format, accept)
    return await _answered(context, request, asked)


@router.post(
    "/sparql",
    summary=SUMMARY,
    description=DESCRIPTION,
    response_class=Response,
    responses={**_ANSWER, **_ERRORS},
    openapi_extra={"parameters": _PARAMETERS[1:], "requestBody": _BODY},
)
async def query_by_post(request: Request, context: ContextOf) -> Response:
    """A query as a form or as the body."""
    return await _answered(context, request, await read_request(request, context.queries.limits))


async def _answered(context: Context, request: Request, asked: Asked) -> Response:
    if asked.query is None:
        raise refusals.without_query()
    return await answered(context, request, asked, asked_formats(asked.format, request.headers.get("accept")))
