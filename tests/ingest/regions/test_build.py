"""The stored files are what the script makes, and the Turtle and the CSV say the same."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import pytest
from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic, to_isomorphic
from rdflib.namespace import RDF, RDFS

from ingest.regions import source
from ingest.regions.build import build, differences, main
from ingest.regions.graph import iri, region_graph
from ingest.regions.register import RegionRegister

CES = Namespace("https://w3id.org/meguri/ces#")
GOLDEN = """
@prefix ces: <https://w3id.org/meguri/ces#> .
@prefix geo: <http://www.opengis.net/ont/geosparql#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix region: <https://w3id.org/meguri/region/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix wgs: <http://www.w3.org/2003/01/geo/wgs84_pos#> .

region:13206 a ces:Region, ces:Municipality ;
    rdfs:label "府中市"@ja, "Fuchu City"@en ;
    skos:altLabel "東京都府中市"@ja, "Fuchu"@en, "Fuchu, Tokyo"@en ;
    ces:kana "ふちゅうし" ;
    ces:romaji "Fuchu-shi" ;
    ces:jisCode "13206" ;
    ces:localGovernmentCode "132063" ;
    ces:municipalityKind "city" ;
    ces:within region:13 ;
    geo:hasGeometry <https://w3id.org/meguri/region/13206#geometry> ;
    wgs:lat 35.66888889 ;
    wgs:long 139.4777778 .

<https://w3id.org/meguri/region/13206#geometry> a geo:Geometry ;
    geo:asWKT "POINT(139.4777778 35.66888889)"^^geo:wktLiteral .
"""


@pytest.fixture(scope="module")
def stored() -> Graph:
    return Graph().parse(Path(str(resources.files("ontology"))) / "regions.ttl")


def test_a_municipality_as_golden_rdf() -> None:
    register = RegionRegister.load()
    fuchu, tokyo = register.by_code("13206"), register.by_code("13")
    assert fuchu is not None
    made = region_graph(fuchu, tokyo)
    assert isomorphic(made, Graph().parse(data=GOLDEN)), to_isomorphic(made).serialize(format="turtle")


def test_the_stored_turtle_contains_the_golden_region(stored: Graph) -> None:
    assert all(triple in stored for triple in Graph().parse(data=GOLDEN))


def test_the_stored_files_are_what_the_script_makes() -> None:
    pytest.importorskip("japancode", reason="the regions are made from japancode, which is not installed")
    assert differences(build()) == []


def test_check_compares_and_writes_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    target = tmp_path / "regions.ttl"
    monkeypatch.setattr("ingest.regions.build.build", lambda: {target: "new\n"})
    assert main(["--check"]) == 1
    assert not target.exists()
    assert main([]) == 0
    assert target.read_text() == "new\n"
    assert main(["--check"]) == 0


def test_turtle_and_register_agree(stored: Graph) -> None:
    register = RegionRegister.load()
    nodes = set(stored.subjects(RDF.type, CES.Region))
    assert nodes == {iri(region.code) for region in register}
    for region in register:
        node = iri(region.code)
        assert set(stored.objects(node, RDFS.label)) == {
            Literal(region.name, lang="ja"),
            Literal(region.name_en, lang="en"),
        }
        parents = {iri(region.parent)} if region.parent else set[URIRef]()
        assert set(stored.objects(node, CES.within)) == parents
        prefecture = register.by_code(region.parent) if region.is_municipality and region.parent else None
        assert all(triple in stored for triple in region_graph(region, prefecture))


def test_the_graph_counts_its_classes(stored: Graph) -> None:
    counts = {
        name: len(set(stored.subjects(RDF.type, CES[name])))
        for name in ("Country", "RegionalBlock", "Prefecture", "Municipality", "Region")
    }
    assert counts == {"Country": 1, "RegionalBlock": 8, "Prefecture": 47, "Municipality": 1741, "Region": 1797}


def test_a_wrong_check_digit_in_the_source_is_not_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("japancode")
    rows = source._rows("municipalities")
    spoiled = [{**rows[0], "lgcode": "11003"}, *rows[1:]]
    monkeypatch.setattr(source, "_rows", lambda table: spoiled)
    with pytest.raises(ValueError, match="check digit"):
        source.regions()


def test_a_missing_municipality_is_not_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("japancode")
    tables = {name: source._rows(name) for name in ("municipalities", "prefectures")}
    tables["municipalities"] = [row for row in tables["municipalities"] if row["city"] != "泊村"]
    monkeypatch.setattr(source, "_rows", lambda table: tables[table])
    with pytest.raises(ValueError, match="expected 1741, found 1740"):
        source.regions()
