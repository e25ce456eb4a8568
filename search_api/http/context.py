"""What routes need of the application, handed to them as parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Depends
from starlette.requests import Request
from starlette.responses import HTMLResponse

from kg.sparql.pool import QueryPool
from search_api.desk.desk import Desk
from search_api.engine.comparison import Comparison
from search_api.http.labels import Labels
from search_api.http.language import Lang, asked_language, language_of_refusal, preferred_language, response_language
from search_api.matching.gaps_watch import GapsWatch
from search_api.service import Service
from search_api.settings import Settings
from search_api.web.reader import Reader
from search_api.web.render import Renderer

if TYPE_CHECKING:
    from search_api.relational.database import Database


@dataclass(frozen=True)
class Context:
    """One application's parts."""

    settings: Settings
    service: Service
    labels: Labels
    renderer: Renderer
    desk: Desk
    queries: QueryPool
    gaps: GapsWatch
    comparison: Comparison

    def known_database(self) -> Database | None:
        """The relational database where there is one already: reading makes none."""
        return self.desk.database if self.desk.has_database else None


# What routes depend on is a coroutine function: a plain one would be called in a thread, which costs each request more
# than all the rest of FastAPI on a busy machine.
async def context_of(request: Request) -> Context:
    """The parts of the application that a request came to."""
    context: Context = request.app.state.context
    return context


def reader_of(request: Request) -> Reader:
    """Who reads the page: the language, and the address that the language switch keeps."""
    query = list(request.query_params.multi_items())
    return Reader(response_language(request), bool(asked_language(request)), request.url.path, tuple(query))


def refused_reader(request: Request) -> Reader:
    """The reader of an error page; never fails."""
    lang = language_of_refusal(request)
    query = [(k, v) for k, v in request.query_params.multi_items() if k != "lang"][:10]
    short = tuple((k[:40], v[:300]) for k, v in query)
    return Reader(lang, request.query_params.get("lang") == lang, request.url.path[:300], short)


def page(context: Context, reader: Reader, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A rendered page with the headers that a page in two languages needs."""
    headers: Mapping[str, str] = {"Content-Language": reader.lang, "Vary": "Accept, Accept-Language"}
    return HTMLResponse(context.renderer.render(template, reader, **values), status, headers=dict(headers))


async def _reader(request: Request) -> Reader:
    return reader_of(request)


async def _response_language(request: Request) -> Lang:
    return response_language(request)


async def _preferred_language(request: Request) -> Lang | None:
    return preferred_language(request)


ContextOf = Annotated[Context, Depends(context_of)]
ReaderOf = Annotated[Reader, Depends(_reader)]
ResponseLanguage = Annotated[Lang, Depends(_response_language)]
PreferredLanguage = Annotated[Lang | None, Depends(_preferred_language)]
