"""The search path that serves the command line, the API, the pages and the evaluation alike."""

from __future__ import annotations

import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from kg.namespaces import REGION
from search_api.engine.advice import advise
from search_api.engine.calibration import Calibration
from search_api.engine.concepts import ConceptGraph
from search_api.engine.conditions import Offer, Place, certainly_unfit, conditions_of
from search_api.engine.evidence import EvidenceFinder, QueryTerms
from search_api.engine.index.entries import Entry
from search_api.engine.index.filters import Filters
from search_api.engine.index.search_index import SearchIndex
from search_api.engine.models.embedder import Embedder, Vectors
from search_api.engine.needs import Needs, Understanding, concept_iri
from search_api.engine.query import DEFAULT_LIMIT, Query, Request, understand
from search_api.engine.ranking import WEIGHTS, Hit, Meaning, Weights, rank
from search_api.engine.reading import Reading
from search_api.engine.region_facts import FactsOf, RegionFacts, nothing_known
from search_api.engine.region_labels import region_label
from search_api.engine.regions_search import rank_regions
from search_api.engine.results import ConceptLabel, Condition, FacetValue, Result, SearchAnswer
from search_api.engine.situation import Situation
from search_api.engine.told import agreeing, told

# so many records are weighed, counted by the facets, and paged through
POOL = 200
SUMMARY_CHARACTERS = 220


@dataclass(frozen=True)
class Scored:
    """A record with the probability that it is useful (None where nothing was calibrated) and its cosine."""

    id: str
    title: str
    score: float | None
    cosine: float


class SearchEngine:
    """Answers requests over one index; ``base`` is the prefix of record IRIs."""

    def __init__(
        self,
        index: SearchIndex,
        embedder: Embedder,
        concepts: ConceptGraph,
        evidence: EvidenceFinder,
        base: str,
        facts: FactsOf = nothing_known,
    ) -> None:
        self._index = index
        self._embedder = embedder
        self._concepts = concepts
        self._evidence = evidence
        self._base = base
        self._facts = facts
        self._searched = 0.0

    @property
    def concepts(self) -> ConceptGraph:
        """The concepts that filters and labels come from."""
        return self._concepts

    def facts_of(self, code: str) -> RegionFacts:
        """What is known of a region."""
        return self._facts(code)

    def conditions(self, offer: Offer, situation: Situation, lang: str) -> list[Condition]:
        """What an offer asks of the place of a situation, and whether that fits."""
        return conditions_of(offer, Place.of(situation, self._facts), self._concepts, lang, date.today())

    @property
    def idle(self) -> float:
        """Seconds since somebody asked; work that can wait lets searches go first."""
        return time.monotonic() - self._searched

    def search(self, request: Request) -> SearchAnswer:
        """The ranked, explained answer to a request; MeguriError where it cannot be understood."""
        started = time.perf_counter()
        self._searched = time.monotonic()
        query = self._evidence.spelled(understand(request, self._concepts))
        # the query's words are read first: a model that still loads in another process gets the time
        terms = self._evidence.read(query)
        hits = self.rank(query, terms=terms)
        place, today = Place.of(query.situation, self._facts), date.today()
        fit = self._fitting(hits, place, today)
        unfit = len(hits) - len(fit)
        hits = fit if query.fitting_only else hits
        page = hits[query.offset : query.offset + query.limit]
        readings = self._readings(page)
        results = [self._result(hit, query, terms, place, read) for hit, read in zip(page, readings, strict=True)]
        end = query.offset + query.limit
        answered = self._answers(hits)
        return SearchAnswer(
            query=query.text,
            find=query.find,
            language=query.response_lang,
            took_ms=round((time.perf_counter() - started) * 1000, 1),
            answered=answered,
            advice=[] if answered else advise(query, terms, hits, self._concepts),
            results=results,
            facets=self._facets(hits, query.response_lang),
            next=end if end < len(hits) else None,
            unfit=unfit,
            understood=told(query, query.response_lang),
            meant=self._meant(hits, terms, query.response_lang),
        )

    def _meant(self, hits: list[Hit], terms: QueryTerms, lang: str) -> list[ConceptLabel]:
        """The concepts whose needs the query sounds like, as far as they agree with what it names."""
        meaning = hits[0].meaning if hits else None
        if not meaning:
            return []
        return self.labels(agreeing(map(concept_iri, meaning.concepts), terms, hits, self._concepts), lang)

    def rank(self, query: Query, k: int = POOL, terms: QueryTerms | None = None) -> list[Hit]:
        """Records by their best entry, likeliest to be useful first; where nothing was calibrated, as ``signals``."""
        return Calibration.shipped().judged(self.signals(query, k, terms), self._index.manifest.model)

    def signals(
        self, query: Query, k: int = POOL, terms: QueryTerms | None = None, weights: Weights = WEIGHTS
    ) -> list[Hit]:
        """Records by their best entry's score, best first; of two languages of one record the better one counts."""
        terms = terms or self._evidence.read(query)
        vector = self._vector(query)
        if query.find == "region":
            needs = replace(query.filters, kind="issue")
            return rank_regions(query.text, self._hits(vector, query, needs, k, terms, weights), query.filters)
        return self._hits(vector, query, query.filters, k, terms, weights)

    def best(self, request: Request) -> list[Scored]:
        """The order of an answer alone, without evidence and facets: for those who ask for very many records."""
        query = self._evidence.spelled(understand(request, self._concepts))
        hits = self.rank(query)[: query.limit]
        return [Scored(hit.entry.record, hit.entry.title, _shown(hit.chance), hit.cosine) for hit in hits]

    def remember(self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None) -> None:
        """Embed the texts of records that are about to be asked with, many at a time."""
        folded = [text for raw in texts if (text := " ".join(unicodedata.normalize("NFKC", raw).split()))]
        self._index.query_vectors(folded, progress)

    def _fitting(self, hits: list[Hit], place: Place, today: date) -> list[Hit]:
        """The hits that nothing rules out for certain; where no place is named, only an end can."""
        doubtful = hits if place.compares else [hit for hit in hits if hit.entry.valid_until]
        unfit = {h.entry.record for h in doubtful if certainly_unfit(Offer.of(h.entry), place, self._concepts, today)}
        return [hit for hit in hits if hit.entry.record not in unfit] if unfit else hits

    def _vector(self, query: Query) -> Vectors:
        if query.registered:
            return self._index.query_vectors([query.matter])[0]
        vector: Vectors = self._embedder.embed([query.matter], "query")[0]
        return vector

    def _hits(
        self, vector: Vectors, query: Query, filters: Filters, k: int, terms: QueryTerms, weights: Weights
    ) -> list[Hit]:
        balanced = self._index.balanced(vector, query.kind, query.lang)
        found = self._index.candidates(balanced, filters, k, list(terms.words))
        # words alone may add half as many: the least of all go again, so that nothing is weighed that nobody sees
        hits = rank(found, terms.concepts, weights, terms.shares)[:k]
        if filters.kind is None or not Needs.shipped().holds_for(self._index.manifest.model, filters.kind):
            return hits
        handled = self._concepts.counted_handling(terms.concepts)
        return self._with_meaning(hits, Needs.shipped().understand(balanced, query.kind, handled), query.lang)

    def _with_meaning(self, hits: list[Hit], understood: Understanding, lang: str) -> list[Hit]:
        """The hits, all of one kind, with how each goes with what is probably meant."""
        if not hits:
            return hits
        vectors = self._index.vectors([hit.id for hit in hits])
        columns = (column.tolist() for column in understood.agreement(vectors, hits[0].entry.kind))
        known, concepts = understood.known, understood.concepts()
        return [
            hit.with_meaning(Meaning(known, agree, like, float(hit.entry.lang == lang), familiar, concepts))
            for hit, agree, like, familiar in zip(hits, *columns, strict=True)
        ]

    def _answers(self, hits: list[Hit]) -> bool:
        """Whether the best hit is likely enough; where nothing was calibrated, whether there is one."""
        if not hits:
            return False
        known = [hit.chance for hit in hits[:DEFAULT_LIMIT] if hit.chance is not None]
        return max(known) >= Calibration.shipped().line if known else True

    def _result(self, hit: Hit, query: Query, terms: QueryTerms, place: Place, reading: Reading | None) -> Result:
        entry, lang = hit.entry, query.response_lang
        evidence = self._evidence.explain(terms, query, entry, hit.cosine, reading)
        conditions = conditions_of(Offer.of(entry), place, self._concepts, lang, date.today())
        return Result(
            id=entry.record,
            iri=f"{REGION}{entry.regions[0]}" if entry.kind == "region" else f"{self._base}{entry.record}",
            kind=entry.kind,
            title=_title(entry, lang),
            summary=_summary(entry.text),
            lang=entry.lang,
            score=_shown(hit.chance),
            evidence=evidence.model_copy(update={"conditions": conditions}),
            regions=[label for code in entry.regions[:5] if (label := region_label(code, lang))],
            themes=self.labels(entry.themes, lang),
            sample=entry.sample,
        )

    def _readings(self, hits: Sequence[Hit]) -> list[Reading | None]:
        """Of each hit's text; a region's entry carries an issue's text under its own title, so there is none of it."""
        if any(hit.entry.kind == "region" for hit in hits):
            return [None] * len(hits)
        return self._index.readings([hit.entry for hit in hits])

    def labels(self, iris: Iterable[str], lang: str) -> list[ConceptLabel]:
        """Concepts with their labels in a language."""
        concepts = (self._concepts.get(iri) for iri in iris)
        return [ConceptLabel(iri=c.iri, label=c.label(lang), scheme=c.scheme) for c in concepts if c]

    def _facets(self, hits: Sequence[Hit], lang: str) -> dict[str, list[FacetValue]]:
        """How the best results divide by kind, prefecture, theme and level."""
        entries = [hit.entry for hit in hits]
        counts = {
            "kind": Counter(e.kind for e in entries),
            "region": Counter(code for e in entries for code in {c[:2] for c in e.regions if c[:2].isdigit()}),
            "theme": Counter(iri for e in entries for iri in e.themes),
            "level": Counter(iri for e in entries for iri in e.levels),
        }
        return {name: self._facet(name, counter, lang) for name, counter in counts.items()}

    def _facet(self, name: str, counter: Counter[str], lang: str) -> list[FacetValue]:
        common = sorted(counter.items(), key=lambda pair: (-pair[1], pair[0]))[:20]
        return [FacetValue(value=_parameter(v), label=self._facet_label(name, v, lang), count=n) for v, n in common]

    def _facet_label(self, name: str, value: str, lang: str) -> str:
        if name == "region":
            label = region_label(value, lang)
            return label.label if label else value
        if name == "kind":
            return KIND_LABELS[lang].get(value, value)
        concept = self._concepts.get(value)
        return concept.label(lang) if concept else _parameter(value)


KIND_LABELS = {
    "ja": {
        "technology": "技術・ソリューション",
        "issue": "地域課題",
        "partner": "団体",
        "region": "地域",
        "resource": "地域資源",
        "scheme": "支援制度",
        "project": "事業",
        "event": "催し",
        "document": "文書",
        "any": "すべて",
    },
    "en": {
        "technology": "Technologies",
        "issue": "Regional issues",
        "partner": "Organisations",
        "region": "Regions",
        "resource": "Regional resources",
        "scheme": "Support schemes",
        "project": "Projects",
        "event": "Events",
        "document": "Documents",
        "any": "Everything",
    },
}


def _parameter(value: str) -> str:
    """A concept's slug, which is what the filter parameters take."""
    return value.rpartition("/")[2]


def _title(entry: Entry, lang: str) -> str:
    """A record's own title; a region's name in the language of the response, with its prefecture."""
    label = region_label(entry.regions[0], lang) if entry.kind == "region" else None
    return label.label if label else entry.title


def _shown(chance: float | None) -> float | None:
    return None if chance is None else round(chance, 3)


def _summary(text: str) -> str:
    return text if len(text) <= SUMMARY_CHARACTERS else text[:SUMMARY_CHARACTERS].rstrip() + "…"
