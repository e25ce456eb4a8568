"""The words of a sentence in a twelfth of their size: a long text repeats its words, and each stands in memory once."""

from __future__ import annotations

from array import array
from functools import lru_cache

from ingest.nlp.words import Word

# a word without its place: text, tag, norm
Form = tuple[str, str, str]


class Packer:
    """Packs the words of one text."""

    def __init__(self) -> None:
        self._forms: dict[Form, Form] = {}

    def pack(self, words: list[Word]) -> PackedWords:
        """Words whose places fit their texts, as ``read_words`` gives them."""
        forms = tuple(self._forms.setdefault(form, form) for form in (word[2:] for word in words))
        return PackedWords(array("L", [word.start for word in words]), forms)


class PackedWords:
    """The words of one sentence."""

    __slots__ = ("_forms", "_starts")

    def __init__(self, starts: array[int], forms: tuple[Form, ...]) -> None:
        self._starts, self._forms = starts, forms

    def words(self) -> list[Word]:
        """The words themselves; who asks for those of a sentence again and again gets the same list."""
        return _unpacked(self)

    def _made(self) -> list[Word]:
        return [
            Word(start, start + len(text), text, tag, norm)
            for start, (text, tag, norm) in zip(self._starts, self._forms, strict=True)
        ]


# the finders look at one sentence after another, each several times
@lru_cache(maxsize=4)
def _unpacked(packed: PackedWords) -> list[Word]:
    return packed._made()
