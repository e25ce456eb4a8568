"""What to do where nothing is good enough: ways to say it better, from what the query lacks and nearly found."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from search_api.engine.concepts import ConceptGraph
from search_api.engine.evidence import QueryTerms
from search_api.engine.query import Query
from search_api.engine.ranking import Hit
from search_api.engine.results import Advice, ConceptLabel

_NEAR = 5
# what a single one of the nearest has may be as far from the query as that result
_SEVERAL = 2
_MOST = 4
# names of regions end so in Japanese; in English a preposition and a capital letter are as good as it gets
_PLACE = re.compile(r"[都道府県市区町村島郡]|\b(?:in|near|within|of) [A-Z]|\b(?:City|Town|Village|Prefecture|Island)\b")
_TEXTS = {
    "concepts": {
        "ja": "次の言葉のどれかが当てはまるなら、加えてみてください。",
        "en": "If one of these is meant, add it.",
    },
    "resource": {
        "ja": "何が余っているか、何を使いたいか（例: 廃食用油、間伐材、温泉の湯）を書いてみてください。",
        "en": "Name the material or resource, such as used cooking oil, thinnings or hot-spring water.",
    },
    "amount": {
        "ja": "量や規模（例: 年30t、人口3,000人、200世帯）を加えてみてください。",
        "en": "Add an amount or a scale, such as 30 t a year, 3,000 inhabitants or 200 households.",
    },
    "place": {
        "ja": "場所や気候（例: 豪雪地、離島、長野県飯田市）を加えてみてください。",
        "en": "Add the place or its climate: heavy snow, a remote island, Iida City in Nagano.",
    },
}


def advise(query: Query, terms: QueryTerms, hits: Sequence[Hit], concepts: ConceptGraph) -> list[Advice]:
    """Ways to say a query better, most helpful first, in the language of the response."""
    near = _nearly_named(terms, hits, concepts, query.response_lang)
    advice = [_advice("concepts", query, near)] if near else []
    return advice + [_advice(code, query, []) for code in _missing(query, terms, concepts)]


def _missing(query: Query, terms: QueryTerms, concepts: ConceptGraph) -> Iterator[str]:
    if not any((concept := concepts.get(iri)) and concept.scheme == "resource" for iri in terms.concepts):
        yield "resource"
    if not re.search(r"[0-9一二三四五六七八九十百千万億]", query.text):
        yield "amount"
    told = query.filters.region or query.situation.regions or query.situation.traits
    if not told and not _PLACE.search(query.text):
        yield "place"


def _nearly_named(terms: QueryTerms, hits: Sequence[Hit], concepts: ConceptGraph, lang: str) -> list[ConceptLabel]:
    """Concepts that several of the nearest results have (all that there are count) and the query does not name."""
    several = min(_SEVERAL, len(hits))
    owned = ((*hit.entry.concepts, *hit.entry.themes, *hit.entry.named) for hit in hits[:_NEAR])
    # not a set: of concepts that are equally common the nearest result's come first, in every run
    counts = Counter(iri for own in owned for iri in dict.fromkeys(own))
    fresh = [iri for iri, n in counts.most_common() if n >= several and iri not in terms.concepts]
    known = [found for iri in fresh if (found := concepts.get(iri)) is not None]
    return [ConceptLabel(iri=c.iri, label=c.label(lang), scheme=c.scheme) for c in known[:_MOST]]


def _advice(code: str, query: Query, concepts: list[ConceptLabel]) -> Advice:
    return Advice(code=code, text=_TEXTS[code][query.response_lang], concepts=concepts)
