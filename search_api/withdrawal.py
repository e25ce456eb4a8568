"""Withdraws records from the live graph and the index in one go, as the owner of the data folder."""

from __future__ import annotations

from collections.abc import Sequence

from kg.commit import Committer
from kg.errors import MeguriError
from kg.iris import record_iri
from kg.withdrawal import tombstone_of
from search_api.engine.index.search_index import Progress
from search_api.engine.sync import synchronise
from search_api.service import writing
from search_api.settings import Settings


def withdraw_records(
    settings: Settings, ids: Sequence[str], reason: str, successor: str | None, progress: Progress | None = None
) -> None:
    """Take records out of graph and index; those that are withdrawn already stay so.

    Raises MeguriError (``record_unknown``) where one was never there; then nothing is done.
    """
    with writing(settings, progress) as service:
        base, store = service.folder.base, service.store
        present = [id_ for id_ in ids if len(store.graph(record_iri(base, id_)))]
        for id_ in set(ids) - set(present):
            if tombstone_of(store, base, id_) is None:
                raise _unknown(id_)
        if successor and not len(store.graph(record_iri(base, successor))):
            raise _unknown(successor)
        Committer(store, base).withdraw(present, reason, successor)
        service.folder.snapshots.publish(service.store)
        synchronise(service.store, service.index, base, progress)


def _unknown(id_: str) -> MeguriError:
    return MeguriError(
        code="record_unknown",
        en=f"There is no record {id_[:80]!r}; nothing was withdrawn.",
        ja=f"「{id_[:80]}」という記録はありません。何も取り下げていません。",
        remedy_en="Give ids as search results show them, such as technology-T001.",
        remedy_ja="検索結果に出る ID（technology-T001 など）を指定してください。",
    )
