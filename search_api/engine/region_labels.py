"""Regions as they are named to a reader."""

from __future__ import annotations

from ingest.regions.register import RegionRegister
from kg.namespaces import REGION
from search_api.engine.results import RegionLabel


def region_label(code: str, lang: str) -> RegionLabel | None:
    """A region's name, a municipality with its prefecture."""
    register = RegionRegister.load()
    region = register.by_code(code)
    if region is None:
        return None
    prefecture = register.by_code(code[:2]) if region.is_municipality else None
    if lang == "ja":
        name = f"{prefecture.name if prefecture else ''}{region.name}"
    else:
        name = f"{region.name_en}, {prefecture.name_en}" if prefecture else region.name_en
    return RegionLabel(code=code, iri=f"{REGION}{code}", label=name)
