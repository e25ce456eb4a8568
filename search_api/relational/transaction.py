"""One transaction with the tables' repositories over its connection."""

from __future__ import annotations

from functools import cached_property

from sqlalchemy import Connection

from search_api.relational.audit import Audit
from search_api.relational.contacts import Contacts
from search_api.relational.idempotency import IdempotencyKeys
from search_api.relational.matches import Matches
from search_api.relational.outbox import Outbox
from search_api.relational.submissions import Submissions


class Transaction:
    """What may be done in it, table by table."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @cached_property
    def contacts(self) -> Contacts:
        """Phone, mail and personal names."""
        return Contacts(self._connection)

    @cached_property
    def submissions(self) -> Submissions:
        """What was sent, and what became of it."""
        return Submissions(self._connection)

    @cached_property
    def keys(self) -> IdempotencyKeys:
        """Requests that may be sent again."""
        return IdempotencyKeys(self._connection)

    @cached_property
    def outbox(self) -> Outbox:
        """Effects that follow a commit to the graph."""
        return Outbox(self._connection)

    @cached_property
    def audit(self) -> Audit:
        """Who did what."""
        return Audit(self._connection)

    @cached_property
    def matches(self) -> Matches:
        """Pairs of issue and technology, with their history."""
        return Matches(self._connection)
