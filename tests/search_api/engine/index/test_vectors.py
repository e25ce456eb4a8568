"""The exact index is the oracle; FAISS must answer as it does."""

from __future__ import annotations

from pathlib import Path

import faiss
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from kg.errors import MeguriError
from search_api.engine.index.faiss_index import FaissIndex
from search_api.engine.index.vectors import ExactIndex, Vectors
from tests.contracts.vector_index import DIMENSION, VectorIndexContract, axis, ids, vectors

id_lists = st.lists(st.integers(0, 60), unique=True, max_size=12)


class TestExactIndex(VectorIndexContract):
    def make(self) -> ExactIndex:
        return ExactIndex(DIMENSION)


class TestFaissIndex(VectorIndexContract):
    def make(self) -> FaissIndex:
        return FaissIndex(DIMENSION)


class FaissEqualsExact(RuleBasedStateMachine):
    """Random additions, replacements, removals and searches on both."""

    @initialize(seed=st.integers(0, 2**32 - 1))
    def start(self, seed: int) -> None:
        self.random = np.random.default_rng(seed)
        self.exact, self.faiss = ExactIndex(DIMENSION), FaissIndex(DIMENSION)

    def drawn(self, n: int) -> Vectors:
        return self.random.normal(size=(n, DIMENSION)).astype(np.float32)

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
