"""What was sent: each record of a request with its state, from waiting for review to decided."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Literal

from sqlalchemy import Connection, func, insert, select, update

from search_api.relational.tables import submission as table
from search_api.relational.times import now

# stored: went straight into the graph; replaced: the submitter sent a newer one before a decision
State = Literal["pending", "accepted", "returned", "rejected", "stored", "replaced"]
STATES: tuple[State, ...] = ("pending", "accepted", "returned", "rejected", "stored", "replaced")
DECIDED: tuple[State, ...] = ("accepted", "returned", "rejected")


@dataclass(frozen=True)
class Sent:
    """One record as it was sent. ``form`` is ``values`` (canonical names) or ``exchange`` (JSON-LD)."""

    id: str
    batch: str
    row: int
    record: str | None
    kind: str | None
    title: str | None
    state: State
    source: str
    form: str
    body: Any
    submitter: str
    report: Any = None
    reason: str | None = None
    decided_by: str | None = None
    decided_at: str | None = None
    created_at: str = ""
    version: int = 1


class Submissions:
    """The review queue and its past."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, sent: Iterable[Sent]) -> None:
        """Keep what was sent; one that waits for the same record from the same submitter is replaced."""
        rows = [asdict(one) | {"created_at": one.created_at or now()} for one in sent]
        for row in rows:
            if row["state"] == "pending" and row["record"]:
                self._replace(row["record"], row["submitter"])
        if rows:
            self._connection.execute(insert(table), rows)

    def get(self, id_: str) -> Sent | None:
        """One by its id."""
        row = self._connection.execute(select(table).where(table.c.id == id_)).first()
        return None if row is None else Sent(**row._mapping)

    def batch(self, id_: str) -> list[Sent]:
        """All that came in one request, in its order."""
        rows = self._connection.execute(select(table).where(table.c.batch == id_).order_by(table.c.row))
        return [Sent(**row._mapping) for row in rows]

    def in_state(self, state: State, limit: int = 100, offset: int = 0) -> list[Sent]:
        """Those in one state, the oldest first."""
        rows = self._connection.execute(
            select(table)
            .where(table.c.state == state)
            .order_by(table.c.created_at, table.c.row, table.c.id)
            .limit(limit)
            .offset(offset)
        )
        return [Sent(**row._mapping) for row in rows]

    def count(self, state: State) -> int:
        """How many are in a state."""
        query = select(func.count()).select_from(table).where(table.c.state == state)
        return int(self._connection.execute(query).scalar_one())

    def decide(self, sent: Sent, state: State, actor: str, reason: str | None, report: Any = None) -> bool:
        """Record a decision on a waiting submission; False where somebody else decided in the meantime."""
        done = self._connection.execute(
            update(table)
            .where(table.c.id == sent.id, table.c.version == sent.version, table.c.state == "pending")
            .values(
                state=state,
                reason=reason,
                report=sent.report if report is None else report,
                decided_by=actor,
                decided_at=now(),
                version=sent.version + 1,
            )
        )
        return done.rowcount == 1

    def _replace(self, record: str, submitter: str) -> None:
        self._connection.execute(
            update(table)
            .where(table.c.record == record, table.c.submitter == submitter, table.c.state == "pending")
            .values(state="replaced", version=table.c.version + 1)
        )
