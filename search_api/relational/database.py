"""Opens the relational database and brings its schema up to date; hands out transactions."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, InterfaceError, NoSuchModuleError, OperationalError

from kg.errors import MeguriError
from search_api.relational.transaction import Transaction

HEAD = "0001"
# seconds that a writer waits for another process that writes
BUSY_TIMEOUT = 30
# an arbitrary number that only migrations of Meguri take, so that two processes do not migrate at once
_MIGRATION_LOCK = 4_712_006


class Database:
    """The relational database of one data folder, for all threads of a process."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @classmethod
    def open(cls, data: Path, url: str | None = None) -> Database:
        """Open (and make or migrate) ``DATA/meguri.db``, or what the URL names.

        Raises MeguriError: ``database_url_invalid``, ``database_unreachable``, ``database_newer``.
        """
        address = _url(data, url)
        engine = _engine(address)
        try:
            _migrate(engine)
        except (OperationalError, InterfaceError, DatabaseError) as error:
            engine.dispose()
            raise _unreachable(address, error) from error
        except MeguriError:
            engine.dispose()
            raise
        return cls(engine)

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """All or nothing; on SQLite the one writer from its first statement on."""
        with self._engine.begin() as connection:
            yield Transaction(connection)

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """For looking only: takes no lock that a writer waits for."""
        with self._engine.connect() as plain:
            yield Transaction(plain.execution_options(isolation_level="AUTOCOMMIT"))

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()


def _url(data: Path, url: str | None) -> URL:
    if not url:
        return URL.create("sqlite", database=str(_private_file(data / "meguri.db")))
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise _url_invalid() from error
    if parsed.drivername in ("postgresql", "postgres"):
        return parsed.set(drivername="postgresql+pg8000")
    if parsed.get_backend_name() not in ("postgresql", "sqlite"):
        raise _url_invalid()
    return parsed


def _private_file(path: Path) -> Path:
    """The file holds names and telephone numbers: nobody but its owner reads it."""
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    return path


def _engine(address: URL) -> Engine:
    try:
        if address.get_backend_name() != "sqlite":
            return create_engine(address, pool_pre_ping=True, pool_size=5, max_overflow=10)
        engine = create_engine(address, connect_args={"timeout": BUSY_TIMEOUT, "check_same_thread": False})
    except (ArgumentError, NoSuchModuleError, ImportError) as error:
        raise _url_invalid() from error
    event.listen(engine, "connect", _configure_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _configure_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun below, not by Python's driver
    connection.execute("PRAGMA journal_mode=WAL")
    # what was acknowledged survives a loss of power
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")


def _begin_sqlite(connection: Connection) -> None:
    if connection.get_execution_options().get("isolation_level") != "AUTOCOMMIT":
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _migrate(engine: Engine) -> None:
    """Up to ``HEAD``; Alembic is imported only where something is to be done."""
    with engine.connect() as connection:
        if _revision(connection) == HEAD:
            return
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
        if _revision(connection) != HEAD:
            _upgrade(connection)


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if revision is None else str(revision)


def _upgrade(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415  (only where there is something to migrate)
    from alembic.config import Config  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, HEAD)
    except CommandError as error:
        raise _newer(str(_revision(connection))) from error


def _url_invalid() -> MeguriError:
    return MeguriError(
        code="database_url_invalid",
        en="The setting MEGURI_DATABASE names no database that Meguri can use.",
        ja="設定 MEGURI_DATABASE が、利用できるデータベースを示していません。",
        remedy_en="Leave it empty for SQLite, or write postgresql://USER:PASSWORD@HOST:PORT/NAME.",
        remedy_ja="空にする（SQLite）か、postgresql://ユーザー:パスワード@ホスト:ポート/名前 と書いてください。",
    )


def _unreachable(address: URL, error: Exception) -> MeguriError:
    place = address.render_as_string(hide_password=True)
    cause = " ".join(str(getattr(error, "orig", error)).split())[:300]
    return MeguriError(
        code="database_unreachable",
        en=f"The database {place} cannot be used: {cause}",
        ja=f"データベース {place} を使えません: {cause}",
        remedy_en="Check that it runs, that the address and password are right, and that the disk is not full.",
        remedy_ja="データベースが動いているか、接続先とパスワード、ディスクの空きを確認してください。",
    )


def _newer(revision: str) -> MeguriError:
    return MeguriError(
        code="database_newer",
        en=f"The database has schema {revision}, which this version of Meguri does not know (it knows {HEAD}).",
        ja=f"データベースのスキーマ {revision} は、この版の Meguri（{HEAD} まで対応）より新しいものです。",
        remedy_en="Use the version of Meguri that made it, or restore a backup of before.",
        remedy_ja="作成した版の Meguri を使うか、以前のバックアップから復元してください。",
    )
