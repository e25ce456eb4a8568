"""The addresses of things: a page for people, RDF for programs, by the Accept header or by suffix."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ingest.regions.register import RegionRegister
from kg.errors import MeguriError
from search_api.http.concept_page import concept_page
from search_api.http.context import Context, ContextOf
from search_api.http.examples import TURTLE
from search_api.http.focus import Focus, RecordWithdrawn, find_concept, find_record, find_region
from search_api.http.negotiation import FORMS, HTML, Form, form_for
from search_api.http.problems import problem_responses
from search_api.http.rdf import serialised
from search_api.http.record_page import record_page
from search_api.http.region_page import region_page

router = APIRouter(tags=["linked data"])
Finder = Callable[[str], Focus]
Page = Callable[[Context, Request, Focus], Response]
DESCRIPTION = """A page in HTML, or Turtle, JSON-LD, N-Triples or RDF/XML by the Accept header or by a suffix
(`.ttl`, `.jsonld`, `.nt`, `.rdf`).

HTML のページ、または Accept ヘッダーか拡張子で選んだ RDF を返します。"""
_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The thing, in the form that was asked for. / 指定された形式の内容",
        "content": {
            HTML: {"schema": {"type": "string"}},
            **{form.media_type: {"schema": {"type": "string"}} for form in FORMS},
            "text/turtle": {"schema": {"type": "string"}, "example": TURTLE},
        },
    },
    **problem_responses(404, 406, 410, 422),
}


@router.get(
    "/id/{id}",
    summary="A record / 記録",
    description=DESCRIPTION,
    response_class=Response,
    responses=_RESPONSES,
)
def record(request: Request, context: ContextOf, id: Annotated[str, Path(examples=["technology-T059"])]) -> Response:
    """A record by its IRI's address; a withdrawn one leads to its successor, or answers 410 with its tombstone."""
    if id.startswith("region-"):
        return RedirectResponse(f"/region/{id.removeprefix('region-')}{_query(request)}", 308)
    try:
        return _respond(request, context, id, lambda name: find_record(context.service, name), record_page)
    except RecordWithdrawn as gone:
        if gone.stone.successor:
            return RedirectResponse(f"/id/{gone.stone.successor}{_query(request)}", 308)
        raise


@router.get(
    "/region/{code}",
    summary="A region / 地域",
    description=DESCRIPTION,
    response_class=Response,
    responses=_RESPONSES,
)
def region(request: Request, context: ContextOf, code: Annotated[str, Path(examples=["13206"])]) -> Response:
    """A region by code; the code of an abolished municipality leads to the one that took its place."""
    stem, dot, suffix = code.partition(".")
    heirs = RegionRegister.load().successors(stem)
    if len(heirs) == 1 and heirs[0].code != stem:
        return RedirectResponse(f"/region/{heirs[0].code}{dot}{suffix}{_query(request)}", 308)
    if len(heirs) > 1:
        raise _divided(stem, [heir.code for heir in heirs])
    return _respond(request, context, code, lambda name: find_region(context.service, name), region_page)


@router.get(
    "/concept/{scheme}/{slug}",
    summary="A concept / 概念",
    description=DESCRIPTION,
    response_class=Response,
    responses=_RESPONSES,
)
def concept(
    request: Request,
    context: ContextOf,
    scheme: Annotated[str, Path(examples=["resource"])],
    slug: Annotated[str, Path(examples=["wasteCookingOil"])],
) -> Response:
    """A concept of one of the schemes."""
    name = f"{scheme}/{slug}"
    return _respond(request, context, name, lambda found: find_concept(context.service, found), concept_page)


def _respond(request: Request, context: Context, name: str, find: Finder, page: Page) -> Response:
    focus, form = _find(name, find)
    media_type = form.media_type if form else form_for(request.headers.get("accept"))
    if media_type is None:
        raise _form_unknown()
    if media_type == HTML:
        response = page(context, request, focus)
    else:
        form = next(f for f in FORMS if f.media_type == media_type)
        body = serialised(focus, form, context.service.folder.base)
        response = Response(body, media_type=f"{media_type}; charset=utf-8" if form.suffix != "jsonld" else media_type)
        response.headers["Content-Location"] = f"{focus.path}.{form.suffix}"
    response.headers["Vary"] = "Accept, Accept-Language"
    response.headers["Link"] = _links(focus, context.settings.data_licence)
    return response


def _find(name: str, find: Finder) -> tuple[Focus, Form | None]:
    """The thing and the form that a suffix asks for; a thing whose name ends like a suffix comes first."""
    for form in FORMS:
        stem = name.removesuffix(f".{form.suffix}")
        if stem != name:
            try:
                return find(name), None
            except RecordWithdrawn:
                raise
            except MeguriError:
                return find(stem), form
    return find(name), None


def _links(focus: Focus, licence: str) -> str:
    alternates = [f'<{focus.path}.{form.suffix}>; rel="alternate"; type="{form.media_type}"' for form in FORMS]
    about = ['</ontology>; rel="describedby"', '</dataset>; rel="collection"', f'<{licence}>; rel="license"']
    return ", ".join([f'<{focus.iri}>; rel="canonical"', *alternates, *about])


def _divided(code: str, heirs: list[str]) -> MeguriError:
    return MeguriError(
        code="region_divided",
        en=f"The municipality {code} was abolished, and its area went to several others: {', '.join(heirs)}.",
        ja=f"自治体 {code} は廃止され、区域は複数の自治体に引き継がれました: {'、'.join(heirs)}。",
        remedy_en="Choose one of them, as /region/CODE.",
        remedy_ja="/region/コード の形でいずれかを選んでください。",
    )


def _query(request: Request) -> str:
    return f"?{request.url.query}" if request.url.query else ""


def _form_unknown() -> MeguriError:
    types = ", ".join([HTML, *(form.media_type for form in FORMS)])
    return MeguriError(
        code="form_unknown",
        en="This address has none of the forms that the Accept header asks for.",
        ja="Accept ヘッダーにある形式では提供していません。",
        remedy_en=f"Ask for one of: {types}.",
        remedy_ja=f"次のいずれかを指定してください: {types}。",
    )
