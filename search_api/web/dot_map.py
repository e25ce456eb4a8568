"""A map of Japan that needs no tiles: one dot for each of the 1,741 town halls."""

from __future__ import annotations

import math
from functools import cache

from ingest.regions.model import Region
from ingest.regions.register import RegionRegister

# the frame holds the four main islands; Okinawa moves into the corner above left, Ogasawara northwards
_WEST, _NORTH, _SCALE = 128.2, 45.8, 22.0
_SQUEEZE = math.cos(math.radians(37))
WIDTH, HEIGHT = 330, 345
# the line that sets Okinawa apart
INSET = "M2 172H74L154 136V66"


def position(region: Region) -> tuple[float, float] | None:
    """Where a region stands on the map; None for one without a location."""
    if region.lat is None or region.lon is None:
        return None
    lat, lon = region.lat, region.lon
    if lat < 29:
        lat, lon = (lat + 14.4, lon + 5.3) if lon < 135 else (lat + 6.0, lon)
    return round((lon - _WEST) * _SQUEEZE * _SCALE, 1), round((_NORTH - lat) * _SCALE, 1)


@cache
def dots() -> str:
    """All dots as the data of one SVG path (each a line of no length, drawn by its round ends)."""
    places = (position(region) for region in RegionRegister.load() if region.is_municipality)
    return "".join(f"M{x:g} {y:g}h0" for x, y in (place for place in places if place))


def highlights(code: str) -> list[tuple[float, float]]:
    """The dots of a region: its own, or those of all municipalities in it."""
    register = RegionRegister.load()
    region = register.by_code(code)
    if region is None:
        return []
    inside = [region] if region.is_municipality else [r for r in register.descendants(code) if r.is_municipality]
    return [place for place in map(position, inside) if place]
