"""Finds where English text names Japanese regions: Iida City, Maniwa, Okayama, Kochi Prefecture, our town."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.extraction.linking import Place
from ingest.extraction.region_names import kind_suffix, region_names
from ingest.extraction.sentences import Sentence
from ingest.regions.names import key
from ingest.regions.register import RegionRegister

_NAME = r"[A-ZŌŪĀĒĪ](?:[a-zāīūēōâîûêô]|['’](?!s\b))+(?:-[A-Za-zōūā]+)*"
_KIND = r"City|Town|Village|Ward|Prefecture|Metropolis|Pref\."
_PLACE = re.compile(
    rf"(?:(?P<of>City|Town|Village|Prefecture) of )?(?P<name>{_NAME})(?: (?P<kind>{_KIND})(?!\w))?"
    rf"(?P<behind>,? ?(?:[,(]\s?)(?P<prefecture>{_NAME})(?: Prefecture)?\)?)?"
)
_ROMAJI_KIND = re.compile(r"^(?P<stem>.+)-(?P<kind>shi|ku|cho|machi|mura|son|ken|fu|to)$")
_OWN = re.compile(r"\b(?P<own>[Oo]ur|[Tt]his) (?P<kind>city|town|village|prefecture)\b")
_SUFFIX_OF = {
    "city": "市区",
    "ward": "区",
    "town": "町",
    "village": "村",
    "prefecture": "県府都道",
    "metropolis": "都",
    "pref.": "県府都道",
    "shi": "市",
    "ku": "区",
    "cho": "町",
    "machi": "町",
    "mura": "村",
    "son": "村",
    "ken": "県",
    "fu": "府",
    "to": "都",
}
# stems that are English words or other names; they name a region only with their kind or prefecture
_WORDS = frozenset(
    {
        "date",
        "mine",
        "ina",
        "usa",
        "ube",
        "iki",
        "kami",
        "sue",
        "oi",
        "ono",
        "ota",
        "toda",
        "gobo",
        "mori",
        "aki",
        "sai",
        "tara",
        "otari",
        "oji",
        "tone",
        "ogi",
        "miki",
        "asa",
        "hino",
        "kai",
        "kiso",
        "gero",
        "ama",
        "ena",
    }
)
_SPOKE = re.compile(r"\s(?:said|says|told|explain\w*|noted|asked|thanked|chaired|added|replied|spoke|opened|closed)\b")
_PERSON_BEFORE = re.compile(
    r"\b(?:Mr|Ms|Mrs|Dr|Prof|Professor|Mayor|Governor|President|Director|Chair|Officer)\.? $"
    r"|\b(?!In|At|From|Of|Near|To|Around|For|By|With|And|Into|Across|Throughout|Between|Northern|Southern"
    r"|Eastern)[A-Z][a-z]+ $"
)
_BEFORE = re.compile(
    r"(?:^|\b(?:in|at|from|of|near|to|around|for|by|with|and|or|into|inside|within|across|throughout|between|including|outside"
    r"|northern|southern|eastern|western|central|rural|but|while|that|where)\s|[,(:;–—]\s?|[-•*]\s)$",
    re.IGNORECASE,
)
# what makes a name part of a longer one: a station, a company, a university, a product
_AFTER = re.compile(r"['’]s\b|\s*[,.;:!?)]|\s*$|\s+[a-z(]|\s+–|\s+and\b")
_COMPOUND = re.compile(
    r"-(?:based|born|made|style)|\s(?:station|university|gas|bank|cars?|branch|office|sales|beef|tea|airport|port|bay"
    r"|river|line|times|shimbun|newspaper|castle|park|plain|basin)\b",
    re.IGNORECASE,
)


def find_places(sentence: Sentence) -> list[Place]:
    """The places that a sentence names, unresolved; their spans do not overlap."""
    pointers = [
        Place(sentence.start + m.start(), sentence.start + m.end(), (), "own", None, m["kind"].capitalize())
        for m in _OWN.finditer(sentence.text)
    ]
    return sorted([*_named(sentence), *pointers], key=lambda place: place.start)


def _named(sentence: Sentence) -> Iterator[Place]:
    position = 0
    while match := _PLACE.search(sentence.text, position):
        place = _place(sentence, match)
        position = place.end - sentence.start if place else match.end("name")
        if place:
            yield place


def _place(sentence: Sentence, match: re.Match[str]) -> Place | None:
    stem, kind = _stem_and_kind(match)
    codes = region_names().english.get(key(stem), ())
    codes = tuple(code for code in codes if _fits(code, kind))
    if not codes:
        return None
    within = _prefecture(match["prefecture"], codes)
    start = match.start() if match["of"] else match.start("name")
    end = match.end() if within else match.end("kind") if match["kind"] else match.end("name")
    if kind or (within and _FREE.match(sentence.text, end)):
        return Place(sentence.start + start, sentence.start + end, codes, "whole", within)
    if not _stands_alone(sentence.text, match, stem):
        return None
    return Place(sentence.start + start, sentence.start + end, codes, "word")


_FREE = re.compile(r"(?![\w-])(?!\s(?:University|Bank|Gas|Station)\b)")


def _stem_and_kind(match: re.Match[str]) -> tuple[str, str]:
    if match["kind"] or match["of"]:
        return match["name"], (match["kind"] or match["of"]).lower()
    romaji = _ROMAJI_KIND.match(match["name"])
    return (romaji["stem"], romaji["kind"]) if romaji else (match["name"], "")


def _fits(code: str, kind: str) -> bool:
    region = RegionRegister.load().by_code(code)
    return region is not None and (not kind or kind_suffix(region) in _SUFFIX_OF[kind])


def _prefecture(name: str | None, codes: tuple[str, ...]) -> str | None:
    """The code of the prefecture behind the comma, if one of the places lies in it."""
    found = region_names().english.get(key(name), ()) if name else ()
    prefecture = next((code for code in found if len(code) == 2), None)
    return prefecture if any(len(code) == 5 and code[:2] == prefecture for code in codes) else None


def _stands_alone(text: str, match: re.Match[str], stem: str) -> bool:
    before, after = text[: match.start("name")], text[match.end("name") :]
    if key(stem) in _WORDS or _PERSON_BEFORE.search(before) or _COMPOUND.match(after) or _SPOKE.match(after):
        return False
    return bool(_BEFORE.search(before)) and bool(_AFTER.match(after))
