"""Queries in kana or romaji alone: the readings of known labels in them are written as the labels are.

てんぷらあぶらをもやしたい and "tempura abura o moyashitai" say 天ぷら油; the encoders and the words of records know
only the latter. Nothing is guessed: what is no reading of a label stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property

import jaconv

from ingest.nlp.words import reading_of

# shorter readings are parts of other words (かき, しか, ゆき)
_SHORTEST = 3
_KANA = re.compile(r"[ぁ-ゖァ-ヺー\s、。，．・!?！？]+")
_SYLLABLE = r"(?:[kgsztdnhbpmyrwfj]|[kgnhbpmr]y|sh|ch|ts|tch|[kstp]{2})?[aiueoāīūēō]|n(?![aiueoy])|m(?=[bmp])"
_ROMAJI = re.compile(rf"(?:{_SYLLABLE})++", re.IGNORECASE)
_BETWEEN = re.compile(r"[\s,.!?'-]+")
# nobody types more in romaji; longer texts are pasted
_LONGEST = 300
_HIRAGANA = re.compile(r"[ぁ-ゖー]+")


class KanaReader:
    """Knows the readings of labels; they are read when the first such query comes."""

    def __init__(self, labels: Iterable[str]) -> None:
        self._labels = labels

    def rewritten(self, text: str) -> str | None:
        """The query with the labels that it spells; None for any other text, and where it spells none."""
        spoken = _hiragana(text)
        if spoken is None:
            return None
        written = self._pattern.sub(lambda match: self._by_reading[match[0]], spoken)
        return written if written != spoken else None

    @cached_property
    def _by_reading(self) -> dict[str, str]:
        """Hiragana → the label of that reading; of several the one with the most Chinese characters (薪ストーブ)."""
        found: dict[str, str] = {}
        for label in sorted(self._labels, key=lambda label: (sum("ぁ" <= c <= "ゖ" for c in label), len(label), label)):
            reading = jaconv.kata2hira(reading_of(label))
            if len(reading) >= _SHORTEST and _HIRAGANA.fullmatch(reading) and label != reading:
                found.setdefault(reading, label)
        return found

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        """The longest reading wins."""
        readings = sorted(self._by_reading, key=len, reverse=True)
        return re.compile("|".join(map(re.escape, readings)) or r"(?!)")


def _hiragana(text: str) -> str | None:
    if _KANA.fullmatch(text):
        return jaconv.kata2hira(text)
    words = [word for word in _BETWEEN.split(text) if word]
    if text.isascii() and _SHORTEST <= len(text) <= _LONGEST and all(map(_ROMAJI.fullmatch, words)):
        folded = re.sub(r"m(?=[bmp])", "n", re.sub(r"\bo\b", "wo", text.lower()))
        kana: str = jaconv.alphabet2kana(folded)
        # the blanks of romaji stand between words that Japanese writes together
        return re.sub(r"\s+", "", kana) if not re.search(r"[a-z]", kana) else None
    return None
