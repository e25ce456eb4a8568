"""Every way in which a record can be broken, one table a kind: what is changed, and which shape must say so."""

from __future__ import annotations

from tests.ontology.shape_cases import (
    commitments,
    documents,
    events,
    issues,
    partners,
    projects,
    records,
    resources,
    schemes,
    technologies,
)

TABLES = (records, technologies, issues, resources, partners, schemes, projects, commitments, events, documents)
CASES = [case for table in TABLES for case in table.CASES]
