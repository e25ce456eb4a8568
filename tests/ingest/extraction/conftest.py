"""One extractor for all tests here; building it takes seconds."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.extraction.extractor import Extractor
from ingest.mentions.matcher import MentionMatcher
from ingest.mentions.terms import concept_terms
from ingest.vocabulary import Vocabulary


@pytest.fixture(scope="session")
def extractor(vocabulary: Vocabulary, label_cache: Path) -> Extractor:
    return Extractor(MentionMatcher(concept_terms(vocabulary), label_cache))
