"""Who did what, when: rows are added and never changed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, insert, select

from search_api.relational.tables import audit
from search_api.relational.times import now


class Audit:
    """The log of everything that a person or a program changed."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, actor: str, action: str, object_: str, detail: dict[str, Any] | None = None) -> None:
        """Note an action; ``detail`` holds no contact data and no tokens."""
        row = {"at": now(), "actor": actor, "action": action, "object": object_, "detail": detail}
        self._connection.execute(insert(audit).values(row))

    def of(self, object_: str) -> list[dict[str, Any]]:
        """What was done to one thing, oldest first."""
        found = self._connection.execute(select(audit).where(audit.c.object == object_).order_by(audit.c.id))
        return [dict(row._mapping) for row in found]
