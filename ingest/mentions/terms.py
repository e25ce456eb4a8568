"""What is looked for in texts: the labels of concepts, regions and partners."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.mentions.matcher import Term
from ingest.regions.model import Region
from ingest.regions.register import RegionRegister
from ingest.vocabulary import Label, Vocabulary
from kg.namespaces import REGION

# concepts whose labels are words of any text ("people", "problem") are stated by columns, not found in prose
_SCHEMES = frozenset({"theme", "technology", "resource", "activity"})
_MIN_LENGTH = {"ja": 2, "en": 3}


def concept_terms(vocabulary: Vocabulary) -> Iterator[Term]:
    """The labels of the concepts that texts may mention."""
    for label in vocabulary.labels:
        if label.scheme in _SCHEMES and label.lang in ("ja", "en") and len(label.text) >= _MIN_LENGTH[label.lang]:
            yield _term(label)


def region_terms(register: RegionRegister) -> Iterator[Term]:
    """Names of prefectures and municipalities with their suffix, alone and behind their prefecture.

    Names without a suffix (長野, Nagano) are also surnames, stations and companies; they are left to
    extraction, which sees the context.
    """
    for region in register:
        if region.kind in ("block", "country"):
            continue
        iri = f"{REGION}{region.code}"
        yield Term(iri, "region", region.name, "ja")
        yield Term(iri, "region", region.name_en, "en")
        if region.is_municipality:
            yield from _with_prefecture(region, register.by_code(region.code[:2]), iri)


def _with_prefecture(region: Region, prefecture: Region | None, iri: str) -> Iterator[Term]:
    if prefecture is not None:
        yield Term(iri, "region", prefecture.name + region.name, "ja")
        yield Term(iri, "region", f"{region.name_en}, {prefecture.name_en}", "en")


def _term(label: Label) -> Term:
    return Term(str(label.concept), label.scheme, label.text, "ja" if label.lang == "ja" else "en")
