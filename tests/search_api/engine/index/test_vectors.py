"""The exact index is the oracle; FAISS must answer as it does, but for the rounding to half precision."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import faiss
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from kg.errors import MeguriError
from search_api.engine.index.faiss_index import MANY, FaissIndex
from search_api.engine.index.vectors import ExactIndex, Vectors
from tests.contracts.vector_index import DIMENSION, VectorIndexContract, axis, ids, vectors

# half of a unit in the last of 11 binary places, relative to the value; of unit vectors so much absolutely
HALF = 2.0**-11
id_lists = st.lists(st.integers(0, 60), unique=True, max_size=12)


class TestExactIndex(VectorIndexContract):
    def make(self) -> ExactIndex:
        return ExactIndex(DIMENSION)


class TestFaissIndex(VectorIndexContract):
    tolerance = HALF

    def make(self) -> FaissIndex:
        return FaissIndex(DIMENSION)


class TestShortList(VectorIndexContract):
    """With a short list from the first vector on, which holds all that the contract has."""

    tolerance = HALF

    def make(self) -> FaissIndex:
        return FaissIndex(DIMENSION, many=0)


class FaissEqualsExact(RuleBasedStateMachine):
    """Random additions, replacements, removals and searches on both."""

    @initialize(seed=st.integers(0, 2**32 - 1), many=st.sampled_from((0, 10, MANY)))
    def start(self, seed: int, many: int) -> None:
        self.random = np.random.default_rng(seed)
        self.exact, self.faiss = ExactIndex(DIMENSION), FaissIndex(DIMENSION, many=many)

    def drawn(self, n: int) -> Vectors:
        """Vectors that half precision holds exactly, so that the order of results must be the same."""
        return self.random.normal(size=(n, DIMENSION)).astype(np.float16).astype(np.float32)

    @rule(some=id_lists)
    def add(self, some: list[int]) -> None:
        fresh = self.drawn(len(some))
        for index in (self.exact, self.faiss):
            index.add(ids(*some), fresh)

    @rule(some=id_lists)
    def remove(self, some: list[int]) -> None:
        for index in (self.exact, self.faiss):
            index.remove(ids(*some))

    @rule(k=st.integers(0, 70), allowed=st.none() | st.lists(st.booleans(), max_size=70))
    def search(self, k: int, allowed: list[bool] | None) -> None:
        query = self.drawn(1)[0]
        mask = None if allowed is None else np.asarray(allowed, dtype=np.bool_)
        expected_ids, expected_scores = self.exact.search(query, k, mask)
        found_ids, found_scores = self.faiss.search(query, k, mask)
        assert found_ids.tolist() == expected_ids.tolist()
        np.testing.assert_allclose(found_scores, expected_scores, rtol=1e-4, atol=1e-4)

    @invariant()
    def same_ids(self) -> None:
        assert self.faiss.ids().tolist() == self.exact.ids().tolist()
        assert len(self.faiss) == len(self.exact)


TestFaissEqualsExact = FaissEqualsExact.TestCase


@given(id_lists)
def test_a_saved_index_answers_as_before(tmp_path_factory: pytest.TempPathFactory, some: list[int]) -> None:
    path = tmp_path_factory.mktemp("faiss") / "vectors.faiss"
    index = FaissIndex(DIMENSION)
    index.add(ids(*some), np.random.default_rng(0).normal(size=(len(some), DIMENSION)).astype(np.float32))
    index.save(path)
    loaded = FaissIndex.load(path, DIMENSION)
    before, after = index.search(axis(0), 60), loaded.search(axis(0), 60)
    assert before[0].tolist() == after[0].tolist()
    assert before[1].tolist() == after[1].tolist()


def unit(vectors: Vectors) -> Vectors:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=-1, keepdims=True), dtype=np.float32)


@given(st.integers(0, 2**32 - 1), st.sampled_from([1, 8, 384, 896]), st.sampled_from([0.0, 0.9, 0.999]))
def test_inner_products_of_unit_vectors_are_off_by_the_rounding_at_most(
    seed: int, dimension: int, zeros: float
) -> None:
    """Spread vectors and those with few values alike, opposite ones too; search and scores tell the same."""
    random = np.random.default_rng(seed)
    values = random.normal(size=(20, dimension)) * (random.random((20, dimension)) >= zeros)
    values[:, 0] += 1e-9
    vectors = unit(values)
    exact, half = ExactIndex(dimension), FaissIndex(dimension)
    for index in (exact, half):
        index.add(np.arange(20), vectors)
    for query in (vectors[0], -vectors[1], unit(random.normal(size=dimension))):
        expected, found = exact.scores(query, range(20)), half.scores(query, range(20))
        assert max(abs(expected[i] - found[i]) for i in range(20)) < HALF + 2e-6
        order, scores = half.search(query, 20)
        np.testing.assert_allclose(scores, [found[i] for i in order.tolist()], atol=1e-6)


def full_precision(path: Path, ids_: Sequence[int], vectors_: Vectors) -> None:
    """A file as versions before half precision wrote it."""
    flat = faiss.IndexIDMap2(faiss.IndexFlatIP(vectors_.shape[1]))
    flat.add_with_ids(vectors_, np.asarray(ids_, dtype=np.int64))
    faiss.write_index(flat, str(path))


@given(id_lists)
def test_a_file_in_full_precision_is_converted(tmp_path_factory: pytest.TempPathFactory, some: list[int]) -> None:
    path = tmp_path_factory.mktemp("faiss") / "vectors.faiss"
    values = unit(np.random.default_rng(2).normal(size=(len(some), DIMENSION)))
    full_precision(path, some, values)
    loaded, made = FaissIndex.load(path, DIMENSION), FaissIndex(DIMENSION)
    made.add(ids(*some), values)
    assert loaded.converted
    assert loaded.ids().tolist() == sorted(some)
    np.testing.assert_array_equal(loaded.vectors(some), made.vectors(some))
    loaded.save(path)
    assert not FaissIndex.load(path, DIMENSION).converted


def test_more_vectors_than_are_converted_at_a_time_keep_their_ids(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search_api.engine.index.faiss_index.BLOCK", 7)
    full_precision(tmp_path / "v", range(100, 150), unit(np.random.default_rng(3).normal(size=(50, DIMENSION))))
    loaded = FaissIndex.load(tmp_path / "v", DIMENSION)
    loaded.remove(ids(100))
    loaded.add(ids(7), vectors(0))
    assert loaded.ids().tolist() == [7, *range(101, 150)]
    assert loaded.search(axis(0), 1)[0].tolist() == [7]


def test_half_the_bytes_are_written(tmp_path: Path) -> None:
    values = unit(np.random.default_rng(4).normal(size=(50, 896)))
    full_precision(tmp_path / "full", range(50), values)
    FaissIndex.load(tmp_path / "full", 896).save(tmp_path / "half")
    saved_bytes = (tmp_path / "full").stat().st_size - (tmp_path / "half").stat().st_size
    assert saved_bytes == pytest.approx(50 * 896 * 2, abs=200)


def test_a_loaded_index_can_be_changed(tmp_path: Path) -> None:
    index = FaissIndex(DIMENSION)
    index.add(ids(5, 6), vectors(0, 1))
    index.save(tmp_path / "v")
    loaded = FaissIndex.load(tmp_path / "v", DIMENSION)
    loaded.remove(ids(5))
    loaded.add(ids(9), vectors(0))
    assert loaded.search(axis(0), 1)[0].tolist() == [9]


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "vectors.faiss"
    index = FaissIndex(DIMENSION)
    index.add(ids(*range(50)), np.random.default_rng(1).normal(size=(50, DIMENSION)).astype(np.float32))
    index.save(path)
    return path


def require_damaged(path: Path, dimension: int = DIMENSION) -> None:
    with pytest.raises(MeguriError) as caught:
        FaissIndex.load(path, dimension)
    assert caught.value.code == "index_damaged"
    assert "meguri reindex" in caught.value.remedy_en
    assert "meguri reindex" in caught.value.remedy_ja
    assert str(path) in caught.value.en


@pytest.mark.parametrize("length", [0, 1, 4, 40, 500])
def test_a_truncated_file_is_named_damaged(saved: Path, length: int) -> None:
    saved.write_bytes(saved.read_bytes()[:length])
    require_damaged(saved)


def test_a_file_of_something_else_is_named_damaged(saved: Path) -> None:
    saved.write_bytes(b"This is no index at all, but long enough to look like one." * 20)
    require_damaged(saved)


def test_a_missing_file_is_named_damaged(tmp_path: Path) -> None:
    require_damaged(tmp_path / "none.faiss")


def test_another_dimension_is_named_damaged(saved: Path) -> None:
    require_damaged(saved, DIMENSION + 1)


def test_an_index_without_an_id_map_is_named_damaged(tmp_path: Path) -> None:
    path = tmp_path / "flat.faiss"
    faiss.write_index(faiss.IndexFlatIP(DIMENSION), str(path))
    require_damaged(path)


@pytest.mark.parametrize("kind", ["SQ8", "SQfp16,L2", "Flat,L2", "HNSW8"])
def test_vectors_of_another_kind_are_named_damaged(tmp_path: Path, kind: str) -> None:
    name, _, metric = kind.partition(",")
    inner = faiss.index_factory(DIMENSION, name, faiss.METRIC_L2 if metric else faiss.METRIC_INNER_PRODUCT)
    values = np.random.default_rng(1).normal(size=(50, DIMENSION)).astype(np.float32)
    inner.train(values)
    index = faiss.IndexIDMap2(inner)
    index.add_with_ids(values, np.arange(50))
    faiss.write_index(index, str(tmp_path / "other.faiss"))
    require_damaged(tmp_path / "other.faiss")
