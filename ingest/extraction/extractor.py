"""Extracts what a text says: each finder looks at the sentences of its language, the linker at the whole document."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ingest.extraction import goals_en, goals_ja, organisations_en, organisations_ja, regions_en, regions_ja
from ingest.extraction.linking import Linker, Place
from ingest.extraction.model import Extraction, Goal, Kind, Mention
from ingest.extraction.phrases import find_phrases
from ingest.extraction.relations.finding import find_relations
from ingest.extraction.sentences import Reading, Sentence, read_text
from ingest.extraction.spans import Spans
from ingest.mentions.matcher import Mention as LabelMention
from ingest.mentions.matcher import MentionMatcher, Term
from ingest.mentions.terms import concept_terms
from ingest.nlp.pipelines import SpacyPhrases
from ingest.nlp.words import Lang
from ingest.normalise.text import language_of
from ingest.vocabulary import packaged_vocabulary
from kg.namespaces import REGION

_KIND_OF_SCHEME: dict[str, Kind] = {"technology": "technology", "resource": "resource", "theme": "issue"}
_LANGS: tuple[Lang, Lang] = ("ja", "en")
_ORGANISATIONS = {"ja": organisations_ja.find_organisations, "en": organisations_en.find_organisations}
_GOALS = {"ja": goals_ja.find_goals, "en": goals_en.find_goals}
_LEGAL_FORM = re.compile(
    r"株式会社|有限会社|合同会社|[(（][株有][)）]|㈱|㈲|NPO法人|一般社団法人|公益財団法人|一般財団法人"
    r"|,?\s(?:Co\.,?\s?Ltd\.?|Co\.|Ltd\.?|Inc\.?|Corp\.?|Corporation|LLC|Company)$"
)
# shorter names are words of any text, by whether they are plain letters
_LEAST_ALIAS = {True: 6, False: 3}
_GOAL_HEADINGS = ("目標", "KPI", "goal", "target")


class Extractor:
    """Reads texts with one matcher, which holds the labels of the vocabulary (``ingest.mentions.terms``)."""

    def __init__(self, matcher: MentionMatcher) -> None:
        self._matcher = matcher

    def extract(self, text: str, about: Sequence[str] = ()) -> Extraction:
        """What ``text`` says; ``about`` are the codes of the regions that the document is known to be about.

        The mentions' places count the characters of ``text`` itself; their words are verbatim parts of it.
        """
        reading = read_text(text)
        organisations = list(_organisations(reading))
        organisations += _aliases(reading, organisations)
        regions = _regions(reading, about, organisations)
        goals = [_verbatim(goal, text) for goal in _goals(reading)]
        labels = [m for lang in _LANGS for m in self._labels(reading, lang)]
        phrases = find_phrases(reading, [*regions, *organisations], labels, goals)
        named = [*regions, *organisations, *phrases]
        named_there = Spans((o.start, o.end) for o in organisations)
        resources = [m for m in labels if m.kind == "resource" and not named_there.meets(m.start, m.end)]
        mentions = sorted([*named, *resources, *(_goal_mention(g) for g in goals)], key=lambda m: (m.start, -m.end))
        return Extraction(text, language_of(text), mentions, find_relations(reading.sentences, named), goals)

    def _labels(self, reading: Reading, lang: Lang) -> list[Mention]:
        return [
            mention
            for words in reading.sections(lang)
            for label in self._matcher.find_in(reading.text, words, lang)
            for mention in _concept_mentions(label)
        ]


def _organisations(reading: Reading) -> Iterator[Mention]:
    for sentence in reading.sentences:
        named = _ORGANISATIONS[sentence.lang](sentence)
        if sentence.lang == "ja":
            named = [*named, *organisations_en.find_legal_names(sentence)]
        for one in named:
            yield Mention("organisation", one.start, one.end, reading.text[one.start : one.end], one.confidence, "rule")


def _aliases(reading: Reading, organisations: Sequence[Mention]) -> Iterator[Mention]:
    """Companies that the text names again without their legal form: 日本無線 after 日本無線株式会社."""
    taken = Spans((o.start, o.end) for o in organisations)
    names = {bare for o in organisations if (bare := _LEGAL_FORM.sub("", o.text).strip(" ,.　")) != o.text}
    for name in sorted(name for name in names if len(name) >= _LEAST_ALIAS[name.isascii()]):
        for match in re.finditer(re.escape(name), reading.text):
            start, end = match.span()
            if not taken.meets(start, end) and reading.at_word_bounds(start, end):
                taken.add(start, end)
                yield Mention("organisation", start, end, name, 0.8, "rule")


def _regions(reading: Reading, about: Sequence[str], organisations: Sequence[Mention]) -> list[Mention]:
    taken = Spans((o.start, o.end) for o in organisations)
    places = [
        place
        for sentence in reading.sentences
        for place in _places(sentence)
        if not taken.meets(place.start, place.end)
    ]
    return [
        Mention(
            "region",
            link.place.start,
            link.place.end,
            reading.text[link.place.start : link.place.end],
            link.confidence,
            "register",
            f"{REGION}{link.code}",
            link.code,
        )
        for link in Linker(about).link(places)
    ]


def _places(sentence: Sentence) -> list[Place]:
    if sentence.lang == "en":
        return regions_en.find_places(sentence)
    quoted = [place for place in regions_en.find_places(sentence) if place.form == "whole"]
    return [*regions_ja.find_places(sentence), *quoted]


def _concept_mentions(label: LabelMention) -> list[Mention]:
    """One mention per kind of thing that a label names; of several concepts of a kind the label names none for sure."""
    kinds: dict[Kind, list[Term]] = {}
    for term in label.terms:
        if kind := _KIND_OF_SCHEME.get(term.kind):
            kinds.setdefault(kind, []).append(term)
    return [
        Mention(kind, label.start, label.end, label.text, 0.9 if len(terms) == 1 else 0.7, "label", terms[0].iri)
        for kind, terms in kinds.items()
    ]


def _goals(reading: Reading) -> list[Goal]:
    found: list[Goal] = []
    heading = False
    for sentence in reading.sentences:
        if _is_heading(sentence):
            heading = any(word in sentence.text.casefold() for word in _GOAL_HEADINGS)
        found += _GOALS[sentence.lang](sentence, heading)
    return found


def _is_heading(sentence: Sentence) -> bool:
    limit = 24 if sentence.lang == "ja" else 48
    return len(sentence.text) < limit and not sentence.text.endswith(("。", "."))


def _verbatim(goal: Goal, text: str) -> Goal:
    return replace(goal, text=text[goal.start : goal.end])


def _goal_mention(goal: Goal) -> Mention:
    return Mention("goal", goal.start, goal.end, goal.text, goal.confidence, "rule")


def packaged_extractor() -> Extractor:
    """An extractor over the packaged vocabulary, for reading without a data folder."""
    vocabulary = packaged_vocabulary()
    return Extractor(MentionMatcher(concept_terms(vocabulary), phrases=SpacyPhrases))
