"""``/secretariat/sign-in`` and ``/secretariat/sign-out``: the token once, a cookie from then on."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from kg.errors import MeguriError
from search_api.http.context import Context, ContextOf, ReaderOf, page
from search_api.http.problems import Problem, problem_of, status_of
from search_api.http.secretariat.access import HOME, SIGN_IN, OpenForm, OwnForm, inside, see
from search_api.http.secretariat.session import COOKIE, SECONDS, session_of, sign_in
from search_api.web.reader import Reader

router = APIRouter(include_in_schema=False)


@router.get(SIGN_IN)
def sign_in_page(request: Request, context: ContextOf, reader: ReaderOf) -> Response:
    """The form that asks for the token; whoever is signed in goes straight on."""
    after = inside(request.query_params.get("next", HOME))
    if session_of(context.settings, request.cookies.get(COOKIE)):
        return see(_in_language(reader, after))
    return _page(context, reader, after)


@router.post(SIGN_IN)
def signed_in(request: Request, context: ContextOf, reader: ReaderOf, form: OpenForm) -> Response:
    """Sets the cookie, which only this site's server reads and only these pages send."""
    after = inside(form.get("next", HOME))
    try:
        cookie = sign_in(context.settings, form.get("token", "").strip())
    except MeguriError as error:
        return _page(context, reader, after, _words_for_a_form(error, request), status_of(error))
    response = see(_in_language(reader, after))
    response.set_cookie(
        COOKIE, cookie, SECONDS, path=HOME, secure=_is_https(request, context), httponly=True, samesite="strict"
    )
    return response


@router.post("/secretariat/sign-out")
def signed_out(context: ContextOf, reader: ReaderOf, form: OwnForm) -> Response:
    """Takes the cookie away."""
    del context, form
    response = see(reader.link(SIGN_IN))
    response.delete_cookie(COOKIE, path=HOME, httponly=True, samesite="strict")
    return response


def _page(context: Context, reader: Reader, after: str, problem: Problem | None = None, status: int = 200) -> Response:
    response = page(
        context, reader, "sign_in.html", status, after=after, problem=problem, open=bool(context.settings.api_token)
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _words_for_a_form(error: MeguriError, request: Request) -> Problem:
    """The API's message speaks of headers, which nobody sees here."""
    words = {
        "token_missing": ("Enter the token.", "トークンを入力してください。", "", ""),
        "token_wrong": (
            "This token is not known here.",
            "このトークンは登録されていません。",
            "Check it (upper and lower case differ), or ask the operator for a new one.",
            "大文字・小文字も含めて確認するか、運営者に新しいものを依頼してください。",
        ),
        "not_allowed": (
            "This is a submitter's token; these pages are the secretariat's.",
            "提出者用のトークンです。このページは事務局用です。",
            "Use the secretariat's token.",
            "事務局用のトークンを使ってください。",
        ),
    }.get(error.code)
    if words is None:
        return problem_of(error, request)
    en, ja, remedy_en, remedy_ja = words
    return problem_of(MeguriError(code=error.code, en=en, ja=ja, remedy_en=remedy_en, remedy_ja=remedy_ja), request)


def _in_language(reader: Reader, after: str) -> str:
    """The address to go on to, in the language of the page that was signed in on."""
    if not reader.explicit or "lang=" in after:
        return after
    return f"{after}{'&' if '?' in after else '?'}lang={reader.lang}"


def _is_https(request: Request, context: Context) -> bool:
    return request.url.scheme == "https" or (context.settings.public_url or "").startswith("https://")
