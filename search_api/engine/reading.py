"""What a text says to the matcher: the concepts that it names and its content words, each with its place.

Reading costs more than finding (Sudachi, then thousands of labels), so entries are read once, when they are indexed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from ingest.mentions.matcher import MentionMatcher, text_language
from ingest.nlp.words import carries_meaning, read_words


@dataclass(frozen=True)
class Reading:
    """Where a text names concepts (place, IRI) and where its content words stand (place, norm), in characters."""

    concepts: tuple[tuple[int, str], ...] = ()
    words: tuple[tuple[int, str], ...] = ()

    @cached_property
    def named(self) -> frozenset[str]:
        """The IRIs of all concepts that the text names."""
        return frozenset(iri for _, iri in self.concepts)

    @cached_property
    def norms(self) -> frozenset[str]:
        """The norms of all content words."""
        return frozenset(norm for _, norm in self.words)

    def to_json(self) -> str:
        """The reading as stored."""
        return json.dumps([self.concepts, self.words], ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Reading:
        """The reading that ``to_json`` wrote."""
        concepts, words = json.loads(text)
        return cls(tuple((place, iri) for place, iri in concepts), tuple((place, norm) for place, norm in words))


class TextReader(Protocol):
    """Reads texts of one vocabulary."""

    @property
    def version(self) -> str:
        """Identity of vocabulary and tokenizers; readings of another version are made anew."""
        ...

    def read(self, text: str, lang: str) -> Reading:
        """The concepts and content words of a text tagged ``lang``."""
        ...


class MatcherReader:
    """A ``TextReader`` over the label matcher of an ontology's ``version``."""

    def __init__(self, matcher: MentionMatcher, version: str) -> None:
        self._matcher = matcher
        self._version = version

    @property
    def version(self) -> str:
        """See ``TextReader.version``."""
        return self._version

    def read(self, text: str, lang: str) -> Reading:
        """See ``TextReader.read``."""
        tokenizer = text_language(lang)
        words = read_words(tokenizer, text)
        mentions = self._matcher.find_in(text, words, tokenizer)
        return Reading(
            tuple((mention.start, term.iri) for mention in mentions for term in mention.terms),
            tuple((word.start, word.norm) for word in words if carries_meaning(word, tokenizer)),
        )
