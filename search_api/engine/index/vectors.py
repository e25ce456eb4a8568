"""The seam to a vector index, with the exact numpy double that is the oracle in its tests."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
Ids = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]


class VectorIndex(Protocol):
    """Inner products over vectors with stable ids: removing one shifts no other.

    Vectors are of length 1 at most. An index may keep them in half precision, which moves an inner product with a
    query of that length by less than 1e-3; what ``search``, ``scores`` and ``vectors`` tell agrees with each other.
    """

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """Add vectors of shape (n, dimension) under new ids ≥ 0; an id that is already there is replaced."""
        ...

    def remove(self, ids: Ids) -> None:
        """Remove ids; unknown ones are ignored."""
        ...

    def search(self, query: Vectors, k: int, allowed: Mask | None = None) -> tuple[Ids, Scores]:
        """The at most ``k`` best ids for one query of shape (dimension,), best first, with inner products.

        ``allowed`` has one truth value per id (ids beyond its end are not allowed) and is applied inside the
        search, so ``k`` allowed results are found whenever there are as many. Of tens of thousands that are allowed an
        index may miss some of the last ones; what it finds has its own inner product.
        """
        ...

    def scores(self, query: Vectors, ids: Sequence[int]) -> dict[int, float]:
        """The inner products of one query with these ids; ids without a vector are missing."""
        ...

    def vectors(self, ids: Sequence[int]) -> Vectors:
        """The vectors of these ids, shape (n, dimension); zeros where an id has none."""
        ...

    def ids(self) -> Ids:
        """The ids that have a vector, in ascending order."""
        ...

    def __len__(self) -> int:
        """How many vectors there are."""
        ...

    def save(self, path: Path) -> None:
        """Write the index to a file."""
        ...


class ExactIndex:
    """The in-memory double: one matrix product, then a sort."""

    def __init__(self, dimension: int) -> None:
        self._ids: Ids = np.empty(0, dtype=np.int64)
        self._vectors: Vectors = np.empty((0, dimension), dtype=np.float32)

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """See ``VectorIndex.add``."""
        self.remove(ids)
        self._ids = np.concatenate([self._ids, ids])
        self._vectors = np.concatenate([self._vectors, vectors.astype(np.float32)])

    def remove(self, ids: Ids) -> None:
        """See ``VectorIndex.remove``."""
        kept = ~np.isin(self._ids, ids)
        self._ids, self._vectors = self._ids[kept], self._vectors[kept]

    def search(self, query: Vectors, k: int, allowed: Mask | None = None) -> tuple[Ids, Scores]:
        """See ``VectorIndex.search``."""
        scores = self._vectors @ query.astype(np.float32)
        ids = self._ids
        if allowed is not None:
            inside = ids < len(allowed)
            inside[inside] = allowed[ids[inside]]
            ids, scores = ids[inside], scores[inside]
        order = np.lexsort((ids, -scores))[:k]
        return ids[order], scores[order]

    def scores(self, query: Vectors, ids: Sequence[int]) -> dict[int, float]:
        """See ``VectorIndex.scores``."""
        wanted = np.isin(self._ids, np.asarray(ids, dtype=np.int64))
        values = self._vectors[wanted] @ query.astype(np.float32)
        return dict(zip(self._ids[wanted].tolist(), values.tolist(), strict=True))

    def vectors(self, ids: Sequence[int]) -> Vectors:
        """See ``VectorIndex.vectors``."""
        found = np.zeros((len(ids), self._vectors.shape[1]), dtype=np.float32)
        for row, id_ in enumerate(ids):
            for place in np.flatnonzero(self._ids == id_):
                found[row] = self._vectors[place]
        return found

    def ids(self) -> Ids:
        """See ``VectorIndex.ids``."""
        return np.sort(self._ids)

    def __len__(self) -> int:
        return len(self._ids)

    def save(self, path: Path) -> None:
        """See ``VectorIndex.save``."""
        with path.open("wb") as file:
            np.savez(file, ids=self._ids, vectors=self._vectors)
