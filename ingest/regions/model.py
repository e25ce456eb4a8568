"""What the register says of one region; shared by the builder, the graph and the reader."""

from __future__ import annotations

from dataclasses import dataclass

#: The kinds of municipality, as ``ces:municipalityKind`` states them.
MUNICIPALITY_KINDS = ("city", "town", "village", "specialWard", "designatedCity")

#: All values of ``Region.kind``.
KINDS = (*MUNICIPALITY_KINDS, "prefecture", "block", "country")


@dataclass(frozen=True)
class Region:
    """A municipality, prefecture, regional block, or Japan.

    ``code`` is the tail of the region's IRI: 5 digits (JIS X 0402) for a municipality, 2 (JIS X 0401) for a
    prefecture, ``block-…`` or ``JP`` above. ``code6`` adds the check digit and is empty above prefectures.
    ``lat`` and ``lon`` are degrees (WGS 84) of the town hall, for a prefecture of its seat, and None above.
    ``parent`` is the next larger region's code; only Japan has none.
    """

    code: str
    code6: str
    kind: str
    name: str
    kana: str
    romaji: str
    name_en: str
    lat: float | None
    lon: float | None
    parent: str | None

    @property
    def is_municipality(self) -> bool:
        """Whether this is one of the 1,741 cities, towns, villages and special wards."""
        return self.kind in MUNICIPALITY_KINDS
