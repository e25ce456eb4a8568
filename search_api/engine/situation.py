"""What a query tells of the asker's situation: places, amounts and traits; what of it filters and what only counts.

A place filters where records have a place of their own (issues of Nagano); for technologies, which are offered widely,
it says where the asker is, and the results' conditions are compared with that region. Nothing happens unseen: each
part is told to the reader, who can take it back by its words (``ignore``).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from ingest.normalise.figures import Figure, figures_in
from ingest.regions.register import RegionRegister
from search_api.engine.places import NamedPlace, places_in, traits_in

Use = Literal["filter", "feature", "ask", "ignored"]

#: Kinds of records that lie somewhere; of the others a place says where the asker is.
PLACED = frozenset({"issue", "region", "resource", "project", "event", "partner", "scheme", "document"})
# what joins a place or an amount to the rest of its sentence
_JOINT_BEFORE = re.compile(
    r"(?:[\s,、(（]|\b(?:in|within|near|around|at|from|of|for|a|an|about|with|over|across)\s)+$", re.IGNORECASE
)
_JOINT_BEHIND = re.compile(
    r"^(?:県内|府内|都内|道内|市内|区内|町内|村内|内|全域|周辺|各地|ほど|程度|くらい|規模)*"
    r"(?:における|において|では|にある|での|の(?:町|村|市|まち|地域|自治体)(?:で(?:は|の)?|に|の|、)|[のでにはがを、,)）])?"
    r"\s*(?:of |for )?"
)
_SHORTEST = 2
#: What takes back everything that was read.
EVERYTHING = "*"


@dataclass(frozen=True)
class Part:
    """One thing that was read: ``kind`` is place, amount or trait, ``text`` the words of the query that say it.

    ``codes`` are a place's regions: the one meant, or with ``use`` "ask" the ones to choose from; ``others`` what a
    clear one may mean as well. ``value`` is a trait's name.
    """

    kind: Literal["place", "amount", "trait"]
    text: str
    use: Use
    codes: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    figure: Figure | None = None
    value: str = ""
    start: int = 0
    end: int = 0


@dataclass(frozen=True)
class Situation:
    """All that was read; ``registered`` where a record tells it, and not who asks; ``taken_back``: the asker wants
    the words as they stand."""

    parts: tuple[Part, ...] = ()
    registered: bool = False
    taken_back: bool = False

    @property
    def filters(self) -> tuple[str, ...]:
        """The regions of which results must lie in one."""
        return tuple(part.codes[0] for part in self.parts if part.kind == "place" and part.use == "filter")

    @property
    def regions(self) -> tuple[str, ...]:
        """Where the asker is, or what it asks about."""
        return tuple(p.codes[0] for p in self.parts if p.kind == "place" and p.use in ("filter", "feature"))

    @property
    def figures(self) -> tuple[Figure, ...]:
        """The amounts that count."""
        return tuple(part.figure for part in self.parts if part.figure and part.use == "feature")

    def rest(self, text: str) -> str:
        """The text without the places and amounts that count as conditions: what the query is about.

        They would draw its vector towards every record of that place or with such a number. The whole text where
        nothing else is left.
        """
        left = text
        for part in sorted(self.parts, key=lambda part: -part.start):
            if part.kind != "trait" and part.use != "ignored" and part.end:
                before = _JOINT_BEFORE.sub("", left[: part.start])
                behind = _JOINT_BEHIND.sub("", left[part.end :])
                left = f"{before} {behind}" if before and behind else before + behind
        if left == text:
            return text
        left = " ".join(left.strip(" ,、。").split())
        return left if sum(map(str.isalpha, left)) >= _SHORTEST else text

    @property
    def traits(self) -> frozenset[str]:
        """The traits of the place, as the words tell them."""
        return frozenset(part.value for part in self.parts if part.kind == "trait" and part.use == "feature")


#: Nothing is known.
NOWHERE = Situation()


def situation_of(text: str, find: str, region: str | None = None, ignore: Collection[str] = ()) -> Situation:
    """What a (folded) query tells; ``region`` is a filter that was set by hand, beside which no place filters."""
    taken_back = frozenset(ignore)
    parts = [_place(place, find, region) for place in _places(text) if place.role != "outside"]
    parts += [
        Part("amount", figure.text, "feature", figure=figure, start=figure.start, end=figure.end)
        for figure in _figures(text)
    ]
    parts += [Part("trait", words, "feature", value=name) for name, words in _traits(text)]
    known = {part.text: part for part in reversed(parts)}
    # of several readings of the same words the first one is told
    kept = [part for part in parts if known[part.text] is part]
    told = tuple(_unless_taken_back(part, taken_back) for part in kept)
    return Situation(told, taken_back=bool(taken_back & {EVERYTHING, text}))


def situation_of_record(text: str, region: str, *, people: bool) -> Situation:
    """Where a record lies (code, "" for nowhere), with the amounts and traits of its text; ``people`` if asked for."""
    text = " ".join(unicodedata.normalize("NFKC", text).split())
    parts = [Part("place", region, "feature", (region,))] if region else []
    for figure in _figures(text):
        if people or figure.measure != "people":
            parts.append(Part("amount", figure.text, "feature", figure=figure))
    parts += [Part("trait", words, "feature", value=name) for name, words in _traits(text)]
    return Situation(tuple(parts), registered=True)


def _unless_taken_back(part: Part, taken_back: frozenset[str]) -> Part:
    if part.text not in taken_back and EVERYTHING not in taken_back:
        return part
    return replace(part, use="ignored")


def _place(place: NamedPlace, find: str, region: str | None) -> Part:
    code = place.code
    if code is None:
        # a region set by hand answers which one is meant
        chosen = [c for c in place.codes if region and region in _around(c)]
        if len(chosen) != 1:
            return Part("place", place.text, "ask", place.codes, start=place.start, end=place.end)
        code = chosen[0]
    filters = find in PLACED and place.role == "where" and not region and _may_hold(code, find)
    use: Use = "filter" if filters else "feature"
    return Part("place", place.text, use, (code,), place.others, start=place.start, end=place.end)


def _may_hold(code: str, find: str) -> bool:
    """Whether a region can have results inside: who looks for regions finds none in a town but the town itself."""
    found = RegionRegister.load().by_code(code)
    return find != "region" or found is None or not found.is_municipality


def _around(code: str) -> set[str]:
    return {code, *(above.code for above in RegionRegister.load().ancestors(code))}


# one text is read for its search, and again for each page of results
@lru_cache(maxsize=512)
def _places(text: str) -> Sequence[NamedPlace]:
    return places_in(text)


@lru_cache(maxsize=512)
def _figures(text: str) -> Sequence[Figure]:
    return figures_in(text)


@lru_cache(maxsize=512)
def _traits(text: str) -> Sequence[tuple[str, str]]:
    return list(traits_in(text).items())
