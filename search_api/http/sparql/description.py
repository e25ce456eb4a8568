"""The service's description of itself (https://www.w3.org/TR/sparql11-service-description/)."""

from __future__ import annotations

from rdflib import BNode, Graph, Namespace, URIRef
from starlette.requests import Request
from starlette.responses import Response

from kg.namespaces import RDF
from search_api.http.context import Context
from search_api.http.negotiation import FORMS
from search_api.http.sparql.formats import asked_formats

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
_FORMATS = Namespace("http://www.w3.org/ns/formats/")
_OFFERED = [f"SPARQL_Results_{name}" for name in ("JSON", "XML", "CSV", "TSV")]
_OFFERED += ["Turtle", "N-Triples", "JSON-LD", "RDF_XML"]


def service_description(context: Context, request: Request, name: str | None, accept: str | None) -> Response:
    """The description in the RDF format that was asked for; MeguriError (``form_unknown``)."""
    media_type = asked_formats(name, accept).media_type("graph")
    form = next(form for form in FORMS if form.media_type == media_type)
    body = _description(f"{request.base_url}sparql").serialize(format=form.serializer, encoding="utf-8")
    return Response(body, media_type=media_type, headers={"Vary": "Accept"})


def _description(endpoint: str) -> Graph:
    graph = Graph(bind_namespaces="none")
    graph.bind("sd", SD)
    service, dataset, default = BNode(), BNode(), BNode()
    graph.add((service, RDF.type, SD.Service))
    graph.add((service, SD.endpoint, URIRef(endpoint)))
    graph.add((service, SD.supportedLanguage, SD.SPARQL11Query))
    graph.add((service, SD.defaultEntailmentRegime, URIRef("http://www.w3.org/ns/entailment/Simple")))
    for name in _OFFERED:
        graph.add((service, SD.resultFormat, _FORMATS[name]))
    graph.add((service, SD.defaultDataset, dataset))
    graph.add((dataset, RDF.type, SD.Dataset))
    graph.add((dataset, SD.defaultGraph, default))
    graph.add((default, RDF.type, SD.Graph))
    return graph
