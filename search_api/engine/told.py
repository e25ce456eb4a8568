"""What was read from a query, in the reader's words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ingest.normalise.figures import BASE_UNITS, Figure, Measure
from kg.namespaces import CONCEPT
from search_api.engine.concepts import ConceptGraph
from search_api.engine.evidence import QueryTerms
from search_api.engine.query import Query
from search_api.engine.ranking import Hit
from search_api.engine.region_labels import region_label
from search_api.engine.results import RegionLabel, Understood
from search_api.engine.situation import Part

TRAIT_LABELS = {
    "ja": {"island": "離島", "snow": "雪の多い地域", "cold": "寒冷地", "subtropical": "亜熱帯"},
    "en": {"island": "island", "snow": "heavy snow", "cold": "cold climate", "subtropical": "subtropical"},
}
_UNITS_EN: dict[Measure, str] = {
    "people": "people",
    "households": "households",
    "mass": "t a year",
    "volume": "kL a year",
}
# so many candidates of one name are shown
_MOST = 12

# what one of so many first results is about may be told as meant, whatever resource the query names
_BACKING = 3
_TECHNOLOGIES = str(CONCEPT["technology/"])


def agreeing(meant: Iterable[str], terms: QueryTerms, hits: Sequence[Hit], concepts: ConceptGraph) -> list[str]:
    """The IRIs of technology concepts that may be told as ``meant`` by a query that names ``terms``.

    Left out is what speaks against the query: it names a resource that technologies handle, the concept handles only
    others, and none of the first results is about the concept. Where it names technologies itself, only they, what is
    below them, and what they are kinds of may be told: who writes "wood-chip boiler" does not mean the one for pellets.
    """
    named = [iri for iri in terms.concepts if iri.startswith(_TECHNOLOGIES)]
    handling = concepts.handling(terms.concepts)
    backed = handling.union(named, *(hit.entry.concepts for hit in hits[:_BACKING]))
    kin = [iri for iri in meant if not named or any(_of_one_kind(iri, other, concepts) for other in named)]
    return [iri for iri in kin if not handling or iri in backed or not concepts.handles_any(iri)]


def _of_one_kind(one: str, other: str, concepts: ConceptGraph) -> bool:
    return one in concepts.with_narrower(other) or other in concepts.with_narrower(one)


def told(query: Query, lang: str) -> list[Understood]:
    """All parts, in the language of the response; a spelling that was changed comes first."""
    parts = [_told(part, lang) for part in query.situation.parts]
    if query.spelling:
        return [Understood(kind="spelling", text=query.text, use="feature", label=query.spelling), *parts]
    return parts


def amount_label(low: float | None, high: float | None, measure: Measure, lang: str) -> str:
    """1,825–7,300 t/年, 30,000人以上, 120 t a year: an amount in the base unit of its measure; None is an open end."""
    ends = [f"{end:,.10g}" for end in dict.fromkeys((low, high)) if end is not None]
    number = "–".join(ends) or "0"
    if lang == "ja":
        unit = BASE_UNITS[measure]
        amount = f"{number} {unit}" if unit[0].isascii() else number + unit
        return amount + ("以下" if low is None else "以上" if high is None else "")
    amount = f"{number} {_UNITS_EN[measure]}"
    return amount + (" or less" if low is None else " or more" if high is None else "")


def _told(part: Part, lang: str) -> Understood:
    if part.kind == "place":
        return _place(part, lang)
    label = _figure(part.figure, lang) if part.figure else TRAIT_LABELS[lang][part.value]
    return Understood(kind=part.kind, text=part.text, use=part.use, label=label)


def _place(part: Part, lang: str) -> Understood:
    unclear = part.use == "ask"
    region = None if unclear else region_label(part.codes[0], lang)
    return Understood(
        kind="place",
        text=part.text,
        use=part.use,
        label=region.label if region else part.text,
        region=region,
        candidates=_labels(part.codes if unclear else part.others, lang),
    )


def _figure(figure: Figure, lang: str) -> str:
    return amount_label(figure.low, figure.high, figure.measure, lang)


def _labels(codes: tuple[str, ...], lang: str) -> list[RegionLabel]:
    return [label for code in codes[:_MOST] if (label := region_label(code, lang))]
