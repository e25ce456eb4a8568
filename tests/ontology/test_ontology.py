"""The ontology as a whole: every term explained in both languages, every scheme sound, nothing contradictory.

The concept schemes are found by name pattern, so that a scheme added later is tested without touching this file.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyshacl
import pytest
from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, GEO, ORG, OWL, PROV, RDF, RDFS, SDO, SH, SKOS
from rdflib.term import BNode, Node

from kg.ontology_check.check import faults
from kg.ontology_check.reasoner import contradictions
from kg.ontology_check.report import turtle_files
from kg.ontology_check.shapes import shape_faults

ROOT = Path(__file__).resolve().parents[2]
ONTOLOGY = ROOT / "ontology"
EXAMPLES = Path(__file__).parent / "examples"
CES = Namespace("https://w3id.org/meguri/ces#")
CONCEPT = "https://w3id.org/meguri/concept/"
SCHEME = "https://w3id.org/meguri/scheme/"
LANGUAGES = ("ja", "en")
RULE_SETS = {"companyOrIndustryAssociation", "localGovernment", "universityResearchOther"}


def read(paths: Iterable[Path]) -> Graph:
    graph = Graph()
    for path in paths:
        graph.parse(path, format="turtle")
    return graph


@pytest.fixture(scope="module")
def ces() -> Graph:
    return read([ONTOLOGY / "ces.ttl"])


@pytest.fixture(scope="module")
def schemes() -> Graph:
    return read(sorted((ONTOLOGY / "schemes").glob("*.ttl")))


@pytest.fixture(scope="module")
def terms(ces: Graph) -> dict[str, URIRef]:
    """Local name → kind of every term that is ours."""
    kinds = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty)
    return {
        str(s).removeprefix(str(CES)): kind
        for kind in kinds
        for s in ces.subjects(RDF.type, kind)
        if str(s).startswith(str(CES))
    }


def languages(graph: Graph, subject: Node, predicate: URIRef) -> Counter[str | None]:
    values = graph.objects(subject, predicate)
    return Counter(value.language for value in values if isinstance(value, Literal) and value.strip())


def concepts(graph: Graph) -> list[URIRef]:
    return sorted(s for s in graph.subjects(RDF.type, SKOS.Concept) if isinstance(s, URIRef))


def short(node: Node) -> str:
    return str(node).removeprefix(CONCEPT)


def test_the_packaged_ontology_breaks_no_rule() -> None:
    assert faults(ONTOLOGY, turtle_files(ONTOLOGY)) == []


def test_the_packaged_shapes_are_well_formed() -> None:
    assert shape_faults(ONTOLOGY, sorted((ONTOLOGY / "shapes").glob("*.ttl")), ONTOLOGY / "ces.ttl") == []


# --- Terms --------------------------------------------------------------------------------------


def test_ontology_is_versioned_and_described_in_both_languages(ces: Graph) -> None:
    ontology = URIRef("https://w3id.org/meguri/ces")
    version = ces.value(ontology, OWL.versionInfo)
    assert ces.value(ontology, OWL.versionIRI) == URIRef(f"{ontology}/{version}")
    assert f"## {version}" in (ONTOLOGY / "CHANGELOG.md").read_text(encoding="utf-8")
    assert ces.value(ontology, DCTERMS.license) is not None
    for predicate in (DCTERMS.title, DCTERMS.description):
        assert languages(ces, ontology, predicate) == {"ja": 1, "en": 1}


def test_every_term_is_labelled_defined_and_sourced(ces: Graph, terms: dict[str, URIRef]) -> None:
    for name in terms:
        for predicate in (RDFS.label, SKOS.definition):
            assert languages(ces, CES[name], predicate) == {"ja": 1, "en": 1}, (name, predicate)
        assert ces.value(CES[name], DCTERMS.source), name
        assert ces.value(CES[name], RDFS.isDefinedBy) == URIRef("https://w3id.org/meguri/ces"), name


def test_every_property_says_what_it_belongs_to_and_leads_to(ces: Graph, terms: dict[str, URIRef]) -> None:
    for name, kind in terms.items():
        if kind != OWL.Class:
            assert any((CES[name], said, None) in ces for said in (RDFS.domain, SDO.domainIncludes)), name
            assert any((CES[name], said, None) in ces for said in (RDFS.range, SDO.rangeIncludes)), name


VOCABULARIES = {
    str(vocabulary): vocabulary for vocabulary in (DCAT, DCTERMS, FOAF, GEO, ORG, PROV, RDF, RDFS, SDO, SKOS)
}
# rdflib does not list the terms of these
UNLISTED = ("http://www.w3.org/ns/oa#", "http://qudt.org/schema/qudt/")
UNLISTED += ("http://www.ontology-of-units-of-measure.org/resource/om-2/",)

# DCAT 3, of which rdflib has version 2
NEWER = {f"{DCAT}version"}


def test_terms_of_others_that_ours_lean_on_exist_there(ces: Graph) -> None:
    leans = (SKOS.exactMatch, SKOS.closeMatch, RDFS.subClassOf, RDFS.subPropertyOf)
    others = {str(o) for p in leans for s, o in ces.subject_objects(p) if not str(o).startswith(str(CES))}
    leant_on = set()
    for iri in others:
        if not iri.startswith(UNLISTED):
            namespace = next(one for one in VOCABULARIES if iri.startswith(one))
            assert iri in NEWER or iri.removeprefix(namespace) in VOCABULARIES[namespace], iri
        leant_on.add(next(one for one in (*VOCABULARIES, *UNLISTED) if iri.startswith(one)))
    assert leant_on >= {*UNLISTED, *VOCABULARIES}


def test_data_model_page_names_only_defined_terms(terms: dict[str, URIRef]) -> None:
    page = (ROOT / "docs" / "data-model.md").read_text(encoding="utf-8")
    named = set(re.findall(r"ces:([A-Za-z]+)", page)) - {
        "Name",
        "yieldedBy",
    }  # a placeholder; an inverse that is never stored
    assert named <= terms.keys()


def test_data_and_shapes_use_only_defined_terms(terms: dict[str, URIRef], schemes: Graph) -> None:
    graph = read([*sorted((ONTOLOGY / "shapes").glob("*.ttl")), *sorted(EXAMPLES.glob("*.ttl"))])
    kinds = (SH.NodeShape, SH.PropertyShape, SH.SPARQLConstraint)
    shape_names = {str(s).removeprefix(str(CES)) for kind in kinds for s in graph.subjects(RDF.type, kind)}
    nodes = {node for triple in graph + schemes for node in triple if isinstance(node, URIRef)}
    used = {str(node).removeprefix(str(CES)) for node in nodes if node.startswith(str(CES))}
    assert used - terms.keys() - shape_names == set()


def test_region_register_uses_only_defined_terms(terms: dict[str, URIRef]) -> None:
    files = [ONTOLOGY / "regions.ttl", ONTOLOGY / "region-facts.ttl"]
    used = {name for path in files for name in re.findall(r"(?:^|\s)ces:(\w+)", path.read_text(encoding="utf-8"))}
    assert used <= terms.keys()


def test_no_blank_nodes_outside_class_axioms(ces: Graph, schemes: Graph) -> None:
    assert not [s for s in schemes.subjects() if isinstance(s, BNode)]
    named = {s for s in ces.subjects() if isinstance(s, BNode) and (s, RDF.first, None) not in ces}
    assert all((s, RDF.type, OWL.AllDisjointClasses) in ces for s in named)


# --- Schemes ------------------------------------------------------------------------------------

SCHEME_NAMES = [
    "level",
    "activity",
    "theme",
    "technology",
    "resource",
    "flow",
    "dimension",
    "member-kind",
    "issue-kind",
    "readiness",
    "cooperation",
    "sdg",
    "programme",
    "working-group",
    "match-state",
    "permit",
    "trait",
]


@pytest.mark.parametrize("name", SCHEME_NAMES)
def test_scheme_is_present_and_titled(name: str, schemes: Graph) -> None:
    scheme = URIRef(SCHEME + name)
    assert (scheme, RDF.type, SKOS.ConceptScheme) in schemes
    assert languages(schemes, scheme, DCTERMS.title) == {"ja": 1, "en": 1}
    tops = set(schemes.objects(scheme, SKOS.hasTopConcept))
    assert tops and tops == set(schemes.subjects(SKOS.topConceptOf, scheme))


def ancestors(concept: Node, graph: Graph) -> Iterator[Node]:
    """Everything broader than ``concept``; ends on a cycle too."""
    seen: set[Node] = set()
    todo = list(graph.objects(concept, SKOS.broader))
    while todo:
        node = todo.pop()
        if node not in seen:
            seen.add(node)
            todo.extend(graph.objects(node, SKOS.broader))
    yield from seen


def test_slugs_are_lower_camel_case_or_sdg_numbers(schemes: Graph) -> None:
    for concept in concepts(schemes):
        scheme, slug = short(concept).split("/")
        assert re.fullmatch(r"\d{1,2}(\.\w{1,2})?" if scheme == "sdg" else r"[a-z][A-Za-z0-9]*", slug), short(concept)


# below the top concepts, whose words are those of the branches; the least that a text is read with
FEWEST_WORDS = {"theme": {"ja": 8, "en": 6}, "technology": {"ja": 8, "en": 6}, "resource": {"ja": 8, "en": 6}}


@pytest.mark.parametrize("name", FEWEST_WORDS)
def test_everyday_words_are_many_and_lead_to_one_concept_of_a_scheme(name: str, schemes: Graph) -> None:
    named: dict[tuple[str, str | None], set[str]] = defaultdict(set)
    few = []
    for concept in schemes.subjects(SKOS.inScheme, URIRef(SCHEME + name)):
        labels = [v for v in schemes.objects(concept, SKOS.altLabel) if isinstance(v, Literal)]
        counts = Counter(label.language for label in labels)
        if (concept, SKOS.topConceptOf, None) not in schemes:
            few += [(short(concept), lang) for lang, least in FEWEST_WORDS[name].items() if counts[lang] < least]
        for label in (*labels, *schemes.objects(concept, SKOS.prefLabel)):
            named[str(label).casefold(), getattr(label, "language", None)].add(short(concept))
    assert few == []
    assert {label: held for label, held in named.items() if len(held) > 1} == {}


def test_levels_name_the_activities_of_the_presentation(schemes: Graph) -> None:
    named = {
        short(level).split("/")[1]: len(list(schemes.objects(level, CES.namesActivity)))
        for level in schemes.subjects(CES.namesActivity)
    }
    assert named == {"community": 6, "region": 5, "block": 5, "international": 3}
    activities = set(schemes.subjects(SKOS.inScheme, URIRef(SCHEME + "activity")))
    assert activities == set(schemes.objects(None, CES.namesActivity))


def test_every_member_kind_follows_exactly_one_rule_set(schemes: Graph) -> None:
    for kind in schemes.subjects(SKOS.inScheme, URIRef(SCHEME + "member-kind")):
        above = {kind, *ancestors(kind, schemes)}
        assert len({short(k).split("/")[1] for k in above} & RULE_SETS) == 1, short(kind)
    for name in RULE_SETS:
        rules = URIRef(f"{CONCEPT}member-kind/{name}")
        assert (rules, RDF.type, CES.RuleSet) in schemes
        assert all(
            languages(schemes, rules, p) == {"ja": 1, "en": 1}
            for p in (CES.goalRule, CES.measuresRule, CES.followUpRule)
        )
        assert schemes.value(rules, CES.goalDueWithinMonths) == Literal(12)
    yearly = set(schemes.subjects(CES.followUpEveryMonths, Literal(12)))
    assert yearly == {URIRef(f"{CONCEPT}member-kind/companyOrIndustryAssociation")}


def test_figures_of_2020_and_aims_of_2030(schemes: Graph) -> None:
    value = URIRef("https://schema.org/value")
    figures = {short(s).split("/")[1].split("#")[0]: int(str(o)) for s, o in schemes.subject_objects(value)}
    assert figures == {
        "cesPlatform": 32,
        "enablingEnvironmentNew": 10,
        "enablingEnvironmentContinued": 17,
        "supportTeam": 8,
    }
    aims = set(schemes.subjects(CES.inProgramme, URIRef(f"{CONCEPT}programme/circularPartners")))
    targets = {short(s).split("/")[1]: int(str(o)) for s, o in schemes.subject_objects(CES.targetValue) if s in aims}
    assert targets == {"aimMarketSize": 80 * 10**12, "aimBiomassPlastic": 2 * 10**6}


def test_every_roadmap_of_a_product_has_material_year_source_and_date(schemes: Graph) -> None:
    below = set(schemes.subjects(SKOS.broader, URIRef(f"{CONCEPT}programme/productRoadmaps")))
    assert len(below) >= 10 and below <= set(schemes.subjects(RDF.type, CES.Roadmap))
    for roadmap in below:
        for predicate in (CES.aboutMaterial, CES.targetYear, DCTERMS.source, DCTERMS.issued):
            assert schemes.value(roadmap, predicate, any=True), (short(roadmap), predicate)
        aims = list(schemes.subjects(SKOS.broader, roadmap))
        assert aims or schemes.value(roadmap, SKOS.scopeNote, any=True), f"{short(roadmap)}: say why there is no figure"
        for aim in aims:
            assert (schemes.value(aim, CES.targetValue) is None) == (schemes.value(aim, CES.unit) is None)


def test_sdg_concepts_lead_to_the_united_nations(schemes: Graph) -> None:
    sdgs = [c for c in concepts(schemes) if short(c).startswith("sdg/")]
    assert len([c for c in sdgs if "." not in short(c)]) == 17
    for concept in sdgs:
        number = short(concept).split("/")[1]
        assert schemes.value(concept, SKOS.exactMatch) == URIRef(f"http://metadata.un.org/sdg/{number}")
        assert schemes.value(concept, SKOS.notation) == Literal(number)


CPC = "https://data.epo.org/linked-data/def/cpc/"


def test_classes_of_patents_and_industries_are_of_the_form_that_theirs_have(schemes: Graph) -> None:
    exact: Counter[str] = Counter()
    mapped = set()
    for predicate in (SKOS.exactMatch, SKOS.closeMatch):
        for concept, other in schemes.subject_objects(predicate):
            if str(other).startswith(CPC):
                assert re.fullmatch(r"Y0(?:2[ABCDEPTW]|4S)(?:\d{1,2}-\d{2,6})?", str(other).removeprefix(CPC)), other
                assert short(concept).startswith("technology/")
                exact[str(other)] += predicate == SKOS.exactMatch
                mapped.add(concept)
    assert len(mapped) >= 80
    # what is exactly one class is so for one concept
    assert max(exact.values()) == 1
    for kind, code in schemes.subject_objects(CES.jsicCode):
        assert re.fullmatch(r"[A-T]|\d{2,4}", str(code)) and short(kind).startswith("member-kind/")


def test_schemes_conform_to_the_shapes(ces: Graph, schemes: Graph) -> None:
    """Figures, aims and rule sets in the schemes are records of the kinds that the shapes speak of."""
    shapes = read(sorted((ONTOLOGY / "shapes").glob("*.ttl")))
    _, report, _ = pyshacl.validate(schemes, shacl_graph=shapes, ont_graph=ces, inference="none")
    found = {
        (short(report.value(r, SH.focusNode) or r), str(report.value(r, SH.sourceShape)))
        for r in report.objects(None, SH.result)
    }
    assert found == set()


# --- Consistency --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def everything(ces: Graph, schemes: Graph) -> Graph:
    """Terms, schemes and a sample of each record."""
    return ces + schemes + read(sorted(EXAMPLES.glob("*.ttl")))


def test_ontology_schemes_and_records_are_consistent_in_owl_2_rl(everything: Graph) -> None:
    assert contradictions(everything) == []


CONTRADICTIONS = {
    "a partner that is a technology": "ex:partner a ces:Technology .",
    "a region offered as a partner": "ex:technology ces:offeredBy region:13206 . region:13206 a ces:Municipality .",
    "a date that is none": 'ex:event ces:startsOn "2025-13-45"^^xsd:date .',
    "a registration that is its own record": "ex:technology a ces:Registration .",
    "a prefecture that is a municipality": "region:13206 a ces:Prefecture, ces:Municipality .",
}


@pytest.mark.parametrize("data", CONTRADICTIONS.values(), ids=CONTRADICTIONS.keys())
def test_reasoner_notices_a_contradiction(data: str, ces: Graph) -> None:
    prefixes = "".join(
        f"@prefix {prefix}: <{iri}> .\n"
        for prefix, iri in {
            "ces": CES,
            "ex": "https://w3id.org/meguri/id/",
            "region": "https://w3id.org/meguri/region/",
            "xsd": "http://www.w3.org/2001/XMLSchema#",
        }.items()
    )
    sample = "ex:partner a ces:Partner . ex:technology a ces:Technology . ex:event a ces:Event .\n"
    graph = ces + Graph().parse(data=prefixes + sample + data, format="turtle")
    assert contradictions(graph) != []
