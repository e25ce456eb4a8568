"""The ontology and its concept schemes, as pages and as data."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Annotated, Any

from fastapi import APIRouter, Path
from rdflib import Graph, URIRef
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ingest.exchange.terms import KIND_CLASSES
from kg.errors import MeguriError
from kg.namespaces import SCHEME
from kg.ontology_load import ONTOLOGY
from kg.ontology_terms import ontology_graph, ontology_header, ontology_text
from kg.queries import load_query
from search_api.http.context import Context, ContextOf, ReaderOf, page, reader_of
from search_api.http.exchange import nothing, open_file
from search_api.http.focus import QUERIES, Focus
from search_api.http.negotiation import FORMS, HTML, Form, form_for
from search_api.http.ontology_view import class_views, property_views
from search_api.http.problems import problem_responses
from search_api.http.rdf import serialised
from search_api.http.scheme_trees import Scheme, read_schemes
from search_api.web.class_diagram import class_diagram

router = APIRouter(tags=["linked data"])
DESCRIPTION = """A page in HTML, or Turtle, JSON-LD, N-Triples or RDF/XML by the Accept header or by a suffix
(`.ttl`, `.jsonld`, `.nt`, `.rdf`).

HTML のページ、または Accept ヘッダーか拡張子で選んだ RDF を返します。"""
_FORMS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The thing, in the form that was asked for. / 指定された形式の内容",
        "content": {
            media_type: {"schema": {"type": "string"}} for media_type in (HTML, *(f.media_type for f in FORMS))
        },
    }
}


@router.get(
    "/ontology",
    summary="The ontology / オントロジー",
    description=DESCRIPTION,
    response_class=Response,
    responses={**_FORMS, **problem_responses(406)},
)
def ontology(request: Request, context: ContextOf) -> Response:
    """Classes, properties and concept schemes."""
    media_type = _media_type(request)
    if media_type != HTML:
        return _ontology_data(context, next(form for form in FORMS if form.media_type == media_type))
    reader, schemes = reader_of(request), _schemes(request, context)
    titles = {scheme.name: scheme.titles.get(reader.lang, scheme.name) for scheme in schemes}
    response = page(
        context,
        reader,
        "ontology.html",
        w=_words(reader.lang),
        header=ontology_header(),
        classes=class_views(reader.lang, titles),
        properties=property_views(reader.lang),
        schemes=schemes,
        diagram=class_diagram(reader.lang),
        kinds=tuple(KIND_CLASSES),
        forms=FORMS,
    )
    return _linked(response, "/ontology", str(ONTOLOGY))


@router.get("/ontology.{suffix}", include_in_schema=False)
def ontology_form(suffix: str, context: ContextOf) -> Response:
    """The ontology in one RDF form."""
    return _ontology_data(context, _form(suffix))


@router.get("/ces", include_in_schema=False)
@router.get("/ces/{version}", include_in_schema=False)
def namespace(version: str = "") -> Response:
    """Where the namespace and the version IRI lead."""
    if version not in ("", ontology_header().version):
        raise nothing(f"version {version[:20]!r}", f"{version[:20]} 版", ontology_header().version)
    return RedirectResponse("/ontology", 303)


@router.get("/ontology/diagram.svg", include_in_schema=False)
def diagram(reader: ReaderOf) -> Response:
    """The classes as a picture."""
    headers = {"Content-Language": reader.lang, "Vary": "Accept-Language"}
    # the picture brings its own style, which the policy of pages would not let it use
    headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    return Response(class_diagram(reader.lang, standalone=True), media_type="image/svg+xml", headers=headers)


@router.get(
    "/scheme/{name}",
    summary="A concept scheme / 概念体系",
    description=DESCRIPTION,
    response_class=Response,
    responses={**_FORMS, **problem_responses(404, 406, 422)},
)
def scheme(request: Request, context: ContextOf, name: Annotated[str, Path(examples=["theme"])]) -> Response:
    """A scheme with the tree of its concepts."""
    stem, dot, suffix = name.partition(".")
    found = next((one for one in _schemes(request, context) if one.name == stem), None)
    if found is None:
        names = ", ".join(sorted(one.name for one in _schemes(request, context)))
        raise nothing(f"concept scheme {stem[:40]!r}", f"概念体系「{stem[:40]}」", names)
    form = _form(suffix) if dot else next((f for f in FORMS if f.media_type == _media_type(request)), None)
    path = f"/scheme/{found.name}"
    if form is None:
        reader = reader_of(request)
        response: Response = page(context, reader, "scheme.html", w=_words(reader.lang), scheme=found, forms=FORMS)
    else:
        graph = context.service.store.construct(load_query("scheme", QUERIES), {"focus": SCHEME[found.name]})
        response = _data(context, graph, SCHEME[found.name], path, form)
    return _linked(response, path, found.iri)


def _ontology_data(context: Context, form: Form) -> Response:
    """Turtle as it is written, with its comments; the other forms are made from it."""
    if form.suffix == "ttl":
        response = open_file(ontology_text(), "text/turtle; charset=utf-8")
        response.headers["Content-Location"] = "/ontology.ttl"
    else:
        response = _data(context, ontology_graph(), ONTOLOGY, "/ontology", form)
    return _linked(response, "/ontology", str(ONTOLOGY))


def _data(context: Context, graph: Graph, iri: URIRef, path: str, form: Form) -> Response:
    focus = Focus("", iri, "", path, graph, Graph())
    body = serialised(focus, form, context.service.folder.base)
    media_type = form.media_type if form.suffix == "jsonld" else f"{form.media_type}; charset=utf-8"
    response = open_file(body, media_type)
    response.headers["Content-Location"] = f"{path}.{form.suffix}"
    return response


def _linked(response: Response, path: str, iri: str) -> Response:
    alternates = [f'<{path}.{form.suffix}>; rel="alternate"; type="{form.media_type}"' for form in FORMS]
    response.headers["Link"] = ", ".join([f'<{iri}>; rel="canonical"', *alternates])
    response.headers["Vary"] = "Accept, Accept-Language"
    return response


def _media_type(request: Request) -> str:
    media_type = form_for(request.headers.get("accept"))
    if media_type is None:
        types = ", ".join([HTML, *(form.media_type for form in FORMS)])
        raise MeguriError(
            code="form_unknown",
            en="This address has none of the forms that the Accept header asks for.",
            ja="Accept ヘッダーにある形式では提供していません。",
            remedy_en=f"Ask for one of: {types}.",
            remedy_ja=f"次のいずれかを指定してください: {types}。",
        )
    return media_type


def _form(suffix: str) -> Form:
    form = next((form for form in FORMS if form.suffix == suffix), None)
    if form is None:
        raise nothing(f"form .{suffix[:20]}", f"形式 .{suffix[:20]}", ", ".join(f".{form.suffix}" for form in FORMS))
    return form


def _schemes(request: Request, context: Context) -> list[Scheme]:
    """Read once for each application: the ontology of a data folder does not change while it is served."""
    state = request.app.state
    if not hasattr(state, "schemes"):
        state.schemes = read_schemes(context.service.store)
    schemes: list[Scheme] = state.schemes
    return schemes


@cache
def _words(lang: str) -> dict[str, str]:
    import yaml  # noqa: PLC0415  (read once, when the first page is made)

    parsed = yaml.safe_load((files("search_api.http") / "ontology_words.yaml").read_text(encoding="utf-8"))
    return {name: words[lang] for name, words in parsed.items()}
