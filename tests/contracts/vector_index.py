"""What every ``VectorIndex`` must do; a test class inherits this and makes its own index."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from search_api.engine.index.vectors import VectorIndex, Vectors

DIMENSION = 8


def ids(*values: int) -> npt.NDArray[np.int64]:
    return np.asarray(values, dtype=np.int64)


def axis(number: int) -> Vectors:
    """The unit vector along an axis, shape (DIMENSION,)."""
    return np.asarray(np.eye(DIMENSION)[number], dtype=np.float32)


def vectors(*axes: int) -> Vectors:
    return np.stack([axis(number) for number in axes])


def leaning(cosine: float) -> Vectors:
    """A unit vector with this cosine to axis 0."""
    return np.asarray(cosine * axis(0) + np.sqrt(1 - cosine**2) * axis(1), dtype=np.float32)


class VectorIndexContract:
    """Inherit, and make an empty index of ``DIMENSION``; ``tolerance`` is how far inner products may be off."""

    tolerance = 1e-6

    def make(self) -> VectorIndex:
        raise NotImplementedError

    def filled(self) -> VectorIndex:
        """Ids 3, 10 and 200 with cosines 0.9, 0.5 and 0.1 to axis 0."""
        index = self.make()
        index.add(ids(3, 10, 200), np.stack([leaning(0.9), leaning(0.5), leaning(0.1)]))
        return index

    def test_an_empty_index_finds_nothing(self) -> None:
        found, scores = self.make().search(axis(0), 5)
        assert (found.tolist(), scores.tolist()) == ([], [])
        assert len(self.make()) == 0
        assert self.make().ids().tolist() == []

    def test_results_come_best_first_with_their_inner_products(self) -> None:
        found, scores = self.filled().search(axis(0), 3)
        assert found.tolist() == [3, 10, 200]
        np.testing.assert_allclose(scores, [0.9, 0.5, 0.1], atol=self.tolerance)

    def test_scores_and_vectors_agree_with_what_a_search_tells(self) -> None:
        index = self.filled()
        found, scores = index.search(leaning(0.3), 3)
        again = index.scores(leaning(0.3), [200, 3, 10, 9_999])
        np.testing.assert_allclose([again.pop(id_) for id_ in found.tolist()], scores, atol=1e-6)
        assert again == {}
        np.testing.assert_allclose(index.vectors(found.tolist()) @ leaning(0.3), scores, atol=1e-6)

    def test_only_the_k_best_are_found(self) -> None:
        assert self.filled().search(axis(0), 2)[0].tolist() == [3, 10]

    def test_k_may_exceed_what_there_is(self) -> None:
        assert self.filled().search(axis(0), 1_000)[0].tolist() == [3, 10, 200]

    def test_k_of_zero_finds_nothing(self) -> None:
        assert self.filled().search(axis(0), 0)[0].tolist() == []

    def test_adding_an_id_again_replaces_its_vector(self) -> None:
        index = self.filled()
        index.add(ids(200), vectors(0))
        assert index.search(axis(0), 3)[0].tolist() == [200, 3, 10]
        assert len(index) == 3

    def test_removal_shifts_no_other_id(self) -> None:
        index = self.filled()
        index.remove(ids(3))
        found, scores = index.search(axis(0), 3)
        assert found.tolist() == [10, 200]
        np.testing.assert_allclose(scores, [0.5, 0.1], atol=self.tolerance)
        assert index.ids().tolist() == [10, 200]

    def test_ids_can_be_added_after_a_removal(self) -> None:
        index = self.filled()
        index.remove(ids(10))
        index.add(ids(7), np.stack([leaning(0.7)]))
        assert index.search(axis(0), 3)[0].tolist() == [3, 7, 200]

    def test_unknown_ids_are_ignored_when_removed(self) -> None:
        index = self.filled()
        index.remove(ids(4, 9_999))
        index.remove(ids())
        self.make().remove(ids(1))
        assert len(index) == 3

    def test_everything_can_be_removed(self) -> None:
        index = self.filled()
        index.remove(ids(3, 10, 200))
        assert len(index) == 0
        assert index.search(axis(0), 3)[0].tolist() == []

    def test_adding_nothing_changes_nothing(self) -> None:
        index = self.filled()
        index.add(ids(), np.empty((0, DIMENSION), dtype=np.float32))
        assert len(index) == 3

    def test_the_mask_acts_inside_the_search(self) -> None:
        """The best one that is allowed is found, however many better ones are not."""
        index = self.make()
        better = np.stack([leaning(0.99 - i / 1000) for i in range(50)])
        index.add(np.arange(50, dtype=np.int64), better)
        index.add(ids(50), np.stack([leaning(0.1)]))
        allowed = np.zeros(51, dtype=np.bool_)
        allowed[50] = True
        assert index.search(axis(0), 1, allowed)[0].tolist() == [50]

    def test_vectors_come_back_and_unknown_ids_have_none(self) -> None:
        index = self.filled()
        index.add(ids(5), np.stack([leaning(0.6)]))
        found = index.vectors([5, 9_999])
        np.testing.assert_allclose(found, [leaning(0.6), np.zeros(DIMENSION)], atol=self.tolerance)
        assert index.vectors([]).shape == (0, DIMENSION)

    def test_ids_beyond_the_mask_are_not_allowed(self) -> None:
        for length in (4, 5, 11, 200):
            found, _ = self.filled().search(axis(0), 3, np.ones(length, dtype=np.bool_))
            assert found.tolist() == [id_ for id_ in (3, 10, 200) if id_ < length], length

    def test_a_mask_may_be_longer_than_the_ids(self) -> None:
        assert self.filled().search(axis(0), 3, np.ones(100_000, dtype=np.bool_))[0].tolist() == [3, 10, 200]

    def test_a_mask_that_allows_nothing_finds_nothing(self) -> None:
        for length in (0, 1, 300):
            assert self.filled().search(axis(0), 3, np.zeros(length, dtype=np.bool_))[0].tolist() == []

    def test_saving_writes_one_file(self, tmp_path: Path) -> None:
        self.filled().save(tmp_path / "vectors")
        assert [path.name for path in tmp_path.iterdir()] == ["vectors"]
