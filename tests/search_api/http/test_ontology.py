"""The ontology and its schemes: pages in both languages, every form of RDF, and the files of the exchange format."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from fastapi.testclient import TestClient
from rdflib import Graph, Literal, URIRef
from rdflib.compare import isomorphic

from ingest.exchange.context import CONTEXT_IRI
from ingest.exchange.export import json_text, shapes_text
from ingest.exchange.reading import json_to_graph
from ingest.exchange.schemas import record_schema
from ingest.exchange.terms import KIND_CLASSES
from ingest.problems import Problems
from kg.iris import record_iri
from kg.namespaces import OWL, RDF, SKOS
from kg.ontology_terms import ontology_graph, ontology_terms
from search_api.http import exchange, ontology
from search_api.http.app import create_app
from search_api.settings import Settings
from tests.search_api.http.problem_shape import assert_problem

FORMATS = {"text/turtle": "turtle", "application/ld+json": "json-ld", "application/n-triples": "nt"} | {
    "application/rdf+xml": "xml"
}
SUFFIXES = {"ttl": "turtle", "jsonld": "json-ld", "nt": "nt", "rdf": "xml"}
VOID = {"meta", "link", "path", "circle", "rect", "polygon", "br", "input"}


@pytest.fixture(scope="module")
def client(service: Any, folder: Any) -> Iterator[TestClient]:
    app = create_app(Settings(data=folder.path), service)
    if "/ontology" not in {getattr(route, "path", "") for route in app.routes}:
        for module in (exchange, ontology):
            app.include_router(module.router)
    with TestClient(app, raise_server_exceptions=False) as opened:
        yield opened


class Page(HTMLParser):
    """The ids, links and headings of a page, and whether its elements are closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.headings: list[int] = []
        self._open: list[str] = []
        self.feed(text)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.ids += [str(given["id"])] if "id" in given else []
        self.links += [str(given["href"])] if tag == "a" else []
        self.headings += [int(tag[1])] if re.fullmatch("h[1-6]", tag) else []
        assert not any(name.startswith("on") or name == "style" for name in given), given
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.ids += [str(v) for k, v in attrs if k == "id"]

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self._open.pop() == tag


def version() -> str:
    return str(ontology_graph().value(URIRef("https://w3id.org/meguri/ces"), OWL.versionInfo))


def page(client: TestClient, path: str, lang: str) -> tuple[str, Page]:
    response = client.get(path, params={"lang": lang}, headers={"Accept": "text/html"})
    assert response.status_code == 200
    assert response.headers["content-language"] == lang
    return response.text, Page(response.text)


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_page_has_every_term_at_its_anchor(client: TestClient, lang: str) -> None:
    text, parsed = page(client, "/ontology", lang)
    assert len(parsed.ids) == len(set(parsed.ids))
    assert {term.name for term in ontology_terms().values()} <= set(parsed.ids)
    anchors = {link[1:] for link in parsed.links if link.startswith("#")}
    assert anchors <= set(parsed.ids)
    assert all(after <= before + 1 for before, after in zip(parsed.headings, parsed.headings[1:], strict=False))
    assert parsed.headings.count(1) == 1
    own = re.sub(r"<[^>]+>", " ", text)
    for term in list(ontology_terms().values())[::10]:
        assert term.label.of(lang) in own
    assert "/ontology/schemas/technology.json" in parsed.links
    assert "schema:Place" in own and version() in own


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_links_of_the_page_lead_somewhere(client: TestClient, lang: str) -> None:
    _, parsed = page(client, "/ontology", lang)
    local = {link.partition("#")[0] for link in parsed.links if link.startswith("/")}
    assert len(local) > 300
    schemes = [link for link in local if link.startswith(("/ontology", "/scheme"))]
    concepts = sorted(link for link in local if link.startswith("/concept"))[::60]
    for link in [*schemes, *concepts]:
        assert client.get(link, headers={"Accept": "text/html"}).status_code == 200, link


@pytest.mark.parametrize("media_type", FORMATS)
def test_ontology_as_data(client: TestClient, media_type: str) -> None:
    response = client.get("/ontology", headers={"Accept": media_type})
    assert response.headers["content-type"].partition(";")[0] == media_type
    assert isomorphic(Graph().parse(data=response.content, format=FORMATS[media_type]), ontology_graph())
    assert '<https://w3id.org/meguri/ces>; rel="canonical"' in response.headers["link"]
    assert "Accept" in response.headers["vary"]
    assert response.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("path", ["/ontology", "/scheme/theme", "/scheme/sdg"])
def test_suffixes(client: TestClient, path: str, suffix: str) -> None:
    response = client.get(f"{path}.{suffix}", headers={"Accept": "text/html"})
    assert response.status_code == 200
    assert response.headers["content-location"] == f"{path}.{suffix}"
    graph = Graph().parse(data=response.content, format=SUFFIXES[suffix])
    if path != "/ontology":
        scheme = URIRef(f"https://w3id.org/meguri{path}")
        concepts = set(graph.subjects(SKOS.inScheme, scheme))
        assert (scheme, RDF.type, SKOS.ConceptScheme) in graph and len(concepts) > 50
        assert set(graph.subjects()) == concepts | {scheme}


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_scheme_page_shows_the_tree(client: TestClient, lang: str) -> None:
    text, parsed = page(client, "/scheme/sdg", lang)
    assert "/concept/sdg/12.5" in {link.partition("?")[0] for link in parsed.links}
    assert text.index(">2.1<") < text.index(">2.4<") < text.index(">12.5<")
    page(client, "/scheme/technology", lang)


def test_scheme_reads_as_the_store_has_it(client: TestClient, service: Any) -> None:
    graph = Graph().parse(data=client.get("/scheme/level.nt").content, format="nt")
    concept = URIRef("https://w3id.org/meguri/concept/level/community")
    stored = service.store.construct("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", {"s": concept})
    assert set(stored) <= set(graph)
    assert any(isinstance(label, Literal) for label in graph.objects(concept, SKOS.prefLabel))


def test_files_of_the_exchange_format(client: TestClient) -> None:
    context = client.get("/ontology/context.jsonld")
    assert context.headers["content-type"] == "application/ld+json"
    assert context.json()["@context"]["label"]["@container"] == "@language"
    for kind in KIND_CLASSES:
        response = client.get(f"/ontology/schemas/{kind}.json")
        assert response.headers["content-type"] == "application/schema+json"
        assert response.text == json_text(record_schema(kind))
    assert client.get("/ontology/shapes.ttl").text == shapes_text()


@pytest.mark.parametrize("id_", ["technology-T1", "technology-T2", "issue-I1", "resource-R1", "partner-P1"])
def test_records_in_the_exchange_format(client: TestClient, service: Any, id_: str) -> None:
    response = client.get(f"/api/v1/exchange/{id_}")
    kind = id_.partition("-")[0]
    assert response.headers["link"] == f'</ontology/schemas/{kind}.json>; rel="describedby"'
    document = json.loads(response.text)
    assert document["@context"] == CONTEXT_IRI
    stored = service.store.graph(record_iri(service.folder.base, id_))
    assert set(json_to_graph(document, Problems())) == set(stored)


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/scheme/nothing", "address_unknown"),
        ("/scheme/nothing.ttl", "address_unknown"),
        ("/scheme/theme.xyz", "address_unknown"),
        ("/scheme/%3Cscript%3E", "address_unknown"),
        ("/ontology.xyz", "address_unknown"),
        ("/ontology/schemas/region.json", "address_unknown"),
        ("/ontology/schemas/..%2Fx.json", "address_unknown"),
        ("/ces/9.9.9", "address_unknown"),
        ("/api/v1/exchange/technology-T999", "record_unknown"),
        ("/api/v1/exchange/region-13", "record_unknown"),
    ],
)
def test_unknown_addresses(client: TestClient, path: str, code: str) -> None:
    assert_problem(client.get(path, headers={"Accept": "*/*"}), 404, code)


@pytest.mark.parametrize("path", ["/ontology", "/scheme/theme"])
def test_forms_that_nobody_has(client: TestClient, path: str) -> None:
    assert_problem(client.get(path, headers={"Accept": "image/png"}), 406, "form_unknown")


def test_the_namespace_leads_to_the_ontology(client: TestClient) -> None:
    for path in ("/ces", f"/ces/{version()}"):
        response = client.get(path, follow_redirects=False)
        assert (response.status_code, response.headers["location"]) == (303, "/ontology")
