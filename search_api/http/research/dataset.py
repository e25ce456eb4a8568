"""``/dataset``: the whole graph described for people, harvesters and search engines."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from fastapi import APIRouter
from rdflib import Graph
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from kg.queries import load_query
from search_api.http.context import Context, ContextOf, page, reader_of
from search_api.http.exchange import nothing
from search_api.http.negotiation import FORMS, HTML
from search_api.http.problems import problem_responses
from search_api.http.research.catalogue import dataset_graph
from search_api.http.research.editions import editions_of
from search_api.http.research.forms import JSON, asked_form, respond, split_suffix
from search_api.http.research.schema_org import dataset_json
from search_api.http.research.site import site_of
from search_api.http.research.statistics import QUERIES, Statistics, StatisticsCache
from search_api.http.research.words import words

router = APIRouter(tags=["research"])
_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The description, in the form that was asked for. / 指定された形式の記述",
        "content": {media_type: {} for media_type in (HTML, JSON, *(form.media_type for form in FORMS))},
    },
    **problem_responses(406, 422),
}


@router.get(
    "/dataset",
    summary="The data set / データセット",
    description="DCAT-AP 3 and VoID with statistics; JSON is schema.org's Dataset."
    " / DCAT-AP 3 と VoID（統計つき）。JSON は schema.org の Dataset。",
    response_class=Response,
    responses=_RESPONSES,
)
def dataset(request: Request, context: ContextOf) -> Response:
    """The description of the data set."""
    return _dataset(request, context, asked_form(request))


@router.get("/dataset.{suffix}", include_in_schema=False)
def dataset_form(suffix: str, request: Request, context: ContextOf) -> Response:
    """The description in one form."""
    _, media_type = split_suffix(f"dataset.{suffix}")
    if media_type is None:
        raise nothing(f"form .{suffix[:20]}", f"形式 .{suffix[:20]}", ".json, .ttl, .jsonld, .nt, .rdf")
    return _dataset(request, context, media_type)


@router.get("/.well-known/void", include_in_schema=False)
def well_known() -> Response:
    """Where the VoID description lies (https://www.w3.org/TR/void/#well-known)."""
    return RedirectResponse("/dataset", 303)


def last_update(context: Context) -> date:
    """The day on which the graph was last written to: the newest record's, else the snapshot's."""
    rows = list(context.service.store.select(load_query("last_update", QUERIES)))
    if rows and "time" in rows[0]:
        return date.fromisoformat(str(rows[0]["time"])[:10])
    newest = context.service.folder.snapshots.newest()
    return datetime.fromtimestamp(newest.stat().st_mtime, UTC).date() if newest else datetime.now(UTC).date()


def statistics_of(request: Request, context: Context) -> Statistics:
    """The counts, kept with the application and made anew after a commit."""
    state = request.app.state
    if not hasattr(state, "statistics"):
        state.statistics = StatisticsCache()
    counted: Statistics = state.statistics.of(context.service)
    return counted


def _dataset(request: Request, context: Context, media_type: str) -> Response:
    site, found, modified = site_of(request, context), editions_of(context).all(), last_update(context)

    def graph() -> Graph:
        return dataset_graph(site, context.service.folder.base, modified, statistics_of(request, context), found)

    def dataset_page() -> Response:
        reader = reader_of(request)
        counted = statistics_of(request, context)
        return page(
            context,
            reader,
            "dataset.html",
            w=words(reader.lang),
            site=site,
            statistics=counted,
            tables=[(name, _named(context, values, reader.lang)) for name, values in _tables(counted)],
            editions=found,
            modified=modified.isoformat(),
            schema_org=dataset_json(site, reader.lang, modified, found),
            forms=FORMS,
        )

    response = respond(media_type, "/dataset", dataset_page, lambda: dataset_json(site, "en", modified, found), graph)
    response.headers["Link"] += f', <{site.licence}>; rel="license"'
    return response


def _tables(counted: Statistics) -> list[tuple[str, dict[str, int]]]:
    return [("classes", counted.classes), ("properties", counted.properties)]


def _named(context: Context, counts: dict[str, int], lang: str) -> list[tuple[str, str, int]]:
    return [(iri, context.labels.name(iri, lang).text, count) for iri, count in counts.items()]
