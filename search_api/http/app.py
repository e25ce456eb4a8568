"""Builds the application from explicit settings and an open service: nothing is built at import."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from threading import Thread
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles

from kg.sparql.pool import QueryPool
from search_api.desk.commands import at_desk
from search_api.desk.desk import Desk
from search_api.desk.rehearsal import rehearse
from search_api.engine.comparison import Comparison
from search_api.engine.query import Request as SearchRequest
from search_api.http import (
    exchange,
    health,
    insight,
    ledger,
    linked_data,
    matches,
    matching_pages,
    ontology,
    pages,
    readings,
    records,
    registrations,
    search,
    withdrawals,
)
from search_api.http.context import Context
from search_api.http.labels import Labels
from search_api.http.middleware import EntityTags, HeadRequests, SecurityHeaders
from search_api.http.problems import Problem, ProblemHandlers
from search_api.http.research import cited_queries, dataset, editions, reconcile, resolver, robots, workbench
from search_api.http.secretariat import access, home, queue, signing, statements
from search_api.http.sparql import routes as sparql
from search_api.http.sparql.sharing import OpenToOtherSites
from search_api.matching.gaps_watch import GapsWatch
from search_api.service import Service
from search_api.settings import Settings
from search_api.version import VERSION
from search_api.web.render import Renderer, static_folder

DESCRIPTION = """Semantic search that matches technologies to the issues of Japan's regions, and the open knowledge
graph behind it. Errors are problem documents (RFC 9457) with cause and remedy in both languages.

技術と地域課題を意味で結ぶ検索と、その根拠となる公開ナレッジグラフ。
エラーは原因と対処を日英で述べる問題文書（RFC 9457）です。"""
TAGS = [
    {"name": "search", "description": "Search by meaning. / 意味で検索"},
    {"name": "records", "description": "Records with all their statements. / 記録とその全記述"},
    {"name": "registrations", "description": "Writing, behind a token. / 登録（トークンが必要）"},
    {"name": "matches", "description": "What fits, and what came of it. / マッチング"},
    {"name": "linked data", "description": "Things by their addresses, as pages or RDF. / ページまたは RDF"},
    {"name": "research", "description": "Data set, editions, SPARQL, reconciliation. / データセット、版、SPARQL、照合"},
    {"name": "health", "description": "Is the server alive and ready? / 稼働状況"},
]


def create_app(settings: Settings, service: Service) -> FastAPI:
    """The application over a service that stays open as long as it runs."""
    context = _context(settings, service)
    app = FastAPI(
        title="Meguri",
        version=VERSION,
        description=DESCRIPTION,
        openapi_tags=TAGS,
        docs_url=None,  # its pages load scripts from elsewhere; /api describes the API instead
        redoc_url=None,
        lifespan=partial(_lifespan, context),
    )
    app.state.context = context
    research = (dataset, editions, cited_queries, workbench, reconcile, resolver, robots)
    writing, things = (registrations, withdrawals, matches, insight, matching_pages), (linked_data, ontology, exchange)
    office = (signing, home, queue, statements)
    # /sparql first: addresses are compared in turn, and no other is asked as often by programs
    for module in (sparql, search, records, readings, ledger, *writing, *things, *research, *office, health, pages):
        app.include_router(module.router)
    app.mount("/static", StaticFiles(directory=static_folder()), name="static")
    ProblemHandlers(partial(pages.error_page, context)).install(app)
    access.install(app)
    _add_middleware(app)
    app.openapi = partial(_openapi, app)  # type: ignore[method-assign]
    return app


def _context(settings: Settings, service: Service) -> Context:
    labels = Labels(service.store, service.engine.concepts, service.folder.base)
    queries = QueryPool(service.folder.snapshots, settings.query_limits)
    comparison = Comparison(service.store, service.index, service.folder.base)
    desk, gaps = Desk(settings, service), GapsWatch(service)
    return Context(settings, service, labels, Renderer(), desk, queries, gaps, comparison)


@asynccontextmanager
async def _lifespan(context: Context, app: FastAPI) -> AsyncIterator[None]:
    """While the first readers arrive, reads what would make the first search wait for seconds."""
    warming = Thread(target=_warm_up, args=(context,), name="warm-up")
    warming.start()
    with context.desk.serving(at_desk(context.desk), rehearse):
        context.gaps.start()
        yield
    context.queries.close()
    context.gaps.stop()  # the store must not close under them
    warming.join()


def _warm_up(context: Context) -> None:
    """Entries, labels, tokenizers and label matchers of both languages are read when they are first asked for."""
    try:
        context.service.index.warm()
        context.labels.of("", "ja")
        for text in ("水", "water"):
            context.service.engine.search(SearchRequest(text, limit=1))
    except Exception:  # the request that needs what is broken will say so
        logging.getLogger(__name__).exception("The warm-up failed")


def _add_middleware(app: FastAPI) -> None:
    """From the inside out: tag the body, add headers, compress, answer HEAD."""
    app.add_middleware(EntityTags)
    app.add_middleware(OpenToOtherSites)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(GZipMiddleware, minimum_size=1_000)
    app.add_middleware(HeadRequests)


def _openapi(app: FastAPI) -> dict[str, Any]:
    """FastAPI's description, with our problem document in place of its own error bodies."""
    if app.openapi_schema is None:
        schema = get_openapi(
            title=app.title, version=app.version, description=app.description, tags=TAGS, routes=app.routes
        )
        schemas = schema["components"]["schemas"]
        schemas["Problem"] = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas |= schemas["Problem"].pop("$defs", {})
        schema["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
        for unused in ("HTTPValidationError", "ValidationError"):
            schemas.pop(unused, None)
        app.openapi_schema = schema
    return app.openapi_schema
