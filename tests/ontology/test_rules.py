"""Every rule of ``ontology/rules`` is seen to fail, names the place, and says the same to a SHACL processor."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyshacl
import pytest
from rdflib import Graph
from rdflib.namespace import RDF, SH

from kg.ontology_check.check import faults
from kg.ontology_check.report import turtle_files
from kg.ontology_check.rules import RULE, rules, rules_graph
from tests.ontology.sound import write_ontology

OIL = 'resource:oil a skos:Concept ; skos:prefLabel "油"@ja, "oil"@en'
OIL_IN = '"Used oil."@en ; skos:inScheme scheme:'


@dataclass(frozen=True)
class Broken:
    """The sound ontology with ``old`` replaced by ``new`` in a file; ``also`` are rules that fail with the first."""

    rule: str
    file: str
    old: str
    new: str
    term: str
    also: tuple[str, ...] = ()


def oil(rule: str, old: str, new: str, *also: str) -> Broken:
    return Broken(rule, "schemes/resources.ttl", old, new, "resource/oil", also)


def scheme(rule: str, old: str, new: str, *also: str) -> Broken:
    return Broken(rule, "schemes/resources.ttl", old, new, "scheme/resource", also)


def term(rule: str, old: str, new: str, name: str, *also: str) -> Broken:
    return Broken(rule, "ces.ttl", old, new, name, also)


def region(rule: str, old: str, new: str, *also: str) -> Broken:
    return Broken(rule, "regions.ttl", old, new, "region/34208", also)


CASES = [
    oil("prefLabelMissing", ', "oil"@en', ""),
    oil("prefLabelMissing", 'skos:prefLabel "油"@ja,', "skos:prefLabel"),
    oil("prefLabelOnce", '"oil"@en', '"oil"@en, "oils"@en'),
    oil("definitionMissing", '"使い終えた油。"@ja, ', ""),
    oil("definitionMissing", ', "Used oil."@en', ""),
    oil("labelLanguage", '"UCO"@en', '"UCO"@en, "UCO"'),
    oil("labelLanguage", '"oil"@en', '"oil"@en, "Öl"@de'),
    oil("labelBlank", '"UCO"@en', '"UCO"@en, "　"@ja'),
    oil(
        "inScheme",
        "resource:oil a skos:Concept ; ",
        "resource:oil a skos:Concept ; skos:inScheme scheme:theme ; ",
        "schemeOfIri",
        "foreignBroader",
        "sameLabel",
    ),
    oil("schemeOfIri", OIL_IN + "resource", OIL_IN + "theme", "foreignBroader", "sameLabel"),
    oil("orphan", OIL_IN + "resource ; skos:broader resource:top", OIL_IN + "resource"),
    oil("topAndBelow", OIL, OIL + " ; skos:topConceptOf scheme:resource", "topConceptsDisagree"),
    oil("cycle", OIL_IN + "resource ; skos:broader resource:top", OIL_IN + "resource ; skos:broader resource:oil"),
    oil("foreignBroader", OIL, OIL + " ; skos:broader <https://w3id.org/meguri/concept/theme/top>"),
    oil("dangling", OIL, OIL + " ; skos:related resource:missing"),
    oil("dangling", OIL, OIL + " ; ces:usesResource resource:missing"),
    oil("wrongScheme", OIL, OIL + " ; ces:usesResource <https://w3id.org/meguri/concept/theme/oil>"),
    oil("wrongScheme", OIL, OIL + " ; ces:usesResource ces:Issue"),
    oil("relatedAncestor", OIL, OIL + " ; skos:related resource:top"),
    oil("sameLabel", '"oil"@en', '"Fat"@en'),
    oil("altLabelDiffers", '"UCO"@en', '"UCO"@en, "oil"@en'),
    oil("altLabelMissing", '"天ぷら油"@ja, ', ""),
    scheme("titleMissing", '"体系resource"@ja, ', ""),
    scheme("sourceMissing", ' ; dct:source "CES"', ""),
    scheme("topConceptMissing", " ; skos:hasTopConcept resource:top .", " .", "topConceptsDisagree"),
    scheme("topConceptDangling", "skos:hasTopConcept resource:top", "skos:hasTopConcept resource:top, resource:none"),
    scheme("topConceptsDisagree", "skos:hasTopConcept resource:top", "skos:hasTopConcept resource:top, resource:oil"),
    oil("undefinedTerm", OIL, OIL + ' ; ces:usesResorce "oil"'),
    oil("undefinedTerm", OIL, OIL + " ; a ces:Isue"),
    term("termLabelMissing", 'rdfs:label "課題"@ja, "issue"@en', 'rdfs:label "課題"@ja', "Issue"),
    term("termDefinitionMissing", '"困りごと。"@ja, ', "", "Issue"),
    term("termSourceMissing", '"A problem."@en ; dct:source "CES"', '"A problem."@en', "Issue"),
    term("termDangling", "rdfs:domain ces:Issue", "rdfs:domain ces:Isue", "usesResource"),
    term("termCycle", '"A problem."@en', '"A problem."@en ; rdfs:subClassOf ces:Wish', "Issue"),
    term("termSameLabel", '"wish"@en', '"issue"@en', "Issue"),
    region("regionLabelMissing", '34208 a ces:Region ; rdfs:label "府中市"@ja,', "34208 a ces:Region ; rdfs:label"),
    region("regionOutside", '"34208" ; ces:within region:JP', '"34208"'),
    region("regionOutside", '"34208" ; ces:within region:JP', '"34208" ; ces:within region:14'),
    region("regionSameCode", '"34208"', '"13206"'),
    region("regionTrait", '"34208"', '"34208" ; ces:hasTrait <https://w3id.org/meguri/concept/resource/oil>'),
    region("regionPopulation", '"34208"', '"34208" ; ces:population 37677'),
    region("regionPopulation", '"34208"', '"34208" ; ces:population 1, 2 ; ces:populationOn "2020-10-01"'),
]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_ontology(tmp_path / "ontology")


def test_the_sound_ontology_has_no_fault(root: Path) -> None:
    assert faults(root, turtle_files(root)) == []


@pytest.mark.parametrize("case", CASES, ids=[f"{n}-{case.rule}" for n, case in enumerate(CASES)])
def test_a_broken_rule_is_found_at_its_place(case: Broken, root: Path) -> None:
    path = root / case.file
    text = path.read_text(encoding="utf-8")
    assert case.old in text
    path.write_text(text.replace(case.old, case.new, 1), encoding="utf-8")
    found = faults(root, turtle_files(root))
    assert {finding.rule for finding in found} == {case.rule, *case.also}
    (finding, *_) = [f for f in found if f.rule == case.rule and str(f.term).endswith(case.term)]
    assert finding.file == case.file and finding.line is not None
    line = path.read_text(encoding="utf-8").splitlines()[finding.line - 1]
    assert line.split()[0].split(":")[1] == case.term.split("/")[-1]
    assert finding.severity == ("warning" if case.rule.startswith("altLabel") else "error")
    assert "{?" not in finding.en + finding.ja and finding.en != finding.ja


# one run of a SHACL processor over a copy that is broken in all of these ways
TOGETHER = (
    "definitionMissing",
    "orphan",
    "dangling",
    "sameLabel",
    "altLabelMissing",
    "sourceMissing",
    "termDangling",
    "regionSameCode",
)


def test_a_shacl_processor_finds_the_same(root: Path) -> None:
    for rule in TOGETHER:
        case = next(case for case in CASES if case.rule == rule)
        text = (root / case.file).read_text(encoding="utf-8")
        assert case.old in text
        (root / case.file).write_text(text.replace(case.old, case.new, 1), encoding="utf-8")
    found = {finding.rule for finding in faults(root, turtle_files(root))}
    assert found == set(TOGETHER) == by_shacl(root)


def by_shacl(root: Path) -> set[str]:
    """The rules that pySHACL finds broken, asking each constraint of each node."""
    data = Graph()
    for path in turtle_files(root):
        data.parse(path, format="turtle")
    _, report, _ = pyshacl.validate(data, shacl_graph=rules_graph(), inference="none")
    results = report.subjects(RDF.type, SH.ValidationResult)
    return {str(report.value(result, SH.sourceConstraint)).removeprefix(str(RULE)) for result in results}


def test_every_rule_has_been_seen_to_fail() -> None:
    assert {case.rule for case in CASES} == {rule.name for rule in rules()}


def test_a_file_that_is_no_turtle_is_named_with_its_line(root: Path) -> None:
    path = root / "schemes" / "themes.ttl"
    text = path.read_text(encoding="utf-8")
    path.write_text(text + "theme:more a skos:Concept .\nthis is not Turtle", encoding="utf-8")
    (finding,) = faults(root, turtle_files(root))
    assert (finding.file, finding.rule) == ("schemes/themes.ttl", "unreadable")
    assert finding.line == len(text.splitlines()) + 2
