"""The outbox: what must follow a commit to the graph, written down before it, so that no crash loses it.

An effect names the record and the content hash that the graph will have. After the commit it is carried out and
taken away in one transaction. At start, what is left is replayed where the graph holds that revision, and dropped
where it does not: then the commit never happened, and nobody was told that it did.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from search_api.relational.tables import outbox
from search_api.relational.times import now


@dataclass(frozen=True)
class Effect:
    """``content_hash`` is that of the revision it follows; None where it follows a withdrawal."""

    name: str
    record: str
    content_hash: str | None
    payload: dict[str, Any]
    id: int = 0


class Outbox:
    """Effects in the order in which they were written down."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, effects: Iterable[Effect]) -> list[int]:
        """Write effects down; their numbers."""
        return [self._add(effect) for effect in effects]

    def waiting(self) -> list[Effect]:
        """All that were not carried out, oldest first."""
        rows = self._connection.execute(select(outbox).order_by(outbox.c.id))
        return [Effect(r.effect, r.record, r.content_hash, r.payload, r.id) for r in rows]

    def done(self, ids: Sequence[int]) -> None:
        """Take effects away, in the transaction that carried them out."""
        for start in range(0, len(ids), 500):
            self._connection.execute(delete(outbox).where(outbox.c.id.in_(ids[start : start + 500])))

    def _add(self, effect: Effect) -> int:
        row = {
            "effect": effect.name,
            "record": effect.record,
            "content_hash": effect.content_hash,
            "payload": effect.payload,
            "created_at": now(),
        }
        key = self._connection.execute(insert(outbox).values(row)).inserted_primary_key
        assert key is not None
        return int(key[0])
