"""Facts checked against each other: what records say of a municipality's size and nature, and the table of facts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from ingest.regions.facts import Facts, read_facts
from ingest.regions.register import RegionRegister
from kg.namespaces import REGION
from kg.oxigraph_store import OxigraphStore
from tests.corpus.questions import corpus_store

_TEXTS = """
PREFIX ces: <https://w3id.org/meguri/ces#> PREFIX dct: <http://purl.org/dc/terms/>
SELECT DISTINCT ?id ?region ?text WHERE {
  ?record ces:inRegion ?region ; dct:identifier ?id ; dct:description ?text .
  { ?record a ces:Issue } UNION { ?record a ces:RegionalResource }
  ?region a ces:Municipality .
}
"""
_NAMED = """
PREFIX ces: <https://w3id.org/meguri/ces#>
SELECT DISTINCT ?region WHERE { ?record ces:inRegion ?region . ?region a ces:Municipality }
"""
# what tells the population of the whole municipality, in the words of the corpus
_TOLD = (
    re.compile(r"人口(?:は)?約?(?P<number>[\d,万千]+)人(?!に満たない)"),
    re.compile(r"約(?P<number>[\d,万千]+)人(?:が|の)(?:暮らす|山の町|市|都市近郊)"),
    re.compile(r"(?:city|town|village|municipality|island) of (?:about |some |nearly )?(?P<number>\d{1,3}(?:,\d{3})+)"),
    re.compile(r"(?P<number>\d{1,3}(?:,\d{3})+) (?:people live|residents|inhabitants)"),
)
# these count something else: a part of the municipality, another year
_OTHER_COUNT = {"I007", "I072"}
# rounding in words (約3千人) and the difference of a preliminary count and of the years since
_TOLERANCE = 0.12


@dataclass(frozen=True)
class Told:
    id: str
    code: str
    number: int
    words: str


@pytest.fixture(scope="module")
def corpus() -> OxigraphStore:
    return corpus_store()


@pytest.fixture(scope="module")
def facts() -> dict[str, Facts]:
    return {fact.code: fact for fact in read_facts(RegionRegister.load())}


def number(words: str) -> int:
    """1万4千, 16,257 → 14000, 16257."""
    total, rest = 0, words.replace(",", "")
    for unit, factor in (("万", 10_000), ("千", 1_000)):
        head, found, tail = rest.partition(unit)
        total, rest = (total + int(head or 1) * factor, tail) if found else (total, rest)
    return total + int(rest or 0)


def told_populations(store: OxigraphStore) -> Iterator[Told]:
    for row in store.select(_TEXTS):
        code = str(row["region"]).removeprefix(str(REGION))
        for pattern in _TOLD:
            for match in pattern.finditer(str(row["text"])):
                yield Told(str(row["id"]), code, number(match["number"]), match[0])


def test_every_municipality_that_the_corpus_names_has_facts(corpus: OxigraphStore, facts: dict[str, Facts]) -> None:
    named = {str(row["region"]).removeprefix(str(REGION)) for row in corpus.select(_NAMED)}
    assert len(named) > 150
    assert named - facts.keys() == set()


def test_populations_that_records_tell_agree_with_the_census(corpus: OxigraphStore, facts: dict[str, Facts]) -> None:
    told = [one for one in told_populations(corpus) if one.id not in _OTHER_COUNT]
    assert len({one.id for one in told}) >= 30
    wrong = []
    for one in told:
        counted = facts[one.code].population
        assert counted is not None
        if abs(one.number - counted) > max(_TOLERANCE * counted, 100):
            wrong.append((one.id, one.words, counted))
    assert wrong == []


# an island of a city on the mainland (I007: Tobishima of Sakata)
PART_OF_IT = {("I007", "06204")}
TRAITS = {
    "island": re.compile(r"離島(?!を除く)|島の(?:電気|人口|外から)|島では|本土から船"),
    "snow": re.compile(r"豪雪|ひと冬に降る雪|屋根の雪下ろし|heavy snow"),
}


@pytest.mark.parametrize("trait", TRAITS)
def test_traits_that_records_tell_are_stated(trait: str, corpus: OxigraphStore, facts: dict[str, Facts]) -> None:
    told = {
        (str(row["id"]), str(row["region"]).removeprefix(str(REGION)))
        for row in corpus.select(_TEXTS)
        if TRAITS[trait].search(str(row["text"]))
    }
    assert told
    assert {(id_, code) for id_, code in told if trait not in facts[code].traits} - PART_OF_IT == set()
