"""The default model, prepared once into the shared cache (MEGURI_MODELS, else the user's), and its two embedders."""

from __future__ import annotations

from pathlib import Path

import pytest

from search_api.engine.models.onnx_model import OnnxEmbedder
from search_api.engine.models.prepare import prepare_default_model
from search_api.engine.models.torch_model import SentenceTransformerEmbedder


@pytest.fixture(scope="session")
def prepared() -> Path:
    return prepare_default_model()


@pytest.fixture(scope="session")
def embedder(prepared: Path) -> OnnxEmbedder:
    return OnnxEmbedder(prepared)


@pytest.fixture(scope="session")
def reference(prepared: Path) -> SentenceTransformerEmbedder:
    return SentenceTransformerEmbedder(str(prepared / "sentence-transformers"))
