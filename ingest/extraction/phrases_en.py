"""English noun phrases over Penn Treebank tags: the compound itself, and what of, for and from join to it."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.nlp.words import Word

_CORE = ("NN", "JJ", "VBG", "VBN", "CD", "HYPH", "POS", "AFX", "FW")
_ARTICLES = ("DT", "PRP$", "PDT", "PRP")
_OF = frozenset({"of", "for", "from", "in", "to", "by"})
_LOOSE = frozenset(
    {"same", "such", "other", "new", "main", "many", "several", "own", "similar", "first", "second", "this"}
)


def phrase_after(
    words: Sequence[Word], place: int, joined: frozenset[str] = frozenset({"of", "for", "from"})
) -> tuple[int, int] | None:
    """The noun phrase that begins at ``place`` (articles before it skipped), as a half-open range of words."""
    while place < len(words) and (words[place].tag in _ARTICLES or words[place].norm in _LOOSE):
        place += 1
    end = _core_end(words, place)
    if end is None:
        return None
    while end < len(words) - 1 and words[end].norm in joined:
        inner = end + 1
        while inner < len(words) and words[inner].tag in _ARTICLES:
            inner += 1
        further = _core_end(words, inner)
        if further is None:
            break
        end = further
    return place, end


def phrase_before(words: Sequence[Word], end: int) -> tuple[int, int] | None:
    """The noun phrase that ends before ``words[end]``, with what of or for joins in front of it."""
    start = core_start(words, end)
    if start is None:
        return None
    while True:
        joint = start - 1
        while joint >= 0 and words[joint].tag in _ARTICLES:
            joint -= 1
        if joint < 1 or words[joint].norm not in ("of", "for", "from"):
            return start, end
        earlier = core_start(words, joint)
        if earlier is None:
            return start, end
        start = earlier


def core_start(words: Sequence[Word], end: int) -> int | None:
    """Where the compound begins whose last word is ``words[end - 1]``; None where that is no noun."""
    if end < 1 or not words[end - 1].tag.startswith(("NN", "VBG")):
        return None
    start = end - 1
    while start > 0 and _belongs(words, start - 1) and words[start - 1].tag != "POS":
        start -= 1
    while start < end - 1 and (words[start].norm in _LOOSE or words[start].tag in ("HYPH", "POS", "CD")):
        start += 1
    return start


def _belongs(words: Sequence[Word], place: int) -> bool:
    word = words[place]
    hyphens = (place + 1 < len(words) and words[place + 1].text == "-") and (place > 0 and words[place - 1].text == "-")
    if hyphens and words[place + 1].start == word.end and words[place - 1].end == word.start:
        return True  # the middle of plastic-to-oil
    return word.tag.startswith(_CORE) and word.norm not in _LOOSE and word.text not in ",.;:()"


def _core_end(words: Sequence[Word], place: int) -> int | None:
    """The end of the compound that begins at ``place``: behind its last noun."""
    end, last = place, None
    while end < len(words) and words[end].tag.startswith((*_CORE, "RB")) and words[end].text not in ",.;:()":
        if words[end].tag.startswith("RB") and (end > place or words[end].norm == "not"):
            break
        end += 1
        if words[end - 1].tag.startswith(("NN", "VBG")):
            last = end
    return last
