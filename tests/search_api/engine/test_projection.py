"""What the index knows of a graph: one entry a language, one a passage."""

from __future__ import annotations

import pytest
from rdflib import Graph, Literal, URIRef

from kg.iris import record_iri
from kg.namespaces import CES, CONCEPT, DCTERMS, RDF, RDFS
from kg.oxigraph_store import OxigraphStore
from kg.store import GraphChange
from search_api.engine.index.entries import Entry
from search_api.engine.projection import project
from tests.search_api.engine.conftest import BASE, RECORDS

OIL = str(CONCEPT["resource/wasteCookingOil"])


@pytest.fixture(scope="module")
def projected(record_store: OxigraphStore) -> dict[str, list[Entry]]:
    return project(record_store, BASE)


def document(projected: dict[str, list[Entry]]) -> list[Entry]:
    (entries,) = [entries for id_, entries in projected.items() if id_.startswith("document-")]
    return entries


def test_a_record_in_both_languages_has_two_entries(projected: dict[str, list[Entry]]) -> None:
    en, ja = sorted(projected["technology-T1"], key=lambda e: e.lang)
    assert (en.lang, en.part, en.title) == ("en", "en", "Biodiesel from used cooking oil")
    assert (ja.lang, ja.part, ja.title) == ("ja", "ja", "廃食用油のバイオディーゼル化")
    assert ja.text.startswith("使い終わった天ぷら油")
    assert en.text.startswith("Used frying oil")


def test_a_record_in_one_language_has_one_entry(projected: dict[str, list[Entry]]) -> None:
    assert [e.lang for e in projected["technology-T2"]] == ["ja"]
    assert [e.lang for e in projected["issue-I2"]] == ["en"]


def test_concepts_themes_levels_and_regions_are_known(projected: dict[str, list[Entry]]) -> None:
    for entry in projected["technology-T1"]:
        assert entry.kind == "technology"
        assert set(entry.concepts) == {OIL, str(CONCEPT["technology/biodieselProduction"])}
        assert entry.themes == (str(CONCEPT["theme/wasteCookingOilTheme"]),)
        assert entry.levels == (str(CONCEPT["level/community"]),)
        assert entry.regions == ()
        assert entry.sample
    assert projected["technology-T2"][0].regions == ("01",)
    assert projected["technology-T3"][0].regions == ("13206",)
    assert not projected["technology-T2"][0].sample
    assert projected["issue-I1"][0].regions == ("13206",)


def test_a_title_stands_in_for_a_missing_one_of_the_other_language(projected: dict[str, list[Entry]]) -> None:
    (partner,) = [entries for entries in projected.values() if entries[0].title.startswith("サンプル油脂") or
                  entries[-1].title.startswith("サンプル油脂")]  # fmt: skip
    assert {e.lang: e.text for e in partner} == {"en": "", "ja": "廃食用油を集める会社。"}


def test_passages_reproduce_the_document(projected: dict[str, list[Entry]]) -> None:
    text = (RECORDS / "plan.txt").read_text(encoding="utf-8")
    entries = document(projected)
    assert len(entries) >= 3
    for entry in entries:
        assert entry.start is not None
        assert text[entry.start : entry.end] == entry.text
        assert entry.passage == f"{BASE}{entry.record}#{entry.part}"
        assert entry.title == "サンプル町の循環計画"
        assert entry.kind == "document"
    assert [e.start for e in entries] == sorted(e.start or 0 for e in entries)
    assert {e.lang for e in entries} == {"ja", "en"}


def test_a_passage_knows_what_it_mentions_and_no_other_does(projected: dict[str, list[Entry]]) -> None:
    for entry in document(projected):
        assert (OIL in entry.concepts) == ("廃食用油" in entry.text)
        assert ("13206" in entry.regions) == ("府中市" in entry.text)
        assert all("/theme/" not in iri for iri in entry.concepts)


def test_one_record_is_projected_as_among_all(record_store: OxigraphStore, projected: dict[str, list[Entry]]) -> None:
    for id_, entries in projected.items():
        assert project(record_store, BASE, record_iri(BASE, id_)) == {id_: entries}


def test_an_unknown_record_has_no_entries(record_store: OxigraphStore) -> None:
    assert project(record_store, BASE, record_iri(BASE, "issue-none")) == {}


def test_regions_and_concepts_are_no_records(projected: dict[str, list[Entry]], ontology_store: OxigraphStore) -> None:
    assert project(ontology_store, BASE) == {}
    assert all(id_.partition("-")[0] in {"technology", "issue", "partner", "document"} for id_ in projected)


def test_a_record_without_text_has_no_entries_and_untagged_text_has_one() -> None:
    store, bare, plain = OxigraphStore(None), URIRef(f"{BASE}issue-1"), URIRef(f"{BASE}issue-2")
    graphs = {bare: Graph(), plain: Graph()}
    for iri, graph in graphs.items():
        graph.add((iri, RDF.type, CES.Issue))
    graphs[plain].add((plain, RDFS.label, Literal("name")))
    graphs[plain].add((plain, RDFS.label, Literal("another name")))
    graphs[plain].add((plain, DCTERMS.description, Literal("文", lang="ja")))
    store.apply([GraphChange(iri, graph) for iri, graph in graphs.items()])
    projected = project(store, BASE)
    assert projected["issue-1"] == []
    assert [(e.lang, e.title, e.text) for e in projected["issue-2"]] == [
        ("", "another name", ""),
        ("ja", "another name", "文"),
    ]
