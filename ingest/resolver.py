"""Cells → IRIs: the concepts, regions, organisations and records that a row names."""

from __future__ import annotations

from functools import lru_cache
from typing import cast

from ingest.normalise.text import language_of, split_list
from ingest.organisations import Organisations
from ingest.places import resolve_list
from ingest.problems import Problems
from ingest.records import Iri, Iris, LangText, Partner, Record
from ingest.values import Values, stated_language
from ingest.vocabulary import Vocabulary
from kg.iris import Kind, record_id, record_iri, record_key
from kg.namespaces import REGION


class Resolver:
    """Resolves the cells of one row; ``implied`` collects the partners that the row names and nobody registered."""

    def __init__(
        self, base: str, vocabulary: Vocabulary, organisations: Organisations, values: Values, problems: Problems
    ) -> None:
        self._base = base
        self._vocabulary = vocabulary
        self._organisations = organisations
        self.values = values
        self.problems = problems
        self.implied: list[Record] = []

    def concepts(self, name: str, scheme: str) -> Iris:
        """The concepts that a cell names; an unknown name is left out with a warning."""
        cell = self.values.get(name)
        if not cell:
            return ()
        labels = split_list(cell) if isinstance(cell, str) else cast("list[str]", cell)
        found = {label: self._vocabulary.find(scheme, label) for label in labels}
        for label, concept in found.items():
            if concept is None:
                self.problems.warn("concept_unknown", name, label)
        return tuple(dict.fromkeys(str(concept) for concept in found.values() if concept))

    def permits(self) -> Iris:
        """Permits are described in words, which are kept; those that are concepts become links as well."""
        labels = split_list(str(self.values.get("permits", "")))
        return tuple(str(c) for label in labels if (c := self._vocabulary.find("permit", label)))

    def regions(self) -> Iris:
        """The row's regions, whose codes are resolved already."""
        return tuple(f"{REGION}{code}" for code in cast("list[str]", self.values.get("regions", [])))

    def one_region(self) -> str:
        """The row's only region; several are an error."""
        regions = self.regions()
        if len(regions) > 1:
            self.problems.error("region_several", "regions", ", ".join(cast("list[str]", self.values["regions"])))
        return regions[0]

    def listed_regions(self, name: str) -> Iris:
        """The regions of another column than the row's own place; unknown ones are left out with a warning."""
        codes = resolve_list(cast("list[str]", self.values.get(name, [])), name, self.problems)
        return tuple(f"{REGION}{code}" for code in codes)

    def organisation(self) -> Iri:
        """The partner that the row names; one that is not registered yet is implied by the row."""
        name = str(self.values.get("organisation") or self.values["organisation_en"])
        return self._partner(name, cast("str | None", self.values.get("corporate_number")))

    def optional_organisation(self) -> Iri | None:
        """The partner that the row names, if it names one."""
        return self.organisation() if {"organisation", "organisation_en"} & self.values.keys() else None

    def organisations(self, name: str) -> Iris:
        """The partners that a column lists."""
        return tuple(self._partner(item, None) for item in cast("list[str]", self.values.get(name, [])))

    def record(self, name: str, kind: Kind) -> Iri | None:
        """The record that a cell names by the id under which its source declared it."""
        declared = self.values.get(name)
        if declared is None:
            return None
        return str(record_iri(self._base, record_id(kind, record_key(str(declared), "", "", ""))))

    def _partner(self, name: str, number: str | None) -> Iri:
        known = self._organisations.find(name, number)
        if known:
            return known
        partner = implied_partner(name, number)
        if partner not in self.implied:
            self.implied.append(partner)
        return str(record_iri(self._base, partner.id))


@lru_cache(maxsize=20_000)
def implied_partner(name: str, number: str | None) -> Partner:
    """The partner that a row names and nobody registered."""
    labels = {language_of(name): name}
    id_ = record_id("partner", record_key(None, "", "", number or name))
    return Partner.model_validate({"id": id_, "labels": labels, "languages": tuple(labels), "corporate_number": number})


def texts_of(values: Values, name: str) -> LangText:
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
