"""Chooses the region that a name means in its document: by its prefecture, by what stands near, by what it is about."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from ingest.extraction.region_names import kind_suffix
from ingest.regions.model import Region
from ingest.regions.register import RegionRegister, distance_km

# in a title or an opening line a document names what it is about
_OPENING = 160
_FAR = 10**9
# prefectures named in one breath (東京都と広島県) decide nothing between them, in characters
_SAME_BREATH = 6


@dataclass(frozen=True)
class Place:
    """Words that may name a region. ``form``: whole (飯田市), stem (飯田), word (Iida), own (本市), same (同市).

    ``within`` is a prefecture's code where the words beside it name one; ``suffix`` the kind that 本… and 同… ask for.
    """

    start: int
    end: int
    codes: tuple[str, ...]
    form: str = "whole"
    within: str | None = None
    suffix: str = ""


@dataclass(frozen=True)
class Linked:
    """A place with its region's code, and how sure that is."""

    place: Place
    code: str
    confidence: float


class _Certain:
    """The places whose name only one region bears, by region and by prefecture, each in the order of the text."""

    def __init__(self, links: Iterable[Linked]) -> None:
        self._by_code: dict[str, list[Linked]] = {}
        self._by_prefecture: dict[str, list[Linked]] = {}
        for link in links:
            self._by_code.setdefault(link.code, []).append(link)
            self._by_prefecture.setdefault(link.code[:2], []).append(link)
        self.codes = list(self._by_code)
        self.prefectures = set(self._by_prefecture)

    def nearest(self, place: Place, codes: Iterable[str]) -> Linked | None:
        """The place nearest to one, of those that name any of these regions; the earlier of two as near."""
        beside = [link for code in codes for link in _beside(place, self._by_code.get(code, []))]
        return _nearest(place, beside) if beside else None

    def gap(self, place: Place, prefecture: str) -> int | None:
        """How far away the prefecture, or a place in it, is named; None where it is not."""
        beside = _beside(place, self._by_prefecture.get(prefecture, []))
        return min((_gap(place, link.place) for link in beside), default=None)


@dataclass
class Linker:
    """Links the places of one document; ``about`` are the codes of the regions that it is said to be about."""

    about: Sequence[str] = ()
    register: RegionRegister = field(default_factory=RegionRegister.load)

    def link(self, places: Iterable[Place]) -> list[Linked]:
        """The places whose region is clear, in order; those that nothing decides are left out."""
        ordered = sorted(places, key=lambda place: place.start)
        named = [self._narrowed(place) for place in ordered if place.form in ("whole", "stem", "word")]
        certain = _Certain(self._certain(named))
        linked = [found for place in named if (found := self._choose(place, certain))]
        return self._with_pointers([p for p in ordered if p.form in ("own", "same")], linked)

    def _narrowed(self, place: Place) -> Place:
        inside = tuple(code for code in place.codes if code[:2] == place.within)
        return replace(place, codes=inside) if place.within and inside else place

    def _certain(self, places: list[Place]) -> list[Linked]:
        whole = [p for p in places if p.form == "whole" and len(p.codes) == 1]
        return [Linked(place, place.codes[0], 0.98) for place in whole]

    def _choose(self, place: Place, certain: _Certain) -> Linked | None:
        if place.form in ("stem", "word"):
            return self._stem(place, certain)
        if len(place.codes) == 1:
            return Linked(place, place.codes[0], 0.98)
        same = certain.nearest(place, place.codes)
        if same:
            return Linked(place, same.code, 0.95)
        told = [code for code in place.codes if code in self.about or code[:2] in self._about_prefectures()]
        if len(told) == 1:
            return Linked(place, told[0], 0.95)
        code = self._by_neighbours(place, place.codes, certain)
        return Linked(place, code, 0.85) if code else None

    def _stem(self, place: Place, certain: _Certain) -> Linked | None:
        """A name without its kind: as a place that the document names in full, or as a prefecture."""
        same = certain.nearest(place, place.codes)
        if same:
            return Linked(place, same.code, 0.9)
        told = [code for code in place.codes if code in self.about]
        prefectures = [code for code in place.codes if len(code) == 2]
        if told or prefectures:
            return Linked(place, (told or prefectures)[0], 0.85)
        if place.form == "word" and len(place.codes) == 1:
            return Linked(place, place.codes[0], 0.8)
        # alone it may as well be a river, a station or a surname: its prefecture must be spoken of
        spoken = self._about_prefectures() | certain.prefectures
        near = [code for code in place.codes if code[:2] in spoken]
        return Linked(place, near[0], 0.7) if len(near) == 1 else None

    def _about_prefectures(self) -> set[str]:
        return {code[:2] for code in self.about}

    def _by_neighbours(self, place: Place, codes: Sequence[str], certain: _Certain) -> str | None:
        """The one that lies in the prefecture named nearest; else the one that is clearly closest to what is named."""
        gaps: dict[str, int] = {}
        for prefecture, inside in _by_prefecture(codes).items():
            gap = certain.gap(place, prefecture)
            if len(inside) == 1 and gap is not None:
                gaps[inside[0]] = gap
        nearest = sorted(gaps, key=lambda code: gaps[code])
        if nearest:
            clear = len(nearest) == 1 or gaps[nearest[1]] - gaps[nearest[0]] > _SAME_BREATH
            return nearest[0] if clear else None
        regions = [region for code in codes if (region := self.register.by_code(code))]
        anchors = [region for code in certain.codes if (region := self.register.by_code(code))]
        if not anchors or len(regions) < 2:
            return None
        reach = sorted((min(distance_km(region, anchor) for anchor in anchors), region.code) for region in regions)
        return reach[0][1] if reach[0][0] * 2 < reach[1][0] else None

    def _with_pointers(self, pointers: list[Place], linked: list[Linked]) -> list[Linked]:
        found = sorted(linked, key=_start)
        own = {suffix: self._own(suffix, linked) for suffix in {p.suffix for p in pointers if p.form == "own"}}
        for pointer in pointers:
            code = own[pointer.suffix] if pointer.form == "own" else self._last(pointer, found)
            if code:
                insort(found, Linked(pointer, code, 0.9), key=_start)
        return found

    def _own(self, suffix: str, linked: list[Linked]) -> str | None:
        """The document's own region of the kind that 本市 or 本県 asks for."""
        declared = self._of_kind(suffix, self.about)
        if declared:
            return declared[0]
        opening = [link.code for link in linked if link.place.end <= _OPENING]
        for codes in (opening, [link.code for link in linked]):
            counted = Counter(self._of_kind(suffix, codes))
            if counted:
                first = {code: place for place, code in reversed(list(enumerate(codes)))}
                return min(counted, key=lambda code: (-counted[code], first.get(code, 0)))
        return None

    def _last(self, pointer: Place, found: list[Linked]) -> str | None:
        """The last region of the kind that 同市 asks for, of those that stand before it."""
        for link in reversed(found[: bisect_right(found, pointer.start, key=_start)]):
            if link.place.end <= pointer.start and (codes := self._of_kind(pointer.suffix, [link.code])):
                return codes[-1]
        return None

    def _of_kind(self, suffix: str, codes: Iterable[str]) -> list[str]:
        """The codes whose regions are of the asked kind; a prefecture stands behind each municipality."""
        if suffix in "県府都道" or suffix == "Prefecture":
            return [code[:2] for code in codes]
        regions = [self.register.by_code(code) for code in codes]
        return [region.code for region in regions if region and _is_kind(region, suffix)]


def _is_kind(region: Region, suffix: str) -> bool:
    if not region.is_municipality:
        return False
    english = {"City": "市区", "Town": "町", "Village": "村"}
    return not suffix or kind_suffix(region) in english.get(suffix, suffix)


def _gap(one: Place, other: Place) -> int:
    return max(other.start - one.end, one.start - other.end, 0)


def _start(link: Linked) -> int:
    return link.place.start


def _by_prefecture(codes: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for code in codes:
        found.setdefault(code[:2], []).append(code)
    return found


def _beside(place: Place, links: Sequence[Linked]) -> Sequence[Linked]:
    """Of links in the order of the text, those around a place: no other can be nearer."""
    number = bisect_right(links, place.start, key=_start)
    return links[max(number - 2, 0) : number + 2]


def _nearest(place: Place, links: list[Linked]) -> Linked:
    return min(links, key=lambda link: (_gap(place, link.place), link.place.start > place.start))
