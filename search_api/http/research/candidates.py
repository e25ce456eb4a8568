"""Which region, concept or organisation a written name may mean: the only importer of rapidfuzz."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rdflib import Literal

from ingest.regions.names import alternatives
from ingest.regions.register import RegionRegister
from kg.iris import normalise_title
from kg.namespaces import REGION
from kg.queries import load_query
from kg.store import GraphStore
from search_api.http.labels import Labels

# type → its name in both languages
TYPES = {"Region": ("地域", "Region"), "Concept": ("概念", "Concept"), "Partner": ("団体", "Organisation")}
# below this a likeness is chance
LEAST = 55.0


@dataclass(frozen=True)
class Candidate:
    """A thing that a name may mean; ``score`` is the likeness of the names from 0 to 100."""

    iri: str
    type: str
    score: float
    ja: str
    en: str

    @property
    def display(self) -> str:
        """The names in both languages."""
        return self.ja if self.ja == self.en else f"{self.ja} / {self.en}"

    def names(self, lang: str) -> str:
        """The name in a language."""
        return self.ja if lang == "ja" else self.en

    def about(self, lang: str) -> str:
        """What it is, in a few words."""
        return TYPES[self.type][0 if lang == "ja" else 1]


class CandidateFinder:
    """All names of one state of the graph, compared after NFKC, without case and spaces."""

    def __init__(self, store: GraphStore, labels: Labels) -> None:
        self._labels = labels
        self._types: dict[str, str] = {}
        self._keys: dict[str, set[str]] = defaultdict(set)
        for type_, iri, name in (*_regions(), *_concepts(store), *_partners(store)):
            self._types[iri] = type_
            self._keys[normalise_title(name)].add(iri)

    def get(self, iri: str) -> Candidate | None:
        """One thing by its IRI."""
        return self._candidate(iri, 100.0) if iri in self._types else None

    def find(self, text: str, types: Sequence[str], limit: int) -> list[Candidate]:
        """The best candidates of some types, the likest first; equal ones in the order of their IRIs."""
        from rapidfuzz import fuzz, process  # noqa: PLC0415  (imported when somebody reconciles)

        wanted = normalise_title(text)
        if not wanted:
            return []
        kept = [key for key, iris in self._keys.items() if any(self._types[iri] in types for iri in iris)]
        found = process.extract(wanted, kept, scorer=fuzz.ratio, limit=limit * 4 + 20, score_cutoff=LEAST)
        best: dict[str, float] = {}
        for key, score, _ in [*found, *_beginnings(wanted, kept)]:
            for iri in self._keys[key]:
                if self._types[iri] in types:
                    best[iri] = max(best.get(iri, 0.0), round(float(score), 1))
        ranked = sorted(best.items(), key=lambda item: (-item[1], item[0]))
        return [self._candidate(iri, score) for iri, score in ranked[:limit]]

    def _candidate(self, iri: str, score: float) -> Candidate:
        ja, en = (self._labels.name(iri, lang).text for lang in ("ja", "en"))
        return Candidate(iri, self._types[iri], score, ja, en)


def _beginnings(wanted: str, keys: Iterable[str]) -> Iterator[tuple[str, float, int]]:
    """Names that begin with what was typed, for suggestions; never as sure as a whole name."""
    for key in keys:
        if key != wanted and key.startswith(wanted):
            yield key, 60.0 + 35.0 * len(wanted) / len(key), 0


def _regions() -> Iterator[tuple[str, str, str]]:
    register = RegionRegister.load()
    for region in register:
        prefecture = register.by_code(region.parent) if region.is_municipality and region.parent else None
        ja, en = alternatives(region, prefecture)
        iri = str(REGION[region.code])
        codes = [code for code in (region.code, region.code6) if code and re.fullmatch(r"\d+", code)]
        for name in {region.name, region.name_en, region.kana, *ja, *en, *codes} - {""}:
            yield "Region", iri, name


def _concepts(store: GraphStore) -> Iterator[tuple[str, str, str]]:
    for row in store.select(load_query("concept_labels")):
        yield "Concept", str(row["concept"]), str(row["label"])


def _partners(store: GraphStore) -> Iterator[tuple[str, str, str]]:
    for row in store.select(load_query("partners")):
        yield "Partner", str(row["partner"]), str(row["name"])
        if isinstance(number := row.get("number"), Literal):
            yield "Partner", str(row["partner"]), str(number)
