"""Phone numbers, mail addresses and personal names of records: never in the graph, never in a public answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, delete, insert, select

from search_api.relational.tables import contact
from search_api.relational.times import now


class Contacts:
    """The contact data of records, one value a field."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, record: str, values: Mapping[str, str]) -> None:
        """Replace a record's contact data; nothing is left of what it had before."""
        self.forget(record)
        if values:
            moment = now()
            rows = [{"record": record, "field": f, "value": v, "updated_at": moment} for f, v in values.items()]
            self._connection.execute(insert(contact), rows)

    def of(self, record: str) -> dict[str, str]:
        """Field → value; empty for a record without any."""
        found = self._connection.execute(
            select(contact.c.field, contact.c.value).where(contact.c.record == record).order_by(contact.c.field)
        )
        return {str(field): str(value) for field, value in found}

    def holders(self, records: Sequence[str]) -> set[str]:
        """Those of the records that have contact data."""
        found: set[str] = set()
        for start in range(0, len(records), 500):
            query = select(contact.c.record).where(contact.c.record.in_(records[start : start + 500])).distinct()
            found.update(str(record) for (record,) in self._connection.execute(query))
        return found

    def forget(self, record: str) -> None:
        """Take a record's contact data away."""
        self._connection.execute(delete(contact).where(contact.c.record == record))
