"""A tokenizer that takes up only the pieces it needs gives the ids and places of the one that holds all of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_api.engine.models import pieces
from search_api.engine.models.onnx_model import TOKENIZER_FILE, OnnxEmbedder
from search_api.engine.models.pieces import PieceTokenizer, WholeTokenizer, write_pieces
from search_api.engine.models.reference_means import KINDS, LANGUAGES, sample_texts

pytestmark = pytest.mark.model

SCRIPTS = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"]),
        st.characters(min_codepoint=0x20, max_codepoint=0x24FF),
        st.characters(min_codepoint=0x3000, max_codepoint=0x30FF),
        st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF),
        st.characters(min_codepoint=0xFF00, max_codepoint=0xFFEF),
    ),
    max_size=40,
)
MARKS = st.lists(
    st.sampled_from(
        ["<s>", "</s>", "<mask>", "<unk>", "<pad>", "a", " ", "▁", "  ", "\n", "水を", "ﾊﾟ", "e\u0301", "🍣", ""]
    )
).map("".join)


@pytest.fixture(scope="module")
def whole(prepared: Path) -> WholeTokenizer:
    return WholeTokenizer(prepared / TOKENIZER_FILE)


@pytest.fixture(scope="module")
def light(prepared: Path) -> PieceTokenizer:
    return PieceTokenizer(prepared / "onnx")


def test_samples_and_corpus_are_cut_alike(whole: WholeTokenizer, light: PieceTokenizer) -> None:
    texts = [text for kind in KINDS for language in LANGUAGES for text in sample_texts(kind, language)]
    for file in sorted(Path("corpus/documents").glob("*.[mt][dx]*")):
        texts += file.read_text(encoding="utf-8", errors="replace").splitlines()
    assert len(texts) > 400
    assert light.encode_batch(texts) == whole.encode_batch(texts)


@given(st.lists(st.one_of(SCRIPTS, MARKS), max_size=4))
def test_any_texts_are_cut_alike(whole: WholeTokenizer, light: PieceTokenizer, texts: list[str]) -> None:
    assert light.encode_batch(texts) == whole.encode_batch(texts)


def test_more_texts_than_one_batch_keep_their_order(whole: WholeTokenizer, light: PieceTokenizer) -> None:
    texts = [f"水 {number} water" for number in range(3 * pieces._BATCH + 1)]
    assert light.encode_batch(texts) == whole.encode_batch(texts)


def test_the_default_model_is_served_so(embedder: OnnxEmbedder) -> None:
    assert isinstance(embedder._tokenizer, PieceTokenizer)


@pytest.mark.parametrize(
    "change",
    [
        {"model": {"type": "WordPiece", "vocab": {}}},
        {"model": {"type": "Unigram", "unk_id": 0, "byte_fallback": True, "vocab": [["<unk>", 0.0]]}},
        {"model": {"type": "Unigram", "unk_id": None, "byte_fallback": False, "vocab": [["a", 0.0]]}},
        {"pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "first", "split": True}},
        {"pre_tokenizer": None},
        {"added_tokens": [{"id": 0, "content": "x", "normalized": True}]},
    ],
)
def test_other_kinds_are_left_to_the_library(tmp_path: Path, change: dict[str, object]) -> None:
    good = {
        "model": {"type": "Unigram", "unk_id": 0, "byte_fallback": False, "vocab": [["<unk>", 0.0], ["▁", -1.0]]},
        "pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True},
        "added_tokens": [],
        "post_processor": None,
    }
    file = tmp_path / "tokenizer.json"
    file.write_text(json.dumps(good | change))
    assert not write_pieces(file, tmp_path)
    assert list(tmp_path.iterdir()) == [file]
    file.write_text(json.dumps(good))
    assert write_pieces(file, tmp_path)
