"""The relational room on SQLite, and on PostgreSQL where a server can be started."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from kg.errors import MeguriError
from search_api.relational.database import HEAD, Database
from search_api.relational.tables import METADATA
from tests.contracts.relational import RelationalContract
from tests.search_api.relational.postgres import binaries, server


class TestSQLite(RelationalContract):
    @pytest.fixture
    def database_url(self) -> str | None:
        return None


@pytest.fixture(scope="module")
def running() -> Iterator[str]:
    found = binaries()
    if found is None:
        pytest.skip("no PostgreSQL server is installed here (Debian: postgresql)")
    with server(found) as url:
        yield url


class TestPostgreSQL(RelationalContract):
    @pytest.fixture
    def database_url(self, running: str) -> Iterator[str]:
        """A database of the test's own."""
        admin = create_engine(
            running.replace("postgresql:", "postgresql+pg8000:"), poolclass=NullPool, isolation_level="AUTOCOMMIT"
        )
        with admin.connect() as connection:
            connection.execute(text("DROP DATABASE IF EXISTS meguri_test WITH (FORCE)"))
            connection.execute(text("CREATE DATABASE meguri_test"))
        yield running.replace("/postgres", "/meguri_test")


def test_the_migrations_make_what_the_tables_say(tmp_path: Path) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    Database.open(tmp_path).close()
    with create_engine(f"sqlite:///{tmp_path / 'meguri.db'}").connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == HEAD


def test_the_file_is_its_owners_alone(tmp_path: Path) -> None:
    Database.open(tmp_path).close()
    assert stat.S_IMODE((tmp_path / "meguri.db").stat().st_mode) == 0o600


def test_opening_again_changes_nothing(tmp_path: Path) -> None:
    Database.open(tmp_path).close()
    before = (tmp_path / "meguri.db").read_bytes()
    Database.open(tmp_path).close()
    assert (tmp_path / "meguri.db").read_bytes() == before


def test_a_newer_schema_is_refused(tmp_path: Path) -> None:
    Database.open(tmp_path).close()
    with sqlite3.connect(tmp_path / "meguri.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(MeguriError) as caught:
        Database.open(tmp_path)
    assert caught.value.code == "database_newer" and "9999" in caught.value.en


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "meguri.db").write_bytes(b"this is no database" * 100)
    with pytest.raises(MeguriError) as caught:
        Database.open(tmp_path)
    assert caught.value.code == "database_unreachable"


@pytest.mark.parametrize("url", ["mysql://x/y", "nonsense", "oracle://x"])
def test_other_engines_are_refused(url: str, tmp_path: Path) -> None:
    with pytest.raises(MeguriError) as caught:
        Database.open(tmp_path, url)
    assert caught.value.code == "database_url_invalid"


def test_a_password_is_in_no_message(tmp_path: Path) -> None:
    with pytest.raises(MeguriError) as caught:
        Database.open(tmp_path, "postgresql://meguri:s3cret@127.0.0.1:1/none")
    assert caught.value.code == "database_unreachable" and "s3cret" not in caught.value.en + caught.value.ja
