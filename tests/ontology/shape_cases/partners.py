"""Partner organisations."""

from __future__ import annotations

from tests.ontology.shape_cases.case import NOWHERE, error, warning

CASES = [
    error("PartnerShape-label", "partner", "rdfs:label"),
    error("PartnerShape-corporateNumber", "partner", "ces:corporateNumber", 'ces:corporateNumber "0000012050002"'),
    error("PartnerShape-corporateNumber", "partner", "ces:corporateNumber", 'ces:corporateNumber "000012050002"'),
    error("PartnerShape-corporateNumber", "partner", "ces:corporateNumber", 'ces:corporateNumber "7000-01-205000"'),
    error("PartnerShape-corporateNumberOnce", "partner", add='ces:corporateNumber "8000020130001"'),
    error("PartnerShape-memberKind", "partner", "ces:memberKind", "ces:memberKind kind:missing"),
    warning("PartnerShape-memberKindGiven", "partner", "ces:memberKind"),
    error("PartnerShape-inRegion", "partner", "ces:inRegion", f"ces:inRegion {NOWHERE}"),
    error("PartnerShape-activeIn", "partner", add=f"ces:activeIn {NOWHERE}"),
    warning("PartnerShape-foundedYear", "partner", "ces:foundedYear", 'ces:foundedYear "平成10年"'),
    warning("PartnerShape-size", "partner", "ces:size", "ces:size ex:large"),
]
