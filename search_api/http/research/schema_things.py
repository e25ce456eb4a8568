"""Things of the graph in schema.org's words, for search engines; what has no fitting class is left out."""

from __future__ import annotations

import json
from typing import Any

from rdflib import Literal, URIRef
from starlette.requests import Request

from kg.namespaces import CES, DCTERMS, RDFS, SCHEMA, SKOS
from search_api.http.context import Context
from search_api.http.focus import Focus
from search_api.http.research.site import Site, site_of

CLASSES = {
    "technology": "Service",
    "partner": "Organization",
    "scheme": "GovernmentService",
    "project": "Project",
    "event": "Event",
    "document": "Report",
    "region": "AdministrativeArea",
    "concept": "DefinedTerm",
}
# property of ours → schema.org's, for single values that mean the same
_DATES = {CES.startsOn: "startDate", CES.endsOn: "endDate"}


def thing_json(request: Request, context: Context, focus: Focus, lang: str) -> str:
    """JSON-LD for a page, empty where schema.org has no class for the kind; `<` is escaped for the script element."""
    class_ = CLASSES.get(focus.kind)
    if class_ is None:
        return ""
    site = site_of(request, context)
    body: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": class_,
        "@id": str(focus.iri),
        "url": site.url(focus.path),
        "name": context.labels.name(str(focus.iri), lang).text,
        **_description(focus, lang),
        **_of_kind(context, site, focus, lang),
    }
    address = focus.graph.value(focus.iri, SCHEMA.url)
    if address is not None:
        body["sameAs"] = str(address)
    return json.dumps(body, ensure_ascii=False).replace("<", "\\u003c")


def _description(focus: Focus, lang: str) -> dict[str, str]:
    for predicate in (DCTERMS.description, SKOS.definition):
        texts = [text for text in focus.graph.objects(focus.iri, predicate) if isinstance(text, Literal)]
        if texts:
            return {"description": str(min(texts, key=lambda text: (text.language != lang, str(text))))[:1_000]}
    return {}


def _of_kind(context: Context, site: Site, focus: Focus, lang: str) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for predicate, name in _DATES.items():
        value = focus.graph.value(focus.iri, predicate)
        if value is not None:
            said[name] = str(value)
    place = focus.graph.value(focus.iri, CES.inRegion)
    if focus.kind == "event" and isinstance(place, URIRef):
        said["location"] = {"@type": "Place", "name": context.labels.name(str(place), lang).text}
    provider = focus.graph.value(focus.iri, CES.offeredBy) or focus.graph.value(focus.iri, CES.providedBy)
    if isinstance(provider, URIRef):
        said["provider"] = {"@type": "Organization", "name": context.labels.name(str(provider), lang).text}
    if focus.kind == "concept":
        said["inDefinedTermSet"] = site.url(f"/scheme/{focus.id.partition('/')[0]}")
    if focus.kind == "region":
        said["alternateName"] = sorted(str(name) for name in focus.graph.objects(focus.iri, RDFS.label))
    return said
