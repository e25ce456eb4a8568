"""Rows become records: required fields, languages, concepts, organisations."""

from __future__ import annotations

import pytest

from ingest.model import Modeller
from ingest.problems import Problem, Problems
from ingest.records import Issue, Partner, Record, RegionalResource, Technology
from ingest.values import Values
from kg.iris import Kind
from kg.namespaces import CONCEPT, REGION
from tests.ingest.support import BASE

TECHNOLOGY: dict[str, object] = {"technology": "廃油の燃料化", "organisation": "株式会社甲"}
ISSUE: dict[str, object] = {"issue": "竹林の放置", "municipality": "真庭市"}


def model(modeller: Modeller, kind: Kind, values: dict[str, object]) -> tuple[list[Record], list[Problem]]:
    problems = Problems()
    records = modeller.model(kind, Values(values), "file.csv", problems)
    modeller.organisations.remember(records)
    return records, problems.found


def one(modeller: Modeller, kind: Kind, values: dict[str, object]) -> Record:
    """The row's own record, the last of those that it makes."""
    records, problems = model(modeller, kind, values)
    assert [p.code for p in problems if p.severity == "error"] == []
    return records[-1]


@pytest.mark.parametrize(
    ("kind", "values", "missing"),
    [
        ("technology", {"organisation": "甲"}, ["technology"]),
        ("technology", {"technology": "乙"}, ["organisation"]),
        ("technology", {}, ["technology", "organisation"]),
        ("issue", {"municipality": "真庭市"}, ["issue"]),
        ("issue", {"issue": "竹林の放置"}, ["regions"]),
        ("resource", {"resource": "竹"}, ["regions"]),
        ("resource", {"municipality": "真庭市"}, ["resource"]),
        ("partner", {"description": "何か"}, ["organisation"]),
    ],
)
def test_a_row_without_a_required_field_is_rejected(
    modeller: Modeller, kind: Kind, values: dict[str, object], missing: list[str]
) -> None:
    records, problems = model(modeller, kind, values)
    assert records == []
    assert {(p.code, p.severity) for p in problems} == {("required_missing", "error")}
    assert sorted(p.field for p in problems) == sorted(missing)


def test_an_english_name_alone_is_enough(modeller: Modeller) -> None:
    record = one(modeller, "technology", {"technology_en": "Used oil to fuel", "organisation": "甲"})
    assert record.labels == {"en": "Used oil to fuel"}


@pytest.mark.parametrize(
    ("values", "labels"),
    [
        ({"technology": "廃油の燃料化"}, {"ja": "廃油の燃料化"}),
        ({"technology": "Oil to fuel"}, {"en": "Oil to fuel"}),
        ({"technology": "BDF", "language": "日本語"}, {"ja": "BDF"}),
        ({"technology": "BDF", "language": "ja"}, {"ja": "BDF"}),
        ({"technology": "BDF", "language": "French"}, {"en": "BDF"}),
        ({"technology": "廃油", "technology_en": "Used oil"}, {"ja": "廃油", "en": "Used oil"}),
        ({"technology": "BDF", "technology_en": "Biodiesel"}, {"ja": "BDF", "en": "Biodiesel"}),
        ({"technology": "BDF", "technology_en": "BDF"}, {"en": "BDF"}),
    ],
)
def test_the_languages_of_a_title(modeller: Modeller, values: dict[str, object], labels: dict[str, str]) -> None:
    record = one(modeller, "technology", values | {"organisation": "甲"})
    assert record.labels == labels
    assert record.languages == tuple(sorted(labels))


def test_the_language_of_a_description_is_its_own(modeller: Modeller) -> None:
    record = one(modeller, "technology", TECHNOLOGY | {"description": "Turns used oil into fuel for city buses"})
    assert record.languages == ("en", "ja")


def test_concepts_are_found_by_any_label_in_both_languages(modeller: Modeller) -> None:
    values = {
        "resources": ["廃食用油", "Waste cooking oil", "てんぷら油の残り"],
        "readiness": "TRL 7",
        "level": ["community"],
    }
    records, problems = model(modeller, "technology", TECHNOLOGY | values)
    technology = records[-1]
    assert isinstance(technology, Technology)
    assert technology.uses == (f"{CONCEPT}resource/wasteCookingOil",)
    assert technology.readiness == (f"{CONCEPT}readiness/trl7",)
    assert technology.levels == (f"{CONCEPT}level/community",)
    assert [(p.severity, p.code, p.field, p.value) for p in problems] == [
        ("warning", "concept_unknown", "resources", "てんぷら油の残り")
    ]


def test_a_concept_of_another_scheme_is_unknown(modeller: Modeller) -> None:
    records, problems = model(modeller, "technology", TECHNOLOGY | {"themes": ["コミュニティ"]})
    assert records[-1].themes == ()
    assert [p.code for p in problems] == ["concept_unknown"]


def test_permits_are_kept_as_words_and_linked_where_they_are_concepts(modeller: Modeller) -> None:
    record = one(modeller, "technology", TECHNOLOGY | {"permits": "町内会の了解"})
    assert isinstance(record, Technology)
    assert (record.permits, record.permit_note) == ((), "町内会の了解")


def test_an_issue_and_a_resource_lie_in_one_region(modeller: Modeller) -> None:
    issue = one(modeller, "issue", ISSUE)
    resource = one(modeller, "resource", {"resource": "竹", "jis_code": "332143", "resource_kind": ["竹材"]})
    assert isinstance(issue, Issue)
    assert isinstance(resource, RegionalResource)
    assert issue.region == resource.region == f"{REGION}33214"


def test_an_issue_of_several_regions_is_rejected(modeller: Modeller) -> None:
    records, problems = model(modeller, "issue", ISSUE | {"regions": ["上勝町"]})
    assert records == []
    assert [(p.code, p.field, p.value) for p in problems] == [("region_several", "regions", "33214, 36302")]


def test_places_of_deployment_are_reported_under_their_own_column(modeller: Modeller) -> None:
    records, problems = model(modeller, "technology", TECHNOLOGY | {"deployed_in": ["府中市", "真庭市"]})
    assert isinstance(records[-1], Technology)
    assert records[-1].deployed_in == (f"{REGION}33214",)
    assert [(p.severity, p.code, p.field) for p in problems] == [("warning", "region_ambiguous", "deployed_in")]


class TestOrganisations:
    def test_an_organisation_that_is_not_registered_is_implied(self, modeller: Modeller) -> None:
        (implied, technology), _ = model(modeller, "technology", TECHNOLOGY | {"corporate_number": "7000012050002"})
        assert isinstance(implied, Partner)
        assert isinstance(technology, Technology)
        assert implied.labels == {"ja": "株式会社甲"}
        assert implied.corporate_number == "7000012050002"
        assert technology.offered_by == BASE + implied.id

    @pytest.mark.parametrize(
        "naming",
        [
            {"organisation": "株式会社甲"},
            {"organisation": "株式会社 甲"},
            {"organisation": "Ko Inc."},
            {"organisation_en": "KO INC."},
            {"organisation": "甲（旧社名）", "corporate_number": "7000012050002"},
        ],
    )
    def test_a_known_one_is_found_by_name_english_name_or_number(
        self, modeller: Modeller, naming: dict[str, object]
    ) -> None:
        known: dict[str, object] = {
            "organisation": "株式会社甲",
            "organisation_en": "Ko Inc.",
            "corporate_number": "7000012050002",
            "id": "P1",
        }
        model(modeller, "partner", known)
        records, _ = model(modeller, "technology", {"technology": "廃油の燃料化"} | naming)
        (technology,) = records
        assert isinstance(technology, Technology)
        assert technology.offered_by == f"{BASE}partner-P1"

    def test_a_namesake_with_another_number_is_another_organisation(self, modeller: Modeller) -> None:
        model(modeller, "partner", {"organisation": "株式会社甲", "corporate_number": "7000012050002", "id": "P1"})
        records, _ = model(modeller, "technology", TECHNOLOGY | {"corporate_number": "8000012010038"})
        assert isinstance(records[0], Partner)
        assert records[0].id != "partner-P1"

    def test_two_rows_that_name_it_imply_it_once(self, modeller: Modeller) -> None:
        first, _ = model(modeller, "technology", TECHNOLOGY)
        second, _ = model(modeller, "technology", TECHNOLOGY | {"technology": "別の技術"})
        assert [record.kind for record in first + second] == ["partner", "technology", "technology"]

    def test_one_that_only_a_rejected_row_named_is_implied_again(self, modeller: Modeller) -> None:
        """Otherwise the next row would refer to a partner that was never stored."""
        rejected, _ = model(modeller, "issue", ISSUE | {"regions": ["上勝町"], "organisation": "株式会社甲"})
        accepted, _ = model(modeller, "technology", TECHNOLOGY)
        assert rejected == []
        assert [record.kind for record in accepted] == ["partner", "technology"]


class TestKeys:
    def test_a_declared_id_is_the_key(self, modeller: Modeller) -> None:
        assert one(modeller, "technology", TECHNOLOGY | {"id": "T001"}).id == "technology-T001"

    def test_a_corrected_text_keeps_its_id(self, modeller: Modeller) -> None:
        first = one(modeller, "technology", TECHNOLOGY | {"description": "古い"})
        second = one(modeller, "technology", TECHNOLOGY | {"description": "新しい", "technology": "廃油 の燃料化"})
        assert first.id == second.id

    @pytest.mark.parametrize("change", [{"technology": "竹の燃料化"}, {"organisation": "株式会社乙"}])
    def test_another_title_or_organisation_is_another_record(
        self, modeller: Modeller, change: dict[str, object]
    ) -> None:
        assert one(modeller, "technology", TECHNOLOGY).id != one(modeller, "technology", TECHNOLOGY | change).id

    def test_a_rejected_row_has_the_id_of_its_record(self, modeller: Modeller) -> None:
        values = Values(TECHNOLOGY)
        assert modeller.id_of("technology", values, "file.csv") == one(modeller, "technology", dict(values)).id
        assert modeller.id_of("technology", Values({}), "file.csv") is None
