"""The choices of the region filter: 47 prefectures grouped by block, and whatever else was chosen by address."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from ingest.regions.register import RegionRegister
from search_api.engine.region_labels import region_label


@dataclass(frozen=True)
class Option:
    """A choice: what the parameter takes and what the reader sees."""

    value: str
    label: str


@dataclass(frozen=True)
class Group:
    """A choice that stands for a whole, and the choices inside of it."""

    whole: Option
    options: list[Option]


def region_groups(lang: str, chosen: str) -> list[Group]:
    """Blocks with their prefectures; a chosen municipality stands first in a group of its own."""
    groups = _blocks(lang)
    known = {option.value for group in groups for option in (group.whole, *group.options)}
    label = region_label(chosen, lang) if chosen and chosen not in known else None
    return [Group(Option(label.code, label.label), []), *groups] if label else groups


@cache
def _blocks(lang: str) -> list[Group]:
    register = RegionRegister.load()
    blocks = [region for region in register if region.kind == "block"]
    groups = []
    for block in blocks:
        inside = [r for r in register.descendants(block.code) if r.kind == "prefecture"]
        options = [Option(r.code, r.name if lang == "ja" else r.name_en) for r in inside]
        groups.append(Group(Option(block.code, block.name if lang == "ja" else block.name_en), options))
    # from north to south, as Japan lists them, by the code of the first prefecture
    return sorted(groups, key=lambda group: min((o.value for o in group.options), default=""))
