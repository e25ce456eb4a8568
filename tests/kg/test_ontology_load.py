"""Loading the ontology: once per version, and nothing of a former version stays."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from rdflib import Literal, URIRef

from kg.errors import MeguriError
from kg.folder import DataFolder
from kg.memory_store import MemoryStore
from kg.namespaces import CES, RDF, RDFS, SCHEME, SKOS
from kg.ontology_load import (
    ONTOLOGY,
    load_ontology,
    ontology_files,
    packaged_version,
    require_current_ontology,
    stored_version,
)
from kg.oxigraph_store import OxigraphStore
from kg.store import GraphStore
from tests.contracts.graph_store import Quad, everything

OIL = URIRef("https://w3id.org/meguri/concept/theme/oil")


@pytest.fixture(params=["disk", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[GraphStore]:
    store: GraphStore = OxigraphStore(tmp_path / "graph") if request.param == "disk" else MemoryStore()
    yield store
    store.close()


def labels(store: GraphStore) -> set[str]:
    query = "SELECT ?s ?label WHERE { ?s <http://www.w3.org/2004/02/skos/core#prefLabel> ?label }"
    return {str(row["label"]) for row in store.select(query, {"s": OIL})}


def test_loading_twice_changes_nothing(store: GraphStore, ontology: Path) -> None:
    assert stored_version(store) is None
    assert load_ontology(store) is True
    before = everything(store)
    assert load_ontology(store) is False
    assert everything(store) == before
    assert stored_version(store) == packaged_version() == require_current_ontology(store)


def test_each_file_has_its_own_graph_and_all_stand_in_the_default_graph(store: GraphStore, ontology: Path) -> None:
    load_ontology(store)
    assert (CES.Issue, RDFS.label, Literal("課題", lang="ja")) in store.graph(ONTOLOGY)
    assert (OIL, RDF.type, SKOS.Concept) in store.graph(SCHEME["themes"])
    assert store.count() == sum(len(store.graph(name)) for name, _ in ontology_files())
    # when the ontology was loaded is nothing that queries should find among its terms
    assert not store.ask("ASK { ?s ?hash ?version }", {"hash": CES.contentHash})


def test_a_changed_label_is_another_version(store: GraphStore, ontology: Path) -> None:
    load_ontology(store)
    before = packaged_version()
    themes = ontology / "schemes" / "themes.ttl"
    themes.write_text(themes.read_text(encoding="utf-8").replace('"oil"@en', '"Oil"@en'), encoding="utf-8")
    assert packaged_version() != before
    with pytest.raises(MeguriError) as caught:
        require_current_ontology(store)
    assert caught.value.code == "ontology_outdated"
    assert "meguri init" in caught.value.message("ja")
    assert load_ontology(store) is True
    assert labels(store) == {"油", "Oil"}
    assert require_current_ontology(store) == packaged_version()


def test_a_renamed_file_leaves_nothing_behind(store: GraphStore, ontology: Path) -> None:
    load_ontology(store)
    themes = ontology / "schemes" / "themes.ttl"
    text, before = themes.read_text(encoding="utf-8"), store.count()
    themes.unlink()
    (ontology / "schemes" / "topics.ttl").write_text(text.replace('"oil"@en', '"Oil"@en'), encoding="utf-8")
    load_ontology(store)
    assert labels(store) == {"油", "Oil"}
    assert len(store.graph(SCHEME["themes"])) == 0
    assert store.count() == before


def test_a_load_that_broke_off_is_done_again(
    store: GraphStore, ontology: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_ontology(store)
    complete, themes = everything(store), ontology / "schemes" / "themes.ttl"
    sound = themes.read_text(encoding="utf-8")
    themes.write_text(sound.replace('"oil"@en', '"Oil"@en'), encoding="utf-8")
    with monkeypatch.context() as patch, pytest.raises(OSError, match="disk full"):
        patch.setattr(store, "load", _full)
        load_ontology(store)
    assert stored_version(store) is None
    themes.write_text(sound, encoding="utf-8")
    assert load_ontology(store) is True
    assert _without_blank(everything(store)) == _without_blank(complete)
    assert load_ontology(store) is False


def _full(*_: object) -> None:
    raise OSError("disk full")


BROKEN = {
    "cycle": ("skos:broader theme:top", "skos:broader theme:oil", "theme/oil"),
    "a missing label": (', "oil"@en', "", "theme/oil"),
    "a dangling relation": ("skos:broader theme:top", "skos:broader theme:top ; skos:related theme:none", "theme/oil"),
    "no Turtle": ("theme:oil a skos:Concept ;", "theme:oil a skos:Concept", "schemes/themes.ttl"),
}


@pytest.mark.parametrize(("old", "new", "place"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_scheme_is_refused_with_its_place_and_nothing_changes(
    store: GraphStore, ontology: Path, old: str, new: str, place: str
) -> None:
    load_ontology(store)
    before = everything(store)
    themes = ontology / "schemes" / "themes.ttl"
    themes.write_text(themes.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(MeguriError) as caught:
        load_ontology(store)
    assert caught.value.code == "ontology_invalid"
    for lang in ("ja", "en"):
        assert place in caught.value.message(lang) and "schemes/themes.ttl" in caught.value.message(lang)
        assert "meguri validate" in caught.value.message(lang)
    assert everything(store) == before


def _without_blank(quads: set[Quad]) -> set[str]:
    return {" ".join("_" if type(term).__name__ == "BNode" else repr(term) for term in quad) for quad in quads}


def test_the_packaged_ontology_is_loaded_whole(prepared_folder: Path) -> None:
    with DataFolder.open(prepared_folder).reader() as store:
        assert require_current_ontology(store) == packaged_version()
        assert all(store.ask("ASK { GRAPH ?g { ?s ?p ?o } }", {"g": name}) for name, _ in ontology_files())
        (row,) = store.select("SELECT (COUNT(?m) AS ?n) WHERE { ?m a <https://w3id.org/meguri/ces#Municipality> }")
        assert row["n"] == Literal(1741)
