"""Looks over a data folder and says of each part whether it is well, and what mends it if not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kg.errors import MeguriError
from kg.folder import DataFolder
from kg.ontology_load import packaged_version, stored_version
from kg.store import GraphStore
from search_api.engine.index.entry_store import EntryStore
from search_api.engine.index.faiss_index import FaissIndex
from search_api.engine.index.manifest import Manifest
from search_api.engine.models.embedder import Embedder
from search_api.engine.models.loading import load_model
from search_api.engine.sync import difference
from search_api.settings import Settings


@dataclass(frozen=True)
class Finding:
    """One part of the folder: well or not, and what was seen."""

    what: str
    ok: bool
    en: str
    ja: str

    def as_json(self) -> dict[str, object]:
        """The finding as data."""
        return {"what": self.what, "ok": self.ok, "message": {"en": self.en, "ja": self.ja}}


def examine(settings: Settings) -> list[Finding]:
    """All findings; a part that cannot be looked at is a finding, not a fault."""
    embedder, finding = _model(settings)
    findings = [finding]
    try:
        folder = DataFolder.open(settings.data)
        with folder.reader() as store:
            findings += [
                _guarded("graph", lambda: _graph(store)),
                _guarded("ontology", lambda: _ontology(store)),
                _guarded("index", lambda: _index(folder, store, embedder)),
                _guarded("editions", lambda: _editions(folder, settings)),
            ]
    except MeguriError as error:
        findings.append(_fault("folder", error))
    return findings


def _editions(folder: DataFolder, settings: Settings) -> Finding:
    """How many editions there are, and how much of their quota they use."""
    kept = folder.editions(settings.editions_bytes)
    found, used, quota = kept.all(), kept.used(), kept.quota
    limit = f" / {quota / 1e9:.2f}" if quota is not None else ""
    seen = f"{len(found)}, {used / 1e9:.2f}{limit} GB"
    ok = quota is None or used <= quota
    over = ("", "") if ok else ("; free one with `meguri retire`", "。`meguri retire` で古い版のデータを外してください")
    return Finding("editions", ok, f"{seen} of disk used{over[0]}", f"{seen} を使用{over[1]}")


def _guarded(what: str, look: Callable[[], Finding]) -> Finding:
    try:
        return look()
    except MeguriError as error:
        return _fault(what, error)


def _fault(what: str, error: MeguriError) -> Finding:
    return Finding(what, False, error.message("en"), error.message("ja"))


def _model(settings: Settings) -> tuple[Embedder | None, Finding]:
    try:
        embedder = load_model(settings.model, settings.models).embedder
    except MeguriError as error:
        return None, _fault("model", error)
    seen = f"{embedder.model_id}, {embedder.dimension}"
    return embedder, Finding("model", True, f"{seen} dimensions", f"{seen} 次元")


def _graph(store: GraphStore) -> Finding:
    count = store.count()
    if not count:
        return Finding("graph", False, "it is empty: run `meguri init`", "空です。`meguri init` を実行してください")
    return Finding("graph", True, f"{count:,} published statements", f"公開済みの文 {count:,} 件")


def _ontology(store: GraphStore) -> Finding:
    stored, packaged = stored_version(store), packaged_version()
    if stored == packaged:
        return Finding("ontology", True, f"version {stored}", f"{stored} 版")
    return Finding(
        "ontology",
        False,
        f"the graph holds {stored}, the program brings {packaged}: run `meguri init`, then `meguri reindex`",
        f"グラフは {stored} 版、プログラムは {packaged} 版です。`meguri init` の後 `meguri reindex` を実行してください",
    )


def _index(folder: DataFolder, store: GraphStore, embedder: Embedder | None) -> Finding:
    manifest = Manifest.read(folder.index_path / "manifest.json")
    if manifest is None:
        return Finding(
            "index", False, "there is none yet: run `meguri reindex`", "未作成です。`meguri reindex` を実行してください"
        )
    _require_readable(folder, manifest, embedder, stored_version(store))
    entries = EntryStore(folder.index_path / "entries.db", read_only=True)
    try:
        found = difference(store, entries.record_hashes(), folder.base)
        count = len(entries.record_hashes())
    finally:
        entries.close()
    if found:
        lacks = len(found.stale) + len(found.gone)
        return Finding(
            "index",
            False,
            f"{lacks} records differ from the graph: run `meguri reindex`",
            f"グラフと {lacks} 件が一致しません。`meguri reindex` を実行してください",
        )
    seen = f"{count:,} / generation {manifest.generation}"
    return Finding("index", True, f"{seen}, equal to the graph", f"{seen}（グラフと一致）")


def _require_readable(folder: DataFolder, manifest: Manifest, embedder: Embedder | None, ontology: str | None) -> None:
    """MeguriError where a search would refuse the index; a vectors' file that is missing is made at the next start."""
    if embedder is not None:
        manifest.require(model=embedder.model_id, dimension=embedder.dimension, ontology=str(ontology))
    vectors = folder.index_path / "vectors.faiss"
    if vectors.exists():
        FaissIndex.load(vectors, manifest.dimension)
