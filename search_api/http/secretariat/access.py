"""What each of these pages needs: somebody signed in, and forms that really come from here."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import parse_qsl, quote

from fastapi import Depends, FastAPI
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from kg.errors import MeguriError
from search_api.http.context import ContextOf
from search_api.http.secretariat.session import COOKIE, Session, form_foreign, require_form_key, session_of

HOME, SIGN_IN = "/secretariat", "/secretariat/sign-in"
FORM = "application/x-www-form-urlencoded"
MAX_FORM = 64 * 2**10
Form = dict[str, str]


class SignInNeeded(Exception):
    """Nobody is signed in; the browser is led to where one signs in, and back afterwards."""


def install(app: FastAPI) -> None:
    """Lead whoever is not signed in to the page where one signs in."""
    app.add_exception_handler(SignInNeeded, _to_sign_in)


def see(address: str) -> Response:
    """After a form: to another page, which can be loaded again without sending the form again (RFC 9110, 15.4.4)."""
    return RedirectResponse(address, 303, headers={"Cache-Control": "no-store"})


def inside(address: str) -> str:
    """An address of these pages as it is, and the first of them instead of any other, so that no link leads away."""
    own = address == HOME or address.startswith((f"{HOME}/", f"{HOME}?"))
    return address if own and "\\" not in address and address.isprintable() else HOME


def _to_sign_in(request: Request, error: Exception) -> Response:
    del error
    query = f"?{request.url.query}" if request.url.query else ""
    lang = request.query_params.get("lang")
    kept = f"&lang={lang}" if lang in ("ja", "en") else ""
    return see(f"{SIGN_IN}?next={quote((request.url.path + query)[:500], safe='')}{kept}")


def _session(request: Request, context: ContextOf) -> Session:
    found = session_of(context.settings, request.cookies.get(COOKIE))
    if found is None:
        raise SignInNeeded
    return found


async def _form(request: Request) -> Form:
    """The fields of a form. MeguriError: ``form_foreign``, ``body_too_large``, ``body_unreadable``."""
    # browsers say where a request comes from; what they do not say, the form's key tells
    if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        raise form_foreign()
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > MAX_FORM:
            raise _too_large()
    try:
        pairs = parse_qsl(content.decode(), keep_blank_values=True, max_num_fields=20, errors="strict")
    except ValueError as error:
        raise _unreadable() from error
    return {name: value.replace("\r\n", "\n") for name, value in pairs}


def _own_form(session: Annotated[Session, Depends(_session)], form: Annotated[Form, Depends(_form)]) -> Form:
    require_form_key(session, form.pop("form_key", ""))
    return form


def _too_large() -> MeguriError:
    return MeguriError(
        code="body_too_large",
        en=f"The form holds more than {MAX_FORM:,} bytes.",
        ja=f"入力が {MAX_FORM:,} バイトを超えています。",
        remedy_en="Write less.",
        remedy_ja="短くしてください。",
    )


def _unreadable() -> MeguriError:
    return MeguriError(
        code="body_unreadable",
        en="The form could not be read: it is not what a page of this site sends.",
        ja="入力を読み取れません。このサイトのページから送られる形ではありません。",
        remedy_en="Open the page again and send the form from there.",
        remedy_ja="ページを開き直して、もう一度送ってください。",
    )


SessionOf = Annotated[Session, Depends(_session)]
OpenForm = Annotated[Form, Depends(_form)]
OwnForm = Annotated[Form, Depends(_own_form)]
