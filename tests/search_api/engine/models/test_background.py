"""The embedder in a process of its own answers as the one in this process does, and says so when it cannot."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import numpy as np
import pytest

from kg.errors import MeguriError
from search_api.engine.models.background import BackgroundEmbedder
from search_api.engine.models.loading import background_model, load_model
from search_api.engine.models.prepare import DEFAULT_MODEL, model_folder

pytestmark = pytest.mark.model


def test_it_gives_the_same_vectors() -> None:
    here = load_model(DEFAULT_MODEL)
    with background_model(DEFAULT_MODEL) as there:
        assert there.embedder.model_id == here.embedder.model_id
        texts = ["天ぷら油を捨てずに使いたい", 'line\nbreaks "quotes" and 漢字']
        for role in ("query", "passage"):
            given, expected = (m.embedder.embed(texts, role) for m in (there, here))  # type: ignore[arg-type]
            np.testing.assert_allclose(given, expected, atol=1e-6)
        assert there.embedder.embed([], "query").shape == (0, there.embedder.dimension)


def test_a_process_that_died_is_reported() -> None:
    embedder = BackgroundEmbedder(model_folder(DEFAULT_MODEL))
    os.kill(embedder._process.pid, signal.SIGKILL)
    embedder._process.wait()
    with pytest.raises(MeguriError):
        embedder.embed(["text"], "query")


def test_a_missing_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(MeguriError) as caught, background_model(DEFAULT_MODEL, tmp_path):
        pass
    assert caught.value.code == "model_missing"
