"""``DELETE /api/v1/records/{id}``: withdraws a record; its address answers 410 from then on."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from kg.edition_erasure import erase
from kg.withdrawal import MAX_REASON, checked_reason
from search_api.http.context import ContextOf
from search_api.http.problems import problem_responses
from search_api.http.records import RecordId
from search_api.http.writing import SECURITY, SecretariatOf
from search_api.withdrawal import withdraw_records

router = APIRouter(prefix="/api/v1", tags=["registrations"])


class Withdrawn(BaseModel):
    """What was done: the record is gone from graph, index and contacts, and erased from these editions."""

    id: str
    reason: str = Field(description="Published in the tombstone. / 公開されます")
    successor: str | None
    editions: list[int]


@router.delete(
    "/records/{id}",
    summary="Withdraw a record / 記録の取り下げ",
    responses=problem_responses(400, 401, 403, 404, 422),
    openapi_extra=SECURITY,
)
def withdraw(
    id: RecordId,
    actor: SecretariatOf,
    context: ContextOf,
    reason: Annotated[str, Query(description="Why; it is published. / 理由（公開されます）", max_length=MAX_REASON)],
    successor: Annotated[
        str | None, Query(description="Id of the record that takes its place. / 後継の ID", max_length=80)
    ] = None,
) -> Withdrawn:
    """Takes a record out of graph, index, contacts and editions. A tombstone stays and says when and why.

    記録をグラフ、索引、連絡先、版から取り除きます。いつ、なぜ取り下げたかだけが残ります。
    """
    desk, why = context.desk, checked_reason(reason)
    with desk.writing():
        withdraw_records(desk, [id], why, successor)
        touched = erase(desk.service.folder.editions(desk.settings.editions_bytes), [id], why)
    with desk.database.transaction() as tx:
        tx.audit.add(actor.name, "withdraw", id, {"reason": why, "successor": successor})
    return Withdrawn(id=id, reason=why, successor=successor, editions=[edition.number for edition in touched])
