"""The desk: the one owner of writing to a data folder, and what it keeps ready so that a write is quick."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property, partial
from pathlib import Path
from threading import RLock, Thread
from typing import TYPE_CHECKING

from kg.commit import Committer, RecordWriter
from search_api.desk.channel import Carry, Said, listening
from search_api.desk.keeping import Keeper, Progress
from search_api.desk.outbox import replay
from search_api.desk.writers import CheckingWriter, DeskWriter
from search_api.engine.sync import rebuild
from search_api.service import Service, writing
from search_api.settings import Settings
from search_api.version import AGENT

if TYPE_CHECKING:
    from ingest.duplicates import Duplicates
    from ingest.organisations import Organisations
    from ingest.pipeline import Ingestion, Options
    from ingest.report import FileReport
    from search_api.relational.database import Database


class Desk:
    """Opened on a service that owns its store. Nothing is read from the graph before the first write needs it."""

    def __init__(self, settings: Settings, service: Service) -> None:
        self.settings = settings
        self.service = service
        self.base = service.folder.base
        self.keeper = Keeper(service)
        self._lock = RLock()
        self._opening = RLock()
        self._database: Database | None = None

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Whoever writes to the graph holds this, so that what it saw stays true until it has written."""
        with self._lock:
            yield

    @property
    def database(self) -> Database:
        """The relational database, opened when it is first needed."""
        with self._opening:
            if self._database is None:
                from search_api.relational.database import Database  # noqa: PLC0415  (SQLAlchemy: not at start)

                secret = self.settings.database
                url = secret.get_secret_value() if secret else None
                self._database = Database.open(self.settings.data, url)
            return self._database

    @property
    def has_database(self) -> bool:
        """Whether there is a relational database; a folder that never held contacts or matches has none."""
        return self.settings.database is not None or (self.settings.data / "meguri.db").exists()

    @cached_property
    def committer(self) -> Committer:
        """The committer that all writes share; read it while ``writing``."""
        return Committer(self.service.store, self.base)

    @cached_property
    def organisations(self) -> Organisations:
        """The partners that the graph holds."""
        from ingest.pipeline import known_organisations  # noqa: PLC0415  (the pipeline: not at start)

        return known_organisations(self.service.store, self.base)

    @cached_property
    def duplicates(self) -> Duplicates:
        """The records that others may repeat."""
        from ingest.duplicates import Duplicates  # noqa: PLC0415

        return Duplicates(self.service.store, self.base)

    def ingestion(self, options: Options | None = None, *, check_only: bool = False, urgent: bool = True) -> Ingestion:
        """A run over what the desk keeps ready; ``check_only`` judges and stores nothing."""
        from ingest.columns import load_columns  # noqa: PLC0415
        from ingest.pipeline import Ingestion, Options, Shared  # noqa: PLC0415

        writer: RecordWriter = CheckingWriter(self) if check_only else DeskWriter(self, urgent=urgent)
        with self.writing():
            duplicates = self.duplicates.branch() if check_only else self.duplicates
            shared = Shared(writer, self.service.vocabulary, self.organisations.branch(), duplicates)
        return Ingestion(self.service.store, self.base, options or Options(load_columns()), AGENT, shared)

    def ingest_files(self, files: list[str], run: Ingestion, said: Said) -> list[FileReport]:
        """Ingest files; what was stored is searched and visible to readers when this returns."""
        reports = []
        for number, file in enumerate(files):
            said(number, len(files), Path(file).name)
            inside = partial(_inside, said, number, len(files))
            reports.append(run.ingest(Path(file), inside))
        said(len(files), len(files), "ingest / 取り込み")
        self.settle(lambda done, total: said(done, total, "embed / 埋め込み"))
        return reports

    def reindex(self, progress: Progress | None = None) -> int:
        """Make every entry of the index anew from the graph while searches go on; the number of entries."""
        index = self.service.index
        with self.writing():
            self.settle()
            rebuild(self.service.store, index, self.base, progress)
        return len(index)

    def settle(self, progress: Progress | None = None) -> None:
        """Wait until the index and the readers' copy hold everything that was committed."""
        self.keeper.settle(progress)

    def withdraw(self, ids: list[str], reason: str, successor: str | None) -> None:
        """Take records out of graph, index and contacts; a tombstone stays. The ids are those of records."""
        from search_api.relational.outbox import Effect  # noqa: PLC0415

        with self.writing():
            effects = [Effect("forget", id_, None, {}) for id_ in ids]
            with self.database.transaction() as tx:
                noted = tx.outbox.add(effects)
            self.committer.withdraw(ids, reason, successor)
            self.__dict__.pop("organisations", None)
            self.__dict__.pop("duplicates", None)
            with self.database.transaction() as tx:
                for id_ in ids:
                    tx.contacts.forget(id_)
                    tx.matches.end_for(id_, "withdrawn / 取り下げ")
                tx.outbox.done(noted)
        self.keeper.changed(ids)

    @contextmanager
    def serving(self, carry: Carry, rehearse: Callable[[Desk], None]) -> Iterator[None]:
        """While a server runs: what follows a commit happens beside it; what a crash left undone is done first.

        ``carry`` carries out what commands of other processes ask for, ``rehearse`` reads what a first write needs.
        """
        self.keeper.start()
        recovery = Thread(target=self._begin, args=(rehearse,), name="outbox", daemon=True)
        recovery.start()
        try:
            with listening(self.settings.data, carry):
                yield
        finally:
            recovery.join()
            self.close()

    def recover(self) -> int:
        """Carry out the effects that a crash left waiting; how many there were."""
        with self.writing():
            return replay(self.database, self.service.store, self.base)

    def close(self) -> None:
        """Finish what is under way and close the database."""
        self.keeper.stop()
        with self._opening:
            if self._database is not None:
                self._database.close()
                self._database = None

    def _begin(self, rehearse: Callable[[Desk], None]) -> None:
        """Beside the first readers: mend what a crash left, and where writing is open, read what a write needs."""
        self.replay_outbox()
        if not (self.settings.api_token or self.settings.submit_tokens):
            return
        try:
            rehearse(self)
        except Exception:  # the registration that needs what is broken will say so
            logging.getLogger(__name__).exception("What a registration needs could not be read beforehand")

    def replay_outbox(self) -> None:
        """What ``recover`` does, where there is a database; a failure is logged, since reading can go on without."""
        if not self.has_database:  # and a start should not make one
            return
        try:
            self.recover()
        except Exception:  # the request that needs the database will say what is wrong with it
            logging.getLogger(__name__).exception("The outbox could not be replayed")


def _inside(said: Said, number: int, total: int, what: str, done: int) -> None:
    """A long file says how far it is, a page or a batch of rows at a time."""
    said(number, total, f"{what}: {done:,}")


@contextmanager
def open_desk(settings: Settings, progress: Progress | None = None) -> Iterator[Desk]:
    """A desk of this process's own, for a command where no server runs."""
    with writing(settings, progress) as service:
        desk = Desk(settings, service)
        try:
            desk.replay_outbox()
            yield desk
        finally:
            desk.close()
