"""What all records share, amounts, registrations and participations."""

from __future__ import annotations

from tests.ontology.shape_cases.case import NOT_A_DATE, OTHER_SCHEME, error, warning

CASES = [
    error("RecordShape-labelLanguage", "technology", add='rdfs:label "無題"'),
    error("RecordShape-labelLanguage", "issue", add='rdfs:label "Frage"@de'),
    error("RecordShape-labelNotBlank", "technology", "rdfs:label", 'rdfs:label "　"@ja'),
    error("RecordShape-labelLength", "partner", "rdfs:label", f'rdfs:label "{"長" * 301}"@ja'),
    warning("RecordShape-labelOnce", "event", add='rdfs:label "別の名称"@ja'),
    error("RecordShape-descriptionLanguage", "technology", add='dct:description "no language"'),
    error("RecordShape-descriptionNotBlank", "technology", "dct:description", 'dct:description " "@en'),
    warning("RecordShape-descriptionOnce", "technology", add='dct:description "もう一つの概要"@ja'),
    error("RecordShape-language", "technology", add='dct:language "日本語"'),
    error(
        "RecordShape-issued",
        "technology",
        "dct:issued",
        f"dct:issued {NOT_A_DATE}",
        ("RecordShape-issuedBeforeModified",),
    ),
    error("RecordShape-modified", "technology", add='dct:modified "2025-06-01"^^xsd:date'),
    warning("RecordShape-issuedBeforeModified", "technology", "dct:issued", 'dct:issued "2025-12-01"^^xsd:date'),
    error("RecordShape-validUntil", "technology", "ces:validUntil", f"ces:validUntil {NOT_A_DATE}"),
    warning("RecordShape-sourceDate", "technology", "ces:sourceDate", f"ces:sourceDate {NOT_A_DATE}"),
    warning("RecordShape-enteredOn", "technology", add="ces:enteredOn 2025"),
    error("RecordShape-isSample", "technology", "ces:isSample", 'ces:isSample "はい"'),
    warning("RecordShape-identifier", "technology", add='dct:identifier "T002"'),
    warning("RecordShape-url", "technology", "schema:url", 'schema:url "example.jp/t001"'),
    error("RecordShape-hasTheme", "technology", add="ces:hasTheme theme:missing"),
    error("RecordShape-hasTheme", "issue", add="ces:hasTheme resource:one"),
    error("RecordShape-hasAmount", "technology", add="ces:hasAmount ex:nothing"),
    error("RecordShape-hasDimension", "technology", add=f"ces:hasDimension {OTHER_SCHEME}"),
    error("RecordShape-hasFlow", "technology", add=f"ces:hasFlow {OTHER_SCHEME}"),
    error("RecordShape-possibleDuplicateOf", "technology", add='ces:possibleDuplicateOf "T002"'),
    error("QuantityShape-value", "quantity", "schema:value", 'schema:value "約12000"'),
    error("QuantityShape-valueOnce", "quantity", "schema:value"),
    warning("QuantityShape-unitText", "quantity", "schema:unitText"),
    error("RegistrationShape-registers", "registration", "ces:registers"),
    error("RegistrationShape-submittedBy", "registration", "ces:submittedBy", 'ces:submittedBy "田中"'),
    error("RegistrationShape-lastConfirmedOn", "registration", "ces:lastConfirmedOn", "ces:lastConfirmedOn 2025"),
    error("RegistrationShape-validUntil", "registration", "ces:validUntil", "ces:validUntil 2026"),
    error("ProgrammeParticipationShape", "participation", "ces:participant"),
    error("ProgrammeParticipationShape-inProgramme", "participation", "ces:inProgramme"),
    error(
        "ProgrammeParticipationShape-participationKind", "participation", add=f"ces:participationKind {OTHER_SCHEME}"
    ),
    error(
        "ProgrammeParticipationShape-participationYear",
        "participation",
        "ces:participationYear",
        'ces:participationYear "令和2"',
    ),
]
