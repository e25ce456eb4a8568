"""A prepared model is complete or absent, is made once, and damage to it is noticed and mended."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kg.errors import MeguriError
from search_api.engine.models import manifest, prepare
from search_api.engine.models.onnx_model import OnnxEmbedder
from search_api.engine.models.prepare import DEFAULT_MODEL, model_folder, prepare_default_model, prepare_model
from search_api.engine.models.reference_means import (
    KINDS,
    LANGUAGES,
    compute_reference_means,
    load_reference_means,
    sample_texts,
)
from search_api.engine.models.sentence_encoder_package import NAME as SECOND


@pytest.fixture
def copied(prepared: Path, tmp_path: Path) -> Path:
    """A cache of our own whose files are links to the shared one's; writing replaces, never changes them."""
    return Path(shutil.copytree(prepared, tmp_path / "models" / prepared.name, copy_function=_link))


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def _overwrite(path: Path, data: bytes) -> None:
    path.unlink()
    path.write_bytes(data)


@pytest.mark.model
def test_the_manifest_tells_what_it_is(prepared: Path) -> None:
    facts = manifest.verify(prepared)
    assert facts.model_id.startswith("multilingual-e5-small@") and "/onnx-int8" in facts.model_id
    assert (facts.dimension, facts.max_tokens, facts.licence) == (384, 512, "MIT")
    assert facts.prefixes == {"query": "query: ", "passage": "passage: "}
    assert "onnx/model.onnx" in facts.files and "reference_means.npz" in facts.files
    assert "torch" in facts.versions and facts.made_by.startswith("python -m ")


@pytest.mark.model
def test_preparing_again_changes_nothing(prepared: Path) -> None:
    before = (prepared / manifest.FILE_NAME).stat()  # a rebuilt folder would have a new inode
    assert prepare_default_model() == prepared
    assert prepare_model(DEFAULT_MODEL, prepared.parent) == model_folder(DEFAULT_MODEL, prepared.parent) == prepared
    after = (prepared / manifest.FILE_NAME).stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


@pytest.mark.model
def test_a_shortened_file_is_refused_at_load(copied: Path) -> None:
    target = copied / "onnx" / "model.onnx"
    _overwrite(target, target.read_bytes()[:-1])
    with pytest.raises(MeguriError) as caught:
        OnnxEmbedder(copied)
    assert caught.value.code == "model_damaged" and "onnx/model.onnx" in caught.value.en


@pytest.mark.model
def test_a_flipped_byte_is_found_by_verify(copied: Path) -> None:
    target = copied / "onnx" / "model.onnx"
    data = bytearray(target.read_bytes())
    data[len(data) // 2] ^= 1
    _overwrite(target, bytes(data))
    manifest.read_manifest(copied)
    with pytest.raises(MeguriError, match=r"onnx/model\.onnx"):
        manifest.verify(copied)


@pytest.mark.model
@pytest.mark.parametrize("content", [b"", b"[]", b'{"files": {}}', b'{"files": 3}', b"\xff\xfe"])
def test_a_broken_manifest_is_refused(copied: Path, content: bytes) -> None:
    _overwrite(copied / manifest.FILE_NAME, content)
    with pytest.raises(MeguriError) as caught:
        manifest.read_manifest(copied)
    assert caught.value.code == "model_damaged"


@pytest.mark.model
def test_a_damaged_or_stale_folder_is_replaced(copied: Path, prepared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stale = json.loads((copied / manifest.FILE_NAME).read_text(encoding="utf-8")) | {"recipe": "0-old"}
    _overwrite(copied / manifest.FILE_NAME, json.dumps(stale).encode())
    monkeypatch.setattr(
        prepare, "_make", lambda _name, folder, *_rest: shutil.copytree(prepared, folder, copy_function=_link)
    )
    assert prepare_default_model(copied.parent) == copied
    assert manifest.read_manifest(copied).recipe != "0-old"
    assert {path.name for path in copied.parent.iterdir()} == {copied.name, SECOND}


@pytest.mark.model
def test_a_folder_that_starts_slowly_is_renewed_without_preparing(
    copied: Path, embedder: OnnxEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = manifest.read_manifest(copied)
    old = {name: fact for name, fact in facts.files.items() if "pieces" not in name and "model.onnx.data" not in name}
    (copied / manifest.FILE_NAME).unlink()
    manifest.write_manifest(copied, replace(facts, files=old))
    monkeypatch.setattr(prepare, "_make", None)
    assert prepare_default_model(copied.parent) == copied
    assert manifest.verify(copied).files.keys() == facts.files.keys()
    assert np.array_equal(OnnxEmbedder(copied).embed(["竹"], "query"), embedder.embed(["竹"], "query"))


@pytest.mark.model
@pytest.mark.parametrize("name", ["head.json", "pieces.marisa", "pieces.npy"])
def test_damaged_pieces_are_refused_at_load(copied: Path, name: str) -> None:
    _overwrite(copied / "onnx" / name, b"\x00" * (copied / "onnx" / name).stat().st_size)
    with pytest.raises(MeguriError) as caught:
        OnnxEmbedder(copied)
    assert caught.value.code == "model_damaged"


def test_a_failure_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_name: str, folder: Path, *_rest: object) -> None:
        (folder / "onnx").mkdir(parents=True)
        raise RuntimeError("interrupted")

    monkeypatch.setattr(prepare, "_make", fail)
    with pytest.raises(RuntimeError):
        prepare_default_model(tmp_path)
    assert not list(tmp_path.iterdir())


def test_what_killed_runs_left_is_swept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old, young = tmp_path / ".preparing-old", tmp_path / ".preparing-young"
    for folder in (old, young):
        (folder / "model").mkdir(parents=True)
    os.utime(old, (0, 0))
    monkeypatch.setattr(prepare, "_make", lambda _name, folder, *_rest: folder.mkdir())
    prepare_default_model(tmp_path)
    assert not old.exists() and young.exists()


def test_an_unprepared_model_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(MeguriError) as caught:
        model_folder("some-model", tmp_path)
    assert caught.value.code == "model_missing" and "meguri prepare" in caught.value.remedy_ja


def test_folder_names_stay_inside_the_cache() -> None:
    for name in ("../../etc", "org/model", "..", "/", "日本語モデル"):
        assert "/" not in prepare._folder_name(name) and not prepare._folder_name(name).startswith(".")


def test_the_cache_follows_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MEGURI_MODELS", str(tmp_path))
    assert prepare.default_cache_dir() == tmp_path
    monkeypatch.delenv("MEGURI_MODELS")
    assert prepare.default_cache_dir().parts[-2:] == ("meguri", "models")


def test_samples_are_balanced_and_distinct() -> None:
    for kind, least in (("query", 60), ("offer", 40), ("issue", 30), ("passage", 60)):
        japanese, english = (sample_texts(kind, language) for language in LANGUAGES)  # type: ignore[arg-type]
        assert len(japanese) == len(english) >= least
        assert len(set(japanese)) == len(japanese) and len(set(english)) == len(english)
        assert all(any(ord(character) > 0x3000 for character in text) for text in japanese)
        assert all(text.isascii() for text in english)


@pytest.mark.model
def test_reference_means_are_those_of_the_samples(prepared: Path, embedder: OnnxEmbedder) -> None:
    stored = load_reference_means(prepared)
    assert set(stored) == {(kind, language) for kind in KINDS for language in LANGUAGES}
    for key, mean in compute_reference_means(embedder).items():
        assert mean.shape == (embedder.dimension,) and np.allclose(stored[key], mean, atol=1e-5)
    assert 0.8 < np.linalg.norm(stored["query", "ja"]) < 1
