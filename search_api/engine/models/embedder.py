"""The seam between text and vectors, so that nothing above it knows a model, its prefixes or its engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

Role = Literal["query", "passage"]
ROLES: tuple[Role, ...] = ("query", "passage")
Vectors: TypeAlias = npt.NDArray[np.float32]

E5_PREFIXES: Mapping[Role, str] = {"query": "query: ", "passage": "passage: "}
"""What multilingual-e5 was trained with (model card of intfloat/multilingual-e5-small)."""


class Embedder(Protocol):
    """Turns texts into unit vectors whose inner product is their similarity in meaning."""

    @property
    def model_id(self) -> str:
        """Stable identity of weights, engine and precision; vectors of different ids must never be mixed."""
        ...

    @property
    def dimension(self) -> int:
        """Number of components of every vector."""
        ...

    @property
    def blocks(self) -> tuple[int, ...]:
        """Sizes of the parts of a vector that come from different models; one model has one, of its dimension.

        All blocks of a vector are of one length, and language means are taken away in each of them on its own.
        """
        ...

    def embed(self, texts: Sequence[str], role: Role) -> Vectors:
        """Vectors of shape (len(texts), dimension), each of length 1, in the order of ``texts``.

        The prefix that the model expects for ``role`` is added inside. Text beyond the model's longest
        input is ignored; no texts give shape (0, dimension).
        """
        ...


def unit_rows(vectors: npt.NDArray[np.floating]) -> Vectors:
    """``vectors`` of shape (n, d) scaled to length 1 row by row; a row of zeros stays zero."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), dtype=np.float32)


def unit_blocks(vectors: npt.NDArray[np.floating], blocks: Sequence[int]) -> Vectors:
    """``vectors`` of shape (n, d) with each block scaled to the same length, so that every row has length 1.

    The inner product of two such rows is the mean of the cosines of their blocks.
    """
    ends = np.cumsum(blocks)[:-1]
    parts = [unit_rows(part) for part in np.split(vectors, ends, axis=-1)]
    return np.asarray(np.concatenate(parts, axis=-1) / np.sqrt(len(parts)), dtype=np.float32)
