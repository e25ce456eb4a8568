"""Documents with their passages, mentions and statements."""

from __future__ import annotations

from tests.ontology.shape_cases.case import NOWHERE, error, warning

CASES = [
    error("DocumentShape-label", "document", "rdfs:label"),
    error("DocumentShape-aboutRegion", "document", add=f"ces:aboutRegion {NOWHERE}"),
    error("DocumentShape-hasPassage", "document", add="ces:hasPassage ex:missing"),
    warning("DocumentShape-source", "document", "dct:source"),
    error("PassageShape-text", "passage", "ces:text"),
    error("PassageShape-page", "passage", "ces:page", "ces:page 0"),
    error("PassageShape-pageBreak", "passage", add="ces:pageBreak 0"),
    error("PassageShape-startOffset", "passage", "ces:startOffset", "ces:startOffset -1"),
    error("PassageShape-endOffset", "passage", "ces:endOffset"),
    error("PassageShape-order", "passage", "ces:startOffset", "ces:startOffset 16"),
    warning("PassageShape-language", "passage", "dct:language", 'dct:language "de"'),
    error("PassageShape-hasMention", "passage", add="ces:hasMention ex:missing"),
    error("MentionShape-exactText", "mention", "ces:exactText"),
    error("MentionShape-mentions", "mention", "ces:mentions", 'ces:mentions "府中市"'),
    error("MentionShape-startOffset", "mention", "ces:startOffset"),
    error("MentionShape-endOffset", "mention", "ces:endOffset"),
    error("MentionShape-order", "mention", "ces:endOffset, ces:startOffset", "ces:startOffset 5; ces:endOffset 3"),
    error("MentionShape-confidence", "mention", "ces:confidence", "ces:confidence 90"),
    warning("MentionShape-method", "mention", "ces:method"),
    error("StatementShape-statementSubject", "statement", "ces:statementSubject"),
    error(
        "StatementShape-statementPredicate",
        "statement",
        "ces:statementPredicate",
        'ces:statementPredicate "deployedIn"',
    ),
    error("StatementShape-concludedFrom", "statement", "ces:concludedFrom"),
    error("StatementShape-confidence", "statement", "ces:confidence", "ces:confidence -0.1"),
    error("StatementShape-reviewed", "statement", "ces:reviewed", 'ces:reviewed "未"'),
]
