"""Matches on their way from suggestion to conclusion, each change with who made it and when."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Literal

from sqlalchemy import Connection, insert, or_, select, update

from search_api.relational.tables import match as table
from search_api.relational.tables import match_event
from search_api.relational.times import now

Side = Literal["issue", "technology"]


@dataclass(frozen=True)
class Match:
    """A pair of records. The hashes are those of the revisions that the last change was made upon."""

    id: str
    issue: str
    technology: str
    region: str
    state: str
    version: int = 1
    score: float | None = None
    evidence: Any = None
    issue_hash: str | None = None
    technology_hash: str | None = None
    publish_issue: bool = False
    publish_technology: bool = False
    project: str | None = None
    created_at: str = ""
    updated_at: str = ""


@dataclass(frozen=True)
class Event:
    """One step of a match; ``version`` is the match's afterwards."""

    from_state: str | None
    to_state: str
    at: str
    actor: str
    reason: str | None
    version: int


def match_id(issue: str, technology: str) -> str:
    """The id of a pair, the same whoever makes it."""
    return f"match-{hashlib.sha256(f'{issue} {technology}'.encode()).hexdigest()[:20]}"


class Matches:
    """The table of matches and its history."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, match: Match, actor: str, reason: str | None) -> Match:
        """A new pair with its first event; IntegrityError of the engine where the pair exists."""
        moment = now()
        made = Match(**asdict(match) | {"created_at": moment, "updated_at": moment})
        self._connection.execute(insert(table).values(asdict(made)))
        self._note(made, None, actor, reason, moment)
        return made

    def get(self, id_: str) -> Match | None:
        """One by its id."""
        row = self._connection.execute(select(table).where(table.c.id == id_)).first()
        return None if row is None else Match(**row._mapping)

    def of_record(self, record: str) -> list[Match]:
        """All matches that a record is a side of, the latest change first."""
        rows = self._connection.execute(
            select(table)
            .where(or_(table.c.issue == record, table.c.technology == record))
            .order_by(table.c.updated_at.desc(), table.c.id)
        )
        return [Match(**row._mapping) for row in rows]

    def in_states(self, states: Iterable[str], region: str | None = None) -> list[Match]:
        """Matches in any of these states, perhaps of one region only."""
        query = select(table).where(table.c.state.in_(list(states))).order_by(table.c.updated_at.desc(), table.c.id)
        if region is not None:
            query = query.where(table.c.region == region)
        return [Match(**row._mapping) for row in self._connection.execute(query)]

    def move(self, match: Match, actor: str, reason: str | None, **changes: Any) -> Match | None:
        """Change a match that still has the version it was read with; None where somebody was quicker.

        ``changes`` are columns; a change of ``state`` (or none) becomes one event of the history.
        """
        moment = now()
        made = Match(**asdict(match) | changes | {"version": match.version + 1, "updated_at": moment})
        values = {name: value for name, value in asdict(made).items() if name not in ("id", "created_at")}
        done = self._connection.execute(
            update(table).where(table.c.id == match.id, table.c.version == match.version).values(values)
        )
        if done.rowcount != 1:
            return None
        self._note(made, match.state, actor, reason, moment)
        return made

    def end_for(self, record: str, reason: str) -> None:
        """A side was withdrawn: what is not concluded ends."""
        for match in self.of_record(record):
            if match.state not in ("adopted", "declined"):
                self.move(match, "meguri", reason, state="declined")

    def published(self, id_: str, project: str) -> None:
        """The graph holds this match as a project."""
        self._connection.execute(update(table).where(table.c.id == id_).values(project=project))

    def history(self, id_: str) -> list[Event]:
        """Every step of a match, oldest first."""
        columns = match_event.c
        rows = self._connection.execute(
            select(columns.from_state, columns.to_state, columns.at, columns.actor, columns.reason, columns.version)
            .where(columns.match == id_)
            .order_by(columns.id)
        )
        return [Event(*row) for row in rows]

    def _note(self, match: Match, before: str | None, actor: str, reason: str | None, moment: str) -> None:
        row = {
            "match": match.id,
            "from_state": before,
            "to_state": match.state,
            "at": moment,
            "actor": actor,
            "reason": reason,
            "version": match.version,
        }
        self._connection.execute(insert(match_event).values(row))
