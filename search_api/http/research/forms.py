"""Answers in the form that a client asks for: a page, JSON, or RDF, by Accept header or by suffix."""

from __future__ import annotations

from collections.abc import Callable

from rdflib import Graph
from starlette.requests import Request
from starlette.responses import Response

from kg.errors import MeguriError
from search_api.http.exchange import open_file
from search_api.http.negotiation import FORMS, HTML, Form, choose

JSON = "application/json"
_OTHER_NAMES = {
    "application/xhtml+xml": HTML,
    "application/x-turtle": "text/turtle",
    "application/xml": "application/rdf+xml",
}


def split_suffix(name: str) -> tuple[str, str | None]:
    """A name and the media type that its suffix asks for (``1.ttl``, ``1.json``)."""
    stem, dot, suffix = name.rpartition(".")
    if dot and suffix == "json":
        return stem, JSON
    form = next((form for form in FORMS if form.suffix == suffix), None)
    return (stem, form.media_type) if dot and form else (name, None)


def asked_form(request: Request) -> str:
    """HTML, JSON or an RDF form by the Accept header; MeguriError (``form_unknown``)."""
    offered = [HTML, JSON, *(form.media_type for form in FORMS)]
    found = choose(request.headers.get("accept"), [*offered, *_OTHER_NAMES])
    if found is None:
        raise MeguriError(
            code="form_unknown",
            en="This address has none of the forms that the Accept header asks for.",
            ja="Accept ヘッダーにある形式では提供していません。",
            remedy_en=f"Ask for one of: {', '.join(offered)}.",
            remedy_ja=f"次のいずれかを指定してください: {', '.join(offered)}。",
        )
    return _OTHER_NAMES.get(found, found)


def respond(
    media_type: str, path: str, page: Callable[[], Response], body: Callable[[], str], graph: Callable[[], Graph]
) -> Response:
    """The answer in one form; only what that form needs is made."""
    if media_type == HTML:
        response = page()
    elif media_type == JSON:
        response = open_file(body(), JSON)
    else:
        response = _rdf(graph(), next(form for form in FORMS if form.media_type == media_type), path)
    response.headers["Vary"] = "Accept, Accept-Language"
    alternates = [f'<{path}.{form.suffix}>; rel="alternate"; type="{form.media_type}"' for form in FORMS]
    response.headers["Link"] = ", ".join([f'<{path}.json>; rel="alternate"; type="{JSON}"', *alternates])
    return response


def _rdf(graph: Graph, form: Form, path: str) -> Response:
    if form.serializer == "json-ld":
        context = {prefix: str(namespace) for prefix, namespace in graph.namespaces()}
        text = graph.serialize(format="json-ld", context=context, auto_compact=True, encoding="utf-8", indent=1)
    else:
        text = graph.serialize(format=form.serializer, encoding="utf-8")
    media_type = form.media_type if form.suffix == "jsonld" else f"{form.media_type}; charset=utf-8"
    response = open_file(text, media_type)
    response.headers["Content-Location"] = f"{path}.{form.suffix}"
    return response
