"""What crawlers ask for: ``/robots.txt`` and the sitemaps (https://www.sitemaps.org/protocol.html)."""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import escape

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from kg.queries import load_query
from search_api.http.addresses import local_path
from search_api.http.context import Context, ContextOf
from search_api.http.exchange import nothing
from search_api.http.research.dataset import last_update
from search_api.http.research.editions import editions_of
from search_api.http.research.site import Site, site_of
from search_api.http.research.statistics import QUERIES

router = APIRouter(include_in_schema=False)
PER_FILE = 20_000
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_PAGES = ("/", "/dataset", "/editions", "/ontology", "/api", "/sparql")
Entry = tuple[str, str | None]


@router.get("/robots.txt")
def robots(request: Request, context: ContextOf) -> Response:
    """Pages are open; what is computed for each question is not for crawlers."""
    lines = ["User-agent: *", "Disallow: /sparql?", "Disallow: /api/v1/", "Disallow: /reconcile", "Disallow: /*?q="]
    lines.append("Disallow: /secretariat")
    return PlainTextResponse("\n".join([*lines, "", f"Sitemap: {site_of(request, context).url('/sitemap.xml')}", ""]))


@router.get("/sitemap.xml")
def sitemap_index(request: Request, context: ContextOf) -> Response:
    """The index of all sitemaps."""
    site, count = site_of(request, context), len(_entries(context))
    modified = last_update(context).isoformat()
    parts = "".join(
        f"<sitemap><loc>{escape(site.url(f'/sitemap-{number}.xml'))}</loc><lastmod>{modified}</lastmod></sitemap>"
        for number in range(1, -(-count // PER_FILE) + 1)
    )
    return _xml(f'<sitemapindex xmlns="{_NAMESPACE}">{parts}</sitemapindex>')


@router.get("/sitemap-{number}.xml")
def sitemap(number: int, request: Request, context: ContextOf) -> Response:
    """One sitemap of at most ``PER_FILE`` addresses."""
    entries = _entries(context)[(number - 1) * PER_FILE : number * PER_FILE] if number > 0 else []
    if not entries:
        raise nothing(f"sitemap {number}", f"サイトマップ {number}", "/sitemap.xml")
    site = site_of(request, context)
    return _xml(f'<urlset xmlns="{_NAMESPACE}">{"".join(_urls(site, entries))}</urlset>')


def _urls(site: Site, entries: Iterable[Entry]) -> Iterable[str]:
    for path, modified in entries:
        day = f"<lastmod>{modified}</lastmod>" if modified else ""
        yield f"<url><loc>{escape(site.url(path))}</loc>{day}</url>"


def _entries(context: Context) -> list[Entry]:
    """Every page that is worth finding: fixed pages, editions, concepts, and records with their day."""
    service = context.service
    pages: list[Entry] = [(path, None) for path in _PAGES]
    pages += [(f"/editions/{e.number}", e.published.date().isoformat()) for e in editions_of(context).all()]
    concepts = [local_path(concept.iri, service.folder.base) for concept in service.engine.concepts.all()]
    pages += [(path, None) for path in concepts if path]
    for row in service.store.select(load_query("site_map", QUERIES)):
        path = local_path(str(row["record"]), service.folder.base)
        if path:
            pages.append((path, str(row["time"])[:10]))
    return pages


def _xml(body: str) -> Response:
    return Response(f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n', media_type="application/xml")
