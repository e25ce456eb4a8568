"""What Meguri has taught the packaged encoder: corrections that fit its weights and are part of its identity."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.adapter_examples import Asked
from search_api.engine.models import adapter, e5_package, manifest
from search_api.engine.models.adapter import Adapter
from search_api.engine.models.onnx_model import OnnxEmbedder
from search_api.engine.models.prepare import DEFAULT_MODEL, PUBLISHED_MODEL, model_folder


def written(factors: dict[str, tuple[np.ndarray, np.ndarray]]) -> bytes:
    file = io.BytesIO()
    np.savez_compressed(file, **adapter.to_arrays(factors))
    return file.getvalue()


def test_a_correction_is_added_to_the_weight_of_its_name_alone() -> None:
    chance = np.random.default_rng(0)
    up, down = chance.normal(size=(4, 2)), chance.normal(size=(2, 3))
    read = Adapter.read(written({"l0.q.w": (up, down)}))
    weight = chance.normal(size=(4, 3)).astype(np.float32)
    np.testing.assert_allclose(read.correct("l0.q.w", weight), weight + up @ down, atol=0.01)
    assert read.correct("l0.k.w", weight) is weight


def test_its_digest_is_that_of_its_content() -> None:
    one, other = (written({"w": (np.full((1, 1), value), np.ones((1, 1)))}) for value in (1.0, 2.0))
    assert Adapter.read(one).digest == Adapter.read(one).digest != Adapter.read(other).digest
    assert Adapter.shipped().digest == adapter.shipped_digest()


def test_each_correction_that_ships_fits_a_weight_of_the_packaged_model() -> None:
    package = e5_package.read_package(e5_package.find_package_file())
    factors = Adapter.shipped().factors
    assert len(factors) == 6 * package.sizes.layers
    for name, (up, down) in factors.items():
        assert (up.shape[0], down.shape[1]) == package.tensor(name).shape and up.shape[1] == down.shape[0]
        assert np.isfinite(up).all() and np.isfinite(down).all() and np.abs(up).max() > 0


@pytest.mark.model
def test_the_prepared_model_tells_which_corrections_it_has(prepared: Path) -> None:
    facts = manifest.read_manifest(prepared)
    assert adapter.shipped_digest() in facts.source
    assert not facts.source_sha256.startswith(e5_package.FILE_SHA256[:12])
    assert model_folder(DEFAULT_MODEL, prepared.parent) == prepared
    assert PUBLISHED_MODEL not in (facts.model, prepared.name)


@pytest.mark.model
def test_it_tells_a_solution_from_one_that_only_shares_the_words(prepared: Path) -> None:
    """An example that was not trained on; as published, the encoder prefers the words."""
    asked = "The hall is freezing in winter; we cannot afford oil, but sawmills nearby give their offcuts away."
    met = "端材や木くずを燃やす温風機で、集会所や作業場を冬のあいだ暖める装置"
    words = "冬の集会所で使う灯油の共同購入と配達"
    embedder = OnnxEmbedder(prepared)
    query, (right, wrong) = embedder.embed([asked], "query")[0], embedder.embed([met, words], "passage")
    assert query @ right > query @ wrong


@pytest.mark.parametrize("name", ["ranking_loss", "pair_loss"])
@given(st.lists(st.floats(-20, 20), min_size=4, max_size=4), st.floats(0.5, 10))
def test_a_loss_falls_where_a_right_passage_rises_and_rests_where_an_unjudged_one_does(
    name: str, scores: list[float], more: float
) -> None:
    loss = _loss(name)
    before = loss(scores)
    right, unjudged, wrong = (loss(_raised(scores, place, more)) for place in (0, 3, 2))
    assert right < before + 1e-5 and unjudged == pytest.approx(before, abs=1e-4) and wrong > before - 1e-5


def test_an_order_is_enough_for_the_ranking_and_not_for_pairs() -> None:
    """Wrong ones far above the line are no answer, however far the right ones lead."""
    scores = [30.0, 30.0, 10.0, 0.0]
    assert _loss("ranking_loss")(scores) < 0.01 and _loss("pair_loss")(scores) > 5


def _loss(name: str) -> Callable[[list[float]], float]:
    """Of one need with a right passage, a partly right one, a wrong one and one that was not judged."""
    torch = pytest.importorskip("torch")
    from benchmarks import adapter_training

    asked = [Asked("query", "", {0: 2, 1: 1}, frozenset([3]))]
    return lambda scores: float(getattr(adapter_training, name)(torch.tensor([scores]), asked))


def _raised(scores: list[float], place: int, by: float) -> list[float]:
    return [score + by * (at == place) for at, score in enumerate(scores)]
