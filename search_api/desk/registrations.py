"""Takes registrations in: published at once, or kept for review; sent twice under one key, carried out once."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from ingest.report import FileReport, RowReport
from kg.errors import MeguriError
from search_api.desk.actors import Actor
from search_api.desk.desk import Desk
from search_api.desk.posted import Batch, Posted, read_posted

MAX_KEY = 200


@dataclass(frozen=True)
class Answer:
    """The status and body of the response; ``body`` has the form of the ingestion report."""

    status: int
    body: dict[str, Any]


def register(desk: Desk, posted: Posted, actor: Actor, *, review: bool = False, key: str | None = None) -> Answer:
    """Take in the records of a body.

    When this returns, what is ``stored`` survives a crash and is in the graph; it is searched within a second.
    Raises MeguriError: what ``read_posted`` raises, ``idempotency_key_reused``, ``idempotency_key_invalid``.
    """
    batch = read_posted(posted)
    waits = review or not actor.trusted
    with desk.writing():
        if key is None:
            return _carry_out(desk, posted, batch, actor, waits=waits)
        known = _known(desk, actor, key, _fingerprint(posted, waits=waits))
        if known is not None:
            return known
        with _forgotten_on_failure(desk, actor, key):
            answer = _carry_out(desk, posted, batch, actor, waits=waits)
        with desk.database.transaction() as tx:
            tx.keys.answered(actor.name, key, answer.status, answer.body)
        return answer


def _carry_out(desk: Desk, posted: Posted, batch: Batch, actor: Actor, *, waits: bool) -> Answer:
    from search_api.relational.submissions import State  # noqa: PLC0415

    run = desk.ingestion(check_only=waits)
    report = (
        run.ingest_exchange(posted.origin, batch.items)
        if batch.exchange
        else run.ingest_values(posted.origin, batch.rows())
    )
    state: State = "pending" if waits else "stored"
    name = f"reg-{secrets.token_hex(8)}"
    body = _body(report, name, state)
    _keep(desk, report, batch, posted, actor, name, body)
    return Answer(_status(report, waits=waits), body)


def _keep(
    desk: Desk, report: FileReport, batch: Batch, posted: Posted, actor: Actor, name: str, body: dict[str, Any]
) -> None:
    """What was sent, row by row, with what became of it; rejected rows were told so and are not kept."""
    from search_api.relational.submissions import Sent  # noqa: PLC0415

    form = "exchange" if batch.exchange else "values"
    sent = [
        Sent(
            id=f"{name}-{row.row}",
            batch=name,
            row=row.row,
            record=row.id,
            kind=row.id.partition("-")[0] if row.id else None,
            title=title_of(row, batch.items[row.row - 1]),
            state=shown["state"],
            source=posted.source,
            form=form,
            body=batch.items[row.row - 1],
            submitter=actor.name,
            report=shown,
        )
        for row, shown in zip(report.rows, body["rows"], strict=True)
        if row.status != "rejected"
    ]
    with desk.database.transaction() as tx:
        tx.submissions.add(sent)
        tx.audit.add(actor.name, "register", name, {"records": len(sent), "summary": report.summary})


def title_of(row: RowReport, item: Any) -> str | None:
    """What a record is called in the queue: the value of its naming field, else its own label."""
    for name in (row.id or "").partition("-")[0], "title", "organisation":
        for field in (name, f"{name}_en"):
            if row.values.get(field):
                return str(row.values[field])[:300]
    label = item.get("label") if isinstance(item, dict) else None
    if isinstance(label, dict):
        return str(label.get("ja") or next(iter(label.values()), ""))[:300]
    return str(label)[:300] if label else row.id


def _body(report: FileReport, name: str, state: str) -> dict[str, Any]:
    body: dict[str, Any] = {"registration": name, **report.as_json()}
    for row in body["rows"]:
        kept = row["status"] != "rejected"
        row["registration"] = f"{name}-{row['row']}" if kept else None
        row["state"] = state if kept else "rejected"
    return body


def _status(report: FileReport, *, waits: bool) -> int:
    """201 where something was stored, 202 where it waits, 200 where nothing is new, 422 where nothing was right."""
    statuses = {row.status for row in report.rows}
    if statuses == {"rejected"}:
        return 422
    if waits:
        return 202
    return 201 if "valid" in statuses else 200


def _fingerprint(posted: Posted, *, waits: bool) -> str:
    parts = (posted.media_type, posted.kind or "", posted.source, str(waits))
    return hashlib.sha256("\n".join(parts).encode() + b"\n" + posted.content).hexdigest()


def _known(desk: Desk, actor: Actor, key: str, fingerprint: str) -> Answer | None:
    """The kept answer; None for a new request, and for one that a crash cut off: to carry it out again is safe."""
    if not 0 < len(key) <= MAX_KEY or not key.isprintable():
        raise _key_invalid()
    with desk.database.transaction() as tx:
        known = tx.keys.find(actor.name, key)
        if known is None:
            tx.keys.begin(actor.name, key, fingerprint)
            return None
    if known.body_hash != fingerprint:
        raise _key_reused()
    return Answer(known.status, known.answer) if known.status is not None else None


@contextmanager
def _forgotten_on_failure(desk: Desk, actor: Actor, key: str) -> Iterator[None]:
    try:
        yield
    except Exception:
        with desk.database.transaction() as tx:
            tx.keys.forget(actor.name, key)
        raise


class RegistrationRefused(MeguriError):
    """No row could be taken; ``extra`` is the report that says why, row by row."""

    extra: dict[str, Any]


def refused(body: dict[str, Any]) -> RegistrationRefused:
    """The error for a report without a single row that could be stored."""
    error = RegistrationRefused(
        code="registration_refused",
        en=f"None of the {len(body['rows'])} records can be stored.",
        ja=f"送られた {len(body['rows'])} 件は、いずれも登録できません。",
        remedy_en="Correct what `rows` names and send them again; nothing was stored.",
        remedy_ja="`rows` に示した点を直して、もう一度送ってください。何も保存していません。",
    )
    error.extra = body
    return error


def _key_invalid() -> MeguriError:
    return MeguriError(
        code="idempotency_key_invalid",
        en=f"The header Idempotency-Key needs 1 to {MAX_KEY} printable characters.",
        ja=f"ヘッダー Idempotency-Key は、1 〜 {MAX_KEY} 文字の表示できる文字にしてください。",
        remedy_en="Send a UUID, a new one for each new registration.",
        remedy_ja="登録ごとに新しい UUID を送ってください。",
    )


def _key_reused() -> MeguriError:
    return MeguriError(
        code="idempotency_key_reused",
        en="This Idempotency-Key was used for another body.",
        ja="この Idempotency-Key は、別の内容の要求で使われています。",
        remedy_en="Use a new key for a new registration; send the same body to get the first answer again.",
        remedy_ja="新しい登録には新しいキーを使ってください。同じ内容を送れば最初の回答が返ります。",
    )
