"""The pages that are no things of the graph: search, the description of the API, and errors."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from kg.errors import MeguriError
from search_api.engine.query import MAX_OFFSET
from search_api.engine.query import Request as SearchRequest
from search_api.http.context import Context, ContextOf, ReaderOf, page, refused_reader
from search_api.http.problems import Problem, problem_of, status_of
from search_api.http.search_page import PAGE, Asked, form_of, results_of
from search_api.web.dot_map import INSET, dots
from search_api.web.reader import Reader

router = APIRouter(include_in_schema=False)


class PageParameters(BaseModel):
    """What the form sends; parameters that other sites append to links are ignored."""

    q: str | None = None
    find: str = "technology"
    region: str = ""
    level: str = ""
    theme: str = ""
    sdg: str = ""
    ignore: list[str] = Field([], max_length=20)
    fitting: bool = False
    offset: int = Field(0, ge=0, le=MAX_OFFSET)


@router.get("/")
def search_page(
    request: Request, context: ContextOf, reader: ReaderOf, given: Annotated[PageParameters, Query()]
) -> Response:
    """The start page, or with a query its results."""
    find = given.find or "technology"
    ignore = tuple(given.ignore)
    asked = Asked(
        given.q or "", find, given.region, given.level, given.theme, given.sdg, given.offset, ignore, given.fitting
    )
    if given.q is None:
        return _start(context, reader, asked)
    try:
        filters = (asked.region, asked.level, asked.theme)
        answer = context.service.engine.search(
            SearchRequest(
                asked.q, find, *filters, reader.lang, PAGE, asked.offset, asked.sdg, ignore, fitting_only=given.fitting
            )
        )
    except MeguriError as error:
        # the form stays as it was filled in, so that it can be mended
        return _start(context, reader, asked, problem_of(error, request), status_of(error))
    results = results_of(context, reader, asked, answer)
    return page(context, reader, "results.html", form=form_of(context, reader, asked), results=results)


@router.get("/api")
def api_page(request: Request, context: ContextOf, reader: ReaderOf) -> Response:
    """The API in words, made from its OpenAPI description."""
    schema: dict[str, Any] = request.app.openapi()
    return page(context, reader, "api.html", schema=schema, origin=str(request.base_url))


@router.get("/map.svg")
def map_picture() -> Response:
    """The map of dots that pages draw on."""
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 330 345">'
        '<g id="dots" fill="none" stroke="currentColor" stroke-linecap="round">'
        f'<path d="{INSET}" stroke-width=".8" opacity=".6"/><path d="{dots()}"/></g></svg>'
    )
    return Response(svg, media_type="image/svg+xml", headers={"Cache-Control": "public, max-age=86400"})


def error_page(context: Context, request: Request, problem: Problem) -> str:
    """A problem as a page."""
    return context.renderer.render("error.html", refused_reader(request), problem=problem)


def _start(
    context: Context, reader: Reader, asked: Asked, problem: Problem | None = None, status: int = 200
) -> Response:
    form = form_of(context, reader, asked)
    counts = _counts(context)
    return page(context, reader, "start.html", status, form=form, problem=problem, counts=counts)


def _counts(context: Context) -> dict[str, int]:
    """How many records of each kind are searchable."""
    counts: dict[str, int] = {}
    for id_ in context.service.index.record_hashes():
        kind = id_.partition("-")[0]
        counts[kind] = counts.get(kind, 0) + 1
    return counts
