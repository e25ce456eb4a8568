"""Finds labels in text by the norms of its words.

A label is found where its words stand, never inside another word, and the longest label wins. Sudachi's
normalised forms make 天ぷら油 and てんぷら油 one label; stems make "boilers" find "boiler".
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import RLock

from ingest.nlp.phrases import DictionaryPhrases, Phrase, PhraseFinder
from ingest.nlp.words import Lang, Word, carries_meaning, read_words, tokenizer_versions
from kg.files import write_atomically


def text_language(lang: str) -> Lang:
    """The language whose tokenizer reads a text tagged ``lang``: Japanese, and English for everything else."""
    return "ja" if lang == "ja" else "en"


@dataclass(frozen=True)
class Term:
    """A label to look for: the IRI it stands for and what it is (``region``, ``theme``, ``technology``, …)."""

    iri: str
    kind: str
    text: str
    lang: Lang


@dataclass(frozen=True)
class Mention:
    """A place in a text (half-open range of characters) that names one or several things by the same label."""

    start: int
    end: int
    text: str
    terms: tuple[Term, ...]


class MentionMatcher:
    """Looks for many labels at once, in one language at a time; a language is built when first asked for.

    ``phrases`` makes what looks for them: by default the one that starts at once, and ``SpacyPhrases`` for long
    texts. Tokenizing thousands of labels takes seconds, so their norms are kept in ``cache`` (a folder) where one is
    given; it is derived, and checked against the labels and the tokenizers' versions.
    """

    def __init__(
        self,
        terms: Iterable[Term],
        cache: Path | None = None,
        phrases: Callable[[Iterable[Phrase]], PhraseFinder] = DictionaryPhrases,
    ) -> None:
        self._cache, self._make_finder = cache, phrases
        self._labels: dict[Lang, dict[str, list[Term]]] = {"ja": defaultdict(list), "en": defaultdict(list)}
        for term in terms:
            self._labels[term.lang][term.text].append(term)
        self._matchers: dict[Lang, _LanguageMatcher] = {}
        self._lock = RLock()

    def texts(self, lang: Lang) -> list[str]:
        """The labels that are looked for in a language."""
        return list(self._labels[lang])

    def find(self, text: str, lang: Lang) -> list[Mention]:
        """The mentions in a text, in order and without overlaps."""
        return self.find_in(text, read_words(lang, text), lang)

    def find_in(self, text: str, read: Sequence[Word], lang: Lang) -> list[Mention]:
        """The same for a text whose words were read already."""
        with self._lock:
            if lang not in self._matchers:
                norms = label_norms(lang, list(self._labels[lang]), self._cache)
                self._matchers[lang] = _LanguageMatcher(self._labels[lang], norms, self._make_finder)
            return self._matchers[lang].find(text, read)


class _LanguageMatcher:
    """The labels of one language, keyed by the norms of their words."""

    def __init__(
        self,
        labels: dict[str, list[Term]],
        norms: Mapping[str, Sequence[str]],
        make_finder: Callable[[Iterable[Phrase]], PhraseFinder],
    ) -> None:
        found: dict[Phrase, list[Term]] = defaultdict(list)
        for label, terms in labels.items():
            if key := tuple(norm for norm in norms[label] if norm not in _JOINTS):
                found[key] += terms
        # shared by all mentions of a label: a name may stand for hundreds of things, and a long plan repeats it
        self._terms = {key: tuple(terms) for key, terms in found.items()}
        self._finder = make_finder(self._terms)

    def find(self, text: str, read: Sequence[Word]) -> list[Mention]:
        words = [word for word in read if not _passed_over(word, text)]
        norms = [word.norm for word in words]
        return [self._mention(text, words[start:end]) for start, end in self._finder.find(norms)]

    def _mention(self, text: str, words: Sequence[Word]) -> Mention:
        terms = self._terms[tuple(word.norm for word in words)]
        start, end = words[0].start, words[-1].end
        return Mention(start, end, text[start:end], terms)


# "wood-chip boiler" and "wood chip boiler" are one label
_JOINTS = frozenset("-‐‑")


def _passed_over(word: Word, text: str) -> bool:
    """Whether labels run on over a word: a hyphen inside a word."""
    if word.text not in _JOINTS or word.start == 0:
        return False
    return not text[word.start - 1].isspace() and not text[word.end : word.end + 1].isspace()


def content_tokens(text: str, lang: Lang) -> list[tuple[int, str, str]]:
    """The words that carry meaning, in order: offset in characters, norm and surface form."""
    return [(word.start, word.norm, word.text) for word in read_words(lang, text) if carries_meaning(word, lang)]


def label_norms(lang: Lang, labels: Sequence[str], cache: Path | None) -> dict[str, list[str]]:
    """The token norms of labels, from the cache where it is current; else tokenized, and cached."""
    key = hashlib.sha256("\0".join([*tokenizer_versions(), *sorted(labels)]).encode()).hexdigest()
    file = cache / f"label-norms-{lang}-{key[:8]}.json" if cache else None
    if file is not None and file.exists():
        with suppress(ValueError, OSError, KeyError, TypeError):
            stored = json.loads(file.read_text(encoding="utf-8"))
            if stored["key"] == key:
                return {label: list(stored["norms"][label]) for label in labels}
    norms = {label: [word.norm for word in read_words(lang, label)] for label in labels}
    if file is not None:
        # a folder that may only be read costs time at each start, no more
        with suppress(OSError):
            file.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(file, json.dumps({"key": key, "norms": norms}, ensure_ascii=False).encode())
    return norms


__all__ = [
    "Lang",
    "Mention",
    "MentionMatcher",
    "Term",
    "content_tokens",
    "label_norms",
    "text_language",
]
