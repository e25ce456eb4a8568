"""The words of a text as plain values: Sudachi's normalised forms are the norms of Japanese, stems those of English.

Sudachi is called directly and English is cut by one pattern: a search reads a line and some records, and importing
spaCy for that would take longer than everything else it does (docs/decisions/0009-words-without-spacy.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.metadata import version
from importlib.resources import files
from sys import intern
from threading import RLock
from typing import Any, Literal, NamedTuple

Lang = Literal["ja", "en"]

# SudachiPy refuses longer inputs (49,149 bytes), and passages are far shorter
_MAX_BYTES = 40_000
# tokenizer and stemmer are shared and not safe for several threads at once
_READING = RLock()
# raise it when this module comes to read texts otherwise: norms are cached
_VERSION = "words 2"


class Word(NamedTuple):
    """Its place in the text (half-open), the word itself, its part of speech (Sudachi's; in English none), its norm."""

    start: int
    end: int
    text: str
    tag: str
    norm: str


PARAGRAPH = "¶"
"""Norm of the gap between two paragraphs, which no phrase runs over; other white space is no word."""


def read_words(lang: Lang, text: str, offset: int = 0) -> list[Word]:
    """The words of a text; ``offset`` is added to their places."""
    return list(each_word(lang, text, offset))


def each_word(lang: Lang, text: str, offset: int = 0) -> Iterator[Word]:
    """The same for a long text, whose words are not held together."""
    read = _japanese if lang == "ja" else _english
    for base, chunk in _chunks(text):
        with _READING:
            words = list(read(offset + base, chunk))
        yield from words


def carries_meaning(word: Word, lang: Lang) -> bool:
    """Whether a word says what a text is about: no particle, no auxiliary, none of the words of any text."""
    if lang == "ja":
        return word.tag.startswith(_CONTENT_TAGS) and "非自立" not in word.tag and word.norm not in _LIGHT_NORMS
    if len(word.text) <= 2 or not word.text.isalpha():
        return False
    return word.norm not in _LIGHT_STEMS and word.text.lower() not in _stop_words()


def reading_of(text: str) -> str:
    """How Japanese text is read, in katakana; signs and Latin letters stay as they are."""
    tokenizer, _ = _sudachi()
    with _READING:
        return "".join(morpheme.reading_form() or morpheme.surface() for morpheme in tokenizer.tokenize(text))


def tokenizer_versions() -> list[str]:
    """What the norms of a text depend on."""
    return [_VERSION, *(f"{name} {version(name)}" for name in ("sudachipy", "sudachidict-core", "snowballstemmer"))]


# numbers with their separators, a possessive ending, words with inner apostrophes, single marks
_ENGLISH = re.compile(r"\n[^\S\n]*\n|\d+(?:[.,]\d+)+|['’]s\b|[^\W_]+(?:['’](?!s\b)[^\W_]+)*|[^\w\s]|_")
_LIGHT_STEMS = frozenset(
    {"want", "need", "like", "would", "look", "help", "pleas", "way", "thing", "use", "town", "citi", "local"}
)
# plurals whose stem Snowball keeps apart from that of their singular
_OVERSTEMMED = {"buse": "bus", "minibuse": "minibus", "gase": "gas", "biogase": "biogas"}


def _english(base: int, text: str) -> Iterator[Word]:
    stem = _stemmer()
    for match in _ENGLISH.finditer(text):
        surface = intern(match.group())
        norm = PARAGRAPH if surface.isspace() else stem(surface.lower())
        yield Word(base + match.start(), base + match.end(), surface, "", _OVERSTEMMED.get(norm, norm))


# the parts of speech that carry meaning in Japanese
_CONTENT_TAGS = ("名詞", "動詞", "形容詞", "形状詞")
_LIGHT_NORMS = frozenset({"為る", "有る", "居る", "成る", "出来る", "事", "物", "所", "使う", "欲しい", "無い", "其れ"})
_GAP = re.compile(r"\n[^\S\n]*\n")


def _japanese(base: int, passage: str) -> Iterator[Word]:
    tokenizer, tag = _sudachi()
    for morpheme in tokenizer.tokenize(passage):
        surface, start = morpheme.surface(), morpheme.begin()
        if surface.strip():
            end = start + len(surface)
            # a text repeats its words: each stands in memory once
            text, norm = intern(surface), intern(morpheme.normalized_form())
            yield Word(base + start, base + end, text, tag(morpheme.part_of_speech_id()), norm)
        elif gap := _GAP.match(passage, start):
            yield Word(base + start, base + gap.end(), gap.group(), "", PARAGRAPH)


@lru_cache(maxsize=1)
def _sudachi() -> Any:
    """The tokenizer of short units (mode A), and the names of a part of speech by its number."""
    from sudachipy import Dictionary, SplitMode  # noqa: PLC0415

    dictionary = Dictionary(dict="core")

    @cache
    def tag(part_of_speech: int) -> str:
        return "-".join(name for name in dictionary.pos_of(part_of_speech)[:4] if name != "*")

    return dictionary.create(mode=SplitMode.A), tag


@lru_cache(maxsize=1)
def _stemmer() -> Any:
    import snowballstemmer  # noqa: PLC0415

    return lru_cache(maxsize=50_000)(snowballstemmer.stemmer("english").stemWord)


@lru_cache(maxsize=1)
def _stop_words() -> frozenset[str]:
    text = files("ingest.nlp").joinpath("stop_words.en.txt").read_text(encoding="utf-8")
    return frozenset(line for line in text.splitlines() if not line.startswith("#"))


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
