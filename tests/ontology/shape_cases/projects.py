"""Projects, exchanges and matches."""

from __future__ import annotations

from tests.ontology.shape_cases.case import NOBODY, NOT_A_DATE, NOWHERE, OTHER_SCHEME, error, warning

CASES = [
    error("ProjectShape-label", "project", "rdfs:label"),
    error("ProjectShape-inRegion", "project", "ces:inRegion", f"ces:inRegion {NOWHERE}"),
    warning("ProjectShape-inRegionGiven", "project", "ces:inRegion"),
    error("ProjectShape-usesTechnology", "project", add="ces:usesTechnology ex:partner"),
    error("ProjectShape-hasPartner", "project", add=f"ces:hasPartner {NOBODY}"),
    error("ProjectShape-addressesIssue", "project", add="ces:addressesIssue ex:missing"),
    error("ProjectShape-startedOn", "project", "ces:startedOn", "ces:startedOn 2024", ("ProjectShape-startBeforeEnd",)),
    error("ProjectShape-endedOn", "project", "ces:endedOn", "ces:endedOn 2025", ("ProjectShape-startBeforeEnd",)),
    error("ProjectShape-startBeforeEnd", "project", "ces:endedOn", 'ces:endedOn "2023-03-31"^^xsd:date'),
    error("ProjectShape-cooperation", "project", add=f"ces:cooperation {OTHER_SCHEME}"),
    warning("ProjectShape-literals", "project", add='ces:projectState ""'),
    error("ExchangeShape-exchangedResource", "exchange", "ces:exchangedResource"),
    error("ExchangeShape-fromRegion", "exchange", add=f"ces:fromRegion {NOWHERE}"),
    error("ExchangeShape-toRegion", "exchange", add=f"ces:toRegion {NOWHERE}"),
    error("ExchangeShape-fromPartner", "exchange", add=f"ces:fromPartner {NOBODY}"),
    error("ExchangeShape-toPartner", "exchange", add=f"ces:toPartner {NOBODY}"),
    error("MatchShape-matchesIssue", "match", "ces:matchesIssue"),
    error("MatchShape-matchesTechnology", "match", "ces:matchesTechnology", "ces:matchesTechnology ex:issue"),
    error("MatchShape-matchState", "match", "ces:matchState"),
    error("MatchShape-stateSince", "match", "ces:stateSince", f"ces:stateSince {NOT_A_DATE}"),
]
