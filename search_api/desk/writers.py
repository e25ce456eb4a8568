"""Where an ingestion's records go at a desk: to the graph with their contact data beside it, or only to be judged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Protocol

from rdflib import Literal

from kg.commit import Outcome, Submission
from kg.iris import record_iri
from kg.namespaces import CES, RDFS
from kg.provenance import Activity
from kg.terms import content_hash

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from ingest.organisations import Organisations
    from kg.commit import Committer
    from search_api.desk.keeping import Keeper
    from search_api.relational.database import Database
    from search_api.relational.outbox import Effect


class Office(Protocol):
    """What a writer needs of the desk that it writes at."""

    base: str
    keeper: Keeper

    def writing(self) -> AbstractContextManager[None]:
        """Held by whoever writes."""

    @property
    def committer(self) -> Committer:
        """The committer that all writes share."""

    @property
    def organisations(self) -> Organisations:
        """The partners that the graph holds."""

    @property
    def database(self) -> Database:
        """The relational database."""

    @property
    def has_database(self) -> bool:
        """Whether there is one already."""


class DeskWriter:
    """A ``RecordWriter`` that shares the desk's committer and carries contact data to the relational store.

    The two stores cannot commit together: the effect is written to the outbox before the commit and carried out after
    it, and whatever a crash leaves there is replayed at the next start.
    """

    def __init__(self, desk: Office, *, urgent: bool = True) -> None:
        self._desk = desk
        self._urgent = urgent

    def commit(self, batch: Sequence[Submission], activity: Activity) -> list[Outcome]:
        """See ``Committer.commit``."""
        _prepare(self._desk, batch)
        with self._desk.writing():
            effects = self._effects(batch)
            noted = self._note(effects)
            try:
                outcomes = self._desk.committer.commit(batch, activity)
            except BaseException:
                self._carry_out([], noted)
                raise
            kept = {outcome.id for outcome in outcomes if outcome.state != "rejected"}
            self._carry_out([effect for effect in effects if effect.record in kept], noted)
            stored = {outcome.id for outcome in outcomes if outcome.state == "stored"}
            self._remember(s for s in batch if s.id in stored)
        self._desk.keeper.changed(sorted(stored), urgent=self._urgent)
        return outcomes

    def _effects(self, batch: Sequence[Submission]) -> list[Effect]:
        """What must happen to the contacts of these records: put, or taken away where there are none any more."""
        stated = {s.id: s for s in batch if s.private is not None}
        named = {id_ for id_, s in stated.items() if s.private}
        bare = [id_ for id_ in stated if id_ not in named]
        if bare and self._desk.has_database:
            with self._desk.database.reading() as tx:
                named |= tx.contacts.holders(bare)
        if not named:
            return []
        from search_api.relational.outbox import Effect  # noqa: PLC0415

        return [
            Effect("contacts", id_, content_hash(stated[id_].graph), dict(stated[id_].private or {}))
            for id_ in sorted(named)
        ]

    def _note(self, effects: list[Effect]) -> list[int]:
        if not effects:
            return []
        with self._desk.database.transaction() as tx:
            return tx.outbox.add(effects)

    def _carry_out(self, effects: list[Effect], noted: list[int]) -> None:
        if noted:
            with self._desk.database.transaction() as tx:
                for effect in effects:
                    tx.contacts.put(effect.record, effect.payload)
                tx.outbox.done(noted)

    def _remember(self, stored: Iterable[Submission]) -> None:
        """Later runs may name these partners."""
        for submission in stored:
            if submission.id.startswith("partner-"):
                iri = record_iri(self._desk.base, submission.id)
                number = submission.graph.value(iri, CES.corporateNumber)
                for name in submission.graph.objects(iri, RDFS.label):
                    if isinstance(name, Literal):
                        self._desk.organisations.add(str(iri), str(name), str(number) if number else None)


def _prepare(desk: Office, batch: Sequence[Submission]) -> None:
    """Read and judge what is large, while others go on writing."""
    with desk.writing():
        committer = desk.committer
    for submission in batch:
        committer.prepare(submission)


class CheckingWriter:
    """A ``RecordWriter`` that says what the desk's committer would do, and does nothing."""

    def __init__(self, desk: Office) -> None:
        self._desk = desk

    def commit(self, batch: Sequence[Submission], activity: Activity) -> list[Outcome]:
        """See ``Committer.check``."""
        del activity  # nothing happens, so nothing has a time
        _prepare(self._desk, batch)
        with self._desk.writing():
            return self._desk.committer.check(batch)
