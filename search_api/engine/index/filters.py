"""Filters as bitmaps over entry ids, so that they act inside the vector search.

Many entries have the same properties, so an index of 100,000 holds one number for each: half a megabyte, where sets
of ids by property took a hundred.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ingest.regions.register import RegionRegister
from search_api.engine.index.entries import Entry
from search_api.engine.index.vectors import Mask

# kinds whose regions say where they are offered, and which are offered everywhere where none is said
OFFERS = frozenset({"technology", "scheme"})
EVERYWHERE = "*"
# of what lies nowhere that is known, such as a guide: a place that was read from a query does not shut it out
_NOWHERE = ("region", "")
_ABSENT = -1

Key = tuple[str, str]


@dataclass(frozen=True)
class Filters:
    """What the results must be; an empty field asks for nothing.

    ``region`` is a code and means everything inside it; ``level`` and ``themes`` are IRIs of concepts, and of
    several themes any one is enough. ``goal_themes`` are the themes of an SDG, which may be none: then nothing passes.
    ``places`` are codes that the query's words name: what is known to lie in none of them is left out.
    """

    kind: str | None = None
    region: str | None = None
    level: str | None = None
    themes: tuple[str, ...] = ()
    record_language: str | None = None
    goal_themes: tuple[str, ...] | None = None
    places: tuple[str, ...] = ()


@dataclass(frozen=True)
class Properties:
    """What filters know of an entry; ``from_json`` reads what ``EntryStore.properties`` gives."""

    kind: str
    lang: str
    themes: tuple[str, ...]
    levels: tuple[str, ...]
    regions: tuple[str, ...]

    @classmethod
    def of(cls, entry: Entry) -> Properties:
        """Those of an entry."""
        return cls(entry.kind, entry.lang, entry.themes, entry.levels, entry.regions)

    @classmethod
    def from_json(cls, text: str) -> Properties:
        """Those of a stored entry: a list of kind, language, themes, levels and regions."""
        kind, lang, *several = json.loads(text)
        return cls(kind, lang, *(tuple(values) for values in several))


class FilterIndex:
    """Which entries have which property; grows and shrinks with the entries."""

    def __init__(self) -> None:
        self._numbers: dict[Properties, int] = {}  # of each combination of properties that occurs
        self._having: dict[Key, set[int]] = defaultdict(set)  # the combinations with a property
        self._of: npt.NDArray[np.int32] = np.full(1024, _ABSENT, dtype=np.int32)  # the combination of an entry
        self._size = 0

    def add(self, id_: int, entry: Entry) -> None:
        """Know an entry."""
        self._set(id_, self._number(Properties.of(entry)))

    def add_stored(self, rows: Iterable[tuple[int, str]]) -> None:
        """Know stored entries: their ids and ``Properties`` as JSON."""
        numbers: dict[str, int] = {}
        for id_, text in rows:
            if text not in numbers:
                numbers[text] = self._number(Properties.from_json(text))
            self._set(id_, numbers[text])

    def remove(self, id_: int) -> None:
        """Forget an entry."""
        if id_ < self._size:
            self._of[id_] = _ABSENT

    def mask(self, filters: Filters) -> Mask | None:
        """The entries that pass, one truth value per id; None where nothing is asked for."""
        single = {"kind": filters.kind, "level": filters.level, "lang": filters.record_language}
        groups = [[(name, value)] for name, value in single.items() if value]
        if filters.region:
            groups.append(_reaching(filters.region))
        if filters.places:
            groups.append([_NOWHERE, *(key for code in filters.places for key in _reaching(code))])
        if filters.themes:
            groups.append([("theme", theme) for theme in filters.themes])
        if filters.goal_themes is not None:
            groups.append([("theme", theme) for theme in filters.goal_themes])
        return self._passing(groups) if groups else None

    def _passing(self, groups: list[list[Key]]) -> Mask:
        """Entries with a property of each group: decided by combination, and looked up by entry."""
        passing = set(self._numbers.values())
        for group in groups:
            passing &= set().union(*(self._having.get(key, set()) for key in group))
        table = np.zeros(len(self._numbers) + 1, dtype=np.bool_)  # the last one is what absent ones find
        table[list(passing)] = True
        return np.asarray(table[self._of[: self._size]])

    def _number(self, properties: Properties) -> int:
        number = self._numbers.get(properties)
        if number is None:
            number = self._numbers[properties] = len(self._numbers)
            for key in _keys(properties):
                self._having[key].add(number)
        return number

    def _set(self, id_: int, number: int) -> None:
        if id_ >= len(self._of):
            grown = np.full(max(id_ + 1, 2 * len(self._of)), _ABSENT, dtype=np.int32)
            grown[: len(self._of)] = self._of
            self._of = grown
        self._of[id_] = number
        self._size = max(self._size, id_ + 1)


def _reaching(code: str) -> list[Key]:
    """Inside the region, or an offer that reaches it because it serves it, a larger region, or everywhere."""
    serving = [code, *(above.code for above in RegionRegister.load().ancestors(code)), EVERYWHERE]
    return [("region", code), *(("serves", area) for area in serving)]


def _keys(properties: Properties) -> list[Key]:
    """All properties of an entry; a place counts for everything that contains it."""
    keys = [("kind", properties.kind), ("lang", properties.lang)]
    keys += [("theme", theme) for theme in properties.themes]
    keys += [("level", level) for level in properties.levels]
    if properties.kind in OFFERS:
        keys += [("serves", code) for code in properties.regions or (EVERYWHERE,)]
    elif not properties.regions:
        keys.append(_NOWHERE)
    return keys + [("region", code) for code in _containing(properties.regions)]


def _containing(codes: Iterable[str]) -> set[str]:
    register = RegionRegister.load()
    known = [code for code in codes if register.by_code(code)]
    return {*known, *(above.code for code in known for above in register.ancestors(code))}
