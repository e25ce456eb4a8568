"""Filters as bitmaps over entry ids, so that they act inside the vector search."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from ingest.regions.register import RegionRegister
from search_api.engine.index.entries import Entry
from search_api.engine.index.vectors import Mask

# kinds whose regions say where they are offered, and which are offered everywhere where none is said
OFFERS = frozenset({"technology", "scheme"})
EVERYWHERE = "*"


@dataclass(frozen=True)
class Filters:
    """What the results must be; an empty field asks for nothing.

    ``region`` is a code and means everything inside it; ``level`` and ``themes`` are IRIs of concepts, and of
    several themes any one is enough.
    """

    kind: str | None = None
    region: str | None = None
    level: str | None = None
    themes: tuple[str, ...] = ()
    record_language: str | None = None


class FilterIndex:
    """Which entries have which property; grows and shrinks with the entries."""

    def __init__(self) -> None:
        self._ids: dict[tuple[str, str], set[int]] = defaultdict(set)
        self._size = 0
        self._masks: dict[tuple[str, str], Mask] = {}

    def add(self, id_: int, entry: Entry) -> None:
        """Know an entry."""
        self._size = max(self._size, id_ + 1)
        for key in _keys(entry):
            self._ids[key].add(id_)
            self._masks.pop(key, None)

    def remove(self, id_: int, entry: Entry) -> None:
        """Forget an entry."""
        for key in _keys(entry):
            self._ids[key].discard(id_)
            self._masks.pop(key, None)

    def mask(self, filters: Filters) -> Mask | None:
        """The entries that pass, one truth value per id; None where nothing is asked for."""
        single = {"kind": filters.kind, "level": filters.level, "lang": filters.record_language}
        masks = [self._mask(name, value) for name, value in single.items() if value]
        if filters.region:
            masks.append(self._region_mask(filters.region))
        if filters.themes:
            masks.append(_any([self._mask("theme", theme) for theme in filters.themes]))
        return _all(masks) if masks else None

    def _region_mask(self, code: str) -> Mask:
        """Entries inside the region, and offers that reach it because they serve it, a larger region, or everywhere."""
        serving = [code, *(above.code for above in RegionRegister.load().ancestors(code)), EVERYWHERE]
        return _any([self._mask("region", code), *(self._mask("serves", area) for area in serving)])

    def _mask(self, name: str, value: str) -> Mask:
        key = (name, value)
        mask = self._masks.get(key)
        if mask is None or len(mask) != self._size:
            mask = np.zeros(self._size, dtype=np.bool_)
            mask[list(self._ids.get(key, ()))] = True
            self._masks[key] = mask
        return mask


def _keys(entry: Entry) -> list[tuple[str, str]]:
    """All properties of an entry; a place counts for everything that contains it."""
    keys = [("kind", entry.kind), ("lang", entry.lang)]
    keys += [("theme", theme) for theme in entry.themes]
    keys += [("level", level) for level in entry.levels]
    if entry.kind in OFFERS:
        keys += [("serves", code) for code in entry.regions or (EVERYWHERE,)]
    return keys + [("region", code) for code in _containing(entry.regions)]


def _containing(codes: Iterable[str]) -> set[str]:
    register = RegionRegister.load()
    known = [code for code in codes if register.by_code(code)]
    return {*known, *(above.code for code in known for above in register.ancestors(code))}


def _all(masks: list[Mask]) -> Mask:
    return np.asarray(np.logical_and.reduce(masks))


def _any(masks: list[Mask]) -> Mask:
    return np.asarray(np.logical_or.reduce(masks))
