"""Exchange: whose surplus is whose feedstock, by the resources that records name, with amounts and distance."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pydantic import BaseModel, Field

from ingest.regions.register import RegionRegister, distance_km
from kg.iris import kind_of
from kg.namespaces import CES, CONCEPT, REGION
from kg.queries import load_query
from kg.store import GraphStore
from search_api.engine.concepts import ConceptGraph
from search_api.engine.region_labels import region_label
from search_api.engine.results import ConceptLabel, RegionLabel
from search_api.matching.records import find_side
from search_api.service import Service

# what a relation says of a record: it has the resource, or it needs it
_HAS = {str(CES.resourceKind), str(CES.yieldsResource)}
_NEEDS = {str(CES.usesResource)}
_ABOUT = str(CES.concernsResource)
# an issue about one of these has it and would be rid of it; about land or people, it rather lacks them
_MATERIAL = (
    "energyHeatResources",
    "woodyBiomassResource",
    "agriFisheryResources",
    "foodOrganicWaste",
    "recyclableWaste",
    "metalElectronicWaste",
    "constructionMineral",
)
# these lie where they are: who would use them must be near; of energy only power and gas travel
_STAYS = ("landNatureLandscape", "buildingsFacilities", "energyHeatResources")
_TRAVELS = ("surplusRenewablePower", "byproductHydrogen")
NEAR_KM = 20.0
# an extent or a level is no amount of what is given away
_EXTENTS = frozenset({"ha", "km2", "m2", "m", "mm", "mm/年", "%", "°C"})
LIMIT = 50
# so many takers are shown for one surplus
MOST_FOR_ONE = 5


class Holding(BaseModel):
    """One side: a record with its place and its amounts of the resource."""

    id: str
    kind: str
    title: str
    region: RegionLabel | None
    amounts: list[str]


class Flow(BaseModel):
    """A surplus and a need of one resource. ``covers`` is supply over need where both say amounts in one unit."""

    resource: ConceptLabel
    needed_as: ConceptLabel = Field(description="What the other side names, which may be wider or narrower")
    supply: Holding
    need: Holding
    distance_km: float | None
    covers: float | None
    text: str = Field(description="The exchange as a sentence, in the language of the response")


@dataclass
class _Party:
    record: str
    concept: str
    regions: set[str] = field(default_factory=set)
    amounts: set[tuple[float, str]] = field(default_factory=set)


@dataclass(frozen=True)
class Asked:
    """Which exchanges are wanted; empty fields ask for nothing."""

    record: str | None = None
    region: str | None = None
    resource: str | None = None
    limit: int = LIMIT


def flows(service: Service, lang: str, asked: Asked) -> list[Flow]:
    """The exchanges: those of the very same resource first, then those with amounts, then the near ones."""
    concepts = service.engine.concepts
    has, needs = _parties(service.store, service.folder.base, concepts)
    found = []
    staying = _staying(concepts)
    for supply, need, exact in _pairs(has, needs, concepts):
        if _wanted(supply, need, asked):
            code, other, km = _nearest(supply.regions, need.regions)
            if supply.concept in staying and (km is None or km > NEAR_KM):
                continue
            found.append(
                ((not exact, km is None, km or 0.0, supply.record, need.record), supply, need, code, other, km)
            )
    found.sort(key=lambda item: item[0])
    taken: Counter[tuple[str, str]] = Counter()
    shown = []
    for _, supply, need, code, other, km in found:
        taken[supply.record, supply.concept] += 1
        if taken[supply.record, supply.concept] <= MOST_FOR_ONE:
            shown.append(_flow(service, lang, supply, need, (code, other, km)))
        if len(shown) == asked.limit:
            break
    return shown


def _parties(store: GraphStore, base: str, concepts: ConceptGraph) -> tuple[list[_Party], list[_Party]]:
    """Who has and who needs. What an issue is about is there to be used, and where a region holds it, is needed."""
    found: dict[tuple[str, str, str], _Party] = {}
    for row in store.select(load_query("flows", "search_api.matching.queries")):
        record, concept = str(row["record"]).removeprefix(base), str(row["concept"])
        party = found.setdefault((record, str(row["relation"]), concept), _Party(record, concept))
        if "place" in row:
            party.regions.add(str(row["place"]).removeprefix(str(REGION)))
        if "amount" in row:
            party.amounts.add((float(str(row["amount"])), str(row["unit"])))
    material = {iri for top in _MATERIAL for iri in concepts.with_narrower(f"{CONCEPT}resource/{top}")}
    has = [
        party
        for (_, relation, concept), party in found.items()
        if relation in _HAS or (relation == _ABOUT and concept in material)
    ]
    needs = [party for (_, relation, _), party in found.items() if relation in _NEEDS]
    needs += [party for (_, relation, _), party in found.items() if relation == _ABOUT]
    return has, needs


def _pairs(
    has: Iterable[_Party], needs: Iterable[_Party], concepts: ConceptGraph
) -> Iterator[tuple[_Party, _Party, bool]]:
    """Pairs over one concept, or over one and what is narrower. Two issues about a thing do not supply each other,
    and what a region needs comes from elsewhere."""
    by_concept: dict[str, list[_Party]] = defaultdict(list)
    for need in needs:
        for concept in concepts.with_narrower(need.concept):
            by_concept[concept].append(need)
    for supply in has:
        for need in by_concept[supply.concept]:
            kinds = (kind_of(supply.record), kind_of(need.record))
            if kinds == ("issue", "issue") or supply.record == need.record:
                continue
            if kinds[1] == "issue" and (kinds[0] != "resource" or supply.regions & need.regions):
                continue
            yield supply, need, supply.concept == need.concept


def _staying(concepts: ConceptGraph) -> set[str]:
    """The resources that cannot be brought anywhere."""
    stays = {iri for top in _STAYS for iri in concepts.with_narrower(f"{CONCEPT}resource/{top}")}
    return stays - {iri for slug in _TRAVELS for iri in concepts.with_narrower(f"{CONCEPT}resource/{slug}")}


def _wanted(supply: _Party, need: _Party, asked: Asked) -> bool:
    if asked.record and asked.record not in (supply.record, need.record):
        return False
    if asked.resource and asked.resource not in (supply.concept, need.concept):
        return False
    places = supply.regions | need.regions
    return not asked.region or any(code == asked.region or code.startswith(asked.region) for code in places)


def _nearest(ones: Iterable[str], others: Iterable[str]) -> tuple[str, str, float | None]:
    """The closest pair of places; without a distance where none has a location."""
    register = RegionRegister.load()
    best: tuple[str, str, float | None] = (min(ones, default=""), min(others, default=""), None)
    for a in sorted(ones):
        for b in sorted(others):
            one, other = register.by_code(a), register.by_code(b)
            if one is None or other is None or one.lat is None or other.lat is None:
                continue
            km = distance_km(one, other)
            if best[2] is None or km < best[2]:
                best = (a, b, km)
    return best


def _flow(service: Service, lang: str, supply: _Party, need: _Party, places: tuple[str, str, float | None]) -> Flow:
    code, other, km = places
    resource, needed = service.engine.labels([supply.concept, need.concept], lang)
    left, right = _holding(service, supply, code, lang), _holding(service, need, other, lang)
    distance = None if km is None else round(km, 1)
    return Flow(
        resource=resource,
        needed_as=needed,
        supply=left,
        need=right,
        distance_km=distance,
        covers=_covers(supply, need),
        text=_sentence(lang, resource.label, left, right, distance),
    )


def _holding(service: Service, party: _Party, code: str, lang: str) -> Holding:
    record = find_side(service.store, service.folder.base, party.record)
    return Holding(
        id=party.record,
        kind=kind_of(party.record) or "",
        title=record.title(lang) if record else party.record,
        region=region_label(code, lang) if code else None,
        amounts=[f"{value:,.10g} {unit}" for value, unit in sorted(party.amounts) if unit not in _EXTENTS],
    )


def _covers(supply: _Party, need: _Party) -> float | None:
    """Supply over need, of the largest amounts in a unit that both state."""
    offered = {unit: value for value, unit in sorted(supply.amounts)}
    wanted = {unit: value for value, unit in sorted(need.amounts) if value > 0}
    shared = sorted(offered.keys() & wanted.keys())
    return round(offered[shared[0]] / wanted[shared[0]], 3) if shared else None


def _sentence(lang: str, resource: str, supply: Holding, need: Holding, km: float | None) -> str:
    there = supply.region.label if supply.region else supply.title
    here = need.region.label if need.region else need.title
    if lang == "ja":
        far = f"（約{km:,.0f} km）" if km else ""
        return f"{there}の{resource}を、{here}の「{need.title}」で使えるかもしれません{far}。"
    far = f" (about {km:,.0f} km apart)" if km else ""
    return f"{resource} of {there} might be used in {here}: {need.title}{far}."
