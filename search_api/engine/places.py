"""The places that a query names, linked to regions, and the traits of places that it tells: an island, deep snow, cold.

What is unclear stays unclear: 府中市 is in Tokyo and in Hiroshima, and the reader is asked which one is meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from ingest.extraction.linking import Linker, Place
from ingest.extraction.region_names import region_names
from ingest.extraction.regions_en import find_places as english_places
from ingest.extraction.regions_ja import find_places as japanese_places
from ingest.extraction.sentences import Sentence, read_text
from ingest.regions.names import key
from ingest.regions.register import RegionRegister

Role = Literal["where", "seat", "outside"]

# names of one of the eight blocks; 中国 alone is a country, 北海道 the prefecture
_BLOCK = re.compile(
    r"(?P<ja>東北|関東|中部|近畿|関西|四国|九州)(?:地方|圏|一円|各地)?(?=[のでにをと、はが]|$)|中国地方"
    r"|\b(?:Tohoku|Kanto|Chubu|Kinki|Kansai|Shikoku|Kyushu|Chugoku(?= [Rr]egion))\b"
)
_TRAITS = {
    "island": re.compile(
        r"離島|離れ小島|孤島|島しょ|島嶼|\b(?:remote |small )?islands?\b"
        r"|(?<![一-鿿])島(?=[でのにはがをへも、。]|民|内|外|$)",
        re.IGNORECASE,
    ),
    "snow": re.compile(
        r"豪雪|雪国|多雪|積雪|雪深い|大雪|雪の(?:多い|深い)|(?:heavy|deep) snow|snow(?:y|bound)\b|snow country",
        re.IGNORECASE,
    ),
    "cold": re.compile(r"寒冷地|厳寒|極寒|寒さの厳しい|氷点下|cold (?:region|climate|area)s?|subarctic", re.IGNORECASE),
    "subtropical": re.compile(r"亜熱帯|subtropical", re.IGNORECASE),
}
_LATIN = re.compile(r"[A-Z][a-z]{2}")
# what stands behind a place where a company speaks of its own seat, and what turns a place into "not there"
_SEAT_BEHIND = re.compile(
    r"(?:に(?:本社|工場|拠点|本店)(?:が|を)|に(?:ある|所在する)?(?:当社|弊社|本社)|の(?:会社|企業|メーカー|当社|弊社|工場|商社|ベンチャー))|-based"
)
_SEAT_BEFORE = re.compile(
    r"\b(?:based|headquartered|located|company|firm|maker|factory|plant) (?:in|from|of) $", re.IGNORECASE
)
_OUTSIDE_BEHIND = re.compile(r"(?:以外|[県都府市町村区道]?外(?!国|食|部|来)|を除く|ではない)")
_OUTSIDE_BEFORE = re.compile(r"\b(?:outside(?: of)?|except(?: for)?|other than|not in) $", re.IGNORECASE)
# people type prefectures small; municipalities' names are too often words ("mine", "date")
_SMALL = re.compile(r"\b(?P<before>in|within|near|around|across|throughout) (?P<name>[a-z]{3,10})\b")
#: So many places at most are read as such; a text that names more is a list or a document.
MOST_PLACES = 5


@dataclass(frozen=True)
class NamedPlace:
    """A place that a text names, in characters of the text. Of ``codes`` one means that it is clear.

    ``others`` are what the name may mean as well (Nagano is the prefecture, and a city in it). ``role``: where
    something is wanted, the seat of whoever writes, or a place that is not meant.
    """

    text: str
    start: int
    end: int
    codes: tuple[str, ...]
    role: Role
    others: tuple[str, ...] = ()

    @property
    def code(self) -> str | None:
        """The region, where only one can be meant."""
        return self.codes[0] if len(self.codes) == 1 else None


def places_in(text: str) -> list[NamedPlace]:
    """The places of a query, in order, each name once; at most ``MOST_PLACES``, none where there are more."""
    raised = _SMALL.sub(_raise, text)
    reading = read_text(raised)
    found = [place for sentence in reading.sentences for place in _of_sentence(sentence)]
    linker = Linker()
    linked = {(link.place.start, link.place.end): link.code for link in linker.link(found)}
    named = [_named(text, place, linked.get((place.start, place.end))) for place in _coded(found)]
    # a stem of several regions (川上) is a word as often as a place
    named = [p for p, place in zip(named, _coded(found), strict=True) if p.code or place.form != "stem"]
    # 東北 is the block before it is the town of that name, unless the town's whole name stands there
    blocks = list(_blocks(text))
    named = [p for p in named if not any(_overlap(p, b) and len(p.text) <= len(b.text) for b in blocks)]
    named += [block for block in blocks if not any(_overlap(block, place) for place in named)]
    known: dict[str, NamedPlace] = {}
    for place in sorted(named, key=lambda p: p.start):
        known.setdefault(place.text, place)
    return list(known.values()) if len(known) <= MOST_PLACES else []


def traits_in(text: str) -> dict[str, str]:
    """The traits that a text tells of its place (island, snow, cold, subtropical), each with the words that say so."""
    return {name: match[0] for name, pattern in _TRAITS.items() if (match := pattern.search(text))}


def _coded(found: Sequence[Place]) -> list[Place]:
    """Without 本市 and the like, which mean a region that the text does not name."""
    return [place for place in found if place.codes]


def _of_sentence(sentence: Sentence) -> Sequence[Place]:
    if sentence.lang == "en":
        return english_places(sentence)
    # 木質チップ within Nagano
    return [*japanese_places(sentence), *(english_places(sentence) if _LATIN.search(sentence.text) else ())]


def _named(text: str, place: Place, code: str | None) -> NamedPlace:
    """A place with what it can mean: the linked region, else every region of its name."""
    inside = tuple(c for c in place.codes if place.within is None or c[:2] == place.within) or place.codes
    others = tuple(c for c in inside if c != code) if code and place.form != "whole" else ()
    return NamedPlace(
        text[place.start : place.end],
        place.start,
        place.end,
        (code,) if code else inside,
        _role(text, place.start, place.end),
        others,
    )


def _blocks(text: str) -> Iterator[NamedPlace]:
    for match in _BLOCK.finditer(text):
        name = match["ja"] or match[0]
        regions = RegionRegister.load().find(name)
        if regions and regions[0].kind == "block":
            role = _role(text, match.start(), match.end())
            yield NamedPlace(match[0], match.start(), match.end(), (regions[0].code,), role)


def _role(text: str, start: int, end: int) -> Role:
    before, behind = text[max(0, start - 24) : start], text[end : end + 12]
    if _OUTSIDE_BEHIND.match(behind) or _OUTSIDE_BEFORE.search(before):
        return "outside"
    return "seat" if _SEAT_BEHIND.match(behind) or _SEAT_BEFORE.search(before) else "where"


def _raise(match: re.Match[str]) -> str:
    """ "within nagano" as "within Nagano", where that is a prefecture."""
    codes = region_names().english.get(key(match["name"]), ())
    known = any(len(code) == 2 for code in codes)
    return f"{match['before']} {match['name'].capitalize() if known else match['name']}"


def _overlap(one: NamedPlace, other: NamedPlace) -> bool:
    return one.start < other.end and other.start < one.end
