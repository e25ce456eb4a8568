"""Mean vectors per kind of text and language, from a small bilingual sample that ships with Meguri.

Multilingual models put texts of the query's own language first; taking the language's mean away mends it. The mean
of queries must not come from the queries being answered, so it comes from here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Literal, get_args

import numpy as np

from search_api.engine.models.embedder import Embedder, Role, Vectors
from search_api.engine.models.manifest import damaged

Kind = Literal["query", "offer", "issue", "passage"]
Language = Literal["ja", "en"]
Key = tuple[str, str]

FILE_NAME = "reference_means.npz"
KINDS: tuple[Kind, ...] = get_args(Kind)
LANGUAGES: tuple[Language, ...] = get_args(Language)


def sample_texts(kind: Kind, language: Language) -> list[str]:
    """The shipped sample of this kind, one text a line."""
    text = _sample_file(kind, language).decode("utf-8")
    return [line.strip() for line in text.splitlines() if line.strip()]


def samples_digest() -> str:
    """First 12 digits of the SHA-256 over all samples; new samples need newly prepared models."""
    digest = hashlib.sha256()
    for kind in KINDS:
        for language in LANGUAGES:
            digest.update(_sample_file(kind, language))
    return digest.hexdigest()[:12]


def role_of(kind: Kind) -> Role:
    """Queries, offers and issues ask; passages answer."""
    return "passage" if kind == "passage" else "query"


def compute_reference_means(embedder: Embedder) -> dict[Key, Vectors]:
    """(kind, language) → mean of the sample's unit vectors, shape (dimension,), not scaled to length 1."""
    return {
        (kind, language): embedder.embed(sample_texts(kind, language), role_of(kind)).mean(axis=0, dtype=np.float32)
        for kind in KINDS
        for language in LANGUAGES
    }


def save_reference_means(folder: Path, means: Mapping[Key, Vectors]) -> None:
    """Write the means into a prepared model's folder as ``reference_means.npz`` (arrays ``kind.language``)."""
    arrays = {f"{kind}.{language}": mean for (kind, language), mean in means.items()}
    with (folder / FILE_NAME).open("wb") as stream:
        np.savez(stream, allow_pickle=False, **arrays)


def load_reference_means(folder: Path) -> dict[Key, Vectors]:
    """The means of a prepared model: (kind, language) → shape (dimension,), float32.

    Raises PreparedModelError when the file is absent or unreadable.
    """
    try:
        with np.load(folder / FILE_NAME, allow_pickle=False) as stored:
            return {(kind, lang): stored[f"{kind}.{lang}"] for kind in KINDS for lang in LANGUAGES}
    except (OSError, ValueError, KeyError) as error:
        raise damaged(folder, FILE_NAME) from error


def _sample_file(kind: Kind, language: Language) -> bytes:
    return resources.files(__package__).joinpath("samples", f"{kind}.{language}.txt").read_bytes()
