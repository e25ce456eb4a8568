"""Regional resources."""

from __future__ import annotations

from tests.ontology.shape_cases.case import NOWHERE, OTHER_SCHEME, advice, error, warning

CASES = [
    error("RegionalResourceShape-label", "resource", "rdfs:label"),
    error("RegionalResourceShape-inRegion", "resource", "ces:inRegion"),
    error("RegionalResourceShape-inRegionExists", "resource", "ces:inRegion", f"ces:inRegion {NOWHERE}"),
    error("RegionalResourceShape-resourceKind", "resource", add=f"ces:resourceKind {OTHER_SCHEME}"),
    warning("RegionalResourceShape-resourceKindGiven", "resource", "ces:resourceKind"),
    advice("RegionalResourceShape-hasAmountGiven", "resource", "ces:hasAmount"),
    warning("RegionalResourceShape-season", "resource", add="ces:season ex:winter"),
]
