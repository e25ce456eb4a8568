"""Support schemes."""

from __future__ import annotations

from tests.ontology.shape_cases.case import NOBODY, NOT_A_DATE, NOWHERE, OTHER_SCHEME, error, warning

CASES = [
    error("SupportSchemeShape-label", "scheme", "rdfs:label"),
    warning("SupportSchemeShape-providedByGiven", "scheme", "ces:providedBy"),
    error("SupportSchemeShape-providedBy", "scheme", "ces:providedBy", f"ces:providedBy {NOBODY}"),
    error("SupportSchemeShape-eligibleKind", "scheme", add=f"ces:eligibleKind {OTHER_SCHEME}"),
    error("SupportSchemeShape-eligibleRegion", "scheme", add=f"ces:eligibleRegion {NOWHERE}"),
    error(
        "SupportSchemeShape-applicationOpens",
        "scheme",
        "ces:applicationOpens",
        f"ces:applicationOpens {NOT_A_DATE}",
        ("SupportSchemeShape-opensBeforeCloses",),
    ),
    error(
        "SupportSchemeShape-applicationCloses",
        "scheme",
        "ces:applicationCloses",
        'ces:applicationCloses "随時"',
        ("SupportSchemeShape-opensBeforeCloses",),
    ),
    error(
        "SupportSchemeShape-opensBeforeCloses",
        "scheme",
        "ces:applicationCloses",
        'ces:applicationCloses "2024-06-30"^^xsd:date',
    ),
    warning("SupportSchemeShape-upperLimit", "scheme", "ces:upperLimit", 'ces:upperLimit "1,000万円"'),
    warning("SupportSchemeShape-literals", "scheme", add='ces:subsidyRate " "'),
    warning("SupportSchemeShape-source", "scheme", "dct:source"),
]
