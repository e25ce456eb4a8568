"""What every embedder promises, kept by the double, by serving and by the reference alike."""

from __future__ import annotations

import numpy as np
import pytest

from search_api.engine.models.double import HashingEmbedder
from search_api.engine.models.embedder import Embedder

TEXTS = ["天ぷら油を捨てずに使いたい", "A boiler for wood chips", "", "  \n", "a\x00b 😀", "里山" * 2000, "\ud800"]


@pytest.fixture(
    params=[
        "double",
        pytest.param("embedder", marks=pytest.mark.model),
        pytest.param("reference", marks=pytest.mark.model),
    ]
)
def any_embedder(request: pytest.FixtureRequest) -> Embedder:
    if request.param == "double":
        return HashingEmbedder()
    found: Embedder = request.getfixturevalue(request.param)
    return found


def test_vectors_have_the_promised_shape_and_length(any_embedder: Embedder) -> None:
    texts = [text for text in TEXTS if text.isprintable()]
    vectors = any_embedder.embed(texts, "passage")
    assert vectors.shape == (len(texts), any_embedder.dimension)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1.0, abs=1e-5)


def test_no_texts_give_no_rows(any_embedder: Embedder) -> None:
    assert any_embedder.embed([], "query").shape == (0, any_embedder.dimension)


def test_the_role_matters(any_embedder: Embedder) -> None:
    query, passage = (any_embedder.embed(["雪室"], role)[0] for role in ("query", "passage"))
    assert not np.allclose(query, passage, atol=1e-3)


def test_the_same_text_gives_the_same_vector(any_embedder: Embedder) -> None:
    first, second = (any_embedder.embed(["竹林の整備"], "query") for _ in range(2))
    assert np.array_equal(first, second)


def test_double_likes_shared_characters() -> None:
    double = HashingEmbedder(dimension=256)
    near, far = double.embed(["間伐材の利用", "海岸ごみ"], "passage") @ double.embed(["間伐材"], "query")[0]
    assert near > far


def test_double_takes_any_string() -> None:
    assert np.isfinite(HashingEmbedder().embed(TEXTS, "query")).all()


@pytest.mark.model
def test_serving_takes_any_string(request: pytest.FixtureRequest) -> None:
    embedder: Embedder = request.getfixturevalue("embedder")
    vectors = embedder.embed(TEXTS, "query")
    assert np.isfinite(vectors).all()
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1.0, abs=1e-5)
