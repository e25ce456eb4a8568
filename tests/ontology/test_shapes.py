"""Every shape against one valid example and, broken in one place after the other, against invalid ones.

All broken copies are validated in one run, each under an IRI of its own, so that the suite stays fast.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import pyshacl
import pytest
from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import RDF, RDFS, SH, SKOS
from rdflib.term import Node

from kg.compiled_shapes import CompiledShapes
from tests.ontology.shape_cases import CASES
from tests.ontology.shape_cases.case import Broken

ROOT = Path(__file__).resolve().parents[2]
SHAPES = sorted((ROOT / "ontology" / "shapes").glob("*.ttl"))
EXAMPLES = Path(__file__).parent / "examples"
CES = Namespace("https://w3id.org/meguri/ces#")
ID = Namespace("https://w3id.org/meguri/id/")


def read(*paths: Path) -> Graph:
    graph = Graph()
    for path in paths:
        graph.parse(path, format="turtle")
    return graph


@pytest.fixture(scope="module")
def shapes() -> Graph:
    return read(*SHAPES)


@pytest.fixture(scope="module")
def examples() -> Graph:
    return read(EXAMPLES / "context.ttl", EXAMPLES / "valid.ttl")


def with_concepts(graph: Graph) -> Graph:
    """``graph`` and what the validator has of the concepts it points at: their types and schemes."""
    names = "levels flows dimensions member-kinds issue-kinds readiness cooperation sdg programmes match-states permits"
    schemes = read(*[ROOT / "ontology" / "schemes" / f"{name}.ttl" for name in names.split()])
    for node in set(graph.objects()):
        _bring(node, schemes, graph)
    return graph


def _bring(node: Node, source: Graph, target: Graph) -> None:
    kept = (RDF.type, SKOS.inScheme)
    for triple in source.triples((node, None, None)):
        if triple[1] in kept and triple not in target:
            target.add(triple)
            _bring(triple[2], source, target)


def valid_iri(name: str) -> URIRef:
    return ID[name]


def broken_iri(number: int) -> URIRef:
    return ID[f"broken-{number}"]


def broken_copy(case: Broken, iri: URIRef, examples: Graph) -> Graph:
    """The valid example under ``iri``, changed as the case says."""
    prefixes = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in examples.namespaces() if prefix)
    dropped = {examples.namespace_manager.expand_curie(name.strip()) for name in case.drop.split(",") if name}
    graph = Graph()
    for predicate, value in examples.predicate_objects(valid_iri(case.of)):
        if predicate not in dropped:
            graph.add((iri, predicate, value))
    before = len(graph)
    if case.add:
        graph.parse(data=f"{prefixes} <{iri}> {case.add} .", format="turtle")
    assert dropped or len(graph) > before, f"{case} changes nothing"
    return graph


@dataclass(frozen=True)
class Finding:
    shape: str
    severity: Node | None
    languages: frozenset[str | None]
    messages: frozenset[str]


def findings(data: Graph, shapes: Graph) -> dict[Node, set[Finding]]:
    """Focus node → what one SHACL run says about it."""
    ontology = read(ROOT / "ontology" / "ces.ttl")
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, ont_graph=ontology, inference="none")
    found: dict[Node, set[Finding]] = {}
    for result in report.objects(None, SH.result):
        shape, focus = report.value(result, SH.sourceShape), report.value(result, SH.focusNode)
        assert focus is not None
        messages = [m for m in report.objects(result, SH.resultMessage) if isinstance(m, Literal)]
        finding = Finding(
            shape=str(shape).removeprefix(str(CES)),
            severity=report.value(result, SH.resultSeverity),
            languages=frozenset(m.language for m in messages),
            messages=frozenset(str(m) for m in messages),
        )
        found.setdefault(focus, set()).add(finding)
    return found


@pytest.fixture(scope="module")
def report(examples: Graph, shapes: Graph) -> dict[Node, set[Finding]]:
    data = Graph()
    data += examples
    for number, case in enumerate(CASES):
        data += broken_copy(case, broken_iri(number), examples)
    return findings(with_concepts(data), shapes)


VALID = [
    "technology",
    "quantity",
    "issue",
    "resource",
    "skill",
    "partner",
    "scheme",
    "project",
    "exchange",
    "match",
    "commitment",
    "commitmentOfCity",
    "commitmentOfCollege",
    "followup",
    "measure",
    "event",
    "document",
    "passage",
    "mention",
    "statement",
    "registration",
    "participation",
]


@pytest.mark.parametrize("name", VALID)
def test_valid_example_has_no_finding(name: str, report: dict[Node, set[Finding]]) -> None:
    assert report.get(valid_iri(name), set()) == set()


@pytest.mark.parametrize("number", range(len(CASES)), ids=[f"{n}-{case.shape}" for n, case in enumerate(CASES)])
def test_broken_example_is_caught_by_its_shape_alone(number: int, report: dict[Node, set[Finding]]) -> None:
    case = CASES[number]
    found = {finding.shape: finding for finding in report.get(broken_iri(number), set())}
    assert case.shape in found, f"{case.shape} said nothing; found {sorted(found)}"
    assert set(found) - set(case.also) == {case.shape}
    level = SH.Info if case.advises else SH.Warning if case.warns else SH.Violation
    assert found[case.shape].severity == level
    assert found[case.shape].languages == {"ja", "en"}


def reporting_shapes(shapes: Graph) -> set[str]:
    """Every shape or constraint that can appear in a report with a message of its own."""
    nodes = set(shapes.subjects(SH.message, None))
    return {str(node).removeprefix(str(CES)) for node in nodes}


def test_every_rule_has_been_seen_to_fail(shapes: Graph) -> None:
    assert reporting_shapes(shapes) == {case.shape for case in CASES}


def targets(shapes: Graph) -> dict[str, set[Node]]:
    """Name of each group of shapes (before the hyphen) → the classes whose things it judges."""
    found: dict[str, set[Node]] = defaultdict(set)
    for shape, target in shapes.subject_objects(SH.targetClass):
        found[str(shape).removeprefix(str(CES)).partition("-")[0]].add(target)
    return found


def test_every_shape_has_a_valid_example_and_several_invalid_ones(shapes: Graph, examples: Graph) -> None:
    ontology = read(ROOT / "ontology" / "ces.ttl")
    types = {o for name in VALID for o in examples.objects(valid_iri(name), RDF.type)}
    valid = types | {above for one in types for above in ontology.objects(one, RDFS.subClassOf)}
    for name, classes in targets(shapes).items():
        assert valid & classes, name
        assert sum(case.shape.partition("-")[0] == name for case in CASES) >= 3, name


# what a clerk is told to do: a request in Japanese, an imperative or a hint that begins one in English
TOLD_JA = re.compile(r"(?:ください（?[^（）]*）?|ましょう|ます|ません)。?$")
TOLD_EN = re.compile(
    r"\b(?:Add|Check|Choose|Correct|Enter|Fill|Give|Keep|Make|Name|Put|Register|Remove|Rename|Say|Set|Split|State|Use|Write"
    r"|Ingest|Leave|Look|Merge|Move|Send|Submit|Publish|Confirm|Take|Report|Shorten|Swap|Ask|helps|needs)\b",
    re.IGNORECASE,
)


def test_every_message_tells_what_to_do(shapes: Graph) -> None:
    silent = [
        (name, str(message))
        for name in sorted(reporting_shapes(shapes))
        for message in shapes.objects(CES[name], SH.message)
        if not (TOLD_JA if getattr(message, "language", None) == "ja" else TOLD_EN).search(str(message))
    ]
    assert silent == []


def test_every_property_shape_has_an_iri_and_bilingual_messages(shapes: Graph) -> None:
    for shape in set(shapes.objects(None, SH.property)):
        assert isinstance(shape, URIRef), shape
        assert (shape, SH.path, None) in shapes, shape
    for name in reporting_shapes(shapes):
        languages = sorted(str(m.language) for m in shapes.objects(CES[name], SH.message) if isinstance(m, Literal))
        assert languages == ["en", "ja"], name


def test_every_reporting_property_shape_states_its_severity(shapes: Graph) -> None:
    for shape in shapes.subjects(RDF.type, SH.PropertyShape):
        if (shape, SH.message, None) in shapes:
            assert shapes.value(shape, SH.severity) in (SH.Violation, SH.Warning, SH.Info), shape


def test_every_node_shape_with_a_target_is_named_in_both_languages(shapes: Graph) -> None:
    for shape in shapes.subjects(RDF.type, SH.NodeShape):
        if (shape, SH.targetClass, None) in shapes:
            labels = {label.language for label in shapes.objects(shape, RDFS.label) if isinstance(label, Literal)}
            assert labels == {"ja", "en"}, shape


RULE_SETS = {
    "CompanyKind": "companyOrIndustryAssociation",
    "LocalGovernmentKind": "localGovernment",
    "UniversityKind": "universityResearchOther",
}


@pytest.mark.parametrize(("shape", "top"), RULE_SETS.items())
def test_kinds_of_a_rule_set_are_those_of_the_scheme(shape: str, top: str, shapes: Graph) -> None:
    scheme = read(ROOT / "ontology" / "schemes" / "member-kinds.ttl")
    listed = shapes.value(CES[shape], SH["in"])
    assert listed is not None
    kind = URIRef(f"https://w3id.org/meguri/concept/member-kind/{top}")
    assert set(shapes.items(listed)) == set(scheme.transitive_subjects(SKOS.broader, kind))


def test_resources_that_are_not_weighed_are_those_of_the_scheme(shapes: Graph) -> None:
    scheme = read(ROOT / "ontology" / "schemes" / "resources.ttl")
    listed = shapes.value(CES.ResourceWithoutAmount, SH["in"])
    assert listed is not None
    resource = Namespace("https://w3id.org/meguri/concept/resource/")
    branches = (resource.peopleSkillsCulture, resource.buildingsFacilities)
    below = {kind for branch in branches for kind in scheme.transitive_subjects(SKOS.broader, branch)}
    assert set(shapes.items(listed)) == below | {resource.terracedLandscape, resource.nationalParkScenery}


def test_the_compiled_shapes_find_what_pyshacl_finds(
    examples: Graph, shapes: Graph, report: dict[Node, set[Finding]]
) -> None:
    """The contract of ``kg.compiled_shapes``: every rule, broken and kept, with pySHACL as the oracle."""
    data = Graph()
    data += examples
    for number, case in enumerate(CASES):
        data += broken_copy(case, broken_iri(number), examples)
    data = with_concepts(data)
    context = read(ROOT / "ontology" / "ces.ttl") + data
    found: dict[Node, set[tuple[str, str, frozenset[str]]]] = {}
    for violation in CompiledShapes(shapes).violations([data], context):
        name = str(violation.shape.iri).removeprefix(str(CES))
        said = frozenset(violation.shape.messages.values())
        found.setdefault(violation.focus, set()).add((name, violation.shape.severity, said))
    severity = {SH.Violation: "error", SH.Warning: "warning"}
    expected = {
        focus: {(f.shape, severity[f.severity], f.messages) for f in items if f.severity in severity}
        for focus, items in report.items()
    }
    # a date against a number: SHACL calls what cannot be compared a violation, pySHACL orders it by its datatype
    for number, case in enumerate(CASES):
        focus = broken_iri(number)
        more = found.get(focus, set()) - expected.get(focus, set())
        assert {name for name, _, _ in more} <= set(case.also), case
        found[focus] = found.get(focus, set()) - more
    expected = {focus: items for focus, items in expected.items() if items}
    assert {focus: items for focus, items in found.items() if items} == expected
