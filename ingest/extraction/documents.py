"""Extraction of a document that was read: the pages of what was found, the regions that the document is about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from ingest.columns import load_columns
from ingest.documents import read_meta
from ingest.extraction.extractor import Extractor
from ingest.extraction.model import Extraction
from ingest.limits import DEFAULT_LIMITS
from ingest.places import resolve_list
from ingest.problems import Problems
from ingest.readers.documents.text import DocumentText
from kg.errors import MeguriError


def extract_document(extractor: Extractor, document: DocumentText, about: Iterable[str] = ()) -> Extraction:
    """What a document says, each mention with the page that it begins on."""
    found = extractor.extract(document.text, tuple(about))
    if not document.pages:
        return found
    mentions = [replace(mention, page=document.page_at(mention.start)) for mention in found.mentions]
    return replace(found, mentions=mentions)


def about_regions(file: Path, named: Iterable[str] = ()) -> list[str]:
    """The codes of the regions that a document is about: as named, else as its ``.meta.yaml`` says.

    Raises MeguriError (``region_unknown``, ``region_ambiguous``) where a name means no region or several.
    """
    problems = Problems()
    codes = resolve_list(named, "regions", problems, required=True)
    for problem in problems.found:
        raise MeguriError(code=problem.code, en=f"{problem.value}: {problem.en}", ja=f"{problem.value}: {problem.ja}")
    if codes:
        return codes
    regions = read_meta(file, load_columns(), DEFAULT_LIMITS, Problems()).get("regions", [])
    return [str(code) for code in regions] if isinstance(regions, list) else []
