"""``/sparql`` over HTTP: the protocol, negotiation, limits as problem documents, and the page without scripts."""

from __future__ import annotations

import csv
import io
import json
from typing import Any
from xml.etree import ElementTree

import pytest
from fastapi.testclient import TestClient
from rdflib import Graph, URIRef

from tests.search_api.conftest import ORGANISATION, SCRIPT
from tests.search_api.http.problem_shape import assert_problem

CES = "PREFIX ces: <https://w3id.org/meguri/ces#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
COUNT = CES + "SELECT (COUNT(?t) AS ?n) WHERE { ?t a ces:Technology }"
GRAPH = CES + "CONSTRUCT { ?t rdfs:label ?l } WHERE { ?t a ces:Technology ; rdfs:label ?l }"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"
QUERY_TYPE = {"Content-Type": "application/sparql-query"}


def ask(client: TestClient, query: str, accept: str = "*/*", **parameters: Any) -> Any:
    return client.get("/sparql", params={"query": query, **parameters}, headers={"Accept": accept})


def count_of(response: Any) -> int:
    assert response.status_code == 200, response.text
    return int(response.json()["results"]["bindings"][0]["n"]["value"])


def test_three_ways_to_ask(client: TestClient) -> None:
    expected = count_of(ask(client, COUNT))
    assert expected == 15
    assert count_of(client.post("/sparql", data={"query": COUNT})) == expected
    assert count_of(client.post("/sparql", content=COUNT, headers=QUERY_TYPE)) == expected


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("*/*", "application/sparql-results+json"),
        ("application/json", "application/sparql-results+json"),
        ("application/sparql-results+xml, */*;q=0.1", "application/sparql-results+xml"),
        ("application/sparql-results+json;q=0.2, text/csv;q=0.9", "text/csv; charset=utf-8"),
        ("text/tab-separated-values", "text/tab-separated-values; charset=utf-8"),
        ("text/turtle, application/sparql-results+json;q=0.5", "application/sparql-results+json"),
    ],
)
def test_results_by_accept(client: TestClient, accept: str, media_type: str) -> None:
    response = ask(client, COUNT, accept)
    assert response.headers["content-type"] == media_type
    assert "Accept" in response.headers["vary"]
    assert "15" in response.text


def test_results_are_what_they_say(client: TestClient) -> None:
    select = CES + "SELECT ?l WHERE { ?t a ces:Technology ; rdfs:label ?l } ORDER BY ?l"
    labels = [row["l"]["value"] for row in ask(client, select).json()["results"]["bindings"]]
    assert any(SCRIPT in label for label in labels)
    rows = list(csv.reader(io.StringIO(ask(client, select, "text/csv").text)))
    assert rows[0] == ["l"] and [row[0] for row in rows[1:]] == labels
    root = ElementTree.fromstring(ask(client, select, "application/sparql-results+xml").text)
    assert len(root.findall(".//{http://www.w3.org/2005/sparql-results#}result")) == len(labels)


@pytest.mark.parametrize(
    ("accept", "name"),
    [
        ("*/*", "turtle"),
        ("application/n-triples", "nt"),
        ("application/rdf+xml;q=0.9, text/turtle;q=0.1", "xml"),
        ("application/ld+json", "json-ld"),
    ],
)
def test_graphs_by_accept(client: TestClient, accept: str, name: str) -> None:
    response = ask(client, GRAPH, accept)
    assert response.status_code == 200
    assert len(Graph().parse(data=response.content, format=name)) == 16


def test_nothing_acceptable(client: TestClient) -> None:
    body = assert_problem(ask(client, COUNT, "image/png"), 406, "form_unknown")
    assert "application/sparql-results+json" in body["remedy"]["en"]
    assert_problem(ask(client, COUNT, "text/turtle"), 406, "form_unknown")
    assert_problem(ask(client, GRAPH, "text/csv"), 406, "form_unknown")
    assert_problem(ask(client, COUNT, format="xls"), 406, "form_unknown")


def test_the_format_parameter_goes_before_accept(client: TestClient) -> None:
    assert ask(client, COUNT, BROWSER, format="csv").text == "n\r\n15\r\n"
    assert ask(client, GRAPH, format="xml").headers["content-type"] == "application/rdf+xml"
    assert ask(client, GRAPH, format="turtle").headers["content-type"].startswith("text/turtle")


def test_datasets(client: TestClient) -> None:
    everything = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
    record = client.get("/sparql", params={"query": CES + "SELECT ?g { GRAPH ?g { ?t a ces:RegionalResource } }"})
    iri = record.json()["results"]["bindings"][0]["g"]["value"]
    one = count_of(ask(client, everything, **{"default-graph-uri": iri}))
    assert 0 < one < 40 < count_of(ask(client, everything))
    assert count_of(ask(client, f"SELECT (COUNT(*) AS ?n) FROM <{iri}> {{ ?s ?p ?o }}")) == one
    assert count_of(ask(client, everything, **{"named-graph-uri": iri})) == 0
    body = {"query": everything, "default-graph-uri": [iri, "http://example.org/none"]}
    assert count_of(client.post("/sparql", data=body)) == one
    overruled = "SELECT (COUNT(*) AS ?n) FROM <http://example.org/none> { ?s ?p ?o }"
    assert count_of(ask(client, overruled, **{"default-graph-uri": iri})) == one


def test_what_the_protocol_does_not_allow(client: TestClient) -> None:
    assert_problem(client.get("/sparql?query=ASK%7B%7D&query=ASK%7B%7D"), 400, "protocol_violated")
    assert_problem(client.post("/sparql?query=ASK%7B%7D", data={"query": "ASK{}"}), 400, "protocol_violated")
    assert_problem(client.get("/sparql?query=%FF"), 400, "query_not_utf8")
    assert_problem(client.post("/sparql", content="ASK{}".encode("utf-16"), headers=QUERY_TYPE), 400, "query_not_utf8")
    with_charset = {"Content-Type": "application/sparql-query; charset=Shift_JIS"}
    assert_problem(client.post("/sparql", content="ASK{}", headers=with_charset), 400, "query_not_utf8")
    assert_problem(client.post("/sparql", content="ASK{}"), 415, "media_type_unsupported")
    plain = {"Content-Type": "text/plain"}
    assert_problem(client.post("/sparql", content="query=ASK%7B%7D", headers=plain), 415, "media_type_unsupported")
    assert_problem(client.post("/sparql", data={"other": "1"}), 400, "query_missing")
    assert_problem(client.put("/sparql", content="x"), 405, "method_not_allowed")
    assert_problem(ask(client, "ASK {}", timeout="soon"), 400, "protocol_violated")
    assert_problem(ask(client, "ASK {}", edition="one"), 400, "protocol_violated")
    assert_problem(ask(client, "ASK {}", edition="99999"), 404, "edition_unknown")
    many = "&".join(["a=b"] * 3_000)
    assert_problem(client.get(f"/sparql?query=ASK%7B%7D&{many}"), 400, "protocol_violated")


def test_updates_are_shown_the_way(client: TestClient) -> None:
    update = "INSERT DATA { <a:b> <a:b> <a:b> }"
    update_type = {"Content-Type": "application/sparql-update"}
    for response in (
        client.post("/sparql", data={"update": update}),
        client.post("/sparql", content=update, headers=update_type),
        client.get("/sparql", params={"update": update}),
    ):
        assert "/api/v1/registrations" in assert_problem(response, 403, "update_refused")["remedy"]["en"]
    assert_problem(ask(client, update), 400, "query_invalid")


def test_each_limit_has_its_problem(client: TestClient) -> None:
    heavy = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    body = assert_problem(ask(client, heavy, timeout="0.3"), 504, "query_timeout")
    assert "0.3" in body["message"]["ja"]
    assert_problem(ask(client, "SELECT x"), 400, "query_invalid")
    assert_problem(ask(client, "SELECT * { SERVICE <http://127.0.0.1/> {} }"), 403, "query_fetches")
    deep = "ASK {" + "{" * 60_000 + "}" * 60_000 + "}"
    assert_problem(client.post("/sparql", data={"query": deep}), 422, "query_too_complex")
    long = "ASK {} #" + "x" * 1_000_000
    assert_problem(client.post("/sparql", content=long, headers=QUERY_TYPE), 413, "query_too_large")
    assert_problem(client.post("/sparql", data={"query": "ASK {} #" + "あ" * 500_000}), 413, "query_too_large")
    assert ask(client, "ASK {}").json()["boolean"] is True


def test_other_sites_may_ask(client: TestClient) -> None:
    assert ask(client, "ASK {}").headers["access-control-allow-origin"] == "*"
    assert ask(client, "nonsense").headers["access-control-allow-origin"] == "*"
    preflight = client.options("/sparql", headers={"Origin": "https://example.org"})
    assert preflight.status_code == 204 and "POST" in preflight.headers["access-control-allow-methods"]
    assert "access-control-allow-origin" not in client.get("/api/v1/search", params={"q": "水"}).headers


def test_head_and_compression(client: TestClient) -> None:
    head = client.head("/sparql", params={"query": COUNT})
    assert head.status_code == 200 and head.content == b""
    everything = "SELECT * WHERE { ?s ?p ?o } LIMIT 3000"
    response = client.get("/sparql", params={"query": everything}, headers={"Accept-Encoding": "gzip"})
    assert response.headers["content-encoding"] == "gzip"
    plain = client.get("/sparql", params={"query": everything}, headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert len(response.json()["results"]["bindings"]) == len(plain.json()["results"]["bindings"]) == 3000


@pytest.mark.parametrize(
    ("accept", "name"), [("text/turtle", "turtle"), ("application/ld+json", "json-ld"), ("*/*", "turtle")]
)
def test_it_describes_itself(client: TestClient, accept: str, name: str) -> None:
    response = client.get("/sparql", headers={"Accept": accept})
    graph = Graph().parse(data=response.content, format=name)
    sd = "http://www.w3.org/ns/sparql-service-description#"
    (service,) = graph.subjects(URIRef(f"{sd}endpoint"))
    assert graph.value(service, URIRef(f"{sd}endpoint")) == URIRef("http://testserver/sparql")
    assert graph.value(service, URIRef(f"{sd}supportedLanguage")) == URIRef(f"{sd}SPARQL11Query")


@pytest.mark.parametrize(("lang", "word"), [("ja", "問い合わせる"), ("en", "Ask by SPARQL")])
def test_the_page_works_without_scripts(client: TestClient, lang: str, word: str) -> None:
    page = client.get("/sparql", params={"lang": lang}, headers={"Accept": BROWSER})
    assert page.status_code == 200 and word in page.text and "<textarea" in page.text
    labels = CES + "SELECT ?t ?l WHERE { ?t a ces:Technology ; rdfs:label ?l }"
    shown = client.get("/sparql", params={"lang": lang, "query": labels}, headers={"Accept": BROWSER})
    assert SCRIPT not in shown.text and "&lt;script&gt;" in shown.text
    assert shown.text.count("<tr>") == 17 and 'lang="ja">' in shown.text
    broken = client.get("/sparql", params={"lang": lang, "query": "SELECT </textarea>"}, headers={"Accept": BROWSER})
    assert broken.status_code == 400 and 'role="alert"' in broken.text and "&lt;/textarea&gt;" in broken.text
    yes = client.get("/sparql", params={"query": "ASK {}"}, headers={"Accept": BROWSER})
    assert "<code>true</code>" in yes.text
    cut = client.get("/sparql", params={"query": "SELECT * { ?s ?p ?o }", "lang": lang}, headers={"Accept": BROWSER})
    assert cut.text.count("<tr>") == 501 and "format=csv" in cut.text


def test_nothing_private_is_in_reach(client: TestClient) -> None:
    """Whatever graph is asked, the words that stand only in contacts, drafts and audit are in none."""
    everywhere = "SELECT DISTINCT ?p WHERE { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
    predicates = [row["p"]["value"] for row in ask(client, everywhere).json()["results"]["bindings"]]
    private = ("phone", "email", "telephone", "contact", "password", "draft", "audit", "token")
    assert predicates and not [p for p in predicates if any(word in p.lower() for word in private)]
    assert ORGANISATION in json.dumps(ask(client, CES + "SELECT ?l { ?s rdfs:label ?l }").json(), ensure_ascii=False)


def test_text_search_inside_of_a_query(client: TestClient) -> None:
    query = CES + 'SELECT ?r ?score ?l { (?r ?score) ces:matches ("廃食用油" 5 "technology") . ?r rdfs:label ?l }'
    rows = ask(client, query).json()["results"]["bindings"]
    found = client.get("/api/v1/search", params={"q": "廃食用油", "find": "technology", "limit": 5}).json()["results"]
    assert {row["r"]["value"] for row in rows} == {result["iri"] for result in found} and rows
    best = max(rows, key=lambda row: float(row["score"]["value"]))
    assert best["r"]["value"] == found[0]["iri"]
    assert_problem(ask(client, CES + 'SELECT * { ?r ces:matches ("水" 5 "nonsense") }'), 422, "filter_unknown")
    assert_problem(ask(client, CES + "SELECT * { ?r ces:matches ?text }"), 400, "text_search_invalid")
