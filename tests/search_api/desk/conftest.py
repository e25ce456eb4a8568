"""A service of one's own that may be written to, with tokens set."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from kg.folder import DataFolder
from search_api.http.app import create_app
from search_api.service import Service
from search_api.settings import Settings
from tests.search_api.conftest import open_service

TOKEN, TOWN = "secret-of-the-secretariat", "secret-of-a-town"
SECRETARIAT_HEADERS = {"Authorization": f"Bearer {TOKEN}"}
TOWN_HEADERS = {"Authorization": f"Bearer {TOWN}"}


@pytest.fixture(scope="module")
def settings(folder: DataFolder, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Of a copy of the small folder."""
    path = tmp_path_factory.mktemp("desk") / "data"
    shutil.copytree(folder.path, path, ignore=shutil.ignore_patterns("LOCK", "index", "*.db*"))
    (path / "graph" / "LOCK").touch()
    return Settings(data=path, api_token=SecretStr(TOKEN), submit_tokens=SecretStr(f"town={TOWN}"))


@pytest.fixture(scope="module")
def own_service(settings: Settings) -> Iterator[Service]:
    with open_service(DataFolder.open(settings.data)) as opened:
        yield opened


@pytest.fixture(scope="module")
def writing_client(settings: Settings, own_service: Service) -> Iterator[TestClient]:
    """A client of a server that takes registrations."""
    with TestClient(create_app(settings, own_service), raise_server_exceptions=False) as opened:
        yield opened


def current_gaps(client: TestClient, lang: str = "ja") -> dict[str, Any]:
    """The table of gaps when it has caught up; each request waits for it as long as a reader would."""
    for _ in range(40):
        body: dict[str, Any] = client.get("/api/v1/gaps", params={"lang": lang}).json()
        if body.get("current"):
            return body
    raise AssertionError(body)


@pytest.fixture
def waiting(tmp_path: Path) -> Path:
    return tmp_path
