"""Commitments, their reports and measures, by rule set."""

from __future__ import annotations

from tests.ontology.shape_cases.case import NOBODY, NOT_A_DATE, OTHER_SCHEME, error, warning

CASES = [
    warning("CommitmentShape-label", "commitment", "rdfs:label"),
    error("CommitmentShape-committedBy", "commitment", "ces:committedBy"),
    error("CommitmentShape-committedByExists", "commitment", "ces:committedBy", f"ces:committedBy {NOBODY}"),
    error("CommitmentShape-memberKind", "commitment", "ces:memberKind"),
    error(
        "CommitmentShape-memberKindExists",
        "commitment",
        "ces:memberKind",
        f"ces:memberKind {OTHER_SCHEME}",
        ("CommitmentShape-memberKindAgrees",),
    ),
    warning("CommitmentShape-memberKindAgrees", "commitmentOfCity", "ces:committedBy", "ces:committedBy ex:college"),
    error("CommitmentShape-joinedOn", "commitment", "ces:joinedOn"),
    error(
        "CommitmentShape-goalSubmittedOn",
        "commitment",
        "ces:goalSubmittedOn",
        f"ces:goalSubmittedOn {NOT_A_DATE}",
        ("CommitmentShape-joinedBeforeGoal", "CommitmentShape-goalBeforeChange"),
    ),
    error(
        "CommitmentShape-changedOn",
        "commitment",
        "ces:changedOn",
        "ces:changedOn 2025",
        ("CommitmentShape-goalBeforeChange",),
    ),
    warning(
        "CommitmentShape-joinedBeforeGoal",
        "commitment",
        "ces:goalSubmittedOn",
        'ces:goalSubmittedOn "2024-03-01"^^xsd:date',
    ),
    warning("CommitmentShape-goalBeforeChange", "commitment", "ces:changedOn", 'ces:changedOn "2025-02-01"^^xsd:date'),
    error("CommitmentShape-baselineValue", "commitment", "ces:baselineValue", 'ces:baselineValue "20%"'),
    error("CommitmentShape-targetValue", "commitment", "ces:targetValue", 'ces:targetValue "半分"@ja'),
    error("CommitmentShape-baselineYear", "commitment", "ces:baselineYear", "ces:baselineYear 20"),
    error("CommitmentShape-targetYear", "commitment", "ces:targetYear", "ces:targetYear 20300"),
    warning("CommitmentShape-yearOrder", "commitment", "ces:baselineYear", "ces:baselineYear 2031"),
    error(
        "CommitmentShape-measuresPublishedOn",
        "commitment",
        "ces:measuresPublishedOn",
        f"ces:measuresPublishedOn {NOT_A_DATE}",
    ),
    error("CommitmentShape-planRevisionOn", "commitmentOfCity", "ces:planRevisionOn", "ces:planRevisionOn 2027"),
    error("CommitmentShape-planRevisionOn", "commitmentOfCity", add='ces:planRevisionOn "2030-03-31"^^xsd:date'),
    error(
        "CommitmentShape-followUpPeriodMonths",
        "commitmentOfCity",
        "ces:followUpPeriodMonths",
        "ces:followUpPeriodMonths 0",
    ),
    error("CommitmentShape-realisedThrough", "commitment", "ces:realisedThrough", "ces:realisedThrough ex:partner"),
    warning("CompanyCommitmentShape-indicator", "commitment", "ces:indicator"),
    warning("CompanyCommitmentShape-targetValue", "commitment", "ces:targetValue"),
    warning("CompanyCommitmentShape-unit", "commitment", "ces:unit"),
    warning("CompanyCommitmentShape-targetYear", "commitment", "ces:targetYear"),
    warning(
        "CompanyCommitmentShape-measuresPublishedAt",
        "commitment",
        "ces:measuresPublishedAt",
        'ces:measuresPublishedAt "社内報"@ja',
    ),
    warning(
        "CompanyCommitmentShape-followUpPeriodMonths",
        "commitment",
        "ces:followUpPeriodMonths",
        "ces:followUpPeriodMonths 24",
    ),
    warning("LocalGovernmentCommitmentShape-indicator", "commitmentOfCity", "ces:indicator"),
    warning("LocalGovernmentCommitmentShape-targetValue", "commitmentOfCity", "ces:targetValue"),
    warning("LocalGovernmentCommitmentShape-unit", "commitmentOfCity", "ces:unit"),
    warning("LocalGovernmentCommitmentShape-targetYear", "commitmentOfCity", "ces:targetYear"),
    warning("LocalGovernmentCommitmentShape-followUpPeriodMonths", "commitmentOfCity", "ces:followUpPeriodMonths"),
    warning("UniversityCommitmentShape-followUpPeriodMonths", "commitmentOfCollege", "ces:followUpPeriodMonths"),
    *(
        warning(
            "UniversityCommitmentShape-followUpPeriodMonths",
            "commitmentOfCollege",
            "ces:followUpPeriodMonths, ces:memberKind",
            f"ces:memberKind kind:{kind}",
            ("CommitmentShape-memberKindAgrees",),
        )
        for kind in ("researchInstitution", "npo")
    ),
    error("FollowUpShape-followsUp", "followup", "ces:followsUp"),
    error("FollowUpShape-followsUpExists", "followup", "ces:followsUp", "ces:followsUp ex:missing"),
    error("FollowUpShape-reportedOn", "followup", "ces:reportedOn"),
    error("FollowUpShape-reportedValue", "followup", "ces:reportedValue", 'ces:reportedValue "31.5%"'),
    error("FollowUpShape-reportedYear", "followup", "ces:reportedYear", 'ces:reportedYear "R7"'),
    error("MeasureShape-label", "measure", "rdfs:label"),
    error("MeasureShape-label", "measure", "rdfs:label", 'rdfs:label "Reuse of offcuts"'),
    error(
        "MeasureShape-measuresPublishedOn",
        "measure",
        "ces:measuresPublishedOn",
        f"ces:measuresPublishedOn {NOT_A_DATE}",
    ),
    error("MeasureShape-measuresPublishedOn", "measure", "ces:measuresPublishedOn", "ces:measuresPublishedOn 2025"),
]
