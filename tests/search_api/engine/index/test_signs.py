"""Short lists by signs: what they hold, and that they follow the vectors."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_api.engine.index import faiss_index
from search_api.engine.index.faiss_index import FaissIndex
from search_api.engine.index.faiss_signs import Signs, of
from search_api.engine.index.vectors import ExactIndex, Vectors
from search_api.engine.models.embedder import unit_rows

DIMENSION = 20  # no whole number of bytes
SEEDS = st.integers(0, 2**32 - 1)


def drawn(seed: int, count: int, dimension: int = DIMENSION) -> Vectors:
    return unit_rows(np.random.default_rng(seed).standard_normal((count, dimension), np.float32))


@given(SEEDS, st.lists(st.booleans(), max_size=40), st.integers(0, 50), st.booleans())
def test_the_nearest_by_signs_and_those_as_near_as_the_last(
    seed: int, kept: list[bool], count: int, filtered: bool
) -> None:
    vectors, query = drawn(seed, len(kept)), drawn(seed + 1, 1)[0]
    left = vectors[np.array(kept, dtype=bool)]
    signs = Signs(DIMENSION)
    signs.add(of(vectors))
    signs.remove(~np.array(kept, dtype=bool))
    assert len(signs) == len(left)
    allowed = np.random.default_rng(seed).random(len(left)) < 0.5 if filtered else np.ones(len(left), dtype=bool)
    distances = (np.signbit(left) != np.signbit(query)).sum(axis=1)
    inside = np.sort(distances[allowed])
    last = inside[min(max(count, 1), len(inside)) - 1] if len(inside) else -1
    found = signs.nearest(query, count, allowed if filtered else None)
    assert found.tolist() == np.flatnonzero(allowed & (distances <= last)).tolist() or count == 0


def test_sixteen_bit_floats_have_the_signs_of_the_vectors_they_keep() -> None:
    vectors = np.concatenate([drawn(1, 50), np.array([[0.0, -0.0, 1e-12, -1e-12] * 5], dtype=np.float32)])
    halves = vectors.astype(np.float16).view(np.int16)
    assert np.array_equal(of(halves), of(vectors))


@given(SEEDS, st.lists(st.tuples(st.booleans(), st.integers(0, 30)), max_size=20))
def test_after_any_changes_each_vector_is_on_the_list_of_its_own(seed: int, changes: list[tuple[bool, int]]) -> None:
    index, held = FaissIndex(DIMENSION, many=0), dict[int, Vectors]()
    random = np.random.default_rng(seed)
    for add, id_ in changes:
        held.pop(id_, None)
        index.remove(np.array([id_]))
        if add:
            held[id_] = unit_rows(random.standard_normal((1, DIMENSION), np.float32))
            index.add(np.array([id_]), held[id_])
    with pytest.MonkeyPatch.context() as patch:
        # one is listed, so that a list which did not follow would miss it
        patch.setattr(faiss_index, "SHORT_LIST", 1)
        patch.setattr(faiss_index, "SHORTEST_LIST", 1)
        for id_, vector in held.items():
            assert index.search(vector[0], 1)[0].tolist() == [id_]


def test_of_very_many_the_best_are_found_and_have_their_exact_scores(tmp_path: Path) -> None:
    # as embeddings are: copies around centres, in more components than there are centres
    random, centres = np.random.default_rng(5), drawn(4, 300, 256)
    vectors = unit_rows(np.repeat(centres, 50, axis=0) + random.normal(0, 0.05, (15_000, 256)).astype(np.float32))
    exact, index = ExactIndex(256), FaissIndex(256, many=10_000)
    for part in np.split(np.arange(15_000), 5):
        exact.add(part, vectors[part])
        index.add(part, vectors[part])
    allowed = random.random(15_000) < 0.9
    for query in unit_rows(centres[:20] + random.normal(0, 0.05, (20, 256)).astype(np.float32)):
        wanted, scores = exact.search(query, 10, allowed)
        found, own = index.search(query, 10, allowed)
        assert len(set(wanted.tolist()) & set(found.tolist())) >= 9
        np.testing.assert_allclose(own, scores, atol=1e-3)
    index.save(tmp_path / "v")
    loaded = FaissIndex.load(tmp_path / "v", 256)
    assert loaded.search(vectors[7], 10)[0].tolist() == index.search(vectors[7], 10)[0].tolist()
