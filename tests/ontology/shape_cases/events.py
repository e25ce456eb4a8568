"""Events."""

from __future__ import annotations

from tests.ontology.shape_cases.case import NOBODY, NOT_A_DATE, NOWHERE, error, warning

CASES = [
    error("EventShape-label", "event", "rdfs:label"),
    error("EventShape-startsOn", "event", "ces:startsOn"),
    error("EventShape-endsOn", "event", "ces:endsOn", f"ces:endsOn {NOT_A_DATE}", ("EventShape-startBeforeEnd",)),
    error("EventShape-startBeforeEnd", "event", "ces:endsOn", 'ces:endsOn "2025-10-14"^^xsd:date'),
    error("EventShape-inRegion", "event", "ces:inRegion", f"ces:inRegion {NOWHERE}"),
    error("EventShape-organisedBy", "event", "ces:organisedBy", f"ces:organisedBy {NOBODY}"),
    warning("EventShape-place", "event", "ces:place"),
]
