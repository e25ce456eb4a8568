"""Withdraws records over the desk: from graph, index and contacts in one go."""

from __future__ import annotations

from collections.abc import Sequence

from kg.errors import MeguriError
from kg.iris import kind_of, record_iri
from kg.withdrawal import tombstone_of
from search_api.desk.desk import Desk


def withdraw_records(desk: Desk, ids: Sequence[str], reason: str, successor: str | None) -> None:
    """Take records out of graph, index and contacts; those that are withdrawn already stay so.

    Raises MeguriError (``record_unknown``) where one was never there; then nothing is done.
    """
    with desk.writing():
        base, store = desk.base, desk.service.store
        present = [id_ for id_ in ids if is_record(id_) and len(store.graph(record_iri(base, id_)))]
        for id_ in set(ids) - set(present):
            if not is_record(id_) or tombstone_of(store, base, id_) is None:
                raise _unknown(id_)
        if successor and not (is_record(successor) and len(store.graph(record_iri(base, successor)))):
            raise _unknown(successor)
        desk.withdraw(present, reason, successor)


def is_record(id_: str) -> bool:
    """Whether this can be a record's id at all."""
    return kind_of(id_) is not None


def _unknown(id_: str) -> MeguriError:
    return MeguriError(
        code="record_unknown",
        en=f"There is no record {id_[:80]!r}; nothing was withdrawn.",
        ja=f"「{id_[:80]}」という記録はありません。何も取り下げていません。",
        remedy_en="Give ids as search results show them, such as technology-T001.",
        remedy_ja="検索結果に出る ID（technology-T001 など）を指定してください。",
    )
