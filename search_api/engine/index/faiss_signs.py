"""Signs of vectors, one bit a component: they tell in a fifteenth of a scan's time which of very many may be near.

Balanced vectors lie around zero, so the signs of two differ in the more components, the wider their angle (Charikar,
"Similarity Estimation Techniques from Rounding Algorithms", STOC 2002). Who is near by them is then compared exactly.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from search_api.engine.index.vectors import Mask, Vectors

Codes = npt.NDArray[np.uint8]
Places = npt.NDArray[np.int64]


class Signs:
    """Signs by place: in the order of the vectors that they belong to, without gaps; 112 bytes for 896 components."""

    def __init__(self, dimension: int) -> None:
        import faiss  # noqa: PLC0415  (heavy)

        self._faiss: Any = faiss
        self._bits = -(-dimension // 8) * 8
        self._index: Any = faiss.IndexBinaryFlat(self._bits)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def add(self, codes: Codes) -> None:
        """Append codes, shape (n, bytes), as ``of`` makes them."""
        self._index.add(np.ascontiguousarray(codes))

    def remove(self, gone: Mask) -> None:
        """Take out some, one truth value per place; those behind move up."""
        bitmap = np.packbits(gone, bitorder="little")
        self._index.remove_ids(self._faiss.IDSelectorBitmap(len(bitmap), self._faiss.swig_ptr(bitmap)))

    def nearest(self, query: Vectors, count: int, allowed: Mask | None = None) -> Places:
        """The places of the ``count`` nearest to a query (dimension,), and of those that are as near as the last one.

        ``allowed`` has one truth value per place; where it leaves fewer, all of them.
        """
        distances = self._distances(of(query.reshape(1, -1)))
        if allowed is not None:
            distances[~allowed] = self._bits + 1
        within = np.bincount(distances, minlength=self._bits + 2)[: self._bits + 1].cumsum()
        widest = min(int(np.searchsorted(within, count)), self._bits)
        return np.flatnonzero(distances <= widest)

    def _distances(self, code: Codes) -> npt.NDArray[np.int32]:
        """In how many signs each differs from one code."""
        found = np.empty(len(self), dtype=np.int32)
        here, there, result = self._faiss.swig_ptr(code), self._index.xb.data(), self._faiss.swig_ptr(found)
        self._faiss.hammings(here, there, 1, len(self), self._bits // 8, result)
        return found


def of(vectors: Vectors | npt.NDArray[np.int16]) -> Codes:
    """The codes of vectors (n, dimension); 16-bit floats may be given as the integers of the same bits."""
    negative = vectors < 0 if vectors.dtype == np.int16 else np.signbit(vectors)
    return np.packbits(negative, axis=1)
