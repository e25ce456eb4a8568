"""``/secretariat/documents``: what was read from each document, beside the words that say it, and the decision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from kg.errors import MeguriError
from kg.iris import kind_of
from kg.namespaces import CES
from kg.queries import load_query
from kg.reviews import DECISIONS, PREDICATES, Words
from search_api.desk.statements import MAX_CORRECTION, document_unknown, review_statement, statement_unknown
from search_api.engine.query import filter_unknown
from search_api.http.context import Context, ContextOf, ReaderOf
from search_api.http.focus import Focus, find_record
from search_api.http.labels import Labels, Text
from search_api.http.passages import Asked, DocumentView, PassageView, Run, document_view
from search_api.http.problems import Problem, problem_of, status_of
from search_api.http.provenance_view import Provenance, provenance_of
from search_api.http.reading_view import ReadingView, readings_of
from search_api.http.secretariat.access import HOME, Form, OwnForm, SessionOf, see
from search_api.http.secretariat.queue import private_page
from search_api.http.secretariat.session import Session
from search_api.web.reader import Reader

router = APIRouter(include_in_schema=False)
DOCUMENTS = f"{HOME}/documents"
# characters of a passage that are quoted before and behind what a statement was read from
AROUND = 120


@dataclass(frozen=True)
class ReadDocument:
    """A document with the number of statements that were read from it, and of those that nobody has looked at."""

    id: str
    title: Text
    total: int
    open: int


@dataclass(frozen=True)
class StatementView:
    """One statement with the forms to decide on it; ``before`` and ``after`` are the keys of its neighbours."""

    id: str
    title: Text
    readings: list[ReadingView]
    shown: ReadingView
    place: int
    before: str | None
    after: str | None
    words: Words
    runs: list[Run]
    passage: PassageView | None
    document: DocumentView | None
    predicates: list[tuple[str, str]]

    @property
    def open(self) -> int:
        """How many statements of the document nobody has looked at."""
        return sum(one.decision is None for one in self.readings)


@dataclass(frozen=True)
class _Record:
    """What the document's template asks of a record."""

    provenance: Provenance | None


def read_documents(context: Context, lang: str) -> list[ReadDocument]:
    """The documents from which something was read, those with most to look at first."""
    base = context.service.folder.base
    rows = context.service.store.select(load_query("readings", "search_api.http.secretariat.queries"))
    found = []
    for row in rows:
        iri, total, reviewed = str(row["document"]), int(str(row["total"])), int(str(row["reviewed"]))
        title = context.labels.name(iri, lang)
        found.append(ReadDocument(iri.removeprefix(base), title, total, total - reviewed))
    return sorted(found, key=lambda one: (-one.open, one.title.text))


@router.get(DOCUMENTS)
def list_page(session: SessionOf, context: ContextOf, reader: ReaderOf) -> Response:
    """All documents from which something was read."""
    documents = read_documents(context, reader.lang)
    return private_page(context, reader, session, "readings.html", {"documents": documents})


@router.get(DOCUMENTS + "/{id}")
def statement_page(
    id: str,
    session: SessionOf,
    context: ContextOf,
    reader: ReaderOf,
    statement: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    """One statement of a document: the one asked for, else the first that nobody has looked at."""
    return _page(context, reader, session, id, statement)


@router.post(DOCUMENTS + "/{id}")
def decided(
    id: str, request: Request, session: SessionOf, form: OwnForm, context: ContextOf, reader: ReaderOf
) -> Response:
    """Records a decision and goes on to the next statement that nobody has looked at."""
    key, decision = form.get("statement", ""), form.get("decision", "")
    if decision not in DECISIONS:
        raise filter_unknown("decision", decision[:40], ", ".join(DECISIONS))
    correction = _correction(form) if decision == "corrected" else None
    try:
        review_statement(context.desk, id, key, decision, session.actor.name, correction)
    except MeguriError as error:
        if error.code != "correction_needed":
            raise
        return _page(context, reader, session, id, key, problem_of(error, request), status_of(error))
    readings = _readings(context, reader, id)
    return see(reader.link(f"{DOCUMENTS}/{id}", statement=_next_open(readings, key)) + "#review")


def _page(
    context: Context,
    reader: Reader,
    session: Session,
    id_: str,
    key: str,
    problem: Problem | None = None,
    status: int = 200,
) -> Response:
    focus = _document(context, id_)
    readings = _readings(context, reader, id_)
    if not readings:
        return private_page(
            context, reader, session, "readings.html", {"documents": read_documents(context, reader.lang)}
        )
    shown = next((one for one in readings if one.key == (key or _next_open(readings, ""))), None)
    if shown is None:
        raise statement_unknown(id_, key)
    view = _view(context, reader, focus, readings, shown)
    record = _Record(provenance_of(focus.provenance, focus.iri))
    values = {"view": view, "problem": problem, "focus": focus, "record": record, "longest": MAX_CORRECTION}
    return private_page(context, reader, session, "statement.html", values, status)


def _document(context: Context, id_: str) -> Focus:
    if kind_of(id_) != "document":
        raise document_unknown(id_)
    return find_record(context.service, id_)


def _readings(context: Context, reader: Reader, id_: str) -> list[ReadingView]:
    service = context.service
    return readings_of(service.store, service.folder.base, id_, context.labels, reader.lang)


def _view(
    context: Context, reader: Reader, focus: Focus, readings: list[ReadingView], shown: ReadingView
) -> StatementView:
    place = readings.index(shown)
    document = document_view(focus, context.labels, reader.lang, Asked.of({"at": shown.at}))
    passage = _passage(document)
    return StatementView(
        id=focus.id,
        title=context.labels.name(str(focus.iri), reader.lang),
        readings=readings,
        shown=shown,
        place=place,
        before=readings[place - 1].key if place else None,
        after=readings[place + 1].key if place + 1 < len(readings) else None,
        words=Words(shown.subject, shown.predicate, shown.object),
        runs=_excerpt(passage.runs) if passage else [],
        passage=passage,
        document=document,
        predicates=_predicates(context.labels, reader.lang),
    )


def _passage(document: DocumentView | None) -> PassageView | None:
    parts = (part for one in (document.pages if document else []) for part in one.parts)
    return next((part for part in parts if any(run.asked for run in part.runs)), None)


def _excerpt(runs: list[Run]) -> list[Run]:
    """The words that were asked for, with a little of what stands around them."""
    asked = [number for number, run in enumerate(runs) if run.asked]
    before, after = "".join(run.text for run in runs[: asked[0]]), "".join(run.text for run in runs[asked[-1] + 1 :])
    start = f"…{before[-AROUND:].lstrip()}" if len(before) > AROUND else before.lstrip()
    end = f"{after[:AROUND].rstrip()}…" if len(after) > AROUND else after.rstrip()
    words = "".join(run.text for run in runs[asked[0] : asked[-1] + 1])
    return [Run(start), Run(words, asked=True), Run(end)]


def _predicates(labels: Labels, lang: str) -> list[tuple[str, str]]:
    return [(name, labels.name(str(CES[name]), lang).text) for name in PREDICATES]


def _correction(form: Form) -> str:
    """What is right, in words: as a whole, or end by end."""
    subject, predicate, object_ = (form.get(name, "").strip() for name in ("subject", "predicate", "object"))
    if not subject or not object_:
        return ""
    return str(Words(subject, predicate if predicate in PREDICATES else "", object_))


def _next_open(readings: list[ReadingView], key: str) -> str:
    """The first open statement behind this one, else the first open one, else this one, else the first of all."""
    keys = [one.key for one in readings]
    place = keys.index(key) + 1 if key in keys else 0
    ordered = readings[place:] + readings[:place]
    return next((one.key for one in ordered if one.decision is None), key or keys[0])
