"""Addresses of things: which form each Accept header gets, and that RDF says what the graph says."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient
from rdflib import Graph, Literal, URIRef

from kg.iris import provenance_iri, record_iri
from tests.search_api.http.problem_shape import assert_problem

FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
PATHS = [
    "/id/technology-T1",
    "/id/document-{document}",
    "/region/13206",
    "/region/13",
    "/concept/resource/wasteCookingOil",
]
FORMATS = {
    "text/turtle": "turtle",
    "application/ld+json": "json-ld",
    "application/n-triples": "nt",
    "application/rdf+xml": "xml",
}


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, "text/html"),
        ("*/*", "text/html"),
        (FIREFOX, "text/html"),
        ("text/turtle", "text/turtle"),
        ("application/x-turtle", "text/turtle"),
        ("text/*;q=0.5, text/turtle", "text/turtle"),
        ("application/ld+json", "application/ld+json"),
        ("application/json", "application/ld+json"),
        ("application/n-triples", "application/n-triples"),
        ("application/rdf+xml", "application/rdf+xml"),
        ("application/*", "application/ld+json"),
        ("text/html;q=0.2, application/rdf+xml;q=0.9", "application/rdf+xml"),
        ("text/html;q=0, */*", "text/turtle"),
        ("TEXT/TURTLE; charset=utf-8", "text/turtle"),
        ("image/png, text/turtle;q=0.1", "text/turtle"),
    ],
)
@pytest.mark.parametrize("path", ["/id/technology-T1", "/region/13206", "/concept/resource/wasteCookingOil"])
def test_negotiation(client: TestClient, path: str, accept: str | None, expected: str) -> None:
    response = client.get(path, headers={"Accept": accept} if accept else {"Accept": ""})
    assert response.status_code == 200
    assert response.headers["content-type"].partition(";")[0] == expected
    assert "Accept" in response.headers["vary"]
    assert f'<{path}.ttl>; rel="alternate"; type="text/turtle"' in response.headers["link"]


@pytest.mark.parametrize("accept", ["image/png", "text/turtle;q=0", "nonsense", ";;;", "text/html;q=0, image/*"])
def test_forms_that_nobody_has(client: TestClient, accept: str) -> None:
    body = assert_problem(client.get("/id/technology-T1", headers={"Accept": accept}), 406, "form_unknown")
    assert "text/turtle" in body["remedy"]["en"]


@pytest.mark.parametrize("suffix", ["ttl", "jsonld", "nt", "rdf"])
@pytest.mark.parametrize("path", ["/id/technology-T1", "/region/13206", "/concept/resource/wasteCookingOil"])
def test_suffixes(client: TestClient, path: str, suffix: str) -> None:
    response = client.get(f"{path}.{suffix}", headers={"Accept": "text/html"})
    assert response.status_code == 200
    media_type = response.headers["content-type"].partition(";")[0]
    assert response.headers["content-location"] == f"{path}.{suffix}"
    assert len(Graph().parse(data=response.content, format=FORMATS[media_type])) > 3


def said(graph: Graph) -> set[tuple[object, ...]]:
    """The statements by value: forms of numbers and dates differ between formats."""
    return {(s, p, o.toPython() if isinstance(o, Literal) else o) for s, p, o in graph}


@pytest.mark.parametrize("media_type", FORMATS)
@pytest.mark.parametrize("id_", ["technology-T1", "technology-T2", "issue-I1"])
def test_rdf_says_what_the_graph_says(client: TestClient, service: Any, id_: str, media_type: str) -> None:
    iri = record_iri(service.folder.base, id_)
    stored = service.store.graph(iri) + service.store.graph(provenance_iri(service.folder.base, id_))
    response = client.get(f"/id/{id_}", headers={"Accept": media_type})
    sent = Graph().parse(data=response.content, format=FORMATS[media_type])
    read = Graph().parse(data=stored.serialize(format="nt"), format="nt")
    assert said(sent) == said(read)


def test_region_has_its_geometry(client: TestClient) -> None:
    graph = Graph().parse(data=client.get("/region/13206.ttl").content, format="turtle")
    assert (URIRef("https://w3id.org/meguri/region/13206#geometry"), None, None) in graph


def test_abolished_codes_lead_on(client: TestClient) -> None:
    from ingest.regions.register import RegionRegister

    register = RegionRegister.load()
    old = next(c for c in register._abolished if len(register.successors(c)) == 1)
    response = client.get(f"/region/{old}?lang=en", follow_redirects=False)
    assert response.status_code == 308
    assert response.headers["location"] == f"/region/{register.successors(old)[0].code}?lang=en"


def test_regions_have_one_address(client: TestClient) -> None:
    response = client.get("/id/region-13206", follow_redirects=False)
    assert response.status_code == 308 and response.headers["location"] == "/region/13206"


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/id/technology-T999", "record_unknown"),
        ("/id/technology-T999.ttl", "record_unknown"),
        ("/id/%3Cscript%3E", "record_unknown"),
        ("/id/technology-T1%0Ax", "record_unknown"),
        ("/region/99999", "region_unknown"),
        ("/region/府中市", "region_unknown"),
        ("/concept/resource/nothing", "concept_unknown"),
        ("/concept/nothing/wasteCookingOil", "concept_unknown"),
        ("/concept/resource/a%3Eb", "concept_unknown"),
        ("/nowhere", "address_unknown"),
        ("/static/nothing.css", "address_unknown"),
        ("/static/../app.py", "address_unknown"),
    ],
)
def test_unknown_addresses(client: TestClient, path: str, code: str) -> None:
    assert_problem(client.get(path, headers={"Accept": "*/*"}), 404, code)
    page = client.get(path, headers={"Accept": FIREFOX, "Accept-Language": "en"})
    assert page.status_code == 404
    assert page.headers["content-type"].startswith("text/html")
    assert "<script>alert" not in page.text
