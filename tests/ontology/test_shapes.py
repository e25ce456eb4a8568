"""Every shape against one valid example and, broken in one place after the other, against invalid ones.

All broken copies are validated in one run, each under an IRI of its own, so that the suite stays fast.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyshacl
import pytest
from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import RDF, RDFS, SH, SKOS
from rdflib.term import Node

ROOT = Path(__file__).resolve().parents[2]
SHAPES = sorted((ROOT / "ontology" / "shapes").glob("*.ttl"))
EXAMPLES = Path(__file__).parent / "examples"
CES = Namespace("https://w3id.org/meguri/ces#")
ID = Namespace("https://w3id.org/meguri/id/")
RESOURCE = Namespace("https://w3id.org/meguri/concept/resource/")
SCHEME = Namespace("https://w3id.org/meguri/scheme/")


@dataclass(frozen=True)
class Broken:
    """A copy of the valid example ``of`` without the values of ``drop`` and with ``add``, caught by ``shape``."""

    shape: str
    of: str
    drop: str = ""
    add: str = ""
    warns: bool = False
    also: tuple[str, ...] = ()


def error(shape: str, of: str, drop: str = "", add: str = "", also: tuple[str, ...] = ()) -> Broken:
    return Broken(shape, of, drop, add, warns=False, also=also)


def warning(shape: str, of: str, drop: str = "", add: str = "", also: tuple[str, ...] = ()) -> Broken:
    return Broken(shape, of, drop, add, warns=True, also=also)


NOWHERE = "region:99999"
NOBODY = "ex:nobody"
OTHER_SCHEME = "theme:one"
NOT_A_DATE = '"令和7年4月1日"'

RECORDS = [
    error("RecordShape-labelLanguage", "technology", add='rdfs:label "無題"'),
    error("RecordShape-labelLanguage", "issue", add='rdfs:label "Frage"@de'),
    error("RecordShape-labelNotBlank", "technology", "rdfs:label", 'rdfs:label "　"@ja'),
    error("RecordShape-labelLength", "partner", "rdfs:label", f'rdfs:label "{"長" * 301}"@ja'),
    warning("RecordShape-labelOnce", "event", add='rdfs:label "別の名称"@ja'),
    error("RecordShape-descriptionLanguage", "technology", add='dct:description "no language"'),
    error("RecordShape-descriptionNotBlank", "technology", "dct:description", 'dct:description " "@en'),
    warning("RecordShape-descriptionOnce", "technology", add='dct:description "もう一つの概要"@ja'),
    error("RecordShape-language", "technology", add='dct:language "日本語"'),
    error(
        "RecordShape-issued",
        "technology",
        "dct:issued",
        f"dct:issued {NOT_A_DATE}",
        ("RecordShape-issuedBeforeModified",),
    ),
    error("RecordShape-modified", "technology", add='dct:modified "2025-06-01"^^xsd:date'),
    warning("RecordShape-issuedBeforeModified", "technology", "dct:issued", 'dct:issued "2025-12-01"^^xsd:date'),
    error("RecordShape-validUntil", "technology", "ces:validUntil", f"ces:validUntil {NOT_A_DATE}"),
    warning("RecordShape-sourceDate", "technology", "ces:sourceDate", f"ces:sourceDate {NOT_A_DATE}"),
    warning("RecordShape-enteredOn", "technology", add="ces:enteredOn 2025"),
    error("RecordShape-isSample", "technology", "ces:isSample", 'ces:isSample "はい"'),
    warning("RecordShape-identifier", "technology", add='dct:identifier "T002"'),
    warning("RecordShape-url", "technology", "schema:url", 'schema:url "example.jp/t001"'),
    error("RecordShape-hasTheme", "technology", add="ces:hasTheme theme:missing"),
    error("RecordShape-hasTheme", "issue", add="ces:hasTheme resource:one"),
    error("RecordShape-hasAmount", "technology", add="ces:hasAmount ex:nothing"),
    error("RecordShape-hasDimension", "technology", add=f"ces:hasDimension {OTHER_SCHEME}"),
    error("RecordShape-hasFlow", "technology", add=f"ces:hasFlow {OTHER_SCHEME}"),
    error("RecordShape-possibleDuplicateOf", "technology", add='ces:possibleDuplicateOf "T002"'),
    error("QuantityShape-value", "quantity", "schema:value", 'schema:value "約12000"'),
    error("QuantityShape-valueOnce", "quantity", "schema:value"),
    warning("QuantityShape-unitText", "quantity", "schema:unitText"),
    error("RegistrationShape-registers", "registration", "ces:registers"),
    error("RegistrationShape-submittedBy", "registration", "ces:submittedBy", 'ces:submittedBy "田中"'),
    error("RegistrationShape-lastConfirmedOn", "registration", "ces:lastConfirmedOn", "ces:lastConfirmedOn 2025"),
    error("RegistrationShape-validUntil", "registration", "ces:validUntil", "ces:validUntil 2026"),
    error("ProgrammeParticipationShape", "participation", "ces:participant"),
    error("ProgrammeParticipationShape-inProgramme", "participation", "ces:inProgramme"),
    error(
        "ProgrammeParticipationShape-participationKind", "participation", add=f"ces:participationKind {OTHER_SCHEME}"
    ),
    error(
        "ProgrammeParticipationShape-participationYear",
        "participation",
        "ces:participationYear",
        'ces:participationYear "令和2"',
    ),
]

TECHNOLOGIES = [
    error("TechnologyShape-label", "technology", "rdfs:label"),
    warning("TechnologyShape-description", "technology", "dct:description"),
    error("TechnologyShape-offeredBy", "technology", "ces:offeredBy"),
    error("TechnologyShape-offeredByExists", "technology", "ces:offeredBy", f"ces:offeredBy {NOBODY}"),
    error("TechnologyShape-offeredByExists", "technology", "ces:offeredBy", "ces:offeredBy ex:issue"),
    error("TechnologyShape-technologyKind", "technology", add=f"ces:technologyKind {OTHER_SCHEME}"),
    warning("TechnologyShape-technologyKindGiven", "technology", "ces:technologyKind"),
    error("TechnologyShape-usesResource", "technology", add=f"ces:usesResource {OTHER_SCHEME}"),
    error("TechnologyShape-usesResource", "technology", add="ces:usesResource resource:missing"),
    error("TechnologyShape-yieldsResource", "technology", add=f"ces:yieldsResource {OTHER_SCHEME}"),
    error("TechnologyShape-suitsLevel", "technology", add='ces:suitsLevel "地域"'),
    error("TechnologyShape-readiness", "technology", "ces:readiness", "ces:readiness readiness:trl10"),
    warning("TechnologyShape-readinessOnce", "technology", add="ces:readiness readiness:trl8, readiness:trl7"),
    error("TechnologyShape-needsPermit", "technology", add="ces:needsPermit permit:missing"),
    error("TechnologyShape-deployedIn", "technology", add=f"ces:deployedIn {NOWHERE}"),
    error("TechnologyShape-availableIn", "technology", add=f"ces:availableIn {NOWHERE}"),
    error("TechnologyShape-addressesIssue", "technology", add="ces:addressesIssue ex:missing"),
    error("TechnologyShape-cooperation", "technology", add=f"ces:cooperation {OTHER_SCHEME}"),
    warning("TechnologyShape-literals", "technology", add='ces:costRange "  "'),
]

ISSUES = [
    error("IssueShape-label", "issue", "rdfs:label"),
    warning("IssueShape-description", "issue", "dct:description"),
    error("IssueShape-inRegion", "issue", "ces:inRegion"),
    error("IssueShape-inRegion", "issue", add="ces:inRegion region:14382"),
    error("IssueShape-inRegionExists", "issue", "ces:inRegion", f"ces:inRegion {NOWHERE}"),
    error("IssueShape-issueKind", "issue", "ces:issueKind", f"ces:issueKind {OTHER_SCHEME}"),
    warning("IssueShape-issueKindOnce", "issue", add="ces:issueKind issueKind:wish"),
    error("IssueShape-suitsLevel", "issue", add=f"ces:suitsLevel {OTHER_SCHEME}"),
    error("IssueShape-concernsResource", "issue", add=f"ces:concernsResource {OTHER_SCHEME}"),
    warning("IssueShape-wantedPartner", "issue", add='ces:wantedPartner "地元の企業"@ja'),
    error("IssueShape-cooperation", "issue", add=f"ces:cooperation {OTHER_SCHEME}"),
    error("IssueShape-raisedBy", "issue", "ces:raisedBy", f"ces:raisedBy {NOBODY}"),
    warning("IssueShape-hasThemeGiven", "issue", "ces:hasTheme"),
    warning("IssueShape-literals", "issue", add='ces:constraint ""'),
]

RESOURCES = [
    error("RegionalResourceShape-label", "resource", "rdfs:label"),
    error("RegionalResourceShape-inRegion", "resource", "ces:inRegion"),
    error("RegionalResourceShape-inRegionExists", "resource", "ces:inRegion", f"ces:inRegion {NOWHERE}"),
    error("RegionalResourceShape-resourceKind", "resource", add=f"ces:resourceKind {OTHER_SCHEME}"),
    warning("RegionalResourceShape-resourceKindGiven", "resource", "ces:resourceKind"),
    warning("RegionalResourceShape-hasAmountGiven", "resource", "ces:hasAmount"),
    warning("RegionalResourceShape-season", "resource", add="ces:season ex:winter"),
]

PARTNERS = [
    error("PartnerShape-label", "partner", "rdfs:label"),
    error("PartnerShape-corporateNumber", "partner", "ces:corporateNumber", 'ces:corporateNumber "0000012050002"'),
    error("PartnerShape-corporateNumber", "partner", "ces:corporateNumber", 'ces:corporateNumber "000012050002"'),
    error("PartnerShape-corporateNumber", "partner", "ces:corporateNumber", 'ces:corporateNumber "7000-01-205000"'),
    error("PartnerShape-corporateNumberOnce", "partner", add='ces:corporateNumber "8000020130001"'),
    error("PartnerShape-memberKind", "partner", "ces:memberKind", "ces:memberKind kind:missing"),
    warning("PartnerShape-memberKindGiven", "partner", "ces:memberKind"),
    error("PartnerShape-inRegion", "partner", "ces:inRegion", f"ces:inRegion {NOWHERE}"),
    error("PartnerShape-activeIn", "partner", add=f"ces:activeIn {NOWHERE}"),
    warning("PartnerShape-foundedYear", "partner", "ces:foundedYear", 'ces:foundedYear "平成10年"'),
    warning("PartnerShape-size", "partner", "ces:size", "ces:size ex:large"),
]

SCHEMES = [
    error("SupportSchemeShape-label", "scheme", "rdfs:label"),
    warning("SupportSchemeShape-providedByGiven", "scheme", "ces:providedBy"),
    error("SupportSchemeShape-providedBy", "scheme", "ces:providedBy", f"ces:providedBy {NOBODY}"),
    error("SupportSchemeShape-eligibleKind", "scheme", add=f"ces:eligibleKind {OTHER_SCHEME}"),
    error("SupportSchemeShape-eligibleRegion", "scheme", add=f"ces:eligibleRegion {NOWHERE}"),
    error(
        "SupportSchemeShape-applicationOpens",
        "scheme",
        "ces:applicationOpens",
        f"ces:applicationOpens {NOT_A_DATE}",
        ("SupportSchemeShape-opensBeforeCloses",),
    ),
    error(
        "SupportSchemeShape-applicationCloses",
        "scheme",
        "ces:applicationCloses",
        'ces:applicationCloses "随時"',
        ("SupportSchemeShape-opensBeforeCloses",),
    ),
    error(
        "SupportSchemeShape-opensBeforeCloses",
        "scheme",
        "ces:applicationCloses",
        'ces:applicationCloses "2024-06-30"^^xsd:date',
    ),
    warning("SupportSchemeShape-upperLimit", "scheme", "ces:upperLimit", 'ces:upperLimit "1,000万円"'),
    warning("SupportSchemeShape-literals", "scheme", add='ces:subsidyRate " "'),
    warning("SupportSchemeShape-source", "scheme", "dct:source"),
]

PROJECTS = [
    error("ProjectShape-label", "project", "rdfs:label"),
    error("ProjectShape-inRegion", "project", "ces:inRegion", f"ces:inRegion {NOWHERE}"),
    warning("ProjectShape-inRegionGiven", "project", "ces:inRegion"),
    error("ProjectShape-usesTechnology", "project", add="ces:usesTechnology ex:partner"),
    error("ProjectShape-hasPartner", "project", add=f"ces:hasPartner {NOBODY}"),
    error("ProjectShape-addressesIssue", "project", add="ces:addressesIssue ex:missing"),
    error("ProjectShape-startedOn", "project", "ces:startedOn", "ces:startedOn 2024", ("ProjectShape-startBeforeEnd",)),
    error("ProjectShape-endedOn", "project", "ces:endedOn", "ces:endedOn 2025", ("ProjectShape-startBeforeEnd",)),
    error("ProjectShape-startBeforeEnd", "project", "ces:endedOn", 'ces:endedOn "2023-03-31"^^xsd:date'),
    error("ProjectShape-cooperation", "project", add=f"ces:cooperation {OTHER_SCHEME}"),
    warning("ProjectShape-literals", "project", add='ces:projectState ""'),
    error("ExchangeShape-exchangedResource", "exchange", "ces:exchangedResource"),
    error("ExchangeShape-fromRegion", "exchange", add=f"ces:fromRegion {NOWHERE}"),
    error("ExchangeShape-toRegion", "exchange", add=f"ces:toRegion {NOWHERE}"),
    error("ExchangeShape-fromPartner", "exchange", add=f"ces:fromPartner {NOBODY}"),
    error("ExchangeShape-toPartner", "exchange", add=f"ces:toPartner {NOBODY}"),
    error("MatchShape-matchesIssue", "match", "ces:matchesIssue"),
    error("MatchShape-matchesTechnology", "match", "ces:matchesTechnology", "ces:matchesTechnology ex:issue"),
    error("MatchShape-matchState", "match", "ces:matchState"),
    error("MatchShape-stateSince", "match", "ces:stateSince", f"ces:stateSince {NOT_A_DATE}"),
]

COMMITMENTS = [
    warning("CommitmentShape-label", "commitment", "rdfs:label"),
    error("CommitmentShape-committedBy", "commitment", "ces:committedBy"),
    error("CommitmentShape-committedByExists", "commitment", "ces:committedBy", f"ces:committedBy {NOBODY}"),
    error("CommitmentShape-memberKind", "commitment", "ces:memberKind"),
    error(
        "CommitmentShape-memberKindExists",
        "commitment",
        "ces:memberKind",
        f"ces:memberKind {OTHER_SCHEME}",
        ("CommitmentShape-memberKindAgrees",),
    ),
    warning("CommitmentShape-memberKindAgrees", "commitmentOfCity", "ces:committedBy", "ces:committedBy ex:college"),
    error("CommitmentShape-joinedOn", "commitment", "ces:joinedOn"),
    error(
        "CommitmentShape-goalSubmittedOn",
        "commitment",
        "ces:goalSubmittedOn",
        f"ces:goalSubmittedOn {NOT_A_DATE}",
        ("CommitmentShape-joinedBeforeGoal", "CommitmentShape-goalBeforeChange"),
    ),
    error(
        "CommitmentShape-changedOn",
        "commitment",
        "ces:changedOn",
        "ces:changedOn 2025",
        ("CommitmentShape-goalBeforeChange",),
    ),
    warning(
        "CommitmentShape-joinedBeforeGoal",
        "commitment",
        "ces:goalSubmittedOn",
        'ces:goalSubmittedOn "2024-03-01"^^xsd:date',
    ),
    warning("CommitmentShape-goalBeforeChange", "commitment", "ces:changedOn", 'ces:changedOn "2025-02-01"^^xsd:date'),
    error("CommitmentShape-baselineValue", "commitment", "ces:baselineValue", 'ces:baselineValue "20%"'),
    error("CommitmentShape-targetValue", "commitment", "ces:targetValue", 'ces:targetValue "半分"@ja'),
    error("CommitmentShape-baselineYear", "commitment", "ces:baselineYear", "ces:baselineYear 20"),
    error("CommitmentShape-targetYear", "commitment", "ces:targetYear", "ces:targetYear 20300"),
    warning("CommitmentShape-yearOrder", "commitment", "ces:baselineYear", "ces:baselineYear 2031"),
    error(
        "CommitmentShape-measuresPublishedOn",
        "commitment",
        "ces:measuresPublishedOn",
        f"ces:measuresPublishedOn {NOT_A_DATE}",
    ),
    error(
        "CommitmentShape-followUpPeriodMonths",
        "commitmentOfCity",
        "ces:followUpPeriodMonths",
        "ces:followUpPeriodMonths 0",
    ),
    error("CommitmentShape-realisedThrough", "commitment", "ces:realisedThrough", "ces:realisedThrough ex:partner"),
    warning("CompanyCommitmentShape-indicator", "commitment", "ces:indicator"),
    warning("CompanyCommitmentShape-targetValue", "commitment", "ces:targetValue"),
    warning("CompanyCommitmentShape-unit", "commitment", "ces:unit"),
    warning("CompanyCommitmentShape-targetYear", "commitment", "ces:targetYear"),
    warning(
        "CompanyCommitmentShape-measuresPublishedAt",
        "commitment",
        "ces:measuresPublishedAt",
        'ces:measuresPublishedAt "社内報"@ja',
    ),
    warning(
        "CompanyCommitmentShape-followUpPeriodMonths",
        "commitment",
        "ces:followUpPeriodMonths",
        "ces:followUpPeriodMonths 24",
    ),
    warning("LocalGovernmentCommitmentShape-indicator", "commitmentOfCity", "ces:indicator"),
    warning("LocalGovernmentCommitmentShape-targetValue", "commitmentOfCity", "ces:targetValue"),
    warning("LocalGovernmentCommitmentShape-unit", "commitmentOfCity", "ces:unit"),
    warning("LocalGovernmentCommitmentShape-targetYear", "commitmentOfCity", "ces:targetYear"),
    warning("LocalGovernmentCommitmentShape-followUpPeriodMonths", "commitmentOfCity", "ces:followUpPeriodMonths"),
    warning("UniversityCommitmentShape-followUpPeriodMonths", "commitmentOfCollege", "ces:followUpPeriodMonths"),
    error("FollowUpShape-followsUp", "followup", "ces:followsUp"),
    error("FollowUpShape-followsUpExists", "followup", "ces:followsUp", "ces:followsUp ex:missing"),
    error("FollowUpShape-reportedOn", "followup", "ces:reportedOn"),
    error("FollowUpShape-reportedValue", "followup", "ces:reportedValue", 'ces:reportedValue "31.5%"'),
    error("FollowUpShape-reportedYear", "followup", "ces:reportedYear", 'ces:reportedYear "R7"'),
    error("MeasureShape-label", "measure", "rdfs:label"),
    error("MeasureShape-measuresPublishedOn", "measure", "ces:measuresPublishedOn", "ces:measuresPublishedOn 2025"),
]

EVENTS = [
    error("EventShape-label", "event", "rdfs:label"),
    error("EventShape-startsOn", "event", "ces:startsOn"),
    error("EventShape-endsOn", "event", "ces:endsOn", f"ces:endsOn {NOT_A_DATE}", ("EventShape-startBeforeEnd",)),
    error("EventShape-startBeforeEnd", "event", "ces:endsOn", 'ces:endsOn "2025-10-14"^^xsd:date'),
    error("EventShape-inRegion", "event", "ces:inRegion", f"ces:inRegion {NOWHERE}"),
    error("EventShape-organisedBy", "event", "ces:organisedBy", f"ces:organisedBy {NOBODY}"),
    warning("EventShape-place", "event", "ces:place"),
]

DOCUMENTS = [
    error("DocumentShape-label", "document", "rdfs:label"),
    error("DocumentShape-aboutRegion", "document", add=f"ces:aboutRegion {NOWHERE}"),
    error("DocumentShape-hasPassage", "document", add="ces:hasPassage ex:missing"),
    warning("DocumentShape-source", "document", "dct:source"),
    error("PassageShape-text", "passage", "ces:text"),
    error("PassageShape-page", "passage", "ces:page", "ces:page 0"),
    error("PassageShape-startOffset", "passage", "ces:startOffset", "ces:startOffset -1"),
    error("PassageShape-endOffset", "passage", "ces:endOffset"),
    error("PassageShape-order", "passage", "ces:startOffset", "ces:startOffset 16"),
    warning("PassageShape-language", "passage", "dct:language", 'dct:language "de"'),
    error("PassageShape-hasMention", "passage", add="ces:hasMention ex:missing"),
    error("MentionShape-exactText", "mention", "ces:exactText"),
    error("MentionShape-mentions", "mention", "ces:mentions", 'ces:mentions "府中市"'),
    error("MentionShape-startOffset", "mention", "ces:startOffset"),
    error("MentionShape-endOffset", "mention", "ces:endOffset"),
    error("MentionShape-order", "mention", "ces:endOffset, ces:startOffset", "ces:startOffset 5; ces:endOffset 3"),
    error("MentionShape-confidence", "mention", "ces:confidence", "ces:confidence 90"),
    warning("MentionShape-method", "mention", "ces:method"),
    error("StatementShape-statementSubject", "statement", "ces:statementSubject"),
    error(
        "StatementShape-statementPredicate",
        "statement",
        "ces:statementPredicate",
        'ces:statementPredicate "deployedIn"',
    ),
    error("StatementShape-concludedFrom", "statement", "ces:concludedFrom"),
    error("StatementShape-confidence", "statement", "ces:confidence", "ces:confidence -0.1"),
    error("StatementShape-reviewed", "statement", "ces:reviewed", 'ces:reviewed "未"'),
]

CONCEPTS = [
    error("ConceptShape", "concept", "skos:broader"),
    error("ConceptShape-prefLabelJa", "concept", "skos:prefLabel", 'skos:prefLabel "Spent oil"@en'),
    error("ConceptShape-prefLabelEn", "concept", add='skos:prefLabel "Old oil"@en'),
    error("ConceptShape-prefLabelLanguage", "concept", add='skos:prefLabel "Altöl"@de'),
    error("ConceptShape-definitionJa", "concept", "skos:definition", 'skos:definition "An example."@en'),
    error("ConceptShape-definitionEn", "concept", "skos:definition", 'skos:definition "例。"@ja'),
    error("ConceptShape-altLabelLanguage", "concept", add='skos:altLabel "UCO"'),
    warning("ConceptShape-altLabelDiffers", "concept", add='skos:altLabel "使い終えた油"@ja'),
    error("ConceptShape-labelNotBlank", "concept", add='skos:altLabel " "@ja'),
    error("ConceptShape-inScheme", "concept", "skos:inScheme"),
    error(
        "ConceptShape-broader",
        "concept",
        add="skos:broader resource:missing",
        also=("ConceptSchemeShape-foreignBroader",),
    ),
    error("ConceptShape-related", "concept", add="skos:related theme:missing"),
    error("ConceptShape-usesResource", "concept", add="ces:usesResource theme:one"),
    error("ConceptShape-yieldsResource", "concept", add="ces:yieldsResource theme:one"),
    error("ConceptShape-addressesTheme", "concept", add="ces:addressesTheme resource:one"),
    error("ConceptShape-suitsLevel", "concept", add="ces:suitsLevel theme:one"),
    error("ConceptShape-needsPermit", "concept", add="ces:needsPermit permit:missing"),
    error("ConceptShape-contributesTo", "concept", add="ces:contributesTo sdg:99"),
    error("ConceptShape-namesActivity", "concept", add="ces:namesActivity theme:one"),
    error("ConceptShape-nextStep", "concept", add="ces:nextStep resource:missing"),
    error("ConceptShape-hasDimension", "concept", add="ces:hasDimension theme:one"),
    error("ConceptShape-carriesFlow", "concept", add="ces:carriesFlow theme:one"),
    error("ConceptSchemeShape-titleJa", "conceptScheme", "dct:title", 'dct:title "Example"@en'),
    error("ConceptSchemeShape-titleEn", "conceptScheme", "dct:title", 'dct:title "例"@ja'),
    error("ConceptSchemeShape-hasTopConcept", "conceptScheme", "skos:hasTopConcept"),
]

CASES = (
    RECORDS
    + TECHNOLOGIES
    + ISSUES
    + RESOURCES
    + PARTNERS
    + SCHEMES
    + PROJECTS
    + COMMITMENTS
    + EVENTS
    + DOCUMENTS
    + CONCEPTS
)
SCHEME_WIDE = {"ConceptSchemeShape-cycle", "ConceptSchemeShape-sameLabel", "ConceptSchemeShape-foreignBroader"}


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
    special = {"concept": RESOURCE.narrow, "conceptScheme": SCHEME.example}
    return special.get(name, ID[name])


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
        if shape == CES.ConceptSchemeShape:  # asked of a scheme, answered with the concept at fault
            shape, focus = report.value(result, SH.sourceConstraint), report.value(result, SH.value)
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
    found = findings(with_concepts(data), shapes)
    copies_share_labels = "ConceptSchemeShape-sameLabel"
    return {
        focus: {finding for finding in some if finding.shape != copies_share_labels} for focus, some in found.items()
    }


VALID = [
    "technology",
    "quantity",
    "issue",
    "resource",
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
    "concept",
    "conceptScheme",
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
    assert found[case.shape].severity == (SH.Warning if case.warns else SH.Violation)
    assert found[case.shape].languages == {"ja", "en"}


BROKEN_SCHEME = """
@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix ex: <https://w3id.org/meguri/id/> . @prefix scheme: <https://w3id.org/meguri/scheme/> .
scheme:broken a skos:ConceptScheme ; dct:title "壊れた体系"@ja, "Broken"@en ; skos:hasTopConcept ex:top .
ex:top a skos:Concept ; skos:prefLabel "頂点"@ja, "Top"@en ; skos:definition "例。"@ja, "E."@en ;
    skos:inScheme scheme:broken ; skos:topConceptOf scheme:broken .
ex:a a skos:Concept ; skos:prefLabel "甲"@ja, "A"@en ; skos:definition "例。"@ja, "E."@en ;
    skos:inScheme scheme:broken ; skos:broader ex:b .
ex:b a skos:Concept ; skos:prefLabel "乙"@ja, "B"@en ; skos:definition "例。"@ja, "E."@en ;
    skos:inScheme scheme:broken ; skos:broader ex:a .
ex:c a skos:Concept ; skos:prefLabel "丙"@ja, "Top"@en ; skos:definition "例。"@ja, "E."@en ;
    skos:inScheme scheme:broken ; skos:broader ex:top .
ex:d a skos:Concept ; skos:prefLabel "丁"@ja, "D"@en ; skos:definition "例。"@ja, "E."@en ;
    skos:inScheme scheme:broken ; skos:broader ex:elsewhere .
scheme:other a skos:ConceptScheme ; dct:title "別の体系"@ja, "Other"@en ; skos:hasTopConcept ex:elsewhere .
ex:elsewhere a skos:Concept ; skos:prefLabel "よそ"@ja, "Elsewhere"@en ; skos:definition "例。"@ja, "E."@en ;
    skos:inScheme scheme:other ; skos:topConceptOf scheme:other .
"""


def test_broken_scheme_is_refused_with_the_place(shapes: Graph) -> None:
    found = findings(Graph().parse(data=BROKEN_SCHEME, format="turtle"), shapes)
    places = {(str(place).removeprefix(str(ID)), finding.shape) for place, some in found.items() for finding in some}
    assert {p for p in places if p[1].endswith("cycle")} == {
        ("a", "ConceptSchemeShape-cycle"),
        ("b", "ConceptSchemeShape-cycle"),
    }
    assert {p for p in places if p[1].endswith("sameLabel")} == {
        (c, "ConceptSchemeShape-sameLabel") for c in ("top", "c")
    }
    assert {p for p in places if p[1].endswith("foreignBroader")} == {("d", "ConceptSchemeShape-foreignBroader")}
    for finding in (
        finding for some in found.values() for finding in some
    ):  # pyshacl drops the tags of SPARQL messages
        assert finding.messages == {str(m) for m in shapes.objects(CES[finding.shape], SH.message)}


def reporting_shapes(shapes: Graph) -> set[str]:
    """Every shape or constraint that can appear in a report with a message of its own."""
    nodes = set(shapes.subjects(SH.message, None))
    return {str(node).removeprefix(str(CES)) for node in nodes}


def test_every_rule_has_been_seen_to_fail(shapes: Graph) -> None:
    assert reporting_shapes(shapes) - SCHEME_WIDE == {case.shape for case in CASES}


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
            assert shapes.value(shape, SH.severity) in (SH.Violation, SH.Warning), shape


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
