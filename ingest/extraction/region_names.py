"""The names by which texts call regions, ready for looking up: whole names, and stems that need their context."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache

from ingest.regions.model import Region
from ingest.regions.names import alternatives, bare, key
from ingest.regions.register import RegionRegister

#: The last character of a Japanese region's name, as 本… and 同… carry it.
SUFFIXES = "市町村区県府都道"


@dataclass(frozen=True)
class RegionNames:
    """``whole``: 飯田市, 長野県; ``stems``: 飯田, 長野; ``english``: folded Iida, Nagano → codes."""

    whole: dict[str, tuple[str, ...]]
    stems: dict[str, tuple[str, ...]]
    english: dict[str, tuple[str, ...]]
    longest: int


@cache
def region_names() -> RegionNames:
    """The names of all prefectures and municipalities of the register."""
    register = RegionRegister.load()
    whole: dict[str, dict[str, None]] = defaultdict(dict)
    stems: dict[str, dict[str, None]] = defaultdict(dict)
    english: dict[str, dict[str, None]] = defaultdict(dict)
    for region in register:
        if region.kind not in ("block", "country"):
            for name in _names(region, register):
                whole[name][region.code] = None
                if len(name) > 2 and name != "北海道":
                    stems[name[:-1]][region.code] = None
            english[key(english_stem(region))][region.code] = None
    longest = max(map(len, whole))
    return RegionNames(_frozen(whole), _frozen(stems), _frozen(english), longest)


def english_stem(region: Region) -> str:
    """Iida for Iida City, Kochi for Kochi Prefecture."""
    return region.romaji.rpartition("-")[0] if region.is_municipality else bare(region)[1]


def kind_suffix(region: Region) -> str:
    """市, 町, 村, 区, or for a prefecture 県, 府, 都, 道."""
    return region.name[-1]


def _names(region: Region, register: RegionRegister) -> list[str]:
    """The region's own name in its spellings, without those that begin with its prefecture or lack their suffix."""
    prefecture = register.by_code(region.code[:2]) if region.is_municipality else None
    spellings = [region.name, *alternatives(region, prefecture)[0]]
    kept = [name for name in spellings if name.endswith(kind_suffix(region))]
    return [name for name in kept if prefecture is None or not name.startswith(prefecture.name)] or [region.name]


def _frozen(names: dict[str, dict[str, None]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(codes) for name, codes in names.items()}
