"""The words of a sentence in a twelfth of their size: a long text repeats its words, and each stands in memory once."""

from __future__ import annotations

from array import array
from functools import lru_cache, partial

from ingest.nlp.words import Word

# a word without its place: text, tag, norm
Form = tuple[str, str, str]


class Packer:
    """Packs the words of one text."""

    def __init__(self) -> None:
        self._forms: dict[Form, Form] = {}

    def pack(self, words: list[Word]) -> PackedWords:
        """Words whose places fit their texts, as ``read_words`` gives them."""
        shared = self._forms.setdefault
        forms = [word[2:] for word in words]
        return PackedWords(array("L", [word[0] for word in words]), tuple(map(shared, forms, forms)))


class PackedWords:
    """The words of one sentence."""

    __slots__ = ("_forms", "_starts")

    def __init__(self, starts: array[int], forms: tuple[Form, ...]) -> None:
        self._starts, self._forms = starts, forms

    def words(self) -> list[Word]:
        """The words themselves; who asks for those of a sentence again and again gets the same list."""
        return _unpacked(self)

    def _made(self) -> list[Word]:
        # twice as fast as by the names of the fields
        made = partial(tuple.__new__, Word)
        return [
            made((start, start + len(form[0]), *form)) for start, form in zip(self._starts, self._forms, strict=True)
        ]


# each finder looks at one sentence after another: those of a document of 200 pages are unpacked once (25 MB at most);
# where they are more than there is room for, each finder unpacks them anew
@lru_cache(maxsize=10_000)
def _unpacked(packed: PackedWords) -> list[Word]:
    return packed._made()
