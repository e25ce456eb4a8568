"""The data folder: where everything lies, which format it has, and who may write to it."""

from __future__ import annotations

import fcntl
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from rdflib import URIRef

from kg.editions import Editions
from kg.errors import MeguriError
from kg.files import write_atomically
from kg.namespaces import DEFAULT_BASE
from kg.ontology_load import load_ontology
from kg.oxigraph_store import OxigraphStore, store_in_use
from kg.remote_store import RemoteAddress, RemoteStore
from kg.snapshots import Snapshots
from kg.store import GraphStore
from kg.terms import term_text

FORMAT = 1


@dataclass(frozen=True)
class DataFolder:
    """A folder made by ``meguri init``; ``base`` is the prefix of all record IRIs in it."""

    path: Path
    base: str
    remote: RemoteAddress | None = None
    """The server that holds the graph, where the folder's own store does not."""

    @classmethod
    def create(
        cls, path: Path, base: str = DEFAULT_BASE, remote: RemoteAddress | None = None
    ) -> tuple[DataFolder, bool]:
        """Make the folder, or open it and update its ontology; the flag says whether anything changed.

        Raises MeguriError: ``base_invalid``; ``base_differs`` where the folder exists with another base;
        ``folder_unwritable``.
        """
        description = path / "folder.json"
        if description.exists():
            folder = cls.open(path, remote)
            if base not in (folder.base, DEFAULT_BASE):
                raise _base_differs(path, folder.base, base)
        else:
            folder = cls(_made(path), _checked_base(base), remote)
        with folder.writer() as store:
            # a checkpoint may be missing although the ontology is there: killed in between, or deleted
            changed = load_ontology(store) or folder.snapshots.newest() is None
            if changed:
                folder.snapshots.publish(store)
        if not description.exists():
            write_atomically(description, json.dumps({"format": FORMAT, "base": folder.base}, indent=1).encode())
        return folder, changed

    @classmethod
    def open(cls, path: Path, remote: RemoteAddress | None = None) -> DataFolder:
        """Open an existing folder; MeguriError (``no_data_folder``, ``folder_format``) where it is none of ours."""
        try:
            description = json.loads((path / "folder.json").read_text(encoding="utf-8"))
            format_, base = description["format"], description["base"]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise _no_folder(path) from error
        if format_ != FORMAT:
            raise _other_format(path, format_)
        return cls(path, base, remote)

    @property
    def snapshots(self) -> Snapshots:
        """The checkpoints for readers."""
        return Snapshots(self.path / "snapshots")

    def editions(self, quota: int | None = None) -> Editions:
        """The named checkpoints; ``quota`` in bytes."""
        return Editions(self.path / "editions", self.base, quota)

    @property
    def index_path(self) -> Path:
        """The folder of the search index, derived from the graph."""
        return self.path / "index"

    @property
    def cache_path(self) -> Path:
        """What is derived from the ontology and may be deleted at any time."""
        return self.path / "cache"

    @property
    def journals_path(self) -> Path:
        """Where ingestions that are under way say how far they are, so that a killed one can go on."""
        return self.path / "ingestions"

    @contextmanager
    def writer(self) -> Iterator[GraphStore]:
        """The live store, for the one process that owns it; MeguriError (``store_in_use``) for a second one."""
        if self.remote is not None:
            with self._only_writer():
                remote = RemoteStore(self.remote)
                try:
                    yield remote
                finally:
                    remote.close()
            return
        store = OxigraphStore(self.path / "graph")
        try:
            yield store
        finally:
            store.close()

    @contextmanager
    def _only_writer(self) -> Iterator[None]:
        """A server lets everybody in, so the folder itself is locked for the time of writing."""
        with (self.path / "writer.lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise store_in_use(self.path) from error
            yield

    @contextmanager
    def reader(self) -> Iterator[OxigraphStore]:
        """The newest snapshot, read-only, for any number of processes."""
        with self.snapshots.lease() as path:
            store = OxigraphStore(path, read_only=True)
            try:
                yield store
            finally:
                store.close()


def _made(path: Path) -> Path:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise MeguriError(
            code="folder_unwritable",
            en=f"The folder {path} cannot be made: {error.strerror}.",
            ja=f"フォルダ {path} を作成できません（{error.strerror}）。",
            remedy_en="Name another folder with --data or MEGURI_DATA, or mend its permissions.",
            remedy_ja="--data または MEGURI_DATA で別のフォルダを指定するか、権限を直してください。",
        ) from error
    return path


def _checked_base(base: str) -> str:
    """Ids are appended to the base and parts begin with #, so it must be a web address that ends in a slash."""
    if re.fullmatch(r"https?://[^/\s]\S*", base) and base.endswith("/") and not set(base) & set("#?"):
        with suppress(ValueError):
            term_text(URIRef(base))
            return base
    raise MeguriError(
        code="base_invalid",
        en=f"{base} cannot be the prefix of record addresses.",
        ja=f"{base} はレコードの IRI の接頭辞に使えません。",
        remedy_en="Give an address that ends in a slash and holds no # or ?, such as https://example.org/id/.",
        remedy_ja="https://example.org/id/ のように、/ で終わり # や ? を含まないアドレスを指定してください。",
    )


def _other_format(path: Path, found: object) -> MeguriError:
    return MeguriError(
        code="folder_format",
        en=f"{path} has format {found}, this program reads format {FORMAT}.",
        ja=f"{path} は形式 {found} ですが、このプログラムは形式 {FORMAT} に対応しています。",
        remedy_en="Use the version of Meguri that made the folder, or export and ingest again.",
        remedy_ja="作成した版の Meguri を使うか、書き出して取り込み直してください。",
    )


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
