"""Finds labels in text over Sudachi tokens (Japanese) or stemmed words (English): the only importer of spaCy.

A label is found where its tokens stand, never inside another word, and the longest label wins. Sudachi's
normalised forms make 天ぷら油 and てんぷら油 one label; stems make "boilers" find "boiler".
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from threading import RLock
from types import ModuleType
from typing import Any, Literal

from kg.files import write_atomically

Lang = Literal["ja", "en"]


def text_language(lang: str) -> Lang:
    """The language whose tokenizer reads a text tagged ``lang``: Japanese, and English for everything else."""
    return "ja" if lang == "ja" else "en"


# SudachiPy refuses longer inputs (49,149 bytes), and passages are far shorter
_MAX_BYTES = 40_000


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


# the tokenizers and the vocabulary that they fill are shared and not safe for several threads at once
_READING = RLock()


class MentionMatcher:
    """Looks for many labels at once, in one language at a time; a language is built when first asked for.

    Tokenizing thousands of labels takes seconds, so their norms are kept in ``cache`` (a folder) where one is
    given; it is derived, and checked against the labels and the tokenizers' versions.
    """

    def __init__(self, terms: Iterable[Term], cache: Path | None = None) -> None:
        self._cache = cache
        self._labels: dict[Lang, dict[str, list[Term]]] = {"ja": defaultdict(list), "en": defaultdict(list)}
        for term in terms:
            self._labels[term.lang][term.text].append(term)
        self._matchers: dict[Lang, _LanguageMatcher] = {}

    def find(self, text: str, lang: Lang) -> list[Mention]:
        """The mentions in a text, in order and without overlaps."""
        with _READING:
            if lang not in self._matchers:
                norms = label_norms(lang, list(self._labels[lang]), self._cache)
                self._matchers[lang] = _LanguageMatcher(lang, self._labels[lang], norms)
            return self._matchers[lang].find(text)


class _LanguageMatcher:
    """The labels of one language, keyed by their token norms."""

    def __init__(self, lang: Lang, labels: dict[str, list[Term]], norms: Mapping[str, Sequence[str]]) -> None:
        self._lang = lang
        self._nlp = pipeline(lang)  # first: it imports spaCy without its ballast
        from spacy.matcher import PhraseMatcher  # noqa: PLC0415
        from spacy.tokens import Doc  # noqa: PLC0415

        self._matcher: Any = PhraseMatcher(self._nlp.vocab, attr="NORM")
        self._terms: dict[tuple[str, ...], list[Term]] = defaultdict(list)
        for label, terms in labels.items():
            if key := tuple(norm for norm in norms[label] if norm not in _JOINTS and not norm.isspace()):
                self._terms[key] += terms
        self._doc = Doc
        self._waiting: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        for key in self._terms:
            self._waiting[key[0]].append(key)

    def find(self, text: str) -> list[Mention]:
        from spacy.util import filter_spans  # noqa: PLC0415

        if not text.strip():
            return []
        mentions = []
        for base, chunk in _chunks(text):
            words = [token for token in read(self._lang, chunk) if not _passed_over(token)]
            self._learn({word.norm_ for word in words})
            doc = _normed(self._doc(self._nlp.vocab, words=[w.text for w in words]), [w.norm_ for w in words])
            spans = filter_spans(self._matcher(doc, as_spans=True))
            mentions += [self._mention(text, base, words[span.start : span.end]) for span in spans]
        return mentions

    def _learn(self, norms: set[str]) -> None:
        """Give the matcher the labels that begin with one of these: giving it all of them takes half a second."""
        keys = [key for norm in norms & self._waiting.keys() for key in self._waiting.pop(norm)]
        if keys:
            self._matcher.add("term", [_normed(self._doc(self._nlp.vocab, words=list(key)), key) for key in keys])

    def _mention(self, text: str, base: int, words: Sequence[Any]) -> Mention:
        terms = self._terms[tuple(word.norm_ for word in words)]
        start, end = base + words[0].idx, base + words[-1].idx + len(words[-1])
        return Mention(start, end, text[start:end], tuple(terms))


# "wood-chip boiler" and "wood chip boiler" are one label
_JOINTS = frozenset("-‐‑")


def _passed_over(token: Any) -> bool:
    """Whether labels run on over a token: the end of a line (not of a paragraph), and a hyphen inside a word."""
    if token.is_space:
        return str(token.text).count("\n") < 2
    return token.text in _JOINTS and not token.whitespace_ and token.i > 0 and not token.nbor(-1).whitespace_


def _normed(doc: Any, norms: Sequence[str]) -> Any:
    for token, norm in zip(doc, norms, strict=True):
        if token.norm_ != norm:
            token.norm_ = norm
    return doc


# the parts of speech that carry meaning in Japanese; English function words are spaCy's stop words
_CONTENT_TAGS = ("名詞", "動詞", "形容詞", "形状詞")
_LIGHT_STEMS = frozenset(
    {"want", "need", "like", "would", "look", "help", "pleas", "way", "thing", "use", "town", "citi", "local"}
)
_LIGHT_NORMS = frozenset({"為る", "有る", "居る", "成る", "出来る", "事", "物", "所", "使う", "欲しい", "無い", "其れ"})


def content_words(text: str, lang: Lang) -> dict[str, str]:
    """The words of a text that carry meaning: norm → the first surface form that has it."""
    words: dict[str, str] = {}
    for _, norm, surface in content_tokens(text, lang):
        words.setdefault(norm, surface)
    return words


def content_tokens(text: str, lang: Lang) -> list[tuple[int, str, str]]:
    """The tokens that carry meaning, in order: offset in characters, norm and surface form."""
    with _READING:
        return [
            (base + token.idx, token.norm_, token.text)
            for base, chunk in _chunks(text)
            for token in read(lang, chunk)
            if _carries_meaning(token, lang)
        ]


def _carries_meaning(token: Any, lang: Lang) -> bool:
    if lang == "en":
        light = token.is_stop or token.norm_ in _LIGHT_STEMS
        return bool(token.is_alpha and not light and len(token) > 2)
    return token.tag_.startswith(_CONTENT_TAGS) and "非自立" not in token.tag_ and token.norm_ not in _LIGHT_NORMS


@lru_cache(maxsize=2)
def pipeline(lang: Lang) -> Any:
    """The tokenizing pipeline of a language, made once; ``read`` applies it."""
    with _without_ballast():
        import spacy  # noqa: PLC0415

    return spacy.blank(lang)


def read(lang: Lang, text: str) -> Any:
    """The tokens of a text: Sudachi's normalised forms are the norms of Japanese, stems those of English.

    The stems are set here and not by a pipeline component: spaCy's registry takes long to find one.
    """
    doc = pipeline(lang).make_doc(text)
    return _stem_norms(doc) if lang == "en" else doc


def label_norms(lang: Lang, labels: Sequence[str], cache: Path | None) -> dict[str, list[str]]:
    """The token norms of labels, from the cache where it is current; else tokenized, and cached."""
    key = hashlib.sha256("\0".join([*_tokenizer_versions(), *sorted(labels)]).encode()).hexdigest()
    file = cache / f"label-norms-{lang}-{key[:8]}.json" if cache else None
    if file is not None and file.exists():
        with suppress(ValueError, OSError, KeyError, TypeError):
            stored = json.loads(file.read_text(encoding="utf-8"))
            if stored["key"] == key:
                return {label: list(stored["norms"][label]) for label in labels}
    norms = {label: [token.norm_ for token in read(lang, label)] for label in labels}
    if file is not None:
        # a folder that may only be read costs time at each start, no more
        with suppress(OSError):
            file.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(file, json.dumps({"key": key, "norms": norms}, ensure_ascii=False).encode())
    return norms


def _tokenizer_versions() -> list[str]:
    packages = ("spacy", "sudachipy", "sudachidict-core", "snowballstemmer")
    return [*(f"{name} {version(name)}" for name in packages), str(sorted(_OVERSTEMMED))]


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


# plurals whose stem Snowball keeps apart from that of their singular
_OVERSTEMMED = {"buse": "bus", "minibuse": "minibus", "gase": "gas", "biogase": "biogas"}


def _stem_norms(doc: Any) -> Any:
    stem = _stemmer()
    for token in doc:
        norm = stem(token.lower_)
        token.norm_ = _OVERSTEMMED.get(norm, norm)
    return doc


@lru_cache(maxsize=1)
def _stemmer() -> Any:
    import snowballstemmer  # noqa: PLC0415

    return lru_cache(maxsize=50_000)(snowballstemmer.stemmer("english").stemWord)


def _chunks(text: str) -> Iterator[tuple[int, str]]:
    """Pieces that Sudachi accepts, cut at line ends or full stops, each with its offset."""
    start = 0
    while start < len(text):
        piece = text[start : start + _MAX_BYTES // 4]
        if start + len(piece) < len(text):
            cut = max(piece.rfind("\n"), piece.rfind("。"), piece.rfind(". "))
            piece = piece[: cut + 1] if cut > 0 else piece
        yield start, piece
        start += len(piece)
