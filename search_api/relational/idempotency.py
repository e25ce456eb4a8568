"""Requests that carry an Idempotency-Key: sent twice, they are carried out once and answered alike.

Semantics of https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from search_api.relational.tables import idempotency_key as table
from search_api.relational.times import now, stamp

KEPT = timedelta(days=7)


@dataclass(frozen=True)
class Known:
    """What is known of a key; without ``status`` its request began and was not answered."""

    body_hash: str
    status: int | None
    answer: Any


class IdempotencyKeys:
    """Keys by the actor that sent them: two actors may use the same one."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, actor: str, key: str) -> Known | None:
        """What is known of a key."""
        row = self._connection.execute(
            select(table.c.body_hash, table.c.status, table.c.answer).where(table.c.actor == actor, table.c.key == key)
        ).first()
        return None if row is None else Known(row.body_hash, row.status, row.answer)

    def begin(self, actor: str, key: str, body_hash: str) -> None:
        """A request with a new key begins; keys that are older than a week are forgotten."""
        self._connection.execute(delete(table).where(table.c.created_at < stamp(datetime.now(UTC) - KEPT)))
        row = {"actor": actor, "key": key, "body_hash": body_hash, "created_at": now()}
        self._connection.execute(insert(table).values(row))

    def answered(self, actor: str, key: str, status: int, answer: Any) -> None:
        """Keep the answer for whoever sends the request again."""
        self._connection.execute(
            update(table).where(table.c.actor == actor, table.c.key == key).values(status=status, answer=answer)
        )

    def forget(self, actor: str, key: str) -> None:
        """The request failed before it did anything: it may be sent again in another form."""
        self._connection.execute(delete(table).where(table.c.actor == actor, table.c.key == key))
