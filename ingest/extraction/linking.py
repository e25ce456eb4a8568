"""Chooses the region that a name means in its document: by its prefecture, by what stands near, by what it is about."""

from __future__ import annotations

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


@dataclass
class Linker:
    """Links the places of one document; ``about`` are the codes of the regions that it is said to be about."""

    about: Sequence[str] = ()
    register: RegionRegister = field(default_factory=RegionRegister.load)

    def link(self, places: Iterable[Place]) -> list[Linked]:
        """The places whose region is clear, in order; those that nothing decides are left out."""
        ordered = sorted(places, key=lambda place: place.start)
        named = [self._narrowed(place) for place in ordered if place.form in ("whole", "stem", "word")]
        certain = self._certain(named)
        linked = [found for place in named if (found := self._choose(place, certain))]
        return self._with_pointers([p for p in ordered if p.form in ("own", "same")], linked)

    def _narrowed(self, place: Place) -> Place:
        inside = tuple(code for code in place.codes if code[:2] == place.within)
        return replace(place, codes=inside) if place.within and inside else place

    def _certain(self, places: list[Place]) -> list[Linked]:
        whole = [p for p in places if p.form == "whole" and len(p.codes) == 1]
        return [Linked(place, place.codes[0], 0.98) for place in whole]

    def _choose(self, place: Place, certain: list[Linked]) -> Linked | None:
        if place.form in ("stem", "word"):
            return self._stem(place, certain)
        if len(place.codes) == 1:
            return Linked(place, place.codes[0], 0.98)
        same = [link for link in certain if link.code in place.codes]
        if same:
            return Linked(place, _nearest(place, same).code, 0.95)
        told = [code for code in place.codes if code in self.about or code[:2] in self._about_prefectures()]
        if len(told) == 1:
            return Linked(place, told[0], 0.95)
        code = self._by_neighbours(place, place.codes, certain)
        return Linked(place, code, 0.85) if code else None

    def _stem(self, place: Place, certain: list[Linked]) -> Linked | None:
        """A name without its kind: as a place that the document names in full, or as a prefecture."""
        same = [link for link in certain if link.code in place.codes]
        if same:
            return Linked(place, _nearest(place, same).code, 0.9)
        told = [code for code in place.codes if code in self.about]
        prefectures = [code for code in place.codes if len(code) == 2]
        if told or prefectures:
            return Linked(place, (told or prefectures)[0], 0.85)
        if place.form == "word" and len(place.codes) == 1:
            return Linked(place, place.codes[0], 0.8)
        # alone it may as well be a river, a station or a surname: its prefecture must be spoken of
        spoken = self._about_prefectures() | {link.code[:2] for link in certain}
        near = [code for code in place.codes if code[:2] in spoken]
        return Linked(place, near[0], 0.7) if len(near) == 1 else None

    def _about_prefectures(self) -> set[str]:
        return {code[:2] for code in self.about}

    def _by_neighbours(self, place: Place, codes: Sequence[str], certain: list[Linked]) -> str | None:
        """The one that lies in the prefecture named nearest; else the one that is clearly closest to what is named."""
        gaps: dict[str, int] = {}
        for link in certain:
            inside = [code for code in codes if code[:2] == link.code[:2]]
            if len(inside) == 1:
                gaps[inside[0]] = min(gaps.get(inside[0], _FAR), _gap(place, link.place))
        nearest = sorted(gaps, key=lambda code: gaps[code])
        if nearest:
            clear = len(nearest) == 1 or gaps[nearest[1]] - gaps[nearest[0]] > _SAME_BREATH
            return nearest[0] if clear else None
        regions = [region for code in codes if (region := self.register.by_code(code))]
        anchors = [region for link in certain if (region := self.register.by_code(link.code))]
        if not anchors or len(regions) < 2:
            return None
        reach = sorted((min(distance_km(region, anchor) for anchor in anchors), region.code) for region in regions)
        return reach[0][1] if reach[0][0] * 2 < reach[1][0] else None

    def _with_pointers(self, pointers: list[Place], linked: list[Linked]) -> list[Linked]:
        found = sorted(linked, key=lambda link: link.place.start)
        for pointer in pointers:
            code = self._own(pointer, linked) if pointer.form == "own" else self._last(pointer, found)
            if code:
                found = sorted([*found, Linked(pointer, code, 0.9)], key=lambda link: link.place.start)
        return found

    def _own(self, pointer: Place, linked: list[Linked]) -> str | None:
        """The document's own region of the kind that 本市 or 本県 asks for."""
        declared = self._of_kind(pointer, self.about)
        if declared:
            return declared[0]
        opening = [link.code for link in linked if link.place.end <= _OPENING]
        for codes in (opening, [link.code for link in linked]):
            counted = Counter(self._of_kind(pointer, codes))
            if counted:
                first = {code: place for place, code in reversed(list(enumerate(codes)))}
                return min(counted, key=lambda code: (-counted[code], first.get(code, 0)))
        return None

    def _last(self, pointer: Place, found: list[Linked]) -> str | None:
        before = [link.code for link in found if link.place.end <= pointer.start]
        codes = self._of_kind(pointer, before)
        return codes[-1] if codes else None

    def _of_kind(self, pointer: Place, codes: Iterable[str]) -> list[str]:
        """The codes whose regions are of the asked kind; a prefecture stands behind each municipality."""
        if pointer.suffix in "県府都道" or pointer.suffix == "Prefecture":
            return [code[:2] for code in codes]
        regions = [self.register.by_code(code) for code in codes]
        return [region.code for region in regions if region and _is_kind(region, pointer.suffix)]


def _is_kind(region: Region, suffix: str) -> bool:
    if not region.is_municipality:
        return False
    english = {"City": "市区", "Town": "町", "Village": "村"}
    return not suffix or kind_suffix(region) in english.get(suffix, suffix)


def _gap(one: Place, other: Place) -> int:
    return max(other.start - one.end, one.start - other.end, 0)


def _nearest(place: Place, links: list[Linked]) -> Linked:
    return min(links, key=lambda link: (_gap(place, link.place), link.place.start > place.start))
