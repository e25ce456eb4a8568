"""From a setting to a model that is ready to serve: the encoder of the setting and the second one beside it."""

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
    """The prepared model of this name or path, beside the second encoder.

    Raises MeguriError (``model_missing``) where one of them was not prepared; preparing needs torch, serving does not.
    """
    from search_api.engine.models.onnx_model import OnnxEmbedder  # noqa: PLC0415
    from search_api.engine.models.prepare import model_folder  # noqa: PLC0415

    folder = model_folder(name, models)
    return _beside_second(OnnxEmbedder(folder), folder)


@contextmanager
def background_model(name: str, models: Path | None = None) -> Iterator[LoadedModel]:
    """The same, the first encoder loading in another process meanwhile; it ends with the context."""
    from search_api.engine.models.background import BackgroundEmbedder  # noqa: PLC0415
    from search_api.engine.models.prepare import model_folder  # noqa: PLC0415

    folder = model_folder(name, models)
    embedder = BackgroundEmbedder(folder)
    try:
        yield _beside_second(embedder, folder)
    finally:
        embedder.close()


def _beside_second(first: Embedder, folder: Path) -> LoadedModel:
    from search_api.engine.models.joint import JointEmbedder, joint_means  # noqa: PLC0415
    from search_api.engine.models.reference_means import load_reference_means  # noqa: PLC0415
    from search_api.engine.models.sentence_encoder import SentenceEncoder  # noqa: PLC0415
    from search_api.engine.models.sentence_encoder_package import encoder_folder  # noqa: PLC0415
    from search_api.engine.models.threads import compute_on_one_thread  # noqa: PLC0415

    compute_on_one_thread()
    second = encoder_folder(folder.parent)
    means = [load_reference_means(folder), load_reference_means(second)]
    return LoadedModel(JointEmbedder([first, SentenceEncoder(second)]), joint_means(means))
