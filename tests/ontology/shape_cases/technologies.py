"""Technologies and solutions."""

from __future__ import annotations

from tests.ontology.shape_cases.case import NOBODY, NOWHERE, OTHER_SCHEME, error, warning

CASES = [
    error("TechnologyShape-label", "technology", "rdfs:label"),
    warning("TechnologyShape-description", "technology", "dct:description"),
    error("TechnologyShape-offeredBy", "technology", "ces:offeredBy"),
    error("TechnologyShape-offeredByExists", "technology", "ces:offeredBy", f"ces:offeredBy {NOBODY}"),
    error("TechnologyShape-offeredByExists", "technology", "ces:offeredBy", "ces:offeredBy ex:issue"),
    error("TechnologyShape-technologyKind", "technology", add=f"ces:technologyKind {OTHER_SCHEME}"),
    warning("TechnologyShape-technologyKindGiven", "technology", "ces:technologyKind"),
    error("TechnologyShape-usesResource", "technology", add=f"ces:usesResource {OTHER_SCHEME}"),
    error("TechnologyShape-usesResource", "technology", add="ces:usesResource resource:missing"),
    error("TechnologyShape-yieldsResource", "technology", add=f"ces:yieldsResource {OTHER_SCHEME}"),
    error("TechnologyShape-suitsLevel", "technology", add='ces:suitsLevel "地域"'),
    error("TechnologyShape-readiness", "technology", "ces:readiness", "ces:readiness readiness:trl10"),
    warning("TechnologyShape-readinessOnce", "technology", add="ces:readiness readiness:trl8, readiness:trl7"),
    error("TechnologyShape-needsPermit", "technology", add="ces:needsPermit permit:missing"),
    error("TechnologyShape-deployedIn", "technology", add=f"ces:deployedIn {NOWHERE}"),
    error("TechnologyShape-availableIn", "technology", add=f"ces:availableIn {NOWHERE}"),
    error("TechnologyShape-addressesIssue", "technology", add="ces:addressesIssue ex:missing"),
    error("TechnologyShape-cooperation", "technology", add=f"ces:cooperation {OTHER_SCHEME}"),
    warning("TechnologyShape-literals", "technology", add='ces:costRange "  "'),
]
