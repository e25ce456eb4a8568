"""Editions over HTTP: read by people and machines, downloaded, cited, compared; withdrawn things say so."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil

import pytest
import yaml
from fastapi.testclient import TestClient
from rdflib import Graph, URIRef
from rdflib.namespace import DCTERMS

from kg.commit import Committer
from kg.edition_erasure import erase
from kg.editions import Editions
from kg.namespaces import DCAT
from kg.provenance import Activity
from search_api.service import Service
from tests.search_api.http.problem_shape import assert_problem
from tests.search_api.published import partner_of

RDF = {"ttl": "turtle", "jsonld": "json-ld", "nt": "nt", "rdf": "xml"}


@pytest.mark.parametrize("path", ["/editions", "/editions/1"])
@pytest.mark.parametrize("suffix", RDF)
def test_editions_as_rdf(client: TestClient, published: Editions, path: str, suffix: str) -> None:
    response = client.get(f"{path}.{suffix}")
    graph = Graph().parse(data=response.content, format=RDF[suffix])
    edition = URIRef("http://testserver/editions/1")
    assert str(graph.value(edition, DCAT.version)) == "1"
    assert len(set(graph.objects(edition, DCAT.distribution))) == 2
    assert graph.value(edition, DCTERMS.license)
    assert response.headers["content-location"] == f"{path}.{suffix}"


def test_negotiation_and_json(client: TestClient, published: Editions) -> None:
    as_json = client.get("/editions/1", headers={"Accept": "application/json"})
    assert as_json.json()["hash"] == published.get(1).hash
    assert "Accept" in as_json.headers["vary"]
    assert 'rel="license"' in as_json.headers["link"]
    tag = as_json.headers["etag"]
    again = client.get("/editions/1", headers={"Accept": "application/json", "If-None-Match": tag})
    assert again.status_code == 304
    assert [each["number"] for each in client.get("/editions.json").json()] == [2, 1]
    assert client.get("/editions", headers={"Accept": "text/turtle"}).headers["content-type"].startswith("text/turtle")
    assert_problem(client.get("/editions", headers={"Accept": "image/png"}), 406, "form_unknown")
    assert_problem(client.get("/editions.pdf"), 404, "address_unknown")


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_pages_escape_and_speak_both_languages(client: TestClient, published: Editions, lang: str) -> None:
    page = client.get(f"/editions/1?lang={lang}", headers={"Accept": "text/html"}).text
    assert "First &lt;b&gt;edition&lt;/b&gt;" in page and "<b>edition" not in page
    assert ("第1版" in page) == (lang == "ja")
    assert ("Edition 1" in page) == (lang == "en")
    assert published.get(1).hash in page  # type: ignore[operator]
    listing = client.get(f"/editions?lang={lang}", headers={"Accept": "text/html"}).text
    assert f"/editions/2?lang={lang}" in listing


def test_a_dump_is_what_its_checksum_and_hash_say(client: TestClient, published: Editions) -> None:
    edition = published.get(1)
    dump = client.get("/editions/1/meguri-edition-1.nq.gz", headers={"Accept-Encoding": "identity"})
    assert dump.headers["content-type"] == "application/gzip"
    assert hashlib.sha256(dump.content).hexdigest() == edition.dumps["nq"].sha256
    assert hashlib.sha256(gzip.decompress(dump.content)).hexdigest() == edition.hash
    assert edition.dumps["nq"].sha256 in client.get("/editions/1/SHA256SUMS").text
    part = client.get("/editions/1/meguri-edition-1.nq.gz", headers={"Range": "bytes=0-9"})
    assert (part.status_code, part.content) == (206, dump.content[:10])


def test_an_edition_is_sealed_when_its_dump_is_asked_for(client: TestClient, published: Editions) -> None:
    response = client.get("/editions/2/meguri-edition-2.ttl.gz")
    while response.status_code == 503:  # sealing gives way to everything else, so a busy machine takes longer
        assert response.headers["Retry-After"]
        response = client.get("/editions/2/meguri-edition-2.ttl.gz")
    assert response.status_code == 200
    assert published.get(2).sealed
    assert "新しい会社" in gzip.decompress(response.content).decode()


def test_citations(client: TestClient, published: Editions) -> None:
    hash_ = published.get(1).hash or ""
    bibtex = client.get("/editions/1/citation.bib").text
    assert bibtex.startswith("@misc{meguri-edition-1,") and hash_ in bibtex
    assert bibtex.count("{") == bibtex.count("}")
    cff = yaml.safe_load(client.get("/editions/1/citation.cff").text)
    assert (cff["type"], cff["version"], cff["identifiers"][0]["value"]) == ("dataset", "1", f"sha256:{hash_}")
    plain = client.get("/editions/1/citation.txt").text
    assert "http://testserver/editions/1" in plain and "edition 1" in plain


def test_changes(client: TestClient, published: Editions) -> None:
    body = client.get("/editions/2/changes", headers={"Accept": "application/json"}).json()
    assert (body["since"], body["edition"]) == (1, 2)
    assert [each["id"] for each in body["added"]] == ["partner-NEW"]
    assert [each["id"] for each in body["withdrawn"]] == ["partner-GONE", "partner-MERGED"]
    assert body["changed"] == []
    page = client.get("/editions/2/changes?since=1&lang=en", headers={"Accept": "text/html"}).text
    assert "新しい会社" in page and "Records withdrawn" in page


@pytest.mark.parametrize("path", ["/editions/99", "/editions/x", "/editions/0.ttl", "/editions/7/SHA256SUMS"])
def test_unknown_editions(client: TestClient, published: Editions, path: str) -> None:
    assert_problem(client.get(path), 404, "edition_unknown")


def test_what_was_erased_since_is_still_named_as_withdrawn(client: TestClient, service: Service) -> None:
    kept, committer = service.folder.editions(), Committer(service.store, service.folder.base)
    committer.commit([partner_of(service.folder.base, "partner-ERASED", "誤って公開")], Activity.now("meguri test"))
    service.folder.snapshots.publish(service.store)
    first = kept.publish(service.folder.snapshots).number
    committer.withdraw(["partner-ERASED"], "誤登録")
    erase(kept, ["partner-ERASED"], "誤登録")
    service.folder.snapshots.publish(service.store)
    second = kept.publish(service.folder.snapshots).number
    address = f"/editions/{second}/changes?since={first}"
    as_json = client.get(address, headers={"Accept": "application/json"}).json()
    assert [(each["id"], each["titles"]) for each in as_json["withdrawn"]] == [("partner-ERASED", {})]
    page = client.get(address, headers={"Accept": "text/html"}).text
    assert page.count("partner-ERASED") == 1 and "誤って公開" not in page
    for number in (first, second):
        shutil.rmtree(service.folder.path / "editions" / f"{number:04d}")  # the other tests of the session know two


def test_unknown_files(client: TestClient, published: Editions) -> None:
    for file in ("nothing.gz", "citation.doc", "edition.json", "..%2Fedition.json"):
        assert_problem(client.get(f"/editions/1/{file}"), 404, "address_unknown")


def test_a_withdrawn_record_is_gone_and_says_why(client: TestClient, published: Editions) -> None:
    for path in ("/id/partner-GONE", "/id/partner-GONE.ttl", "/api/v1/records/partner-GONE"):
        response = client.get(path, headers={"Accept": "text/turtle, application/json"})
        problem = assert_problem(response, 410, "record_withdrawn")
        assert problem["reason"] == "誤登録 <script>"
    page = client.get("/id/partner-GONE", headers={"Accept": "text/html"})
    assert page.status_code == 410 and "誤登録 &lt;script&gt;" in page.text


def test_a_merged_record_leads_to_its_successor(client: TestClient, published: Editions) -> None:
    response = client.get("/id/partner-MERGED?lang=en", follow_redirects=False)
    assert (response.status_code, response.headers["location"]) == (308, "/id/partner-P1?lang=en")


def test_resolver(client: TestClient, published: Editions) -> None:
    def resolved(iri: str) -> dict[str, object]:
        body: dict[str, object] = client.get("/resolve", params={"iri": iri}).json()
        return body

    base = "https://w3id.org/meguri/"
    assert resolved(f"{base}region/13206")["state"] == "current"
    ward = resolved(f"{base}region/22131")
    assert ward["state"] == "replaced" and "22130" in json.dumps(ward["successors"])
    assert resolved(f"{base}id/partner-GONE")["reason"] == "誤登録 <script>"
    assert resolved(f"{base}id/partner-MERGED")["state"] == "replaced"
    assert resolved("https://example.org/else")["state"] == "unknown"
    assert client.get("/region/22131", follow_redirects=False).headers["location"] == "/region/22130"
    assert client.get("/region/22131.ttl", follow_redirects=False).headers["location"] == "/region/22130.ttl"
