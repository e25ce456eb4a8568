"""What the shapes find, as the layers above see it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from rdflib import Literal, URIRef
from rdflib.namespace import XSD

from kg.commit import Submission
from kg.iris import fragment
from kg.namespaces import CES, CONCEPT, DCTERMS, RDF, RDFS, SCHEMA, SKOS
from kg.oxigraph_store import OxigraphStore
from kg.residents import Residents
from kg.validation import Finding, Validator
from tests.kg.samples import RESIDENT, iri, issue, partner, small_store, submission, technology


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OxigraphStore]:
    store = small_store(tmp_path_factory.mktemp("validation"))
    yield store
    store.close()


@pytest.fixture(scope="module")
def validator(store: OxigraphStore) -> Validator:
    return Validator(store)


def judge(validator: Validator, *records: Submission) -> dict[str, list[Finding]]:
    found = validator.validate({iri(r.id): r.graph for r in records})
    return {r.id: found.get(iri(r.id), []) for r in records}


def wrong_amount() -> Submission:
    made = issue("issue-amount", "量")
    made.graph.set((fragment(iri("issue-amount"), "amount-1"), SCHEMA.value, Literal("約300")))
    return made


FAULTY = {
    "no region": submission("issue-1", CES.Issue, (RDFS.label, Literal("題名", lang="ja"))),
    "unknown region": issue("issue-2", "題名", region="99999"),
    "no name": submission("partner-1", CES.Partner),
    "corporate number": partner("partner-2", (CES.corporateNumber, Literal("0123456789012"))),
    "unknown theme": partner("partner-3", (CES.hasTheme, CONCEPT["theme/none"])),
    "theme of another scheme": partner("partner-4", (CES.hasTheme, CONCEPT["member-kind/company"])),
    "language": submission("partner-5", CES.Partner, (RDFS.label, Literal("Öl GmbH", lang="de"))),
    "no such partner": technology("technology-1", "partner-none"),
    "date": partner("partner-6", (DCTERMS.issued, Literal("令和7年", datatype=XSD.date, normalize=False))),
    "amount": wrong_amount(),
}


@pytest.fixture(scope="module")
def judged(validator: Validator) -> dict[str, list[Finding]]:
    return judge(validator, *FAULTY.values())


@pytest.mark.parametrize("name", FAULTY)
def test_what_is_wrong_is_an_error_in_both_languages(judged: dict[str, list[Finding]], name: str) -> None:
    findings = judged[FAULTY[name].id]
    assert any(finding.severity == "error" for finding in findings)
    for finding in findings:
        assert finding.en.isascii()
        assert not finding.ja.isascii()
        assert finding.shape is not None
        assert finding.record == iri(FAULTY[name].id)


def test_a_finding_names_property_and_value(judged: dict[str, list[Finding]]) -> None:
    (finding,) = [f for f in judged["issue-2"] if f.severity == "error"]
    assert finding.path == CES.inRegion
    assert finding.value == URIRef("https://w3id.org/meguri/region/99999")


def test_a_finding_on_a_part_belongs_to_its_record(judged: dict[str, list[Finding]]) -> None:
    (finding,) = judged["issue-amount"]
    assert (finding.path, finding.value) == (SCHEMA.value, Literal("約300"))


def test_a_good_record_has_no_findings(validator: Validator) -> None:
    batch = (issue("issue-9", "廃食用油の回収"), partner("partner-9"), technology("technology-9", "partner-9"))
    assert judge(validator, *batch) == {"issue-9": [], "partner-9": [], "technology-9": []}


def test_findings_do_not_depend_on_the_rest_of_the_batch(
    validator: Validator, judged: dict[str, list[Finding]]
) -> None:
    assert judge(validator, FAULTY["unknown region"])["issue-2"] == judged["issue-2"]


def test_what_could_be_better_is_a_warning(validator: Validator) -> None:
    bare = technology("technology-2", "partner-9")
    bare.graph.remove((None, CES.technologyKind, None))
    (finding,) = judge(validator, bare, partner("partner-9"))["technology-2"]
    assert (finding.severity, finding.path) == ("warning", CES.technologyKind)
    assert finding.ja
    assert finding.en


def test_validating_alone_makes_nothing_known(validator: Validator) -> None:
    judge(validator, partner("partner-passing"))
    assert judge(validator, technology("technology-3", "partner-passing"))["technology-3"]


def test_what_is_remembered_is_known_until_it_is_forgotten(store: OxigraphStore) -> None:
    validator = Validator(store)
    user = technology("technology-3", "partner-7")
    validator.remember({iri("partner-7"): partner("partner-7").graph})
    assert judge(validator, user)["technology-3"] == []
    validator.forget([iri("partner-7")])
    assert judge(validator, user)["technology-3"]


def test_the_records_are_not_changed(validator: Validator) -> None:
    record = FAULTY["unknown region"]
    before = set(record.graph)
    judge(validator, record)
    assert set(record.graph) == before


def test_residents_are_known_by_types_and_schemes_only(store: OxigraphStore) -> None:
    everything = store.graph(RESIDENT)
    residents = Residents(store)
    known = set(residents.triples(set(everything.subjects())))
    assert known
    assert known < set(everything)
    assert {predicate for _, predicate, _ in known} <= {RDF.type, SKOS.inScheme, RDFS.subClassOf}


def test_residents_are_read_again_after_many_others(store: OxigraphStore) -> None:
    residents = Residents(store, kept=10)
    node = next(iter(store.graph(RESIDENT).subjects(RDF.type)))
    before = set(residents.triples([node]))
    residents.learn(URIRef(f"https://example.org/{number}") for number in range(20))
    residents.learn([])
    residents.learn([node])
    assert set(residents.triples([node])) == before
