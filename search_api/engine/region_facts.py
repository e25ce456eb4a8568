"""What is known of a region that conditions are compared with: people, climate, island, and how much of what it has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from ingest.normalise.figures import Measure, figures_in
from ingest.regions.register import RegionRegister
from kg.namespaces import REGION
from kg.queries import load_query
from kg.store import GraphStore, Row

Trait = Literal["island", "snow", "cold", "subtropical"]
# concepts of the scheme trait, and what a query's words tell as well
_TRAITS: dict[str, Trait] = {
    "island": "island",
    "snow": "snow",
    "specialSnow": "snow",
    "cold": "cold",
    "subtropical": "subtropical",
}


@dataclass(frozen=True)
class Held:
    """An amount of a resource that the region has, per year; ``record`` is the IRI that says so."""

    resource: str
    measure: Measure
    value: float
    record: str


@dataclass
class RegionFacts:
    """Empty where nothing is known. ``counted`` is the day of the population, as ISO date."""

    code: str
    population: int | None = None
    counted: str = ""
    traits: set[str] = field(default_factory=set)
    held: list[Held] = field(default_factory=list)


FactsOf = Callable[[str], RegionFacts]


def nothing_known(code: str) -> RegionFacts:
    """Facts where there is no graph."""
    return RegionFacts(code)


@dataclass(frozen=True)
class GraphFacts:
    """Reads the facts of a region from a store, as they are at that moment."""

    store: GraphStore

    def __call__(self, code: str) -> RegionFacts:
        """The facts of a region (code)."""
        facts = RegionFacts(code)
        if RegionRegister.load().by_code(code) is not None:
            for row in self._rows(code):
                _take(facts, row)
        return facts

    def _rows(self, code: str) -> list[Row]:
        query = load_query("region_facts", "search_api.engine.queries")
        return list(self.store.select(query, {"region": REGION[code]}))


def _take(facts: RegionFacts, row: Row) -> None:
    if "population" in row:
        facts.population = int(float(str(row["population"])))
        facts.counted = str(row.get("counted", ""))
    elif "trait" in row:
        trait = _TRAITS.get(str(row["trait"]).rpartition("/")[2])
        facts.traits.update([trait] if trait else [])
    else:
        facts.held.extend(_held(row))


def _held(row: Row) -> list[Held]:
    """An amount with a time in its unit or its heading (発生量(t/年)); others cannot be compared."""
    amount, unit, name = (str(row[key]) if key in row else "" for key in ("amount", "unit", "name"))
    said = f"{float(amount):.10g}{unit}" if "/" in unit else f"{float(amount):.10g}{unit}/{_period(name)}"
    return [
        Held(str(row["resource"]), figure.measure, figure.low, str(row["record"]))
        for figure in figures_in(said)
        if figure.low is not None and figure.measure in ("mass", "volume")
    ]


def _period(heading: str) -> str:
    return next((sign for sign in ("日", "月", "年") if sign in heading), "-")
