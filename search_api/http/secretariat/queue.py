"""``/secretariat/registrations``: what was sent, what was read of it, and the decision."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from ingest.columns import header_ja, load_columns
from ingest.problems import Severity
from ingest.values import CONTACT_FIELDS
from kg.errors import MeguriError
from kg.iris import record_iri
from search_api.desk.review import DECISIONS, decide, registration_unknown
from search_api.engine.query import filter_unknown
from search_api.engine.region_labels import region_label
from search_api.http.context import Context, ContextOf, ReaderOf, page
from search_api.http.problems import Problem, problem_of, status_of
from search_api.http.secretariat.access import HOME, OwnForm, SessionOf, see
from search_api.http.secretariat.session import Session
from search_api.web.reader import Reader

if TYPE_CHECKING:
    from search_api.relational.submissions import Sent

router = APIRouter(include_in_schema=False)
REGISTRATIONS = f"{HOME}/registrations"
PAGE = 50
# those that a person looks for; what went straight into the graph is found by searching
SHOWN_STATES = ("pending", "accepted", "returned", "rejected", "replaced")


@dataclass(frozen=True)
class Said:
    """One thing that was sent; ``private`` where it never enters the graph, ``data`` where it is no list of texts."""

    name: str
    text: str
    private: bool
    data: bool


@dataclass(frozen=True)
class Remark:
    """What ingestion had to say of a field."""

    field: str
    severity: Severity
    message: str
    value: str


@dataclass(frozen=True)
class SentView:
    """A registration as its page shows it; ``standing`` is the address of the record that it is about, once there."""

    sent: Sent
    said: list[Said]
    regions: list[str]
    amounts: list[str]
    remarks: list[Remark]
    standing: str | None


@dataclass(frozen=True)
class Queue:
    """One sheet of the registrations in a state, with how many there are in each."""

    state: str
    counts: dict[str, int]
    found: list[Sent]
    offset: int


def queue(context: Context, state: str = "pending", limit: int = PAGE, offset: int = 0) -> Queue:
    """The registrations in a state, the oldest first; empty where nothing was ever sent."""
    database = context.known_database()
    if database is None:
        return Queue(state, dict.fromkeys(SHOWN_STATES, 0), [], 0)
    with database.reading() as tx:
        counts = {name: tx.submissions.count(name) for name in SHOWN_STATES}  # type: ignore[arg-type]
        return Queue(state, counts, tx.submissions.in_state(state, limit, offset), offset)  # type: ignore[arg-type]


@router.get(REGISTRATIONS)
def list_page(
    session: SessionOf,
    context: ContextOf,
    reader: ReaderOf,
    state: str = "pending",
    offset: Annotated[int, Query(ge=0, le=10**9)] = 0,
    done: Annotated[str, Query(max_length=60)] = "",
) -> Response:
    """The registrations in one state; ``done`` is the one that was just decided on."""
    if state not in SHOWN_STATES:
        raise filter_unknown("state", state, ", ".join(SHOWN_STATES))
    decided = _view(context, reader, _sent(context, done)) if done else None
    values = {"queue": queue(context, state, PAGE, offset), "decided": decided, "states": SHOWN_STATES, "size": PAGE}
    return private_page(context, reader, session, "queue.html", values)


@router.get(REGISTRATIONS + "/{id}")
def registration_page(id: str, session: SessionOf, context: ContextOf, reader: ReaderOf) -> Response:
    """One registration with the forms to decide on it."""
    return _page(context, reader, session, id)


@router.post(REGISTRATIONS + "/{id}")
def decided(
    id: str, request: Request, session: SessionOf, form: OwnForm, context: ContextOf, reader: ReaderOf
) -> Response:
    """Carries a decision out; where it cannot be, the page says why and keeps what was written."""
    decision = form.get("decision", "")
    if decision not in DECISIONS:
        raise filter_unknown("decision", decision[:40], ", ".join(DECISIONS))
    try:
        decide(context.desk, id, decision, session.actor.name, form.get("reason"))
    except MeguriError as error:
        problem = problem_of(error, request)
        return _page(context, reader, session, id, problem, status_of(error), form.get("reason", ""))
    return see(reader.link(REGISTRATIONS, done=id))


def private_page(
    context: Context, reader: Reader, session: Session, template: str, values: dict[str, Any], status: int = 200
) -> Response:
    """A page that no cache keeps."""
    response = page(context, reader, template, status, session=session, **values)
    response.headers["Cache-Control"] = "no-store"
    return response


def _page(
    context: Context,
    reader: Reader,
    session: Session,
    id_: str,
    problem: Problem | None = None,
    status: int = 200,
    reason: str = "",
) -> Response:
    view = _view(context, reader, _sent(context, id_))
    values = {"view": view, "problem": problem, "reason": reason}
    return private_page(context, reader, session, "registration.html", values, status)


def _sent(context: Context, id_: str) -> Sent:
    database = context.known_database()
    if database is not None:
        with database.reading() as tx:
            sent = tx.submissions.get(id_)
        if sent is not None:
            return sent
    raise registration_unknown(id_)


def _view(context: Context, reader: Reader, sent: Sent) -> SentView:
    report = sent.report if isinstance(sent.report, dict) else {}
    values = report.get("values") or {}
    standing = context.labels.path(str(record_iri(context.labels.base, sent.record))) if sent.record else None
    labels = [(code, region_label(str(code), reader.lang)) for code in values.get("regions") or []]
    return SentView(
        sent=sent,
        said=list(_said(sent, reader.lang)),
        regions=[f"{label.label if label else '?'} ({code})" for code, label in labels],
        amounts=[f"{a['header']}: {_span(a)} {a['unit']}" for a in values.get("amounts") or []],
        remarks=[_remark(problem, reader.lang) for problem in report.get("problems") or []],
        standing=standing,
    )


def _said(sent: Sent, lang: str) -> Iterator[Said]:
    """What was sent, in its order; canonical names in the reader's language, others as they came."""
    for name, value in sent.body.items() if isinstance(sent.body, dict) else [("", sent.body)]:
        items = value if isinstance(value, list) else [value]
        data = any(isinstance(item, dict | list) for item in items)
        text = json.dumps(value, ensure_ascii=False, indent=1) if data else "\n".join(map(str, items))
        yield Said(_named(str(name), lang), text, load_columns().field(str(name)) in CONTACT_FIELDS, data)


def _named(field: str, lang: str) -> str:
    if field not in load_columns().type_of:
        return field
    return header_ja(field) if lang == "ja" else field.replace("_", " ")


def _span(amount: dict[str, Any]) -> str:
    return f"{amount['value']}–{amount['maximum']}" if "maximum" in amount else str(amount["value"])


def _remark(problem: dict[str, Any], lang: str) -> Remark:
    value = problem.get("value")
    return Remark(
        field=_named(str(problem.get("field") or ""), lang),
        severity=problem["severity"],
        message=problem["message"][lang],
        value="" if value is None else str(value)[:200],
    )
