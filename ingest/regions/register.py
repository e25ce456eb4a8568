"""Answers which region a code or a name means, what lies in what, and what lies near.

It reads the compact CSV files beside it (``build.py`` keeps them equal to ``ontology/regions.ttl``), because
parsing the Turtle would cost every start a second.
"""

from __future__ import annotations

import csv
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache, cached_property
from importlib import resources

from ingest.regions.codes import readings as code_readings
from ingest.regions.model import Region
from ingest.regions.names import alternatives, key
from ingest.regions.names import readings as name_readings
from kg.errors import MeguriError

#: The earth's mean radius in kilometres (IUGG).
EARTH_RADIUS_KM = 6371.0088

# A county (郡) groups towns and villages only. Those of the Northern Territories have villages of the same
# names as elsewhere (国後郡泊村), and none of them is in the register.
_COUNTY = re.compile(r"(?!色丹郡|国後郡|択捉郡|紗那郡|蘂取郡)[^都道府県市町村]{1,5}郡(?=.+[町村]\Z)")


class UnknownRegionError(MeguriError):
    """A code that is in no register; find the region with ``RegionRegister.find`` or ``resolve`` first."""

    def __init__(self, code: str) -> None:
        super().__init__(
            code="region-unknown",
            en=f"No region has the code {code!r}.",
            ja=f"コード「{code}」の地域はありません。",
            remedy_en="Use a current 5-digit municipality code or a 2-digit prefecture code.",
            remedy_ja="現行の5桁の市区町村コードまたは2桁の都道府県コードを指定してください。",
        )


class NoLocationError(MeguriError):
    """A region, such as a block, that is too large to have a location."""

    def __init__(self, region: Region) -> None:
        super().__init__(
            code="region-no-location",
            en=f"{region.name_en} has no location.",
            ja=f"{region.name}には位置がありません。",
            remedy_en="Choose a municipality or a prefecture.",
            remedy_ja="市区町村または都道府県を指定してください。",
        )


class RegionRegister:
    """Japan, its 8 blocks, 47 prefectures and 1,741 municipalities; immutable, so one instance serves all."""

    def __init__(
        self, regions: Iterable[Region], wards: dict[str, tuple[str, str]], abolished: dict[str, list[str]]
    ) -> None:
        """``wards``: ward code → (name, city's code); ``abolished``: code → the codes that took its place."""
        self._regions = {region.code: region for region in regions}
        self._wards = wards
        self._abolished = abolished
        self._children: dict[str, list[str]] = defaultdict(list)
        for region in self._regions.values():
            if region.parent:
                self._children[region.parent].append(region.code)

    @classmethod
    def load(cls) -> RegionRegister:
        """The register that comes with Meguri; read once per process."""
        return _load()

    def __len__(self) -> int:
        return len(self._regions)

    def __iter__(self) -> Iterator[Region]:
        return iter(self._regions.values())

    def by_code(self, code: str) -> Region | None:
        """The region with exactly this code (5 digits, 2, ``block-…``, ``JP``), or None."""
        return self._regions.get(code)

    def resolve(self, text: str, *, with_check_digit: bool = False) -> Region | None:
        """The one present region that a code, however written, stands for, or None.

        Follows abolished municipalities to their successors and wards to their cities; None also where the
        successors lie in several regions. A 5-digit text that could be two codes means the one that exists,
        or where both do, the one as it stands (unless the column is ``with_check_digit``, see ``parse_code``).
        Raises ``CodeError`` when ``text`` is no code.
        """
        for reading in code_readings(text, with_check_digit=with_check_digit):
            found = self.successors(reading.code)
            if found:
                return found[0] if len(found) == 1 else None
        return None

    def successors(self, code: str) -> list[Region]:
        """The present regions that ``code`` (5 or 2 digits) has become: itself if it is current, else []."""
        if code in self._regions:
            return [self._regions[code]]
        if code in self._wards:
            return [self._regions[self._wards[code][1]]]
        found = {r.code: r for heir in self._abolished.get(code, []) for r in self.successors(heir)}
        return [found[code] for code in sorted(found)]

    def was_abolished(self, text: str) -> list[Region] | None:
        """The present regions that took the place of an abolished code; None for one in force, or that never was.

        Raises ``CodeError`` when ``text`` is no code.
        """
        for reading in code_readings(text):
            if reading.code in self._regions or reading.code in self._wards:
                return None
            if reading.code in self._abolished:
                return self.successors(reading.code)
        return None

    def ancestors(self, code: str) -> list[Region]:
        """The regions that contain ``code``, the smallest first: prefecture, block, Japan.

        Raises ``UnknownRegionError``, as do ``descendants`` and ``within_km``.
        """
        above: list[Region] = []
        parent = self._get(code).parent
        while parent:
            above.append(self._regions[parent])
            parent = above[-1].parent
        return above

    def descendants(self, code: str) -> list[Region]:
        """All regions inside ``code``, each followed by what it contains, in the order of codes."""
        self._get(code)
        inside: list[Region] = []
        for child in self._children.get(code, ()):
            inside += [self._regions[child], *self.descendants(child)]
        return inside

    def within_km(self, code: str, km: float) -> list[tuple[Region, float]]:
        """The other municipalities whose town hall is at most ``km`` kilometres away (great circle), nearest first.

        A prefecture is measured from its seat. Raises ``NoLocationError`` for a block or Japan.
        """
        centre = self._get(code)
        if centre.lat is None:
            raise NoLocationError(centre)
        towns = (r for r in self._regions.values() if r.is_municipality and r.code != code)
        distances = ((town, distance_km(centre, town)) for town in towns)
        return sorted((pair for pair in distances if pair[1] <= km), key=lambda pair: (pair[1], pair[0].code))

    def find(self, name: str, prefecture: str | None = None) -> list[Region]:
        """The regions that are called ``name``: prefectures before municipalities, then by code.

        Accepts labels and alternative names in both languages, kana and romaji, a prefecture and a county in
        front (長野県南佐久郡川上村), "Fuchu City, Tokyo", and a ward of a designated city, which finds the
        city. ``prefecture`` (name or code of any larger region) keeps only what lies in it or is it. The match
        is exact after folding (``names.key``); several regions of one name are all returned, none gives [].
        """
        found = self._lookup(name)
        if prefecture is None:
            return found
        areas = [self._regions[prefecture]] if prefecture in self._regions else self._lookup(prefecture)
        allowed = {area.code for area in areas}
        return [r for r in found if allowed & {r.code, *(a.code for a in self.ancestors(r.code))}]

    def _lookup(self, name: str) -> list[Region]:
        folded = key(name)
        # ヶ is also written as it is read: 鎌が谷市
        exact = self._by_name.get(folded) or self._by_name.get(folded.replace("が", "け"))
        if exact:
            return [self._regions[code] for code in exact]
        head, comma, rest = name.replace("，", ",").partition(",")
        if comma:
            area = re.sub(r",?\s*Japan\s*\Z", "", rest, flags=re.IGNORECASE).strip()
            return self.find(head, area or "JP") if head.strip() else []
        return self._without_county(key(name))

    def _without_county(self, folded: str) -> list[Region]:
        prefecture = next((p for p in self._prefectures() if folded.startswith(key(p.name))), None)
        tail = folded.removeprefix(key(prefecture.name)) if prefecture else folded
        county = _COUNTY.match(tail)
        if county is None:
            return []
        return self.find(tail[county.end() :], prefecture.code if prefecture else None)

    def _prefectures(self) -> list[Region]:
        return [region for region in self._regions.values() if region.kind == "prefecture"]

    @cached_property
    def _by_name(self) -> dict[str, list[str]]:
        """Folded name → codes; larger regions come first because the files list them first.

        Made when the first name is looked up, since many runs only ask by code.
        """
        index: dict[str, dict[str, None]] = defaultdict(dict)
        for region in self._regions.values():
            prefecture = self._regions[region.parent] if region.is_municipality and region.parent else None
            ja, en = alternatives(region, prefecture)
            for form in (region.name, region.name_en, *ja, *en, *name_readings(region)):
                index[key(form)][region.code] = None
        for name, city_code in self._wards.values():
            city = self._regions[city_code]
            for form in (city.name + name, f"{self._regions[city_code[:2]].name}{city.name}{name}"):
                index[key(form)].setdefault(city_code, None)
        return {folded: list(codes) for folded, codes in index.items()}

    def _get(self, code: str) -> Region:
        if code not in self._regions:
            raise UnknownRegionError(code)
        return self._regions[code]


def distance_km(a: Region, b: Region) -> float:
    """The great-circle distance of two regions in kilometres (haversine on a sphere: within 0.6 %).

    Raises ``NoLocationError`` if one of them has no location.
    """
    for region in (a, b):
        if region.lat is None or region.lon is None:
            raise NoLocationError(region)
    lat_a, lon_a, lat_b, lon_b = (math.radians(v) for v in (a.lat, a.lon, b.lat, b.lon) if v is not None)
    half = math.sin((lat_b - lat_a) / 2) ** 2
    half += math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(min(1.0, half)))


@cache
def _load() -> RegionRegister:
    wards = {row["code"]: (row["name"], row["city"]) for row in _rows("wards.csv")}
    abolished = {row["code"]: row["successors"].split(";") for row in _rows("abolished.csv")}
    return RegionRegister((_region(row) for row in _rows("register.csv")), wards, abolished)


def _rows(name: str) -> list[dict[str, str]]:
    text = (resources.files("ingest.regions") / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _region(row: dict[str, str]) -> Region:
    return Region(
        code=row["code"],
        code6=row["code6"],
        kind=row["kind"],
        name=row["name"],
        kana=row["kana"],
        romaji=row["romaji"],
        name_en=row["name_en"],
        lat=float(row["lat"]) if row["lat"] else None,
        lon=float(row["lon"]) if row["lon"] else None,
        parent=row["parent"] or None,
    )
