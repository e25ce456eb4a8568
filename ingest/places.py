"""From the place columns of a row to region codes: a code, a name, or prefecture and municipality apart."""

from __future__ import annotations

from collections.abc import Iterable

from ingest.problems import Problems
from ingest.regions.codes import CodeError
from ingest.regions.model import Region
from ingest.regions.register import RegionRegister
from ingest.values import Values

_EVERYWHERE = ("全国", "日本全国", "nationwide", "Nationwide", "Japan", "日本")


def resolve_places(values: Values, problems: Problems, *, required: bool) -> None:
    """Set ``regions`` to the codes of all regions that the row names (5 digits, 2 for a prefecture).

    Where a region is required, one that is wrong or unclear is an error; elsewhere it is dropped with a warning.
    """
    register = RegionRegister.load()
    code = _by_code(values, problems, register, required=required)
    named = _by_name(values, problems, register, required=required)
    if code and named and code not in named and not _contains(register, code, named):
        detail = f"{code.name} ≠ {named[0].name}"
        problems.error("region_contradiction", "jis_code", values["jis_code"], detail)
    # the code is the more exact statement of the same place
    regions = ([code] if code else []) or named
    listed = [name for name in _listed(values) if name not in _EVERYWHERE]
    codes = list(
        dict.fromkeys([r.code for r in regions] + resolve_list(listed, "regions", problems, required=required))
    )
    values.pop("regions", None)
    if codes:
        values["regions"] = codes
    elif required and not problems.rejected:
        problems.error("required_missing", "regions")


def resolve_list(names: Iterable[str], field: str, problems: Problems, *, required: bool = False) -> list[str]:
    """The codes of the regions that a cell names, each once; what is wrong is reported under ``field``."""
    register = RegionRegister.load()
    found = [_one(name, None, field, problems, register, required) for name in names]
    return list(dict.fromkeys(region.code for region in found if region))


def _listed(values: Values) -> list[str]:
    listed = values.get("regions", [])
    assert isinstance(listed, list)
    return listed


def _by_code(values: Values, problems: Problems, register: RegionRegister, *, required: bool) -> Region | None:
    text = values.get("jis_code")
    return None if text is None else _coded(str(text), "jis_code", problems, register, required)


def _coded(text: str, field: str, problems: Problems, register: RegionRegister, required: bool) -> Region | None:
    try:
        region = register.resolve(text)
    except CodeError as error:
        problems.error("code_invalid", field, text, error.en, error.ja)
        return None
    if region is None:
        _report(problems, required, "region_unknown", field, text)
    return region


def _by_name(values: Values, problems: Problems, register: RegionRegister, *, required: bool) -> list[Region]:
    municipality, prefecture = values.get("municipality"), values.get("prefecture")
    name = municipality or prefecture
    if name is None:
        return []
    within = str(prefecture) if municipality and prefecture else None
    if municipality and not prefecture and "jis_code" in values:
        # the code decides between places of one name, and stands where the name is misspelt
        found = register.find(str(municipality))
        if not found:
            problems.warn("region_unknown", "municipality", municipality)
        return found
    region = _one(str(name), within, "municipality" if municipality else "prefecture", problems, register, required)
    return [region] if region else []


def _one(
    name: str, within: str | None, field: str, problems: Problems, register: RegionRegister, required: bool
) -> Region | None:
    """The one region that a name or code means; none or several are a problem that names the candidates."""
    if name.isdigit():
        return _coded(name, field, problems, register, required)
    found = register.find(name, within)
    if len(found) == 1:
        return found[0]
    if not found:
        _report(problems, required, "region_unknown", field, name)
        return None
    _report(problems, required, "region_ambiguous", field, name, ", ".join(_full_name(register, r) for r in found))
    return None


def _report(problems: Problems, required: bool, code: str, field: str, value: object, detail: str = "") -> None:
    (problems.error if required else problems.warn)(code, field, value, detail)


def _contains(register: RegionRegister, inner: Region, named: list[Region]) -> bool:
    """Whether one of the named regions contains the coded one (a prefecture column beside a city's code)."""
    return bool({region.code for region in register.ancestors(inner.code)} & {region.code for region in named})


def _full_name(register: RegionRegister, region: Region) -> str:
    parent = register.by_code(region.parent) if region.parent else None
    return f"{parent.name if parent else ''}{region.name}({region.code})"
