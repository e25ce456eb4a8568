"""Small records in the form of docs/data-model.md, and the few resident terms that they point at."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from rdflib import Graph, Literal, URIRef
from rdflib.term import Node

from kg.commit import Submission
from kg.iris import fragment, record_iri
from kg.namespaces import CES, CONCEPT, DCTERMS, DEFAULT_BASE, RDF, RDFS, REGION, SCHEMA
from kg.oxigraph_store import OxigraphStore
from kg.provenance import Activity, Origin, Source

BASE = DEFAULT_BASE
SOURCE = Source("issues.csv", "ab" * 32, "text/csv")
ACTIVITY = Activity(datetime(2025, 4, 1, 9, 0, tzinfo=UTC), "meguri test")
RESIDENT = URIRef("https://example.org/resident")
_RESIDENT_TURTLE = f"""
@prefix ces: <{CES}> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
ces:Municipality rdfs:subClassOf ces:Region .
<{REGION}13206> a ces:Municipality ; rdfs:label "府中市"@ja .
<{CONCEPT}theme/energy> a skos:Concept ; skos:inScheme <https://w3id.org/meguri/scheme/theme> .
<{CONCEPT}member-kind/company> a skos:Concept ; skos:inScheme <https://w3id.org/meguri/scheme/member-kind> .
<{CONCEPT}technology/biodiesel> a skos:Concept ; skos:inScheme <https://w3id.org/meguri/scheme/technology> .
"""


def resident_file(folder: Path) -> Path:
    """A Turtle file with what the records below point at."""
    file = folder / "resident.ttl"
    file.write_text(_RESIDENT_TURTLE, encoding="utf-8")
    return file


def small_store(folder: Path) -> OxigraphStore:
    """A store on disk that holds what the records below point at."""
    store = OxigraphStore(folder / "graph")
    store.load([(RESIDENT, resident_file(folder))])
    store.flush()
    return store


def iri(id_: str) -> URIRef:
    return record_iri(BASE, id_)


def submission(id_: str, class_: URIRef, *statements: tuple[URIRef, Node], row: int | None = 2) -> Submission:
    graph = Graph()
    graph.add((iri(id_), RDF.type, class_))
    for predicate, value in statements:
        graph.add((iri(id_), predicate, value))
    return Submission(id_, graph, Origin(SOURCE, row))


def issue(id_: str, title: str, *more: tuple[URIRef, Node], region: str = "13206") -> Submission:
    """An issue without any finding, with an amount as its part."""
    made = submission(
        id_,
        CES.Issue,
        (RDFS.label, Literal(title, lang="ja")),
        (DCTERMS.description, Literal(f"{title}。家庭から出る量は月に300 L。", lang="ja")),
        (CES.inRegion, REGION[region]),
        (CES.hasTheme, CONCEPT["theme/energy"]),
        *more,
    )
    amount = fragment(iri(id_), "amount-1")
    made.graph.add((iri(id_), CES.hasAmount, amount))
    made.graph.add((amount, RDF.type, SCHEMA.QuantitativeValue))
    made.graph.add((amount, SCHEMA.value, Literal(300)))
    made.graph.add((amount, SCHEMA.unitText, Literal("L/月")))
    return made


def partner(id_: str, *more: tuple[URIRef, Node], name: str = "見本製油株式会社") -> Submission:
    kind = (CES.memberKind, CONCEPT["member-kind/company"])
    return submission(id_, CES.Partner, (RDFS.label, Literal(name, lang="ja")), kind, *more)


def technology(id_: str, offered_by: str, *more: tuple[URIRef, Node]) -> Submission:
    return submission(
        id_,
        CES.Technology,
        (RDFS.label, Literal("Cooking oil to fuel", lang="en")),
        (DCTERMS.description, Literal("Turns waste cooking oil into fuel.", lang="en")),
        (CES.technologyKind, CONCEPT["technology/biodiesel"]),
        (CES.offeredBy, iri(offered_by)),
        *more,
    )
