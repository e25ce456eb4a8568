"""An embedder without a model: fast and deterministic, so that everything above the seam can be tested quickly."""

from __future__ import annotations

import unicodedata
import zlib
from collections.abc import Iterator, Sequence

import numpy as np

from search_api.engine.models.embedder import E5_PREFIXES, Role, Vectors, unit_rows

_GRAMS = (1, 2, 3)


class HashingEmbedder:
    """Hashes character n-grams into buckets: texts that share characters are similar, in any language.

    The prefix of the role counts as text, so that query and passage vectors of one text differ a little,
    as a real model's do.
    """

    def __init__(self, dimension: int = 64) -> None:
        self._dimension = dimension

    @property
    def model_id(self) -> str:
        """``hashing@<dimension>``."""
        return f"hashing@{self._dimension}/crc32"

    @property
    def dimension(self) -> int:
        """Number of buckets."""
        return self._dimension

    @property
    def blocks(self) -> tuple[int, ...]:
        """One block."""
        return (self._dimension,)

    def embed(self, texts: Sequence[str], role: Role) -> Vectors:
        """Signed n-gram counts by bucket, shape (len(texts), dimension), each row of length 1."""
        counts = np.zeros((len(texts), self._dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            for gram in _grams(E5_PREFIXES[role] + text):
                code = zlib.crc32(gram.encode("utf-8", "surrogatepass"))
                counts[row, code % self._dimension] += 1.0 if code & 0x80000000 else -1.0
        return unit_rows(counts)


def _grams(text: str) -> Iterator[str]:
    folded = unicodedata.normalize("NFKC", text).casefold()
    for size in _GRAMS:
        for start in range(len(folded) - size + 1):
            yield folded[start : start + size]
