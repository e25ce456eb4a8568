"""The secretariat's decisions on what waits: accept into the graph, return with a reason, reject."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from kg.errors import MeguriError
from search_api.desk.desk import Desk
from search_api.desk.posted import EXCHANGE, JSON, Posted

if TYPE_CHECKING:
    from search_api.relational.submissions import Sent

Decision = Literal["accept", "return", "reject"]
DECISIONS: tuple[Decision, ...] = ("accept", "return", "reject")
MAX_REASON = 2_000


def decide(desk: Desk, id_: str, decision: Decision, actor: str, reason: str | None) -> dict[str, Any]:
    """Decide on a waiting submission and return it as ``shown``.

    Raises MeguriError: ``registration_unknown``, ``registration_decided``, ``reason_needed``, and
    ``registration_invalid`` where an accepted record is refused by rules that have changed since.
    """
    why = (reason or "").strip()[:MAX_REASON]
    if decision != "accept" and not why:
        raise _reason_needed()
    with desk.writing():
        sent = _waiting(desk, id_)
        row = _publish(desk, sent) if decision == "accept" else None
        states = {"accept": "accepted", "return": "returned", "reject": "rejected"}
        with desk.database.transaction() as tx:
            tx.submissions.decide(sent, states[decision], actor, why or None, row)  # type: ignore[arg-type]
            tx.audit.add(actor, decision, id_, {"record": sent.record, "reason": why or None})
            decided = tx.submissions.get(id_)
    assert decided is not None
    return shown(decided)


def shown(sent: Sent, *, whole: bool = False) -> dict[str, Any]:
    """A submission as the API and the command give it; what was sent (with contact data) only where ``whole``."""
    fields = ("id", "batch", "row", "record", "kind", "title", "state", "submitter", "reason", "decided_by")
    entry = {name: getattr(sent, name) for name in (*fields, "decided_at", "created_at", "version")}
    return entry | {"report": sent.report} | ({"body": sent.body, "form": sent.form} if whole else {})


def _waiting(desk: Desk, id_: str) -> Sent:
    with desk.database.reading() as tx:
        sent = tx.submissions.get(id_)
    if sent is None:
        raise registration_unknown(id_)
    if sent.state != "pending":
        raise _decided(sent)
    return sent


def _publish(desk: Desk, sent: Sent) -> dict[str, Any]:
    """Commit what was sent, as it was sent; its row of the report."""
    import json  # noqa: PLC0415

    from search_api.desk.posted import read_posted  # noqa: PLC0415

    content = json.dumps(sent.body, ensure_ascii=False).encode()
    posted = Posted(content, EXCHANGE if sent.form == "exchange" else JSON, sent.kind, sent.source)  # type: ignore[arg-type]
    batch, run = read_posted(posted), desk.ingestion()
    if batch.exchange:
        report = run.ingest_exchange(posted.origin, batch.items)
    else:
        rows = [(kind, replace(row, number=sent.row)) for kind, row in batch.rows()]
        report = run.ingest_values(posted.origin, rows)
    row = report.as_json()["rows"][0]  # type: ignore[index]
    if report.rejected:
        raise _invalid(sent, row["problems"])
    return dict(row)


def registration_unknown(id_: str) -> MeguriError:
    """Nothing of this id was sent."""
    return MeguriError(
        code="registration_unknown",
        en=f"There is no registration {id_[:80]!r}.",
        ja=f"「{id_[:80]}」という登録申請はありません。",
        remedy_en="Use the id from the answer to POST /api/v1/registrations, or see `meguri review-queue`.",
        remedy_ja="POST /api/v1/registrations の回答にある ID を使うか、`meguri review-queue` で確認してください。",
    )


def _decided(sent: Sent) -> MeguriError:
    by = f"{sent.decided_by}, {sent.decided_at}" if sent.decided_by else sent.state
    return MeguriError(
        code="registration_decided",
        en=f"{sent.id} does not wait any more: {sent.state} ({by}).",
        ja=f"{sent.id} は審査待ちではありません: {sent.state}（{by}）。",
        remedy_en="A changed decision needs a new registration, or a withdrawal of the record.",
        remedy_ja="判断を変えるには、登録し直すか、レコードを取り下げてください。",
    )


def _reason_needed() -> MeguriError:
    return MeguriError(
        code="reason_needed",
        en="Whoever registered must be told why: a reason is needed.",
        ja="登録者に伝える理由が必要です。",
        remedy_en="Say what to correct, or why it cannot be taken.",
        remedy_ja="直してほしい点、または受け付けられない理由を書いてください。",
    )


def _invalid(sent: Sent, problems: list[dict[str, Any]]) -> MeguriError:
    first = next((p for p in problems if p["severity"] == "error"), problems[0])
    return MeguriError(
        code="registration_invalid",
        en=f"{sent.id} cannot be accepted: {first['message']['en']}",
        ja=f"{sent.id} は受け入れられません: {first['message']['ja']}",
        remedy_en="Return it with this reason.",
        remedy_ja="この理由を付けて差し戻してください。",
    )
