"""Makes a model ready to serve, once per machine: a sentence-transformers folder, its ONNX export and a manifest.

A prepared folder appears under its name complete or not at all, and is never changed afterwards, only replaced.
"""

from __future__ import annotations

import argparse
import hashlib
import logging
import os
import re
import shutil
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import platformdirs

from kg.errors import MeguriError
from search_api.engine.models import adapter, e5_package, manifest, onnx_model, pieces, reference_means
from search_api.engine.models.manifest import Manifest, PreparedModelError
from search_api.engine.models.sentence_encoder_package import prepare_sentence_encoder

DEFAULT_MODEL = "multilingual-e5-small"
PUBLISHED_MODEL = "multilingual-e5-small-published"
"""The packaged model without Meguri's own corrections (``adapter``), to compare with."""
Precision = Literal["int8", "f32"]
DEFAULT_PRECISION: Precision = "int8"
"""Chosen by measurement: see benchmarks/embedding.py."""

_PACKAGED = (DEFAULT_MODEL, PUBLISHED_MODEL)
_RECIPE = 3  # raise it when a change in this package changes what is prepared
_TORCH_FOLDER = "sentence-transformers"
_TEMPORARY = ".preparing-"
_ABANDONED_SECONDS = 6 * 3600
_COMMAND = "python -m search_api.engine.models.prepare"
Progress = Callable[[str], None]


def default_cache_dir() -> Path:
    """``MEGURI_MODELS``, else ``meguri/models`` in the user's cache folder."""
    named = os.environ.get("MEGURI_MODELS")
    return Path(named) if named else platformdirs.user_cache_path("meguri") / "models"


def model_folder(name_or_path: str, models: Path | None = None) -> Path:
    """Where the prepared model lies.

    Raises PreparedModelError (``model_missing``) where it was not prepared.
    """
    folder = (models or default_cache_dir()) / _folder_name(name_or_path)
    if not (folder / manifest.FILE_NAME).is_file():
        raise manifest.missing(name_or_path)
    return folder


def prepare_default_model(cache_dir: Path | None = None, progress: Progress | None = None) -> Path:
    """Prepare the packaged multilingual-e5-small with our corrections; see ``prepare_model``."""
    return prepare_model(DEFAULT_MODEL, cache_dir, progress=progress)


def prepare_model(
    name_or_path: str,
    cache_dir: Path | None = None,
    *,
    precision: Precision = DEFAULT_PRECISION,
    progress: Progress | None = None,
) -> Path:
    """Prepare a model and the second encoder unless that was done already, and return the model's folder.

    ``name_or_path`` is the default model's name, or any sentence-transformers model's name or path. Takes about
    a minute; a second call some milliseconds. Two processes may do it at once: the later one is discarded.
    Raises ModelFileError (default model's file), PreparedModelError (a model that cannot be exported).
    """
    cache, tell = cache_dir or default_cache_dir(), progress or (lambda _message: None)
    folder = _prepared(name_or_path, cache, precision, tell)
    prepare_sentence_encoder(cache, tell)
    return folder


def _prepared(name_or_path: str, cache: Path, precision: Precision, tell: Progress) -> Path:
    folder = cache / _folder_name(name_or_path)
    if _is_current(folder, precision):
        return folder
    cache.mkdir(parents=True, exist_ok=True)
    _sweep(cache)
    with tempfile.TemporaryDirectory(dir=cache, prefix=_TEMPORARY, ignore_cleanup_errors=True) as temporary:
        made = Path(temporary) / "model"
        with _quiet_libraries():
            if not _renew(folder, made, precision):
                _make(name_or_path, made, precision, tell)
        _put_in_place(made, folder, Path(temporary), precision)
    return folder


def main(arguments: list[str] | None = None) -> int:
    """Prepare a model and print its folder; messages go to standard error. 0 done, 1 failed."""
    parser = argparse.ArgumentParser(prog=_COMMAND, description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--models", type=Path, help="cache folder (default: MEGURI_MODELS, else the user's cache)")
    parser.add_argument("--model", default=DEFAULT_MODEL, help="name or path of a sentence-transformers model")
    parser.add_argument("--precision", choices=("int8", "f32"), default=DEFAULT_PRECISION)
    options = parser.parse_args(arguments)
    try:
        folder = prepare_model(options.model, options.models, precision=options.precision, progress=_to_stderr)
    except MeguriError as error:
        _to_stderr(error.message("ja"))
        _to_stderr(error.message("en"))
        return 1
    sys.stdout.write(f"{folder}\n")
    return 0


def _make(name_or_path: str, folder: Path, precision: Precision, tell: Progress) -> None:
    tell("1/4 reading the weights / 重みを読み込んでいます")
    from search_api.engine.models import torch_model  # noqa: PLC0415

    source, digest, licence = _fetch(name_or_path, folder / _TORCH_FOLDER, torch_model)
    model = torch_model.load_sentence_transformer(str(folder / _TORCH_FOLDER))
    facts = Manifest(
        model=Path(name_or_path).name,
        model_id=f"{Path(name_or_path).name}@{digest[:12]}/onnx-{precision}-{_recipe()}",
        dimension=torch_model.dimension_of(model),
        max_tokens=torch_model.max_tokens_of(model),
        prefixes=torch_model.prefixes_of(model, name_or_path),
        precision=precision,
        licence=licence,
        source=source,
        source_sha256=digest,
        recipe=_recipe(),
        made_by=_COMMAND,
        versions={**torch_model.library_versions(), "onnxruntime": onnx_model.runtime_version()},
    )
    _export(model, folder, facts, torch_model, tell)
    _finish(folder, facts, tell)


def _fetch(name_or_path: str, target: Path, torch_model: Any) -> tuple[str, str, str]:
    """Write the sentence-transformers folder; where it came from, the weights' sha256 and licence."""
    if name_or_path in _PACKAGED:
        return _fetch_packaged(target, torch_model, adapted=name_or_path == DEFAULT_MODEL)
    torch_model.load_sentence_transformer(name_or_path).save(str(target))
    weights = target / "model.safetensors"
    if not weights.is_file() or not (target / "tokenizer.json").is_file():
        raise _unsupported(name_or_path)
    return name_or_path, manifest.sha256_of(weights), "see the model's own card"


def _fetch_packaged(target: Path, torch_model: Any, *, adapted: bool) -> tuple[str, str, str]:
    package = e5_package.read_package(e5_package.find_package_file())
    corrections = adapter.Adapter.shipped() if adapted else None
    torch_model.write_e5_folder(package, target, corrections)
    source = f"{e5_package.PACKAGE} {e5_package.PACKAGE_VERSION}: {e5_package.FILE_NAME}"
    if corrections:
        source += f", corrected by {adapter.FILE_NAME} ({corrections.digest})"
    return source, _packaged_digest(adapted), "MIT"


def _packaged_digest(adapted: bool) -> str:
    """SHA-256 of the package's file; of that and the corrections together where they are merged."""
    if not adapted:
        return e5_package.FILE_SHA256
    return hashlib.sha256(f"{e5_package.FILE_SHA256} {adapter.shipped_digest()}".encode()).hexdigest()


def _export(model: Any, folder: Path, facts: Manifest, torch_model: Any, tell: Progress) -> None:
    target = folder / onnx_model.MODEL_FILE
    target.parent.mkdir()
    shutil.copyfile(folder / _TORCH_FOLDER / "tokenizer.json", folder / onnx_model.TOKENIZER_FILE)
    if facts.precision == "int8":
        tell("2/4 measuring activations / 活性値を測っています")
        torch_model.smooth_linear_inputs(model, _calibration_texts(facts))
    tell("3/4 exporting to ONNX / ONNX に書き出しています")
    plain, small = target.with_name("plain.onnx"), target.with_name("small.onnx")
    torch_model.export_onnx(model, plain, facts.max_tokens)
    torch_model.shrink_word_table(plain, small)
    plain.unlink()
    if facts.precision == "int8":
        onnx_model.quantise_linear_layers(small, plain)
        small.unlink()
    else:
        small.rename(plain)
    _store_for_serving(plain, target, torch_model)


def _store_for_serving(plain: Path, target: Path, torch_model: Any) -> None:
    """What opens quickly: weights that are mapped and pieces that are looked up; removes ``plain``."""
    torch_model.store_weights_apart(plain, target)
    plain.unlink()
    pieces.write_pieces(target.with_name(Path(onnx_model.TOKENIZER_FILE).name), target.parent)


def _renew(folder: Path, made: Path, precision: Precision) -> bool:
    """Make ``made`` of a folder that was prepared before weights lay apart: seconds instead of a minute."""
    if not _is_prepared(folder, precision):
        return False
    from search_api.engine.models import torch_model  # noqa: PLC0415

    shutil.copytree(folder, made)
    plain = made / onnx_model.MODEL_FILE
    plain = plain.rename(plain.with_name("plain.onnx"))
    _store_for_serving(plain, made / onnx_model.MODEL_FILE, torch_model)
    manifest.write_manifest(made, replace(manifest.read_manifest(folder), files=manifest.describe_files(made)))
    return True


def _finish(folder: Path, facts: Manifest, tell: Progress) -> None:
    tell("4/4 reference means / 基準となる平均を計算しています")
    manifest.write_manifest(folder, facts)
    means = reference_means.compute_reference_means(onnx_model.OnnxEmbedder(folder))
    reference_means.save_reference_means(folder, means)
    manifest.write_manifest(folder, replace(facts, files=manifest.describe_files(folder)))


def _sweep(cache: Path) -> None:
    """Remove what killed runs left behind hours ago (half a gigabyte each)."""
    for folder in cache.glob(f"{_TEMPORARY}*"):
        if time.time() - folder.stat().st_mtime > _ABANDONED_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _quiet_libraries() -> Iterator[None]:
    """Exporter and quantiser warn of what does not concern the user (torchvision absent, no pre-processing)."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)


def _put_in_place(made: Path, folder: Path, temporary: Path, precision: Precision) -> None:
    """Rename onto the final name; a stale or damaged folder is moved away first, a good one of a rival is kept."""
    if folder.exists() and not _is_current(folder, precision):
        folder.rename(temporary / "replaced")
    try:
        made.rename(folder)
    except OSError:
        if not _is_current(folder, precision):
            raise


def _is_current(folder: Path, precision: Precision) -> bool:
    return _is_prepared(folder, precision) and onnx_model.WEIGHTS_FILE in manifest.read_manifest(folder).files


def _is_prepared(folder: Path, precision: Precision) -> bool:
    try:
        found = manifest.read_manifest(folder)
    except PreparedModelError:
        return False
    return found.recipe == _recipe() and found.precision == precision


def _recipe() -> str:
    return f"{_RECIPE}-{reference_means.samples_digest()}"


def _calibration_texts(facts: Manifest) -> list[str]:
    """Every other sample, with the prefix it will have."""
    return [
        facts.prefixes[reference_means.role_of(kind)] + text
        for kind in reference_means.KINDS
        for language in reference_means.LANGUAGES
        for text in reference_means.sample_texts(kind, language)[::2]
    ]


def _folder_name(name_or_path: str) -> str:
    if name_or_path in _PACKAGED:
        return f"{DEFAULT_MODEL}-{_packaged_digest(name_or_path == DEFAULT_MODEL)[:12]}"
    key = str(Path(name_or_path).resolve()) if Path(name_or_path).is_dir() else name_or_path
    readable = re.sub(r"[^A-Za-z0-9.-]+", "-", Path(name_or_path).name)[:60].lstrip(".")
    return f"{readable}-{hashlib.sha256(key.encode()).hexdigest()[:12]}"


def _unsupported(name: str) -> PreparedModelError:
    return PreparedModelError(
        code="model_unsupported",
        en=f"The model {name} has no fast tokenizer or no safetensors weights, so it cannot be exported.",
        ja=f"モデル {name} には高速トークナイザーまたは safetensors の重みがなく、書き出せません。",
        remedy_en="Choose a sentence-transformers model that comes with tokenizer.json and model.safetensors.",
        remedy_ja="tokenizer.json と model.safetensors を備えた sentence-transformers モデルを選んでください。",
    )


def _to_stderr(message: str) -> None:
    sys.stderr.write(message + "\n")


if __name__ == "__main__":
    raise SystemExit(main())
