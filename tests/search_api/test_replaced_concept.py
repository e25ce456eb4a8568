"""A concept that is deprecated after records were tagged with it: they are found by what replaced it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from rdflib import Graph, Literal, URIRef

from kg.folder import DataFolder
from kg.namespaces import CONCEPT, DCTERMS, OWL, RDF, SCHEME, SKOS
from kg.replaced import in_force
from kg.store import GraphChange
from search_api.engine.query import Request
from search_api.http.app import create_app
from search_api.service import Service
from search_api.settings import Settings
from tests.search_api.conftest import open_service

OLD, BETWEEN, NEW = (CONCEPT[f"theme/{slug}"] for slug in ("wasteCookingOilTheme", "oilBetween", "usedFatsAndOils"))


def _deprecation() -> Graph:
    """The theme of T1 and I1 is replaced twice; the last one has labels."""
    graph = Graph()
    for old, new in ((OLD, BETWEEN), (BETWEEN, NEW)):
        graph.add((old, OWL.deprecated, Literal(True)))
        graph.add((old, DCTERMS.isReplacedBy, new))
    for concept in (BETWEEN, NEW):
        graph.add((concept, RDF.type, SKOS.Concept))
        graph.add((concept, SKOS.inScheme, SCHEME["theme"]))
    graph.add((BETWEEN, SKOS.prefLabel, Literal("油の利用", lang="ja")))
    graph.add((NEW, SKOS.prefLabel, Literal("使用済み油脂の循環", lang="ja")))
    graph.add((NEW, SKOS.prefLabel, Literal("Circulation of used fats and oils", lang="en")))
    return graph


@pytest.fixture(scope="module")
def changed(folder: DataFolder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A copy of the small folder in whose ontology a theme was deprecated, indexed again as `meguri reindex` does."""
    path = tmp_path_factory.mktemp("deprecated") / "data"
    shutil.copytree(folder.path, path, ignore=shutil.ignore_patterns("LOCK", "index", "cache", "*.db*"))
    (path / "graph" / "LOCK").touch()
    made = DataFolder.open(path)
    with made.writer() as store:
        store.apply([GraphChange(URIRef(f"{SCHEME}deprecations"), _deprecation())])
    with open_service(made) as opened:
        yield opened


@pytest.fixture(scope="module")
def reader(changed: Service) -> Iterator[TestClient]:
    with TestClient(create_app(Settings(data=changed.folder.path), changed)) as opened:
        yield opened


@pytest.mark.parametrize(
    "theme", ["usedFatsAndOils", "使用済み油脂の循環", "wasteCookingOilTheme", "oilBetween", str(OLD)]
)
def test_records_are_found_by_the_new_theme_and_by_the_old_name(changed: Service, theme: str) -> None:
    answer = changed.engine.search(Request("油", theme=theme, lang="ja"))
    assert [result.id for result in answer.results] == ["technology-T1"]
    assert [theme.label for theme in answer.results[0].themes] == ["使用済み油脂の循環"]
    assert [value.value for value in answer.facets["theme"]] == ["usedFatsAndOils"]


def test_what_was_above_the_old_theme_is_above_the_new_one(changed: Service) -> None:
    above = [s.object for s in changed.engine.concepts.steps() if s.subject == str(OLD) and s.relation == "broader"]
    assert above
    answer = changed.engine.search(Request("油", theme=above[0], lang="ja"))
    assert "technology-T1" in [result.id for result in answer.results]


@pytest.mark.parametrize("text", ["廃食用油の利用", "使用済み油脂の循環"])
def test_the_old_words_and_the_new_ones_name_the_same_concept(changed: Service, text: str) -> None:
    found = changed.engine.search(Request(text, lang="ja")).results
    evidence = next(result.evidence for result in found if result.id == "technology-T1")
    assert "使用済み油脂の循環" in [concept.label for concept in evidence.shared_concepts]


def test_a_cell_with_the_old_label_or_slug_gets_the_new_concept(changed: Service) -> None:
    for said in ("廃食用油の利用", "wasteCookingOilTheme", "使用済み油脂の循環"):
        assert changed.vocabulary.find("theme", said) == NEW


def test_the_forms_offer_only_what_is_in_force(changed: Service, reader: TestClient) -> None:
    offered = {concept.iri for concept in changed.engine.concepts.in_scheme("theme")}
    assert str(NEW) in offered and not offered & {str(OLD), str(BETWEEN)}
    assert "wasteCookingOilTheme" not in reader.get("/?q=油&lang=ja", headers={"Accept": "text/html"}).text


@pytest.mark.parametrize(("lang", "says"), [("ja", "廃止されました"), ("en", "no longer used")])
def test_the_old_concepts_page_leads_to_its_successor(reader: TestClient, lang: str, says: str) -> None:
    page = reader.get(f"/concept/theme/wasteCookingOilTheme?lang={lang}", headers={"Accept": "text/html"})
    assert page.status_code == 200 and says in page.text and "/concept/theme/oilBetween" in page.text
    assert says not in reader.get(f"/concept/theme/usedFatsAndOils?lang={lang}", headers={"Accept": "text/html"}).text


def test_the_record_still_states_what_its_owner_stated(reader: TestClient) -> None:
    page = reader.get("/id/technology-T1?lang=ja", headers={"Accept": "text/html"})
    assert page.status_code == 200 and "/concept/theme/wasteCookingOilTheme" in page.text


@given(st.dictionaries(st.sampled_from("abcdef"), st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=3)))
def test_what_is_in_force_was_not_replaced_itself(links: dict[str, list[str]]) -> None:
    found = in_force(links)
    assert all(end not in links for ends in found.values() for end in ends)
    assert all(found[old] for old in found) and found.keys() <= links.keys()


def test_a_circle_of_replacements_leaves_its_concepts() -> None:
    assert in_force({"a": ["b"], "b": ["a"]}) == {}
    assert in_force({"a": ["b", "c"], "b": ["a"]}) == {"a": ("c",), "b": ("c",)}
