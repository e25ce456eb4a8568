"""The data folder: where everything lies, which format it has, and who may write to it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kg.errors import MeguriError
from kg.files import write_atomically
from kg.namespaces import DEFAULT_BASE
from kg.ontology_load import load_ontology
from kg.oxigraph_store import OxigraphStore
from kg.snapshots import Snapshots

FORMAT = 1


@dataclass(frozen=True)
class DataFolder:
    """A folder made by ``meguri init``; ``base`` is the prefix of all record IRIs in it."""

    path: Path
    base: str

    @classmethod
    def create(cls, path: Path, base: str = DEFAULT_BASE) -> tuple[DataFolder, bool]:
        """Make the folder, or open it and update its ontology; the flag says whether anything changed.

        Raises MeguriError (``base_differs``) where the folder exists with another base.
        """
        description = path / "folder.json"
        if description.exists():
            folder = cls.open(path)
            if base not in (folder.base, DEFAULT_BASE):
                raise _base_differs(path, folder.base, base)
        else:
            path.mkdir(parents=True, exist_ok=True)
            folder = cls(path, base)
        with folder.writer() as store:
            changed = load_ontology(store)
            if changed:
                folder.snapshots.publish(store)
        if not description.exists():
            write_atomically(description, json.dumps({"format": FORMAT, "base": folder.base}, indent=1).encode())
        return folder, changed

    @classmethod
    def open(cls, path: Path) -> DataFolder:
        """Open an existing folder; MeguriError (``no_data_folder``, ``folder_format``) where it is none of ours."""
        try:
            description = json.loads((path / "folder.json").read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise _no_folder(path) from error
        if description.get("format") != FORMAT:
            raise MeguriError(
                code="folder_format",
                en=f"{path} has format {description.get('format')}, this program reads format {FORMAT}.",
                ja=f"{path} は形式 {description.get('format')} ですが、このプログラムは形式 {FORMAT} に対応しています。",
                remedy_en="Use the version of Meguri that made the folder, or export and ingest again.",
                remedy_ja="作成した版の Meguri を使うか、書き出して取り込み直してください。",
            )
        return cls(path, description["base"])

    @property
    def snapshots(self) -> Snapshots:
        """The checkpoints for readers."""
        return Snapshots(self.path / "snapshots")

    @property
    def index_path(self) -> Path:
        """The folder of the search index, derived from the graph."""
        return self.path / "index"

    @property
    def cache_path(self) -> Path:
        """What is derived from the ontology and may be deleted at any time."""
        return self.path / "cache"

    @contextmanager
    def writer(self) -> Iterator[OxigraphStore]:
        """The live store, for the one process that owns it; MeguriError (``store_in_use``) for a second one."""
        store = OxigraphStore(self.path / "graph")
        try:
            yield store
        finally:
            store.close()

    @contextmanager
    def reader(self) -> Iterator[OxigraphStore]:
        """The newest snapshot, read-only, for any number of processes."""
        with self.snapshots.lease() as path:
            store = OxigraphStore(path, read_only=True)
            try:
                yield store
            finally:
                store.close()


def _no_folder(path: Path) -> MeguriError:
    return MeguriError(
        code="no_data_folder",
        en=f"{path} is not a data folder of Meguri.",
        ja=f"{path} は Meguri のデータフォルダではありません。",
        remedy_en="Make one with `meguri init`, or name another with --data or MEGURI_DATA.",
        remedy_ja="`meguri init` で作成するか、--data または MEGURI_DATA で別のフォルダを指定してください。",
    )


def _base_differs(path: Path, old: str, new: str) -> MeguriError:
    return MeguriError(
        code="base_differs",
        en=f"{path} was made with the base {old}; {new} would change every address in it.",
        ja=f"{path} のベース IRI は {old} です。{new} に変えるとすべての住所が変わります。",
        remedy_en="Keep the base, or make a new folder with `meguri init --data NEW --base …` and ingest again.",
        remedy_ja="ベースを変えないか、`meguri init --data 新フォルダ --base …` で作り直してください。",
    )
