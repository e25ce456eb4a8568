"""From a setting to a model that is ready to serve."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from search_api.engine.models.embedder import Embedder, Vectors


@dataclass(frozen=True)
class LoadedModel:
    """An embedder and the reference means of its vectors: (kind of text, language) → shape (dimension,)."""

    embedder: Embedder
    reference_means: Mapping[tuple[str, str], Vectors]


def load_model(name: str, models: Path | None = None) -> LoadedModel:
    """The prepared model of this name or path.

    Raises MeguriError (``model_missing``) where it was not prepared; preparing needs torch, serving does not.
    """
    from search_api.engine.models.onnx_model import OnnxEmbedder  # noqa: PLC0415
    from search_api.engine.models.prepare import model_folder  # noqa: PLC0415
    from search_api.engine.models.reference_means import load_reference_means  # noqa: PLC0415

    folder = model_folder(name, models)
    return LoadedModel(OnnxEmbedder(folder), load_reference_means(folder))


@contextmanager
def background_model(name: str, models: Path | None = None) -> Iterator[LoadedModel]:
    """The same, loading in another process while this one does other things; it ends with the context."""
    from search_api.engine.models.background import BackgroundEmbedder  # noqa: PLC0415
    from search_api.engine.models.prepare import model_folder  # noqa: PLC0415
    from search_api.engine.models.reference_means import load_reference_means  # noqa: PLC0415

    folder = model_folder(name, models)
    embedder = BackgroundEmbedder(folder)
    try:
        yield LoadedModel(embedder, load_reference_means(folder))
    finally:
        embedder.close()
