"""What a search answers: plain data that the command line, the API and the pages render alike."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Lang = Annotated[str, Field(pattern="^(ja|en)$")]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True)


class ConceptLabel(_Model):
    """A concept with its label in the language of the response."""

    iri: str
    label: str
    scheme: str


class PathStep(_Model):
    """One edge between two concepts: ``text`` is the edge as a sentence in the language of the response."""

    subject: ConceptLabel
    relation: str
    object: ConceptLabel
    text: str


class PassageEvidence(_Model):
    """The text that speaks for a result: a verbatim part of a field, or of a document's passage.

    ``start`` and ``end`` are character offsets in the document's text, or in the field where ``field`` is set.
    """

    text: str
    lang: str
    field: str | None = None
    iri: str | None = None
    page: int | None = None
    start: int
    end: int


class Condition(_Model):
    """Something that an offer asks of a place. ``code``: expired, area, scale, people, households, mass, volume,
    island, snow, cold, subtropical or permit; ``status``: met, unmet, or check where only a person can tell.

    ``certain`` where the records themselves rule the offer out; ``text`` says it in the language of the response.
    """

    code: str
    status: str
    certain: bool
    text: str


class Evidence(_Model):
    """Why a result was found. ``dense`` is the cosine after language balancing, ``lexical`` the share of the
    query's content words that stand in the result (null where none can, across languages)."""

    dense: float
    lexical: float | None = None
    matched_terms: list[str] = []
    shared_concepts: list[ConceptLabel] = []
    paths: list[list[PathStep]] = []
    passages: list[PassageEvidence] = []
    conditions: list[Condition] = []


class RegionLabel(_Model):
    """A region with its name in the language of the response."""

    code: str
    iri: str
    label: str


class Result(_Model):
    """One record. ``score`` is the probability that a person would call it useful, null where none was calibrated."""

    id: str
    iri: str
    kind: str
    title: str
    summary: str
    lang: str
    score: float | None = None
    evidence: Evidence
    regions: list[RegionLabel] = []
    themes: list[ConceptLabel] = []
    sample: bool = False


class FacetValue(_Model):
    """How many of the results have this value; ``value`` is what the filter parameter takes."""

    value: str
    label: str
    count: int


class Advice(_Model):
    """A way to say a query better: what it lacks (``code``), how to mend it, and concepts that may be meant."""

    code: str
    text: str
    concepts: list[ConceptLabel] = []


class Understood(_Model):
    """What was read from the query's words. ``kind``: place, amount, trait (island, snow, cold, subtropical), or
    spelling (kana or romaji, searched as ``label`` is written).

    ``use``: "filter" (results lie there), "feature" (results' conditions are compared with it), "ask" (the name means
    several regions, ``candidates``: choose one with ``region``), "ignored" (taken back). ``candidates`` of a clear
    place are what the name may mean as well. ``text`` is what the parameter ``ignore`` takes.
    """

    kind: str
    text: str
    use: str
    label: str
    region: RegionLabel | None = None
    candidates: list[RegionLabel] = []


class SearchAnswer(_Model):
    """The body of ``GET /api/v1/search``. ``next`` is the offset of the next page, null on the last one.

    ``answered`` is false where nothing is good enough; the results are then the nearest misses, and ``advice`` tells
    how to say it better. ``understood`` are the places, amounts and traits that were read
    from the words; ``unfit`` is how many of the nearest certainly do not fit them (``fitting`` leaves them out).
    ``meant`` are the technology concepts whose written-down needs the query sounds like, as far as they agree with the
    resources that it names.
    """

    query: str
    find: str
    language: str
    edition: str | None = None
    took_ms: float
    answered: bool
    results: list[Result]
    facets: dict[str, list[FacetValue]]
    next: int | None = None
    advice: list[Advice] = []
    understood: list[Understood] = []
    unfit: int = 0
    meant: list[ConceptLabel] = []
