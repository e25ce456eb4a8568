"""Regions as answers: those that the text names, then those whose issues fit it best."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from ingest.normalise.text import split_list
from ingest.regions.model import Region
from ingest.regions.register import RegionRegister
from search_api.engine.index.entries import Entry
from search_api.engine.index.filters import Filters
from search_api.engine.ranking import Hit


def rank_regions(text: str, issues: Sequence[Hit], filters: Filters) -> list[Hit]:
    """Regions named by the text come first (cosine 1: the name is the answer), then by their best issue.

    A region's entry carries its best issue's text, so that the reason is shown.
    """
    ranked = {entry.record: Hit(entry, 1.0, score=1.0) for entry in _named(text, filters)}
    for hit in issues:
        for code in hit.entry.regions[:1]:
            region = RegionRegister.load().by_code(code)
            if region is not None:
                ranked.setdefault(f"region-{code}", hit._replace(entry=_region_entry(region, hit.entry)))
    return list(ranked.values())


def _named(text: str, filters: Filters) -> Iterable[Entry]:
    register = RegionRegister.load()
    for name in [text, *filter(_may_be_name, split_list(text.replace(" ", "、")))]:
        for region in register.find(name):
            inside = {region.code, *(above.code for above in register.ancestors(region.code))}
            within = [filters.region] if filters.region else filters.places
            if not within or inside.intersection(within):
                yield _region_entry(region, None)


def _may_be_name(word: str) -> bool:
    """In Latin letters names are capitalised: a "mine" is no 美祢, a "date" no 伊達."""
    return not word.isascii() or word[0].isupper()


def _region_entry(region: Region, issue: Entry | None) -> Entry:
    lang = issue.lang if issue else "ja"
    title = region.name_en if lang == "en" else region.name
    empty = Entry(record="", part="", kind="region", lang=lang, title=title, text="")
    return replace(
        issue or empty, record=f"region-{region.code}", kind="region", title=title, regions=(region.code,), part=lang
    )
