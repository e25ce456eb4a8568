"""An index on disk for the tests of this folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.search_api.engine.conftest import Opener
from tests.search_api.engine.index.small_index import TEXTS, changes


@pytest.fixture
def folder(tmp_path: Path, open_index: Opener) -> Path:
    """An index of ``TEXTS``, saved and closed."""
    index = open_index()
    index.update(changes(TEXTS))
    index.save()
    index.close()
    return tmp_path / "index"
