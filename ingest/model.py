"""Values → record: the rules of each kind, with concepts, regions and organisations resolved to IRIs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import cast

from ingest.normalise.amounts import Amount
from ingest.normalise.text import label_key, language_of, split_list
from ingest.places import resolve_list, resolve_places
from ingest.problems import Problems
from ingest.records import Iris, Issue, LangText, Partner, Quantity, Record, RegionalResource, Technology
from ingest.values import Values, stated_language
from ingest.vocabulary import Vocabulary
from kg.iris import Kind, record_id, record_iri, record_key
from kg.namespaces import REGION

TITLE_FIELD: dict[Kind, str] = {
    "technology": "technology",
    "issue": "issue",
    "resource": "resource",
    "partner": "organisation",
}


@dataclass
class Organisations:
    """The partners that are known, by corporate number and by name."""

    base: str
    by_number: dict[str, str] = field(default_factory=dict)
    by_name: dict[str, str] = field(default_factory=dict)
    number_of: dict[str, str] = field(default_factory=dict)

    def find(self, name: str, number: str | None) -> str | None:
        """The IRI of a partner; a corporate number decides before a name does: namesakes have different ones."""
        if number and number in self.by_number:
            return self.by_number[number]
        namesake = self.by_name.get(label_key(name))
        other = number and namesake and self.number_of.get(namesake, number) != number
        return None if other else namesake

    def remember(self, records: Iterable[Record]) -> None:
        """Later rows may name the partners among these records, which are going to be stored."""
        for partner in records:
            if isinstance(partner, Partner):
                for name in partner.labels.values():
                    self.add(str(record_iri(self.base, partner.id)), name, partner.corporate_number)

    def add(self, iri: str, name: str, number: str | None) -> None:
        """Know one name of a partner; the first to bear a name or number keeps it."""
        self.by_name.setdefault(label_key(name), iri)
        if number:
            self.by_number.setdefault(number, iri)
            self.number_of.setdefault(iri, number)


class Modeller:
    """Makes records of one run; ``model`` returns the row's record, before it those that it implies."""

    def __init__(self, base: str, vocabulary: Vocabulary, organisations: Organisations) -> None:
        self._base = base
        self._vocabulary = vocabulary
        self.organisations = organisations
        self._makers: dict[Kind, Callable[[Values, Problems, dict[str, object]], Record]] = {
            "technology": self._technology,
            "issue": self._issue,
            "resource": self._resource,
            "partner": self._partner,
        }
        self._implied: list[Record] = []

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds of registration that can be modelled."""
        return tuple(self._makers)

    def model(self, kind: Kind, values: Values, source: str, problems: Problems) -> list[Record]:
        """The records of a row, those first that others refer to; empty where the row is rejected.

        Later rows find its partners once ``organisations.remember`` is told that they are stored. ``values`` is
        completed in place (region codes); what is wrong is added to ``problems``.
        """
        self._implied = []
        resolve_places(values, problems, required=kind in ("issue", "resource"))
        for name in (TITLE_FIELD[kind], *(["organisation"] if kind == "technology" else [])):
            if name not in values and f"{name}_en" not in values:
                problems.error("required_missing", name)
        if problems.rejected:
            return []
        record = self._makers[kind](values, problems, self._common(kind, values, source, problems))
        return [] if problems.rejected else [*self._implied, record]

    def id_of(self, kind: Kind, values: Values, source: str) -> str | None:
        """The id of the record that a row states, also of a row that is rejected; None where nothing names it."""
        title = next(iter(self._texts(values, TITLE_FIELD[kind]).values()), None)
        declared = cast("str | None", values.get("id"))
        if title is None and declared is None:
            return None
        organisation = "" if kind == "partner" else str(values.get("organisation", ""))
        return record_id(kind, record_key(declared, source, organisation, title or ""))

    def _common(self, kind: Kind, values: Values, source: str, problems: Problems) -> dict[str, object]:
        labels = self._texts(values, TITLE_FIELD[kind])
        descriptions = self._texts(values, "description")
        simple = (
            "source",
            "source_date",
            "url",
            "sample",
            "registered",
            "updated",
            "entered",
            "valid_until",
            "remarks",
        )
        return {
            "id": self.id_of(kind, values, source),
            "declared_id": values.get("id"),
            "labels": labels,
            "descriptions": descriptions,
            "languages": tuple(sorted({*labels, *descriptions})),
            "themes": self._concepts("themes", "theme", values, problems),
            "amounts": tuple(_quantity(a) for a in cast("list[Amount]", values.get("amounts", []))),
            **{name: values.get(name) for name in simple},
        }

    def _technology(self, values: Values, problems: Problems, common: dict[str, object]) -> Technology:
        concepts = self._concepts
        permits = self._permits(values)
        return Technology.model_validate(
            common
            | {
                "offered_by": self._organisation(values),
                "technology_kinds": concepts("technology_kinds", "technology", values, problems),
                "uses": concepts("resources", "resource", values, problems),
                "yields": concepts("yields", "resource", values, problems),
                "levels": concepts("level", "level", values, problems),
                "readiness": concepts("readiness", "readiness", values, problems),
                "permits": permits,
                "permit_note": values.get("permits"),
                "available_in": self._regions(values),
                "deployed_in": self._deployed(values, problems),
                "scale": values.get("scale"),
                "cost": values.get("cost"),
            }
        )

    def _issue(self, values: Values, problems: Problems, common: dict[str, object]) -> Issue:
        return Issue.model_validate(
            common
            | {
                "region": self._one_region(values, problems),
                "issue_kind": self._concepts("issue_kind", "issue-kind", values, problems),
                "levels": self._concepts("level", "level", values, problems),
                "concerns": self._concepts("resources", "resource", values, problems),
                "raised_by": self._organisation(values) if "organisation" in values else None,
                **{name: values.get(name) for name in ("tried", "constraint", "budget", "department")},
            }
        )

    def _resource(self, values: Values, problems: Problems, common: dict[str, object]) -> RegionalResource:
        return RegionalResource.model_validate(
            common
            | {
                "region": self._one_region(values, problems),
                "resource_kinds": self._concepts("resource_kind", "resource", values, problems),
                "season": values.get("season"),
            }
        )

    def _partner(self, values: Values, problems: Problems, common: dict[str, object]) -> Partner:
        return Partner.model_validate(
            common
            | {
                "member_kind": self._concepts("member_kind", "member-kind", values, problems),
                "corporate_number": values.get("corporate_number"),
                "seat": self._regions(values),
            }
        )

    def _organisation(self, values: Values) -> str:
        """The partner that a row names; one that is not registered yet is implied by the row."""
        name = str(values.get("organisation") or values["organisation_en"])
        number = cast("str | None", values.get("corporate_number"))
        known = self.organisations.find(name, number)
        if known:
            return known
        key = record_key(None, "", "", number or name)
        labels = {language_of(name): name}
        implied = Partner.model_validate(
            {"id": record_id("partner", key), "labels": labels, "languages": tuple(labels), "corporate_number": number}
        )
        self._implied.append(implied)
        return str(record_iri(self._base, implied.id))

    def _texts(self, values: Values, name: str) -> LangText:
        """The text of a field in its languages: the stated one (or the one it is written in) and English.

        Beside another English text, a name in Latin letters (BDF) is the Japanese one.
        """
        texts: dict[str, str] = {}
        english = values.get(f"{name}_en")
        if name in values:
            text = str(values[name])
            written = "ja" if english and text != english else language_of(text)
            texts[stated_language(values) or written] = text
        if english:
            texts["en"] = str(english)
        return cast("LangText", texts)

    def _concepts(self, name: str, scheme: str, values: Values, problems: Problems) -> Iris:
        """The concepts that a cell names; an unknown name is left out with a warning."""
        cell = values.get(name, [])
        labels = split_list(cell) if isinstance(cell, str) else cast("list[str]", cell)
        found = {label: self._vocabulary.find(scheme, label) for label in labels}
        for label, concept in found.items():
            if concept is None:
                problems.warn("concept_unknown", name, label)
        return tuple(dict.fromkeys(str(concept) for concept in found.values() if concept))

    def _permits(self, values: Values) -> Iris:
        """Permits are described in words, which are kept; those that are concepts become links as well."""
        labels = split_list(str(values.get("permits", "")))
        return tuple(str(c) for label in labels if (c := self._vocabulary.find("permit", label)))

    def _regions(self, values: Values) -> Iris:
        return tuple(f"{REGION}{code}" for code in cast("list[str]", values.get("regions", [])))

    def _one_region(self, values: Values, problems: Problems) -> str:
        regions = self._regions(values)
        if len(regions) > 1:
            problems.error("region_several", "regions", ", ".join(cast("list[str]", values["regions"])))
        return regions[0]

    def _deployed(self, values: Values, problems: Problems) -> Iris:
        codes = resolve_list(cast("list[str]", values.get("deployed_in", [])), "deployed_in", problems)
        return tuple(f"{REGION}{code}" for code in codes)


def _quantity(amount: Amount) -> Quantity:
    return Quantity(name=amount.header, value=amount.value, unit=amount.unit)
