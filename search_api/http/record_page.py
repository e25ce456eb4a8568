"""The page of a record: what it says, where it lies, what fits it, where it came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rdflib import URIRef
from starlette.requests import Request
from starlette.responses import Response

from kg.namespaces import CES, DCTERMS, RDF, RDFS, REGION, SCHEMA
from search_api.http.context import Context, page, reader_of
from search_api.http.focus import Focus
from search_api.http.labels import Text
from search_api.http.negotiation import FORMS
from search_api.http.passages import Asked, DocumentView, document_view
from search_api.http.reading_view import ReadingView, readings_of
from search_api.http.records import RecordBody, record_body
from search_api.http.research.schema_things import thing_json
from search_api.http.statements import Statement, Value, texts_of
from search_api.web.dot_map import highlights
from search_api.web.reader import Reader

# what to look for in order to complement a record of a kind
OPPOSITE = {
    "technology": "issue",
    "partner": "issue",
    "project": "issue",
    "scheme": "issue",
    "issue": "technology",
    "resource": "technology",
    "document": "technology",
    "event": "technology",
}
QUERY_CHARACTERS = 400
_PLACES = (CES.inRegion, CES.aboutRegion, CES.deployedIn, CES.availableIn, CES.activeIn)
# shown in places of their own
_APART = {str(p) for p in (RDF.type, RDFS.label, DCTERMS.description, CES.isSample, CES.hasAmount, CES.hasPassage)}


@dataclass(frozen=True)
class Amount:
    """A quantity as its file named it."""

    name: str
    value: str
    unit: str


@dataclass(frozen=True)
class RecordView:
    """What the template needs beside the record's body."""

    titles: list[Text]
    descriptions: list[Text]
    facts: list[Statement]
    amounts: list[Amount]
    document: DocumentView | None
    readings: list[ReadingView]
    dots: list[tuple[float, float]]
    opposite: str
    fitting: str


def record_page(context: Context, request: Request, focus: Focus) -> Response:
    """The page of a record."""
    reader = reader_of(request)
    # a long document has thousands of passages, of which one sheet is shown
    body = record_body(context, focus, "ja" if reader.lang == "ja" else "en", frozenset({CES.hasPassage}))
    view = _view(context, reader, focus, body, Asked.of(request.query_params))
    schema_org = thing_json(request, context, focus, reader.lang)
    return page(context, reader, "record.html", focus=focus, record=body, view=view, forms=FORMS, schema_org=schema_org)


def _view(context: Context, reader: Reader, focus: Focus, body: RecordBody, asked: Asked) -> RecordView:
    titles = texts_of(focus.graph, focus.iri, RDFS.label, reader.lang)
    descriptions = texts_of(focus.graph, focus.iri, DCTERMS.description, reader.lang)
    opposite = OPPOSITE.get(focus.kind, "any")
    said = _spoken(body, titles, descriptions)
    return RecordView(
        titles=titles,
        descriptions=descriptions,
        facts=[statement for statement in body.statements if statement.property not in _APART],
        amounts=[_amount(part) for part in _values(body, CES.hasAmount)],
        document=document_view(focus, context.labels, reader.lang, asked),
        readings=_readings(context, reader, focus),
        dots=_dots(focus),
        opposite=opposite,
        fitting=reader.link("/", q=said, find=opposite),
    )


def _readings(context: Context, reader: Reader, focus: Focus) -> list[ReadingView]:
    if focus.kind != "document":
        return []
    service = context.service
    return readings_of(service.store, service.folder.base, focus.id, context.labels, reader.lang)


def _spoken(body: RecordBody, titles: Sequence[Text], descriptions: Sequence[Text]) -> str:
    """The words that describe the record, in one language, short enough for an address."""
    title = titles[0] if titles else body.title
    same = [text.text for text in descriptions if text.lang == title.lang] or [t.text for t in descriptions[:1]]
    return " ".join([title.text, *same])[:QUERY_CHARACTERS]


def _values(body: RecordBody, predicate: URIRef) -> list[Value]:
    return [value for s in body.statements if s.property == str(predicate) for value in s.values]


def _amount(part: Value) -> Amount:
    said = {statement.property: statement.values[0].value for statement in part.statements}
    return Amount(
        name=said.get(str(SCHEMA.name), ""),
        value=said.get(str(SCHEMA.value), ""),
        unit=said.get(str(SCHEMA.unitText), ""),
    )


def _dots(focus: Focus) -> list[tuple[float, float]]:
    """The places on the map; of the properties that name one, the first that the record uses."""
    for predicate in _PLACES:
        regions = [str(iri).removeprefix(str(REGION)) for iri in focus.graph.objects(focus.iri, predicate)]
        found = [dot for code in regions for dot in highlights(code)]
        if found:
            return found
    return []
