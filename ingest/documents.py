"""A document becomes a record: what is known of it, its passages with their place, and what they mention."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated

from rdflib import Literal, URIRef

from ingest.columns import Columns
from ingest.extraction.statements import ExtractionWriter
from ingest.limits import Limits
from ingest.mentions.matcher import Mention, MentionMatcher, Term
from ingest.normalise.text import cell_text, language_of
from ingest.passages import Passage, split_passages
from ingest.places import resolve_places
from ingest.problems import Problems
from ingest.rdf import Draft, literal, record_statements, repeated
from ingest.readers.documents.text import DocumentText
from ingest.readers.errors import no_text
from ingest.readers.open_file import OpenedFile, open_file
from ingest.records import Iris, Record, Says
from ingest.values import Values, read_values, stated_language
from kg.iris import fragment, record_id, record_iri, record_key
from kg.namespaces import CES, DCTERMS, RDF, REGION, XSD
from kg.terms import Statements

# a title stands near the beginning and is no paragraph
_TITLE_WITHIN, _TITLE_CHARACTERS = 500, 100
_SENTENCE = re.compile(rf".{{4,{_TITLE_CHARACTERS - 1}}}?(?:。|[.!?](?=\s))")
# a label is certain where it names one thing; where the context had to choose, it is less so
CERTAIN, CHOSEN = "1.0", "0.8"
# passages that are written, and validated, together
_PASSAGES_AT_ONCE = 50


class Document(Record):
    """A text that was read: a plan, minutes, a note."""

    kind = "document"
    rdf_class = CES.Document
    about: Annotated[Iris, Says(CES.aboutRegion, "iri")] = ()


@dataclass(frozen=True)
class ReadDocument:
    """A document's record with its text and what was found in it."""

    record: Document
    source: DocumentText
    passages: list[Passage]
    mentions: list[list[tuple[Mention, Term]]]


def read_document(file: OpenedFile, source: DocumentText, matcher: MentionMatcher, meta: Values) -> ReadDocument:
    """Cut a document's text into passages and find its mentions; ``meta`` are the values of its ``.meta.yaml``.

    Raises FileRejected where there is no text.
    """
    passages = split_passages(source.text, source.headings, source.borders())
    if not passages:
        raise no_text(file.path.name)
    record = _record(file, source, meta)
    found = [matcher.find(p.text, "ja" if p.lang == "ja" else "en") for p in passages]
    context = _context(found, record)
    return ReadDocument(record, source, passages, [_resolved(mentions, context) for mentions in found])


def read_meta(path: Path, columns: Columns, limits: Limits, problems: Problems) -> Values:
    """What the file ``NAME.meta.yaml`` beside a document says of it: title, source, date, regions, language."""
    meta = path.with_name(f"{path.name}.meta.yaml")
    if not meta.is_file():
        return {}
    row = next(open_file(meta, limits).rows(columns.known(), limits))
    for header in columns.unknown(row.cells):
        problems.warn("column_unknown", header)
    values = read_values(row, columns, limits, problems)
    resolve_places(values, problems, required=False)
    return values


def document_pieces(document: ReadDocument, base: str, writer: ExtractionWriter) -> Iterator[Statements]:
    """The graph of a document: passages with their mentions, what was extracted by ``writer``, the record itself.

    A piece points at nothing that comes after it (``kg.large``).
    """
    numbers = range(1, len(document.passages) + 1)
    for first in range(0, len(numbers), _PASSAGES_AT_ONCE):
        piece = Draft()
        for number in numbers[first : first + _PASSAGES_AT_ONCE]:
            _add_whole_passage(piece, document, record_iri(base, document.record.id), number)
            writer.write_passage(piece, number)
        yield Statements(piece)
    yield Statements(writer.statements())
    subject = record_iri(base, document.record.id)
    passages = ((CES.hasPassage, fragment(subject, f"p{number}")) for number in numbers)
    yield Statements.joined(record_statements(document.record, base), Statements.about(subject, passages))


def _add_whole_passage(graph: Draft, document: ReadDocument, subject: URIRef, number: int) -> None:
    """A passage with its place, text, language and the labels in it."""
    passage, source = document.passages[number - 1], document.source
    iri = fragment(subject, f"p{number}")
    _add_passage(graph, iri, passage, source)
    for place, (mention, term) in enumerate(document.mentions[number - 1], start=1):
        mentioned = fragment(subject, f"p{number}-m{place}")
        _add_mention(graph, iri, mentioned, mention, term, passage.start)
        _add_page(graph, mentioned, source.page_at(passage.start + mention.start))


def _record(file: OpenedFile, source: DocumentText, meta: Values) -> Document:
    """What the meta file says comes first, then what the file's own properties say, then what its text shows."""
    title = str(
        meta.get("title") or source.title or _first_heading(source) or _first_line(source.text) or file.path.stem
    )
    language = stated_language(meta) or source.language or language_of(source.text)
    dates = {"source_date": source.issued} | {name: meta[name] for name in ("source_date",) if name in meta}
    labels = {language: title} | ({"en": str(meta["title_en"])} if "title_en" in meta else {})
    descriptions = {
        lang: meta[name] for name, lang in (("description", language), ("description_en", "en")) if name in meta
    }
    declared = meta.get("id")
    key = record_key(str(declared) if declared else None, file.source.name, "", file.source.name)
    kept = ("source", "source_date", "url", "registered", "updated", "entered", "valid_until", "sample", "remarks")
    regions = meta.get("regions", [])
    assert isinstance(regions, list)
    return Document.model_validate(
        {
            "id": record_id("document", key),
            "declared_id": declared,
            "labels": labels,
            "descriptions": descriptions,
            "languages": (language,),
            "about": tuple(f"{REGION}{code}" for code in regions),
            **{name: meta.get(name) for name in kept},
            **dates,
        }
    )


def _first_heading(source: DocumentText) -> str | None:
    """The heading with which the document begins, where the format marks headings."""
    start, end = source.headings[0] if source.headings else (1, 1)
    return _first_line(source.text[start:end]) if start <= _TITLE_WITHIN else None


def _first_line(text: str) -> str | None:
    """The first line that says something, without the marks of a heading; of running text its beginning."""
    lines = (cell_text(line.strip().lstrip("#＃■●").strip()) for line in text.splitlines())
    line = next((line for line in lines if line and any(char.isalnum() for char in line)), None)
    if line is None or len(line) <= _TITLE_CHARACTERS:
        return line
    sentence = _SENTENCE.match(line)
    return sentence[0] if sentence else f"{line[: _TITLE_CHARACTERS - 1]}…"


def _context(found: Iterable[list[Mention]], record: Document) -> set[str]:
    """The regions that the document certainly speaks of, with the prefectures that they lie in."""
    certain = {m.terms[0].iri for mentions in found for m in mentions if _names_one(m) and m.terms[0].kind == "region"}
    regions = certain | set(record.about)
    return regions | {f"{REGION}{iri.removeprefix(str(REGION))[:2]}" for iri in regions}


def _names_one(mention: Mention) -> bool:
    return len({term.iri for term in mention.terms}) == 1


def _resolved(mentions: list[Mention], context: set[str]) -> list[tuple[Mention, Term]]:
    """Each mention with the things it names; of several regions of one name the one that the context supports."""
    resolved: list[tuple[Mention, Term]] = []
    for mention in mentions:
        concepts = {term.iri: term for term in mention.terms if term.kind != "region"}
        regions = {term.iri: term for term in mention.terms if term.kind == "region"}
        if len(regions) > 1:
            regions = {iri: t for iri, t in regions.items() if _supported(iri, context)}
        resolved += [(mention, term) for term in concepts.values()]
        resolved += [(mention, term) for term in regions.values() if len(regions) == 1]
    return resolved


def _supported(iri: str, context: set[str]) -> bool:
    return iri in context or f"{REGION}{iri.removeprefix(str(REGION))[:2]}" in context


@cache
def _sure(confidence: str) -> Literal:
    return Literal(confidence, datatype=XSD.decimal)


def _add_passage(graph: Draft, iri: URIRef, passage: Passage, source: DocumentText) -> None:
    graph.add((iri, RDF.type, CES.Passage))
    _add_page(graph, iri, source.page_at(passage.start))
    for offset in source.page_breaks(passage.start, passage.end):
        graph.add((iri, CES.pageBreak, literal(offset)))
    graph.add((iri, CES.text, Literal(passage.text, lang=passage.lang)))
    graph.add((iri, CES.startOffset, literal(passage.start)))
    graph.add((iri, CES.endOffset, literal(passage.end)))
    graph.add((iri, DCTERMS.language, Literal(passage.lang)))


def _add_page(graph: Draft, iri: URIRef, page: int | None) -> None:
    if page is not None:
        graph.add((iri, CES.page, literal(page)))


def _add_mention(graph: Draft, passage: URIRef, iri: URIRef, mention: Mention, term: Term, offset: int) -> None:
    confidence = CERTAIN if _names_one(mention) else CHOSEN
    graph.add((passage, CES.hasMention, iri))
    graph.add((iri, RDF.type, CES.Mention))
    graph.add((iri, CES.mentions, URIRef(term.iri)))
    graph.add((iri, CES.exactText, repeated(mention.text)))
    graph.add((iri, CES.startOffset, literal(offset + mention.start)))
    graph.add((iri, CES.endOffset, literal(offset + mention.end)))
    graph.add((iri, CES.method, repeated("label")))
    graph.add((iri, CES.confidence, _sure(confidence)))
