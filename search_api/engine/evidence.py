"""Why a result was found: the concepts that query and record share, the paths between them, the text that says it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from ingest.mentions.matcher import MentionMatcher, content_tokens, text_language
from search_api.engine.concepts import SENTENCES, ConceptGraph, Step
from search_api.engine.index.entries import Entry
from search_api.engine.kana import KanaReader
from search_api.engine.query import Query
from search_api.engine.reading import MatcherReader, Reading
from search_api.engine.results import ConceptLabel, Evidence, PassageEvidence, PathStep

_SENTENCE = re.compile(r"[^。！？!?\n]*?(?:[。！？!?]+|\.(?=\s|$)|\n|$)")
# letters of a sentence that says something
_SHORTEST = 4
_ENDED = re.compile(r"[。！？!?.][」』）)]*\s*$")
MAX_CONCEPTS = 6
MAX_PATHS = 3


@dataclass(frozen=True)
class QueryTerms:
    """What the query's text names: concepts (IRI → the words that name it) and content words (norm → surface).

    ``shares`` tell for each place that names concepts (their IRIs) what share of the content words stands there.
    """

    concepts: dict[str, str]
    words: dict[str, str] = field(default_factory=dict)
    shares: tuple[tuple[frozenset[str], float], ...] = ()


class EvidenceFinder:
    """Explains results; built on the concepts and the label matcher of the store's ontology."""

    def __init__(self, concepts: ConceptGraph, matcher: MentionMatcher) -> None:
        self._concepts = concepts
        self._matcher = matcher
        self._reader = MatcherReader(matcher, "")
        self._kana = KanaReader(matcher.texts("ja"))

    @classmethod
    def without_terms(cls) -> EvidenceFinder:
        """One that knows no concepts, for ranking alone."""
        return cls(ConceptGraph({}, []), MentionMatcher([]))

    def spelled(self, query: Query) -> Query:
        """A query in kana or romaji alone with the labels that it spells, unless its asker took that back."""
        if query.registered or query.situation.taken_back:
            return query
        written = self._kana.rewritten(query.matter)
        if written is None:
            return query
        return replace(query, spelling=written, lang="ja")

    def read(self, query: Query) -> QueryTerms:
        """The concepts and content words of a query, found once for all its results."""
        lang = text_language(query.lang)
        mentions = self._matcher.find(query.matter, lang)
        named = {term.iri: mention.text for mention in mentions for term in mention.terms}
        tokens = content_tokens(query.matter, lang)
        words: dict[str, str] = {}
        for _, norm, surface in tokens:
            words.setdefault(norm, surface)
        shares = tuple(
            (frozenset(term.iri for term in mention.terms), inside / len(tokens))
            for mention in mentions
            if (inside := sum(mention.start <= start < mention.end for start, _, _ in tokens))
        )
        return QueryTerms(named, words, shares)

    def explain(
        self, terms: QueryTerms, query: Query, entry: Entry, cosine: float, reading: Reading | None = None
    ) -> Evidence:
        """The evidence for one entry, labelled in the language of the response; ``reading`` is what its text says."""
        read = reading or self._reader.read(entry.embedded_text, entry.lang)
        own = [*entry.concepts, *entry.themes, *entry.named]
        shared = [iri for iri in terms.concepts if iri in own]
        paths = self._concepts.paths([iri for iri in terms.concepts if iri not in own], own, MAX_PATHS)
        common = [surface for norm, surface in terms.words.items() if norm in read.norms]
        comparable = entry.lang == query.lang and terms.words
        return Evidence(
            dense=round(cosine, 4),
            lexical=round(len(common) / len(terms.words), 4) if comparable else None,
            matched_terms=common,
            shared_concepts=[self._label(iri, query.response_lang) for iri in shared[:MAX_CONCEPTS]],
            paths=[[self._step(step, query.response_lang) for step in path] for path in paths],
            passages=[self._passage(terms, entry, read)] if entry.text.strip() else [],
        )

    def _passage(self, terms: QueryTerms, entry: Entry, reading: Reading) -> PassageEvidence:
        """The sentence of the entry that names most of what the query names; the first one where none does.

        Of a heading and a sentence that name as much, the sentence says more.
        """
        lang = text_language(entry.lang)
        found = [m for m in _SENTENCE.finditer(entry.text) if m.group().strip()]
        # the number of a list item or heading ("## 2.") ends like a sentence and says nothing
        sentences = [m for m in found if sum(map(str.isalpha, m.group())) >= _SHORTEST] or found
        near = {*terms.concepts, *self._related(terms.concepts, entry)}
        before = len(entry.embedded_text) - len(entry.text)
        best = max(
            sentences,
            key=lambda m: (
                *_weight(reading, (before + m.start(), before + m.end()), near, terms),
                _ENDED.search(m.group()) is not None,
            ),
        )
        start = best.start() + len(best.group()) - len(best.group().lstrip())
        text = best.group().strip()
        offset = entry.start or 0
        return PassageEvidence(
            text=text,
            lang=lang,
            field=None if entry.passage else "description",
            iri=entry.passage,
            page=entry.page_at(offset + start),
            start=offset + start,
            end=offset + start + len(text),
        )

    def _related(self, concepts: Iterable[str], entry: Entry) -> set[str]:
        own: Sequence[str] = [*entry.concepts, *entry.themes]
        steps = (step for path in self._concepts.paths(concepts, own, MAX_PATHS) for step in path)
        return {iri for step in steps for iri in (step.subject, step.object)}

    def _label(self, iri: str, lang: str) -> ConceptLabel:
        concept = self._concepts.get(iri)
        if concept is None:
            return ConceptLabel(iri=iri, label=iri.rpartition("/")[2], scheme="")
        return ConceptLabel(iri=iri, label=concept.label(lang), scheme=concept.scheme)

    def _step(self, step: Step, lang: str) -> PathStep:
        subject, object_ = self._label(step.subject, lang), self._label(step.object, lang)
        text = SENTENCES[lang][step.relation].format(subject=subject.label, object=object_.label)
        return PathStep(subject=subject, relation=step.relation, object=object_, text=text)


def _weight(reading: Reading, place: tuple[int, int], near: set[str], terms: QueryTerms) -> tuple[int, int]:
    """How much a part of a text names of a query: concepts (or those one step away) count before words in common."""
    start, end = place
    named = {iri for at, iri in reading.concepts if start <= at < end}
    words = {norm for at, norm in reading.words if start <= at < end}
    return len(named & near), len(words & terms.words.keys())
