"""Replays the effects that a crash left between the commit to the graph and the relational store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.iris import record_iri
from kg.provenance import stored_hash
from kg.store import GraphStore

if TYPE_CHECKING:
    from search_api.relational.database import Database
    from search_api.relational.outbox import Effect
    from search_api.relational.transaction import Transaction


def replay(database: Database, store: GraphStore, base: str) -> int:
    """Carry out what waits, where the graph holds the revision that it belongs to; drop the rest. How many waited.

    A revision that the graph does not hold was never committed, so nobody was told that it was.
    """
    with database.transaction() as tx:
        waiting = tx.outbox.waiting()
        for effect in waiting:
            if stored_hash(store, record_iri(base, effect.record)) == effect.content_hash:
                _carry_out(effect, tx)
        tx.outbox.done([effect.id for effect in waiting])
    return len(waiting)


def _carry_out(effect: Effect, tx: Transaction) -> None:
    match effect.name:
        case "contacts":
            tx.contacts.put(effect.record, effect.payload)
        case "forget":
            tx.contacts.forget(effect.record)
            tx.matches.end_for(effect.record, "withdrawn / 取り下げ")
        case "project":
            tx.matches.published(effect.payload["match"], effect.record)
        case _:
            raise ValueError(f"Unexpected effect: {effect.name!r}")
