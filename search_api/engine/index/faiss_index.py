"""Inner products with vectors by FAISS.

A scan of all with a bitmap loses nothing under narrow filters, where approximate indexes do. Of very many that pass,
only those whose signs are near (``faiss_signs``) are scanned. The vectors are kept in half precision (docs/decisions).
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from search_api.engine.index.errors import index_damaged
from search_api.engine.index.faiss_signs import Places, Signs, of
from search_api.engine.index.vectors import Ids, Mask, Scores, Vectors

# so many vectors are converted at a time
BLOCK = 10_000
# from so many on that pass, a short list by signs comes first: at fewer the scan of all is as quick
MANY = 30_000
# so many a wanted one, and so many at least, are on the short list (docs/benchmarks.md tells what that finds)
SHORT_LIST, SHORTEST_LIST = 25, 4_000


class FaissIndex:
    """A ``VectorIndex`` on FAISS's 16-bit floats behind an id map, with filters applied inside the search.

    An inner product of unit vectors is off by 2⁻¹¹ (5e-4) at most; values beyond ±65,504 cannot be kept.
    ``converted`` tells that the file it was loaded from has full precision, as earlier versions wrote it. Of ``many``
    vectors and more the best are looked for among 25 times as many (4,000 at least), nearest by their signs.
    """

    def __init__(self, dimension: int, *, many: int = MANY, _loaded: Any = None) -> None:
        import faiss  # noqa: PLC0415  (heavy)

        self._faiss: Any = faiss
        self._index: Any = _loaded if _loaded is not None else _empty(dimension)
        self.converted = False
        self._known: set[int] = set(self._ids_by_place().tolist())
        self._order: Places | None = None
        self._many = many
        self._signs: Signs | None = None
        self._follow()

    @classmethod
    def load(cls, path: Path, dimension: int) -> FaissIndex:
        """Read an index; one in full precision is converted.

        MeguriError (``index_damaged``) where the file is none, or of another dimension or kind.
        """
        import faiss  # noqa: PLC0415

        try:
            loaded = faiss.read_index(str(path))
        except (RuntimeError, MemoryError) as error:
            raise index_damaged(path, (str(error).splitlines() or ["no memory"])[0]) from error
        if not isinstance(loaded, faiss.IndexIDMap2):
            raise index_damaged(path, "it has no id map")
        if loaded.d != dimension:
            raise index_damaged(path, f"dimension {loaded.d} instead of {dimension}")
        if _is_half(loaded):
            return cls(dimension, _loaded=loaded)
        if not isinstance(faiss.downcast_index(loaded.index), faiss.IndexFlatIP):
            raise index_damaged(path, "it has vectors of another kind")
        return cls._from_full_precision(loaded)

    @classmethod
    def _from_full_precision(cls, flat: Any) -> FaissIndex:
        index = cls(flat.d)
        ids = index._faiss.vector_to_array(flat.id_map)
        for start in range(0, len(ids), BLOCK):
            part = ids[start : start + BLOCK]
            index.add(part, flat.index.reconstruct_n(start, len(part)))
        index.converted = True
        return index

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """See ``VectorIndex.add``."""
        self.remove(ids)
        self._index.add_with_ids(np.ascontiguousarray(vectors, dtype=np.float32), np.ascontiguousarray(ids))
        self._known.update(ids.tolist())
        self._follow()

    def remove(self, ids: Ids) -> None:
        """See ``VectorIndex.remove``."""
        # removing scans and moves all vectors, so it is only done where there is something to remove
        if not self._known.isdisjoint(ids.tolist()):
            if self._signs is not None:
                self._signs.remove(np.isin(self._ids_by_place(), ids))
            self._index.remove_ids(np.ascontiguousarray(ids, dtype=np.int64))
            self._known.difference_update(ids.tolist())
            self._order = None

    def search(self, query: Vectors, k: int, allowed: Mask | None = None) -> tuple[Ids, Scores]:
        """See ``VectorIndex.search``."""
        # one query is one scan on one thread; a team would only be waited for: 80 ms instead of 1 on a busy machine.
        # Set here, since it holds for the thread that asks alone
        self._faiss.omp_set_num_threads(1)
        k = min(k, len(self))
        if k == 0:
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32)
        parameters = None
        allowed = self._short_list(query, k, allowed)
        if allowed is not None:
            # FAISS reads the bitmap while it searches, so it must live until then
            bitmap = np.packbits(allowed, bitorder="little")
            selector = self._faiss.IDSelectorBitmap(len(bitmap), self._faiss.swig_ptr(bitmap))
            parameters = self._faiss.SearchParameters(sel=selector)
        row = np.ascontiguousarray(query, dtype=np.float32).reshape(1, -1)
        scores, ids = self._index.search(row, k, params=parameters)
        found = ids[0] >= 0
        return ids[0][found], scores[0][found]

    def scores(self, query: Vectors, ids: Sequence[int]) -> dict[int, float]:
        """See ``VectorIndex.scores``."""
        known = [id_ for id_ in ids if id_ in self._known]
        products = self.vectors(known) @ np.asarray(query, dtype=np.float32)
        return dict(zip(known, products.tolist(), strict=True))

    def vectors(self, ids: Sequence[int]) -> Vectors:
        """See ``VectorIndex.vectors``."""
        found = np.zeros((len(ids), self._index.d), dtype=np.float32)
        rows = [row for row, id_ in enumerate(ids) if id_ in self._known]
        if rows:
            places = self._places(np.asarray(ids, dtype=np.int64)[rows])
            found[rows] = self._halves().view(np.float16)[places]
        return found

    def ids(self) -> Ids:
        """See ``VectorIndex.ids``."""
        return np.sort(self._ids_by_place())

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def _ids_by_place(self) -> Ids:
        """FAISS's own list of ids, shape (n,): valid until vectors come or go."""
        stored = self._index.id_map
        held = self._faiss.rev_swig_ptr(stored.data(), stored.size()) if stored.size() else ()
        return np.asarray(held, dtype=np.int64)

    def _places(self, ids: Ids) -> Places:
        """Where the vectors of known ids lie; ids are nearly in order, which makes the sorting quick."""
        held = self._ids_by_place()
        if self._order is None or len(self._order) != len(held):
            self._order = np.argsort(held, kind="stable")
        return np.asarray(self._order[np.searchsorted(held, ids, sorter=self._order)])

    def _halves(self) -> npt.NDArray[np.int16]:
        """FAISS's own 16-bit floats by place, shape (n, dimension), as integers: valid until vectors come or go."""
        stored = self._faiss.downcast_index(self._index.index).codes
        codes = self._faiss.rev_swig_ptr(stored.data(), stored.size())
        return np.asarray(codes.view(np.int16).reshape(-1, self._index.d))

    def _follow(self) -> None:
        """The signs of vectors that have come since, once there are many."""
        if self._signs is None:
            if len(self) < self._many:
                return
            self._signs = Signs(self._index.d)
        for start in range(len(self._signs), len(self), BLOCK):
            self._signs.add(of(self._halves()[start : start + BLOCK]))

    def _short_list(self, query: Vectors, k: int, allowed: Mask | None) -> Mask | None:
        """Which ids are worth comparing: those allowed, and of many those whose signs are nearest."""
        passing = len(self) if allowed is None else int(np.count_nonzero(allowed))
        if self._signs is None or passing < self._many:
            return allowed
        ids = self._ids_by_place()
        listed = np.zeros(int(ids.max()) + 1, dtype=np.bool_)
        inside = None
        if allowed is not None:
            listed[: len(allowed)] = allowed[: len(listed)]
            inside = listed[ids]
            listed[:] = False
        listed[ids[self._signs.nearest(query, max(SHORT_LIST * k, SHORTEST_LIST), inside)]] = True
        return listed

    def save(self, path: Path) -> None:
        """See ``VectorIndex.save``; the file appears whole or not at all."""
        draft = path.with_name(f".{path.name}.{os.getpid()}.draft")
        self._faiss.write_index(self._index, str(draft))
        draft.replace(path)


def _empty(dimension: int) -> Any:
    import faiss  # noqa: PLC0415

    half = faiss.ScalarQuantizer.QT_fp16
    return faiss.IndexIDMap2(faiss.IndexScalarQuantizer(dimension, half, faiss.METRIC_INNER_PRODUCT))


def _is_half(index: Any) -> bool:
    """Whether the vectors behind this id map are what ``_empty`` makes."""
    import faiss  # noqa: PLC0415

    inner = faiss.downcast_index(index.index)
    if not isinstance(inner, faiss.IndexScalarQuantizer):
        return False
    return bool(inner.sq.qtype == faiss.ScalarQuantizer.QT_fp16 and inner.metric_type == faiss.METRIC_INNER_PRODUCT)
