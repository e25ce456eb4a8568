"""Every error over HTTP in one shape (RFC 9457): what is wrong and what to do, in both languages."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from kg.errors import MeguriError
from search_api.http.language import Lang, language_of_refusal
from search_api.http.middleware import SECURITY_HEADERS
from search_api.http.negotiation import HTML, choose

MEDIA_TYPE = "application/problem+json"
TYPE_BASE = "https://w3id.org/meguri/problem/"
STATUS = {
    "query_empty": 422,
    "query_too_long": 422,
    "query_without_words": 422,
    "filter_unknown": 422,
    "filter_unsupported": 422,
    "parameter_invalid": 422,
    "query_invalid": 400,
    "token_missing": 401,
    "token_wrong": 401,
    "writing_closed": 403,
    "not_allowed": 403,
    "form_foreign": 403,
    "registration_unknown": 404,
    "match_unknown": 404,
    "match_exists": 409,
    "match_changed": 409,
    "match_step": 409,
    "match_kind": 422,
    "project_invalid": 409,
    "statement_unknown": 404,
    "correction_needed": 422,
    "registration_decided": 409,
    "registration_invalid": 409,
    "body_too_large": 413,
    "body_unreadable": 400,
    "body_invalid": 422,
    "registration_refused": 422,
    "too_many_records": 422,
    "too_many_fields": 422,
    "kind_unknown": 422,
    "reason_needed": 422,
    "reason_invalid": 422,
    "idempotency_key_invalid": 422,
    "idempotency_key_reused": 422,
    "database_unreachable": 503,
    "database_newer": 503,
    "query_failed": 400,
    "query_fetches": 403,
    "query_missing": 400,
    "query_not_utf8": 400,
    "protocol_violated": 400,
    "update_refused": 403,
    "query_too_large": 413,
    "media_type_unsupported": 415,
    "query_memory": 422,
    "query_result_too_large": 422,
    "query_too_complex": 422,
    "query_share": 429,
    "query_busy": 503,
    "gaps_counting": 503,
    "query_timeout": 504,
    "text_search_invalid": 400,
    "record_unknown": 404,
    "edition_unknown": 404,
    "edition_retired": 410,
    "cited_query_unknown": 404,
    "cited_queries_full": 503,
    "no_edition": 409,
    "edition_unsealed": 503,
    "record_withdrawn": 410,
    "region_divided": 410,
    "region_unknown": 404,
    "concept_unknown": 404,
    "address_unknown": 404,
    "method_not_allowed": 405,
    "form_unknown": 406,
    "fault": 500,
    "not_ready": 503,
    "store_in_use": 503,
    "store_unreadable": 503,
    "graph_unreachable": 503,
    "no_snapshot": 503,
    "index_mismatch": 503,
    "ontology_outdated": 503,
}
TITLES: dict[int, dict[Lang, str]] = {
    400: {"ja": "要求を読み取れません", "en": "The request could not be read"},
    401: {"ja": "トークンが必要です", "en": "A token is needed"},
    403: {"ja": "許可されていません", "en": "Not allowed"},
    404: {"ja": "見つかりません", "en": "Not found"},
    405: {"ja": "この操作はできません", "en": "Method not allowed"},
    406: {"ja": "その形式では出せません", "en": "Not available in that form"},
    409: {"ja": "状態が変わっています", "en": "Something else happened before"},
    410: {"ja": "取り下げられました", "en": "Gone"},
    413: {"ja": "本文が大きすぎます", "en": "Too large"},
    415: {"ja": "この種類の本文は読めません", "en": "Unsupported media type"},
    422: {"ja": "入力を確認してください", "en": "Please check what was entered"},
    429: {"ja": "要求が多すぎます", "en": "Too many requests"},
    500: {"ja": "内部エラー", "en": "Something went wrong on our side"},
    503: {"ja": "いまは応答できません", "en": "Not ready"},
    504: {"ja": "制限時間に達しました", "en": "The time limit was reached"},
}


class Bilingual(BaseModel):
    """One message in both languages."""

    ja: str
    en: str


class Problem(BaseModel):
    """A problem document (RFC 9457). ``title`` and ``detail`` are in the language of the response."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(examples=[f"{TYPE_BASE}query_empty"])
    title: str = Field(examples=["入力を確認してください"])
    status: int = Field(examples=[422])
    detail: str = Field(examples=["検索語が空です。"])
    instance: str = Field(examples=["/api/v1/search"])
    code: str = Field(examples=["query_empty"])
    message: Bilingual = Field(examples=[{"ja": "検索語が空です。", "en": "The query is empty."}])
    remedy: Bilingual = Field(
        examples=[
            {
                "ja": "困っていることを、単語や文で入力してください。",
                "en": "Write what you need in a few words or a sentence.",
            }
        ]
    )


def problem_responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What OpenAPI says of the errors of a route."""
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        status: {
            "description": f"{TITLES[status]['en']} / {TITLES[status]['ja']}",
            "content": {MEDIA_TYPE: {"schema": schema}},
        }
        for status in statuses
    }


def status_of(error: MeguriError) -> int:
    """The status of an expected failure; 400 for a cause that has no status of its own."""
    return STATUS.get(error.code, 400)


def problem_of(error: MeguriError, request: Request, extra: Mapping[str, Any] | None = None) -> Problem:
    """The document for an error."""
    lang, status = language_of_refusal(request), status_of(error)
    return Problem(
        type=f"{TYPE_BASE}{error.code}",
        title=TITLES.get(status, TITLES[400])[lang],
        status=status,
        detail=error.ja if lang == "ja" else error.en,
        instance=request.url.path[:500],
        code=error.code,
        message=Bilingual(ja=error.ja, en=error.en),
        remedy=Bilingual(ja=error.remedy_ja, en=error.remedy_en),
        **(extra or {}),
    )


ErrorPage = Callable[[Request, Problem], str]


class ProblemHandlers:
    """Turns whatever goes wrong into a problem document, or for a browser into a page that says the same."""

    def __init__(self, page: ErrorPage) -> None:
        self._page = page

    def install(self, app: FastAPI) -> None:
        """Handle every error of an application."""
        app.add_exception_handler(MeguriError, self._expected)
        app.add_exception_handler(HTTPException, self._http)
        app.add_exception_handler(RequestValidationError, self._invalid)
        app.add_exception_handler(Exception, self._fault)

    def respond(self, request: Request, problem: Problem, headers: Mapping[str, str] | None = None) -> Response:
        """The response for a problem."""
        all_headers = {
            "Content-Language": language_of_refusal(request),
            "Vary": "Accept, Accept-Language",
            "Cache-Control": "no-store",
            **(headers or {}),
        }
        if wants_page(request):
            return HTMLResponse(self._page(request, problem), problem.status, headers=all_headers)
        return JSONResponse(problem.model_dump(), problem.status, headers=all_headers, media_type=MEDIA_TYPE)

    def _expected(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, MeguriError)
        if error.code == "graph_unreachable":  # where the graph lies, and what it said, concerns the operator alone
            logging.getLogger(__name__).error("%s", error.en)
            error = _without_graph()
        problem = problem_of(error, request, getattr(error, "extra", None))
        headers = {"WWW-Authenticate": 'Bearer realm="meguri"'} if problem.status == 401 else {}
        if (seconds := getattr(error, "retry_after", None)) is not None:
            headers["Retry-After"] = str(seconds)
        return self.respond(request, problem, headers)

    def _http(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return self.respond(request, problem_of(_of_status(error.status_code, request), request), error.headers)

    def _invalid(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        fields = [".".join(str(part) for part in item["loc"][1:]) or str(item["loc"][0]) for item in error.errors()]
        details = [{"field": f, "message": str(i["msg"])} for f, i in zip(fields, error.errors(), strict=True)]
        return self.respond(request, problem_of(_parameter_invalid(fields), request, {"errors": details}))

    def _fault(self, request: Request, error: Exception) -> Response:
        # outside of all middleware, so the headers are added here
        return self.respond(request, problem_of(_fault(), request), SECURITY_HEADERS)


def wants_page(request: Request) -> bool:
    """Whether the client is a browser looking at a page (the API speaks JSON to everybody)."""
    if request.url.path.startswith(("/api/", "/health/", "/openapi")):
        return False
    return choose(request.headers.get("accept"), [MEDIA_TYPE, "application/json", HTML]) == HTML


def _of_status(status: int, request: Request) -> MeguriError:
    if status == 405:
        return MeguriError(
            code="method_not_allowed",
            en=f"{request.method} is not possible at {request.url.path[:200]}.",
            ja=f"{request.url.path[:200]} では {request.method} を使えません。",
            remedy_en="Use GET; /openapi.json lists what each address accepts.",
            remedy_ja="GET を使ってください。各アドレスで使える操作は /openapi.json にあります。",
        )
    if status == 404:
        return MeguriError(
            code="address_unknown",
            en=f"There is nothing at {request.url.path[:200]}.",
            ja=f"{request.url.path[:200]} には何もありません。",
            remedy_en="Start from the search page, or see /openapi.json for the addresses of the API.",
            remedy_ja="検索ページから探すか、API のアドレスは /openapi.json を見てください。",
        )
    return MeguriError(
        code="request_invalid",
        en="The request could not be read.",
        ja="要求を読み取れませんでした。",
        remedy_en="Check the address and its parameters against /openapi.json.",
        remedy_ja="アドレスとパラメータを /openapi.json と照らし合わせてください。",
    )


def _parameter_invalid(fields: list[str]) -> MeguriError:
    names = ", ".join(dict.fromkeys(fields))
    return MeguriError(
        code="parameter_invalid",
        en=f"These parameters have a value that cannot be read: {names}.",
        ja=f"値を読み取れないパラメータがあります: {names}。",
        remedy_en="See `errors` for the reason, and /openapi.json for what each parameter takes.",
        remedy_ja="理由は `errors` に、受け付ける値は /openapi.json にあります。",
    )


def _without_graph() -> MeguriError:
    return MeguriError(
        code="graph_unreachable",
        en="The server that holds the graph does not answer at the moment.",
        ja="グラフのサーバーがいま応答していません。",
        remedy_en="Try again in a minute; search, /sparql and editions may still work.",
        remedy_ja="しばらくしてからもう一度お試しください。検索、/sparql、版は使えることがあります。",
    )


def _fault() -> MeguriError:
    return MeguriError(
        code="fault",
        en="Something went wrong inside Meguri; the cause is in the server's log.",
        ja="Meguri の内部で問題が起きました。原因はサーバーの記録に残っています。",
        remedy_en="Try again; if it happens again, tell the operator what you did and when.",
        remedy_ja="もう一度お試しください。続く場合は、操作と時刻を運営者にお知らせください。",
    )
