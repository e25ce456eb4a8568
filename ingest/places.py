"""From the place columns of a row to region codes: a code, a name, or prefecture and municipality apart."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from ingest.problems import Problems
from ingest.regions.codes import CodeError, readings
from ingest.regions.model import Region
from ingest.regions.register import RegionRegister
from ingest.values import Values

_EVERYWHERE = {
    "全国",
    "日本全国",
    "全国各地",
    "全国対応",
    "全国対応可",
    "全国どこでも",
    "日本国内",
    "国内全域",
    "全域",
    "全地域",
    "国内",
    "国内全般",
    "全国一円",
    "国内外",
    "全世界",
    "worldwide",
    "global",
    "japan and abroad",
    "日本",
    "japan",
    "nationwide",
    "all japan",
    "anywhere in japan",
    "all",
    "any",
}
# what stands behind a region's name and does not change it
_AROUND = re.compile(
    r"\s*(?:全域|全体|一円|管内|内全域|県内|府内|都内|道内|(?<=[市町村区])内|(?:及び)?(?:その)?周辺(?:地域|部|市町村)?|地域全体|エリア"
    r"|(?:を中心(?:とした地域|に)?)|など|等|ほか|他|役所|役場|庁"
    r"|(?<=\w)\d{1,2}(?:都道?府?県|府県|都県|道県|県))$"
)
_WITH_CODE = re.compile(r"(?P<name>\D+?)\s*[(\[]?\s*(?P<code>\d{5,6})\s*[)\]]?")
# an organisation that is called so is the local government itself
_LOCAL_GOVERNMENT = re.compile(r"[^\s()]{1,12}[都道府県市町村]")
# signs that separate regions where no single region has the whole as its name
_JOINTS = re.compile(r"[・/&＆＋+\s]+|及び|並びに|および|(?<=[都道府県市区町村])と|\band\b")


def resolve_places(values: Values, problems: Problems, *, required: bool, lists_its_place: bool = False) -> None:
    """Set ``regions`` to the codes of all regions that the row names (5 digits, 2 for a prefecture).

    Where a region is required, one that is wrong or unclear is an error; elsewhere it is dropped with a warning.
    With ``lists_its_place`` the list of regions is what a code beside it stands for, unless the row names a place.
    """
    places = _Places(values, problems, required)
    code = places.by_code()
    named = places.by_name()
    listed = places.listed([region for region in (code, *named) if region])
    if code and named and code not in named and not _contains(code, named):
        problems.error("region_contradiction", "jis_code", values["jis_code"], f"{code.name} ≠ {named[0].name}")
    elif code and not named:
        other = places.contradiction(code, listed if required or lists_its_place else [])
        if other:
            problems.error("region_contradiction", "jis_code", values["jis_code"], f"{code.name} ≠ {other.name}")
    # the code is the more exact statement of the same place
    stated = ([code] if code else []) or named
    codes = _most_exact(stated, listed)
    values.pop("regions", None)
    if codes:
        values["regions"] = codes
    elif required and not problems.rejected:
        problems.error("required_missing", "regions")


def resolve_list(names: Iterable[str], field: str, problems: Problems, *, required: bool = False) -> list[str]:
    """The codes of the regions that a cell names, each once; what is wrong is reported under ``field``."""
    places = _Places({}, problems, required)
    found = [region for name in names for region in places.several(name, None, field)]
    return list(dict.fromkeys(region.code for region in found))


class _Places:
    """The place columns of one row."""

    def __init__(self, values: Values, problems: Problems, required: bool) -> None:
        self._values = values
        self._problems = problems
        self._required = required
        self._register = RegionRegister.load()

    def by_code(self) -> Region | None:
        """The region of the code column; the value becomes the code of 5 digits (2 for a prefecture)."""
        text = self._values.get("jis_code")
        if text is None:
            return None
        region = self._coded(str(text), "jis_code")
        if region:
            alive = (r.code for r in readings(str(text)) if self._register.successors(r.code))
            self._values["jis_code"] = next(alive, region.code)
        return region

    def by_name(self) -> list[Region]:
        """The regions that prefecture and municipality can mean; several only where a code will decide."""
        municipality, prefecture = self._values.get("municipality"), self._values.get("prefecture")
        name = municipality or prefecture
        if name is None:
            return []
        within = str(prefecture) if municipality and prefecture else None
        if municipality and not prefecture and "jis_code" in self._values:
            # the code decides between places of one name, and stands where the name is misspelt
            found = _find(str(municipality), None)
            if not found:
                self._problems.warn("region_unknown", "municipality", municipality)
            return list(found)
        region = self._one(str(name), within, "municipality" if municipality else "prefecture")
        return [region] if region else []

    def listed(self, known: list[Region]) -> list[Region]:
        """The regions of the column that lists them; of namesakes the one that the row's other columns mean."""
        listed = self._values.get("regions", [])
        assert isinstance(listed, list)
        prefecture = self._values.get("prefecture")
        within = str(prefecture) if prefecture else known[0].code if known else None
        found: list[Region] = []
        for name in listed:
            if not _is_everywhere(name) and not _is_qualifier(name, found):
                found += self.several(name, within, "regions")
        return found

    def contradiction(self, code: Region, listed: list[Region]) -> Region | None:
        """A region that the row names beside a code and that is another one.

        A code without a name of its own belongs to the regions that the row lists, else to the local government
        that it is about.
        """
        if listed:
            return None if _agree(code, listed) else listed[0]
        name = str(self._values.get("organisation", ""))
        own = _find(name, None) if _LOCAL_GOVERNMENT.fullmatch(name) else ()
        return None if not own or _agree(code, list(own)) else own[0]

    def several(self, name: str, within: str | None, field: str) -> list[Region]:
        """The regions of one item of a list; an item that is no region may be several, joined by a sign."""
        parts = [part for part in _JOINTS.split(name) if part]
        if len(parts) > 1 and not _find(name, None) and all(_find(part, None) or part.isdigit() for part in parts):
            return [region for part in parts for region in self.several(part, within, field)]
        region = self._one(name, None, field, preferably=within)
        return [region] if region else []

    def _one(self, name: str, within: str | None, field: str, *, preferably: str | None = None) -> Region | None:
        """The one region that a name or code means; none or several are a problem that names the candidates."""
        if name.isdigit():
            return self._coded(name, field)
        found = _find(name, within)
        if len(found) > 1 and preferably:
            found = _find(name, preferably) or found
        if len(found) == 1:
            return found[0]
        if found:
            self._report("region_ambiguous", field, name, ", ".join(_full_name(region) for region in found))
        elif coded := _WITH_CODE.fullmatch(name):
            return self._coded(coded["code"], field)
        else:
            self._report("region_unknown", field, name)
        return None

    def _coded(self, text: str, field: str) -> Region | None:
        try:
            heirs = self._register.was_abolished(text)
            region = self._register.resolve(text) if heirs is None else None
        except CodeError as error:
            self._problems.error("code_invalid", field, text, error.en, error.ja)
            return None
        if heirs is not None:
            names = [_full_name(heir) for heir in heirs]
            self._problems.error("code_abolished", field, text, ", ".join(names), "、".join(names))
        elif region is None:
            self._problems.error("code_unknown", field, text)
        return region

    def _report(self, code: str, field: str, value: object, detail: str = "") -> None:
        (self._problems.error if self._required else self._problems.warn)(code, field, value, detail)


def _is_everywhere(name: str) -> bool:
    """Whether the whole country is meant, with or without a remark behind it (全国 ※離島を除く)."""
    return name.partition("※")[0].strip().casefold() in _EVERYWHERE


def _is_qualifier(name: str, before: list[Region]) -> bool:
    """Whether an item in Latin letters says where the one before it lies ("Maniwa City, Okayama")."""
    if not name.isascii() or not before:
        return False
    around = {region.code for region in RegionRegister.load().ancestors(before[-1].code)}
    return any(region.code in around for region in _find(name, None))


@lru_cache(maxsize=50_000)
def _find(name: str, within: str | None) -> tuple[Region, ...]:
    """The regions of a name as cells have it; looking up folds and strips, which costs, and cells repeat."""
    register = RegionRegister.load()
    bare = name
    for _ in range(3):
        found = register.find(bare, within)
        shorter = _AROUND.sub("", bare)
        if found or shorter == bare or not shorter:
            return tuple(found)
        bare = shorter
    return ()


def _most_exact(stated: list[Region], listed: list[Region]) -> list[str]:
    """The codes of all, without a stated region that only contains a listed one (県 beside its 市)."""
    inside = {above.code for region in listed for above in RegionRegister.load().ancestors(region.code)}
    kept = [region for region in stated if region.code not in inside]
    return list(dict.fromkeys(region.code for region in (*kept, *listed)))


def _contains(inner: Region, named: list[Region]) -> bool:
    """Whether one of the named regions contains the coded one (a prefecture column beside a city's code)."""
    return bool({r.code for r in RegionRegister.load().ancestors(inner.code)} & {region.code for region in named})


def _agree(code: Region, listed: list[Region]) -> bool:
    """Whether a region of the list is the coded one, or one of the two contains the other."""
    return code in listed or _contains(code, listed) or any(_contains(region, [code]) for region in listed)


def _full_name(region: Region) -> str:
    parent = RegionRegister.load().by_code(region.parent) if region.parent else None
    return f"{parent.name if parent else ''}{region.name}({region.code})"
