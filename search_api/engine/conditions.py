"""What an offer asks of a place, compared with what is known of the asker's: what fits, what does not, what to check.

A statement is ``certain`` where the records themselves decide (an offer that has ended, or is not made in this region,
a scale twice too large); everything else is a warning with the words that it rests on. What nobody states is not
judged.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from ingest.normalise.figures import Figure, figures_in
from ingest.regions.register import RegionRegister
from search_api.engine.concepts import ConceptGraph
from search_api.engine.condition_words import sentence
from search_api.engine.index.entries import Entry
from search_api.engine.index.filters import OFFERS
from search_api.engine.region_facts import FactsOf, RegionFacts
from search_api.engine.region_labels import region_label
from search_api.engine.results import Condition
from search_api.engine.situation import Situation
from search_api.engine.told import TRAIT_LABELS, amount_label

# an alternative, several places together, or an approximation: a figure below it decides nothing
_SOFT = re.compile(
    r"か(?![らねご所月年])|または|又は|圏|合わせ|まとめ|共同|広域|程度"
    r"|\b(?:or (?!more)|joint|several|about|some)"
)
# below this share of the minimum an offer is certainly too large
CERTAIN_SHARE = 0.5
_LIMIT = {
    "ja": re.compile(
        r"ない|ず(?:、|に|$)|ぬ|向か|不向き|難し|困難|対象外|除く|除いて|止ま|凍|遅れ|落ち|減る|割れ|別の|かかる|限る|限られ"
    ),
    "en": re.compile(
        r"\bnot?\b|n't|cannot|unsuitable|unless|except|too |fail|stop|freez|limit|slow|only|never|little|expensive",
        re.IGNORECASE,
    ),
}
_MATTER = {
    "island": re.compile(r"離島|島(?!根)|\bislands?\b", re.IGNORECASE),
    "snow": re.compile(r"雪(?!印)|\bsnow", re.IGNORECASE),
    "cold": re.compile(r"寒|凍|氷点下|零下|\bcold\b|\bfrost|freez", re.IGNORECASE),
    "subtropical": re.compile(r"沖縄|亜熱帯|台風|subtropic|Okinawa|typhoon", re.IGNORECASE),
}
_SENTENCE = re.compile(r"[^。！？!?\n]+[。！？!?]?")


@dataclass(frozen=True)
class Place:
    """Where something is to work: regions with their facts, and what the words tell of it."""

    situation: Situation
    facts: tuple[RegionFacts, ...]

    @classmethod
    def of(cls, situation: Situation, facts_of: FactsOf) -> Place:
        """The place of a situation; facts are known of municipalities."""
        return cls(situation, tuple(facts_of(code) for code in situation.regions))

    @property
    def compares(self) -> bool:
        """Whether there is a region or an amount that conditions can be compared with."""
        return bool(self.situation.regions or self.situation.figures)

    @property
    def traits(self) -> set[str]:
        """What words or facts tell of it."""
        return set(self.situation.traits).union(*(facts.traits for facts in self.facts))


@dataclass(frozen=True)
class Offer:
    """What an offer states of itself, wherever that was read: from its search entry, or from its graph."""

    kind: str
    lang: str
    text: str
    scale: str
    climate: str
    permits: tuple[str, ...]
    uses: tuple[str, ...]
    regions: tuple[str, ...]
    valid_until: str

    @classmethod
    def of(cls, entry: Entry) -> Offer:
        """That of a search entry."""
        stated = (entry.scale, entry.climate, entry.permits, entry.uses, entry.regions, entry.valid_until)
        return cls(entry.kind, entry.lang, entry.text, *stated)


def conditions_of(offer: Offer, place: Place, concepts: ConceptGraph, lang: str, today: date) -> list[Condition]:
    """All that an offer asks, what does not fit first; empty for records that ask nothing."""
    if offer.kind not in OFFERS:
        return []
    found = [
        *_ended(offer, lang, today),
        *_area(offer, place, lang),
        *_scale(offer, place, concepts, lang),
        *_climate(offer, place, lang),
        *_permits(offer, concepts, lang),
    ]
    order = {"unmet": 0, "check": 1, "met": 2}
    return sorted(found, key=lambda condition: (order[condition.status], not condition.certain))


def certainly_unfit(offer: Offer, place: Place, concepts: ConceptGraph, today: date) -> bool:
    """Whether something that the records state rules the offer out."""
    if offer.kind not in OFFERS:
        return False
    found = (*_ended(offer, "en", today), *_area(offer, place, "en"), *_scale(offer, place, concepts, "en"))
    return any(condition.certain for condition in found)


def _ended(offer: Offer, lang: str, today: date) -> Iterator[Condition]:
    if offer.valid_until and offer.valid_until < today.isoformat():
        yield Condition(
            code="expired", status="unmet", certain=True, text=sentence("expired", lang, day=offer.valid_until)
        )


def _area(offer: Offer, place: Place, lang: str) -> Iterator[Condition]:
    """An offer that names its regions is not made elsewhere."""
    if not offer.regions:
        return
    register = RegionRegister.load()
    for code in place.situation.regions:
        around = {code, *(above.code for above in register.ancestors(code))}
        inside = {r for r in offer.regions if register.by_code(r) and code in _around(r)}
        here = region_label(code, lang)
        if not here:
            continue
        fits = bool(around.intersection(offer.regions)) or bool(inside)
        names = [label.label for r in offer.regions[:4] if (label := region_label(r, lang))]
        more = len(offer.regions) - len(names)
        text = sentence(
            "area_met" if fits else "area", lang, here=here.label, names=_listed(names, lang) + _more(more, lang)
        )
        yield Condition(code="area", status="met" if fits else "unmet", certain=not fits, text=text)


def _around(code: str) -> set[str]:
    return {above.code for above in RegionRegister.load().ancestors(code)}


def _scale(offer: Offer, place: Place, concepts: ConceptGraph, lang: str) -> Iterator[Condition]:
    asked = _figures(offer.scale)
    compared = False
    for figure in asked:
        for value, source, soft in _amounts(figure, offer, place, concepts, lang):
            compared = True
            yield _compared(figure, value, source, offer.scale, lang, soft=soft)
    if offer.scale and not compared:
        yield Condition(
            code="scale", status="check", certain=False, text=sentence("scale_only", lang, scale=offer.scale)
        )


def _amounts(
    figure: Figure, offer: Offer, place: Place, concepts: ConceptGraph, lang: str
) -> Iterator[tuple[tuple[float | None, float | None], str, bool]]:
    """What the place has of what a figure counts: ends, the words for it, and whether it may be another thing."""
    told = [f for f in place.situation.figures if f.measure == figure.measure]
    for own in told[:1]:
        name = "told_record" if place.situation.registered else "told"
        yield (own.low, own.high), sentence(name, lang, words=own.text), figure.measure in ("mass", "volume")
    if told:
        return
    for facts in place.facts:
        here = region_label(facts.code, lang)
        name = here.label if here else facts.code
        if figure.measure == "people" and facts.population:
            value = float(facts.population)
            words = sentence("population", lang, here=name, number=f"{facts.population:,}", day=facts.counted or "–")
            yield (value, value), words, False
        if figure.measure in ("mass", "volume"):
            yield from _held(figure, offer, facts, name, concepts, lang)


def _held(
    figure: Figure, offer: Offer, facts: RegionFacts, name: str, concepts: ConceptGraph, lang: str
) -> Iterator[tuple[tuple[float | None, float | None], str, bool]]:
    """What the region has of the resource that the offer uses, or of a kind of it."""
    for iri in offer.uses:
        kinds = concepts.with_narrower(iri)
        held = [h for h in facts.held if h.resource in kinds and h.measure == figure.measure]
        if held:
            total = sum({h.record: h.value for h in held}.values())
            concept = concepts.get(iri)
            words = sentence(
                "held",
                lang,
                here=name,
                resource=concept.label(lang) if concept else iri.rpartition("/")[2],
                amount=amount_label(total, total, figure.measure, lang),
                record=", ".join(sorted({h.record.rpartition("/")[2] for h in held})),
            )
            yield (total, total), words, True


def _compared(
    figure: Figure,
    value: tuple[float | None, float | None],
    source: str,
    scale: str,
    lang: str,
    *,
    soft: bool,
) -> Condition:
    """Too little does not fit; too much may take several of it; what lies between fits."""
    low, high = value
    most = high if high is not None else low
    needed = amount_label(figure.low, figure.high, figure.measure, lang)
    if figure.low is not None and most is not None and most < figure.low:
        # figures that are no ranges ("100,000 residents") tell a size, not a limit
        limit = figure.low != figure.high
        certain = limit and not soft and not _SOFT.search(scale) and most < figure.low * CERTAIN_SHARE
        text = sentence("too_small", lang, needed=needed, scale=scale, has=source)
        return Condition(code=figure.measure, status="unmet" if limit else "check", certain=certain, text=text)
    if figure.high is not None and low is not None and low > figure.high:
        text = sentence("too_large", lang, needed=needed, scale=scale, has=source)
        return Condition(code=figure.measure, status="check", certain=False, text=text)
    text = sentence("fits", lang, needed=needed, scale=scale, has=source)
    return Condition(code=figure.measure, status="met", certain=False, text=text)


def _climate(offer: Offer, place: Place, lang: str) -> Iterator[Condition]:
    """The offer's own sentences of limits that speak of what the place is like: quoted, not judged."""
    said = "ja" if offer.lang == "ja" else "en"
    text = "\n".join(filter(None, (offer.text, offer.climate)))
    for trait in sorted(place.traits):
        for match in _SENTENCE.finditer(text):
            words = match[0].strip()
            if _MATTER[trait].search(words) and (_LIMIT[said].search(words) or words in offer.climate):
                label = TRAIT_LABELS[lang][trait]
                quoted = sentence("climate", lang, trait=label, words=words)
                yield Condition(code=trait, status="check", certain=False, text=quoted)
                break


def _permits(offer: Offer, concepts: ConceptGraph, lang: str) -> Iterator[Condition]:
    labels = [concept.label(lang) for iri in offer.permits if (concept := concepts.get(iri))]
    if labels:
        text = sentence("permits", lang, names=_listed(labels, lang))
        yield Condition(code="permit", status="check", certain=False, text=text)


@lru_cache(maxsize=4_096)
def _figures(scale: str) -> Sequence[Figure]:
    return figures_in(scale)


def _listed(names: Collection[str], lang: str) -> str:
    return ("、" if lang == "ja" else ", ").join(names)


def _more(count: int, lang: str) -> str:
    if count <= 0:
        return ""
    return f"ほか{count}地域" if lang == "ja" else f" and {count} more"
