"""Issues, wishes and know-how of regions."""

from __future__ import annotations

from tests.ontology.shape_cases.case import NOBODY, NOWHERE, OTHER_SCHEME, error, warning

CASES = [
    error("IssueShape-label", "issue", "rdfs:label"),
    warning("IssueShape-description", "issue", "dct:description"),
    error("IssueShape-inRegion", "issue", "ces:inRegion"),
    error("IssueShape-inRegion", "issue", add="ces:inRegion region:14382"),
    error("IssueShape-inRegionExists", "issue", "ces:inRegion", f"ces:inRegion {NOWHERE}"),
    error("IssueShape-issueKind", "issue", "ces:issueKind", f"ces:issueKind {OTHER_SCHEME}"),
    warning("IssueShape-issueKindOnce", "issue", add="ces:issueKind issueKind:wish"),
    error("IssueShape-suitsLevel", "issue", add=f"ces:suitsLevel {OTHER_SCHEME}"),
    error("IssueShape-concernsResource", "issue", add=f"ces:concernsResource {OTHER_SCHEME}"),
    warning("IssueShape-wantedPartner", "issue", add='ces:wantedPartner "地元の企業"@ja'),
    error("IssueShape-cooperation", "issue", add=f"ces:cooperation {OTHER_SCHEME}"),
    error("IssueShape-raisedBy", "issue", "ces:raisedBy", f"ces:raisedBy {NOBODY}"),
    warning("IssueShape-hasThemeGiven", "issue", "ces:hasTheme"),
    warning("IssueShape-literals", "issue", add='ces:constraint ""'),
]
