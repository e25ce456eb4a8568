"""What is known of municipalities beyond their names: population, climate, snow, island, coast (``facts.csv``).

Each row is one municipality of the register. ``population`` is the preliminary count of the 2020 census (1 October
2020); ``climate`` a class of ``scheme/trait``; ``island`` and ``coast`` are ``yes`` or empty; ``snow`` is
``designated`` or ``special`` (wholly or in part), empty where there is no designation or none is recorded.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import resources

from rdflib import Graph, Literal, URIRef

from ingest.regions.graph import bound_graph, iri
from ingest.regions.model import Region
from kg.namespaces import CES, CONCEPT, DCAT, DCTERMS, RDF, REGION, XSD

#: The census day that the populations belong to.
CENSUS_DAY = "2020-10-01"

_CLIMATES = ("", "cold", "temperate", "subtropical")
_SNOW: dict[str, tuple[str, ...]] = {"": (), "designated": ("snow",), "special": ("snow", "specialSnow")}
_DATASET = REGION["facts"]
_TITLE = (("地域の基礎情報", "ja"), ("Facts of regions", "en"))
_DESCRIPTION = (
    (
        "コーパスに現れる市区町村の人口と土地の特性。人口は令和2年国勢調査（2020年10月1日）の速報値。気候区分は気象庁の"
        "平年値（1991〜2020年）をもとにした3区分で、境目にあたる市町村は空けてある。豪雪地帯は全部または一部の指定を、"
        "特別豪雪地帯は確かなものだけを記す。書かれていないことは、そうでないという意味ではない。",
        "ja",
    ),
    (
        "Population and traits of the municipalities that the corpus names. Populations are the preliminary count "
        "of the 2020 census (1 October 2020). The climate is one of three classes after the normals of the "
        "Meteorological Agency (1991-2020), left out where a municipality lies at the border of two. Heavy snowfall "
        "areas are given where designated wholly or in part, special ones only where certain. "
        "What is not stated is not denied.",
        "en",
    ),
)
_SOURCES = (
    "総務省統計局 令和2年国勢調査 人口速報集計 (2020-10-01)",
    "気象庁 平年値 1991–2020",
    "国土交通省 豪雪地帯・特別豪雪地帯の指定",
    "国土交通省 離島振興対策実施地域; 小笠原諸島・沖縄の特別措置法",
)


@dataclass(frozen=True)
class Facts:
    """The facts of one municipality; ``traits`` are slugs of ``scheme/trait`` without the climate."""

    code: str
    population: int | None
    climate: str | None
    traits: tuple[str, ...]


def read_facts(regions: Iterable[Region]) -> list[Facts]:
    """The rows of ``facts.csv``; ``ValueError`` names a row that the register or the schemes do not know."""
    names = {region.code: region.name for region in regions if region.is_municipality}
    table = resources.files("ingest.regions").joinpath("facts.csv").read_text(encoding="utf-8")
    facts = [_facts(row, names) for row in csv.DictReader(table.splitlines())]
    if len({fact.code for fact in facts}) != len(facts):
        raise ValueError("facts.csv: a code stands twice")
    return facts


def facts_graph(facts: Iterable[Facts]) -> Graph:
    """All facts and the description of the data set."""
    graph = bound_graph()
    graph.add((_DATASET, RDF.type, DCAT.Dataset))
    for predicate, texts in ((DCTERMS.title, _TITLE), (DCTERMS.description, _DESCRIPTION)):
        for text, lang in texts:
            graph.add((_DATASET, predicate, Literal(text, lang=lang)))
    for source in _SOURCES:
        graph.add((_DATASET, DCTERMS.source, Literal(source)))
    graph.add((_DATASET, DCTERMS.license, URIRef("https://creativecommons.org/licenses/by/4.0/")))
    for fact in facts:
        for predicate, value in _statements(fact):
            graph.add((iri(fact.code), predicate, value))
    return graph


def _facts(row: dict[str, str], names: dict[str, str]) -> Facts:
    code, name = row["code"], row["name"]
    if names.get(code) != name:
        raise ValueError(f"facts.csv: {code} is {names.get(code)} in the register, not {name}")
    known = row["climate"] in _CLIMATES and row["snow"] in _SNOW and {row["island"], row["coast"]} <= {"", "yes"}
    if not known:
        raise ValueError(f"facts.csv: {code} {name} has a value that no column takes: {row}")
    flags = tuple(flag for flag in ("island", "coast") if row[flag])
    population = int(row["population"]) if row["population"] else None
    return Facts(code, population, row["climate"] or None, (*flags, *_SNOW[row["snow"]]))


def _statements(fact: Facts) -> Iterator[tuple[URIRef, URIRef | Literal]]:
    if fact.population is not None:
        yield CES.population, Literal(fact.population)
        yield CES.populationOn, Literal(CENSUS_DAY, datatype=XSD.date)
    if fact.climate:
        yield CES.climateZone, CONCEPT[f"trait/{fact.climate}"]
    for trait in (*([fact.climate] if fact.climate else []), *fact.traits):
        yield CES.hasTrait, CONCEPT[f"trait/{trait}"]
