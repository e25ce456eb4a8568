"""The data set described: DCAT-AP and VoID that add up, pages, robots and sitemaps that lead somewhere."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree

import pytest
from fastapi.testclient import TestClient
from rdflib import Graph, URIRef
from rdflib.namespace import DCTERMS, FOAF, RDF, VOID

from kg.editions import Editions
from kg.namespaces import DCAT
from search_api.http.research.words import all_words
from search_api.service import Service
from tests.search_api.http.problem_shape import assert_problem

DATASET = URIRef("http://testserver/dataset")
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture(scope="module")
def described(client: TestClient, published: Editions) -> Graph:
    return Graph().parse(data=client.get("/dataset", headers={"Accept": "text/turtle"}).content, format="turtle")


def test_what_dcat_ap_makes_mandatory(described: Graph) -> None:
    titles = {title.language for title in described.objects(DATASET, DCTERMS.title)}  # type: ignore[attr-defined]
    assert titles == {"ja", "en"}
    assert described.value(DATASET, DCTERMS.description)
    publisher = described.value(DATASET, DCTERMS.publisher)
    assert (publisher, RDF.type, FOAF.Agent) in described and described.value(publisher, FOAF.name)
    distributions = set(described.objects(DATASET, DCAT.distribution))
    assert len(distributions) >= 1
    for each in distributions:
        assert described.value(each, DCAT.accessURL) and described.value(each, DCTERMS.license)
    for service in described.subjects(RDF.type, DCAT.DataService):
        assert described.value(service, DCTERMS.title) and described.value(service, DCAT.endpointURL)
    assert {str(v) for v in described.objects(DATASET, DCAT.hasVersion)} == {
        "http://testserver/editions/1",
        "http://testserver/editions/2",
    }


def test_statistics_add_up(described: Graph, service: Service) -> None:
    triples = int(str(described.value(DATASET, VOID.triples)))
    assert triples == service.store.count()
    parts = [described.value(p, VOID.triples) for p in described.objects(DATASET, VOID.propertyPartition)]
    assert sum(int(str(part)) for part in parts) == triples
    classes = {
        str(described.value(p, VOID["class"])): int(str(described.value(p, VOID.entities)))
        for p in described.objects(DATASET, VOID.classPartition)
    }
    assert classes["https://w3id.org/meguri/ces#Technology"] == 15


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_page_and_schema_org(client: TestClient, published: Editions, lang: str) -> None:
    page = client.get(f"/dataset?lang={lang}", headers={"Accept": "text/html"}).text
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    schema = json.loads(block)
    assert (schema["@type"], schema["license"]) == ("Dataset", "https://creativecommons.org/licenses/by/4.0/")
    assert ("めぐり" in schema["name"]) == (lang == "ja")
    assert client.get("/dataset.json").json()["@type"] == "Dataset"


def test_well_known_void(client: TestClient) -> None:
    response = client.get("/.well-known/void", follow_redirects=False)
    assert (response.status_code, response.headers["location"]) == (303, "/dataset")
    assert_problem(client.get("/dataset.pdf"), 404, "address_unknown")


def test_robots_and_sitemaps(client: TestClient, published: Editions) -> None:
    robots = client.get("/robots.txt").text
    assert "Sitemap: http://testserver/sitemap.xml" in robots
    index = ElementTree.fromstring(client.get("/sitemap.xml").text)
    addresses = [str(loc.text) for loc in index.iter(f"{SITEMAP}loc")]
    pages: dict[str, str | None] = {}
    for address in addresses:
        for url in ElementTree.fromstring(client.get(address).text).iter(f"{SITEMAP}url"):
            pages[str(url.findtext(f"{SITEMAP}loc"))] = url.findtext(f"{SITEMAP}lastmod")
    assert pages["http://testserver/id/technology-T1"]
    assert "http://testserver/concept/resource/wasteCookingOil" in pages
    assert "http://testserver/id/partner-GONE" not in pages
    for page in ("http://testserver/id/technology-T1", "http://testserver/editions/1", "http://testserver/dataset"):
        assert page in pages and client.get(page).status_code == 200
    assert_problem(client.get("/sitemap-999.xml"), 404, "address_unknown")
    assert_problem(client.get("/sitemap-0.xml"), 404, "address_unknown")


def test_words_are_in_both_languages() -> None:
    for name, each in all_words().items():
        assert set(each) == {"ja", "en"}, name
        fields = {lang: set(re.findall(r"\{(\w+)\}", text)) for lang, text in each.items()}
        assert fields["ja"] == fields["en"], name


@pytest.mark.parametrize(
    ("path", "class_", "name"),
    [
        ("/id/technology-T1", "Service", "household cooking oil"),
        ("/id/partner-P1", "Organization", "Sample Oil"),
        ("/region/13206", "AdministrativeArea", "Fuchu"),
        ("/concept/resource/wasteCookingOil", "DefinedTerm", "Waste cooking oil"),
    ],
)
def test_things_in_schema_org(client: TestClient, path: str, class_: str, name: str) -> None:
    page = client.get(f"{path}?lang=en", headers={"Accept": "text/html"}).text
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    schema = json.loads(block)
    assert schema["@type"] == class_ and name in schema["name"]


def test_hostile_titles_cannot_leave_the_script(client: TestClient) -> None:
    page = client.get("/id/technology-T2", headers={"Accept": "text/html"}).text
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert "<script>" in json.loads(block)["name"] and "<" not in block
