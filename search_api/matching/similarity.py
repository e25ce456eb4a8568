"""How alike two municipalities are, and in which words to say it: only what the register and the graph state counts."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from ingest.regions.register import RegionRegister, distance_km
from kg.namespaces import REGION
from kg.queries import load_query
from kg.store import GraphStore
from search_api.engine.concepts import ConceptGraph

# what each likeness adds; a pair is either near or only in one prefecture, so one that shares all has 1
WEIGHTS = {
    "near": 0.2,
    "basin": 0.2,
    "resources": 0.2,
    "population": 0.1,
    "traits": 0.1,
    "prefecture": 0.1,
    "kind": 0.1,
    "themes": 0.1,
}
NEAR_KM = 60.0
# populations within this factor are of like size
LIKE_SIZE = 2.0
# from here on a region speaks for another: alike in one weighty respect, or in two lesser ones
ALIKE = 0.15


@dataclass
class RegionFacts:
    """What the graph says of a region; empty where it says nothing."""

    population: int | None = None
    basins: set[str] = field(default_factory=set)
    traits: set[str] = field(default_factory=set)
    resources: set[str] = field(default_factory=set)
    themes: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Likeness:
    """``score`` from 0 to 1, and the reasons in both languages, the weightiest first."""

    score: float
    ja: list[str]
    en: list[str]

    def reasons(self, lang: str) -> list[str]:
        """The reasons in a language."""
        return self.ja if lang == "ja" else self.en


class RegionLikeness:
    """Compares regions by what one store says of them."""

    def __init__(self, store: GraphStore, concepts: ConceptGraph) -> None:
        self._concepts = concepts
        self._facts = _facts(store)
        self._register = RegionRegister.load()

    def compare(self, a: str, b: str) -> Likeness:
        """How alike two regions (codes) are; 0 for a region and itself, which says nothing."""
        one, other = self._register.by_code(a), self._register.by_code(b)
        if one is None or other is None or a == b:
            return Likeness(0.0, [], [])
        found: list[tuple[str, str, str]] = [*self._places(a, b), *self._stated(a, b)]
        found.sort(key=lambda reason: -WEIGHTS[reason[0]])
        score = round(sum(WEIGHTS[name] for name, _, _ in found), 3)
        return Likeness(score, [ja for _, ja, _ in found], [en for _, _, en in found])

    def _places(self, a: str, b: str) -> list[tuple[str, str, str]]:
        one, other = self._register.by_code(a), self._register.by_code(b)
        assert one is not None and other is not None
        found = []
        if one.lat is not None and other.lat is not None and (km := distance_km(one, other)) <= NEAR_KM:
            found.append(("near", f"役場の間が約{km:.0f} kmと近い", f"their town halls are about {km:.0f} km apart"))
        elif a[:2] == b[:2] and a[:2].isdigit():
            prefecture = self._register.by_code(a[:2])
            assert prefecture is not None
            found.append(("prefecture", f"同じ{prefecture.name}にある", f"both are in {prefecture.name_en}"))
        if one.is_municipality and one.kind == other.kind and one.kind in ("town", "village"):
            found.append(("kind", "どちらも町村", "both are towns or villages"))
        return found

    def _stated(self, a: str, b: str) -> list[tuple[str, str, str]]:
        one, other = self._facts[a], self._facts[b]
        found = []
        if one.population and other.population:
            small, large = sorted((one.population, other.population))
            if large <= small * LIKE_SIZE:
                ja = f"人口が近い（{one.population:,}人と{other.population:,}人）"
                found.append(("population", ja, f"like population ({one.population:,} and {other.population:,})"))
        if shared := one.traits & other.traits:
            ja, en = self._names(shared, "ja"), self._names(shared, "en")
            found.append(("traits", f"土地の特性が同じ（{ja}）", f"places of the same kind ({en})"))
        if shared := one.basins & other.basins:
            found.append(
                ("basin", f"同じ流域（{self._names(shared, 'ja')}）", f"one river basin ({self._names(shared, 'en')})")
            )
        if shared := one.resources & other.resources:
            ja, en = self._names(shared, "ja"), self._names(shared, "en")
            found.append(("resources", f"同じ地域資源をもつ（{ja}）", f"they hold the same resources ({en})"))
        if shared := one.themes & other.themes:
            ja, en = self._names(shared, "ja"), self._names(shared, "en")
            found.append(("themes", f"同じテーマの課題を抱える（{ja}）", f"they share themes of issues ({en})"))
        return found

    def _names(self, iris: set[str], lang: str) -> str:
        named = (self._concepts.get(iri) for iri in sorted(iris)[:3])
        labels = [c.label(lang) if c else iri.rpartition("/")[2] for c, iri in zip(named, sorted(iris), strict=False)]
        return ("、" if lang == "ja" else ", ").join(labels)


def deployments(store: GraphStore, base: str) -> dict[str, set[str]]:
    """Technology id → codes of the regions where it runs already, as its maker or a project says."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in store.select(load_query("deployments", "search_api.matching.queries")):
        region = str(row["region"]).removeprefix(str(REGION))
        found[str(row["technology"]).removeprefix(base)].add(region)
    return found


def _facts(store: GraphStore) -> dict[str, RegionFacts]:
    facts: dict[str, RegionFacts] = defaultdict(RegionFacts)
    for row in store.select(load_query("region_facts", "search_api.matching.queries")):
        region = facts[str(row["region"]).removeprefix(str(REGION))]
        if "population" in row:
            region.population = int(float(str(row["population"])))
        for name, held in (("basin", region.basins), ("trait", region.traits)):
            held.update([str(row[name])] if name in row else [])
        for name, held in (("resource", region.resources), ("theme", region.themes)):
            held.update([str(row[name])] if name in row else [])
    return facts
