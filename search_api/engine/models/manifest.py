"""What a prepared model folder says of itself, so that a half-written or foreign one is refused with a remedy."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from kg.errors import MeguriError
from search_api.engine.models.embedder import Role

FORMAT = 1
FILE_NAME = "manifest.json"


class PreparedModelError(MeguriError):
    """A prepared model is missing (``model_missing``) or damaged (``model_damaged``)."""


@dataclass(frozen=True)
class FileFact:
    """Size and content hash of one file of the folder."""

    bytes: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """Identity, origin and content of a prepared model.

    ``recipe`` stands for everything that preparation depends on beside the source: code version and samples.
    """

    model: str
    model_id: str
    dimension: int
    max_tokens: int
    prefixes: Mapping[Role, str]
    precision: str
    licence: str
    source: str
    source_sha256: str
    recipe: str
    made_by: str
    versions: Mapping[str, str]
    files: Mapping[str, FileFact] = field(default_factory=dict)
    format: int = FORMAT


def read_manifest(folder: Path) -> Manifest:
    """The folder's manifest, with the size of every listed file checked (cheap enough for each start).

    Raises PreparedModelError: no manifest, another format, or a file absent or of another size.
    """
    try:
        fields = json.loads((folder / FILE_NAME).read_text(encoding="utf-8"))
        fields["files"] = {name: FileFact(**fact) for name, fact in fields["files"].items()}
        manifest = Manifest(**fields)
    except FileNotFoundError as error:
        raise missing(folder.name) from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise damaged(folder, FILE_NAME) from error
    if manifest.format != FORMAT:
        raise damaged(folder, FILE_NAME)
    for name, fact in manifest.files.items():
        if not _has_size(folder / name, fact.bytes):
            raise damaged(folder, name)
    return manifest


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write ``manifest.json``; the folder is not yet visible under its final name."""
    text = json.dumps(asdict(manifest), ensure_ascii=False, indent=2, sort_keys=True)
    (folder / FILE_NAME).write_text(text + "\n", encoding="utf-8")


def verify(folder: Path) -> Manifest:
    """Read every byte and compare with the manifest (about a second); what ``doctor`` calls.

    Raises PreparedModelError naming the first file whose content changed.
    """
    manifest = read_manifest(folder)
    for name, fact in manifest.files.items():
        if sha256_of(folder / name) != fact.sha256:
            raise damaged(folder, name)
    return manifest


def describe_files(folder: Path) -> dict[str, FileFact]:
    """Facts of all files below ``folder`` except the manifest, by path relative to it."""
    return {
        path.relative_to(folder).as_posix(): FileFact(path.stat().st_size, sha256_of(path))
        for path in sorted(_files(folder))
    }


def sha256_of(path: Path) -> str:
    """Hexadecimal SHA-256 of the file's content."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def missing(name: str) -> PreparedModelError:
    """The error for a model that was never prepared."""
    return PreparedModelError(
        code="model_missing",
        en=f"The embedding model {name} has not been prepared on this machine.",
        ja=f"埋め込みモデル {name} がこの機械では準備されていません。",
        remedy_en="Run `meguri prepare` (or `make setup`), or point MEGURI_MODELS to where it was prepared.",
        remedy_ja="`meguri prepare` を実行するか、MEGURI_MODELS で準備済みの場所を指定してください。",
    )


def damaged(folder: Path, name: str) -> PreparedModelError:
    """The error for a folder whose content is not what its manifest says."""
    return PreparedModelError(
        code="model_damaged",
        en=f"The prepared model {folder.name} is damaged: {name} is absent or has changed.",
        ja=f"準備済みモデル {folder.name} が壊れています: {name} がないか、内容が変わっています。",
        remedy_en="Run `meguri prepare` again; it replaces the damaged folder.",
        remedy_ja="`meguri prepare` をもう一度実行してください。壊れたフォルダーは作り直されます。",
    )


def _files(folder: Path) -> Iterable[Path]:
    return (path for path in folder.rglob("*") if path.is_file() and path.name != FILE_NAME)


def _has_size(path: Path, size: int) -> bool:
    return path.is_file() and path.stat().st_size == size
