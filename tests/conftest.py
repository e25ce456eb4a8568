"""What every test may use: a data folder with the whole ontology, made once and copied."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import settings

from kg.folder import DataFolder

# machines under test are noisy: how long one example takes says nothing
settings.register_profile("meguri", deadline=None, max_examples=60)
settings.load_profile("meguri")


@pytest.fixture(scope="session")
def prepared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder as ``meguri init`` makes it; read it, or copy it by ``data_folder``."""
    path = tmp_path_factory.mktemp("prepared") / "data"
    DataFolder.create(path)
    return path


@pytest.fixture
def data_folder(prepared_folder: Path, tmp_path: Path) -> DataFolder:
    """A copy of the prepared folder that the test may write to."""
    shutil.copytree(prepared_folder, tmp_path / "data")
    return DataFolder.open(tmp_path / "data")
