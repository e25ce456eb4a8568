"""Each kind of damage is named with what mends it, and what mends it does."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest

from ingest.columns import load_columns
from ingest.pipeline import Ingestion, Options
from kg.errors import MeguriError
from kg.folder import DataFolder
from kg.ontology_load import packaged_version
from kg.store import GraphStore
from search_api import doctor, service
from search_api.doctor import Finding, examine
from search_api.engine.index.manifest import Manifest
from search_api.engine.models.double import HashingEmbedder
from search_api.engine.models.loading import LoadedModel
from search_api.settings import Settings

ISSUES = "ID,課題名,概要,市区町村コード,テーマ\nI1,天ぷら油,油が捨てられている。,13206,廃食用油の利用\n"


@pytest.fixture(autouse=True)
def model(monkeypatch: pytest.MonkeyPatch) -> None:
    use_model(monkeypatch, HashingEmbedder())


def use_model(monkeypatch: pytest.MonkeyPatch, embedder: HashingEmbedder) -> None:
    for module in (doctor, service):
        monkeypatch.setattr(module, "load_model", lambda name, models: LoadedModel(embedder, {}))
    monkeypatch.setattr(service, "background_model", lambda name, models: nullcontext(LoadedModel(embedder, {})))


@pytest.fixture(scope="session")
def filled_folder(prepared_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One issue, ingested, published and indexed."""
    path = tmp_path_factory.mktemp("filled") / "data"
    shutil.copytree(prepared_folder, path)
    folder = DataFolder.open(path)
    with folder.writer() as store:
        ingest(store, folder, ISSUES)
        folder.snapshots.publish(store)
    with pytest.MonkeyPatch.context() as patch:
        use_model(patch, HashingEmbedder())
        service.rebuild_index(Settings(data=path))
    return path


@pytest.fixture
def settings(filled_folder: Path, tmp_path: Path) -> Iterator[Settings]:
    shutil.copytree(filled_folder, tmp_path / "data")
    yield Settings(data=tmp_path / "data")
    shutil.rmtree(tmp_path / "data", ignore_errors=True)


def ingest(store: GraphStore, folder: DataFolder, csv: str) -> None:
    path = folder.path.parent / "issues.csv"
    path.write_text(csv, encoding="utf-8")
    report = Ingestion(store, folder.base, Options(load_columns()), "tests").ingest(path)
    assert report.file_error is None
    assert not report.rejected


def bad(settings: Settings) -> dict[str, Finding]:
    return {finding.what: finding for finding in examine(settings) if not finding.ok}


def require_remedy(finding: Finding, *remedies: str) -> None:
    for remedy in remedies:
        assert remedy in finding.en, finding
        assert remedy in finding.ja, finding


def test_a_healthy_folder_is_well_in_all_parts(settings: Settings) -> None:
    findings = examine(settings)
    assert [finding.what for finding in findings] == ["model", "graph", "ontology", "index", "editions"]
    assert all(finding.ok for finding in findings), findings
    assert findings[0].en == "hashing@64/crc32, 64 dimensions"
    assert json.dumps([finding.as_json() for finding in findings])
    assert findings[0].as_json()["message"] == {"en": findings[0].en, "ja": findings[0].ja}


def test_looking_changes_nothing(settings: Settings) -> None:
    def files() -> dict[str, int]:
        index = (p for p in (settings.data / "index").iterdir() if not p.name.startswith("entries.db-"))
        return {str(p): p.stat().st_mtime_ns for p in [*index, *(settings.data / "graph").iterdir()]}

    before = files()
    examine(settings)
    assert files() == before


def test_no_folder_at_all(tmp_path: Path) -> None:
    require_remedy(bad(Settings(data=tmp_path / "none"))["folder"], "meguri init")


def test_no_model(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str, models: Path | None) -> LoadedModel:
        raise MeguriError(
            code="model_missing", en="No model.", ja="なし。", remedy_en="make setup", remedy_ja="make setup"
        )

    monkeypatch.setattr(doctor, "load_model", missing)
    findings = bad(settings)
    assert findings.keys() == {"model"}
    require_remedy(findings["model"], "make setup")


def test_no_snapshot(settings: Settings) -> None:
    shutil.rmtree(settings.data / "snapshots")
    require_remedy(bad(settings)["folder"], "meguri init")


def test_a_damaged_snapshot(settings: Settings) -> None:
    newest = DataFolder.open(settings.data).snapshots.newest()
    assert newest is not None
    (newest / "CURRENT").unlink()
    finding = bad(settings)["folder"]
    assert "cannot be opened" in finding.en
    assert "開けません" in finding.ja


def test_a_graph_without_an_ontology(settings: Settings) -> None:
    folder = DataFolder.open(settings.data)
    shutil.rmtree(settings.data / "graph")
    with folder.writer() as store:
        folder.snapshots.publish(store)
    findings = bad(settings)
    assert findings.keys() == {"graph", "ontology", "index"}
    require_remedy(findings["graph"], "meguri init")
    require_remedy(findings["ontology"], "meguri init", "meguri reindex")


def test_another_ontology(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "packaged_version", lambda: "0123456789abcdef")
    findings = bad(settings)
    assert findings.keys() == {"ontology"}
    require_remedy(findings["ontology"], "0123456789abcdef", packaged_version(), "meguri init", "meguri reindex")


def remove_index(index: Path) -> None:
    shutil.rmtree(index)


def remove_entries(index: Path) -> None:
    (index / "entries.db").unlink()


def damage_entries(index: Path) -> None:
    (index / "entries.db").write_bytes(b"damaged" * 2_000)


def damage_manifest(index: Path) -> None:
    (index / "manifest.json").write_text("{")


def damage_vectors(index: Path) -> None:
    (index / "vectors.faiss").write_bytes(b"damaged")


def other_ontology(index: Path) -> None:
    manifest = json.loads((index / "manifest.json").read_text())
    (index / "manifest.json").write_text(json.dumps(manifest | {"ontology": "of yesterday"}))


DAMAGES = [remove_index, remove_entries, damage_entries, damage_manifest, damage_vectors, other_ontology]


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_a_damaged_index_is_named_and_the_remedy_mends_it(settings: Settings, damage: Callable[[Path], None]) -> None:
    damage(settings.data / "index")
    findings = bad(settings)
    assert findings.keys() == {"index"}
    require_remedy(findings["index"], "meguri reindex")
    assert service.rebuild_index(settings) == 1
    assert bad(settings) == {}


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_what_the_doctor_calls_damaged_a_reader_refuses(settings: Settings, damage: Callable[[Path], None]) -> None:
    damage(settings.data / "index")
    with pytest.raises(MeguriError) as caught, service.reading(settings):
        pass
    assert "meguri reindex" in caught.value.remedy_en


def test_an_index_of_another_model(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    use_model(monkeypatch, HashingEmbedder(32))
    findings = bad(settings)
    assert findings.keys() == {"index"}
    require_remedy(findings["index"], "hashing@64", "hashing@32", "meguri reindex")
    service.rebuild_index(settings)
    assert bad(settings) == {}


def test_an_index_that_differs_from_the_graph(settings: Settings) -> None:
    """Killed between commit and index; the remedy makes readers and index current."""
    folder = DataFolder.open(settings.data)
    with folder.writer() as store:
        ingest(store, folder, ISSUES + "I2,バス,バスがない。,13206,交通・物流\n")
        folder.snapshots.publish(store)
    findings = bad(settings)
    assert findings.keys() == {"index"}
    require_remedy(findings["index"], "meguri reindex")
    service.rebuild_index(settings)
    assert bad(settings) == {}


def test_a_checkpoint_older_than_graph_and_index(settings: Settings) -> None:
    """Killed after the index and before the checkpoint: `meguri reindex` publishes one too."""
    folder = DataFolder.open(settings.data)
    with folder.writer() as store:
        ingest(store, folder, ISSUES + "I2,バス,バスがない。,13206,交通・物流\n")
    with service.writing(settings) as opened:
        assert opened.healed.stale == ("issue-I2",)
    require_remedy(bad(settings)["index"], "meguri reindex")
    service.rebuild_index(settings)
    assert bad(settings) == {}


def test_a_missing_vectors_file_is_no_damage(settings: Settings) -> None:
    """It is made from the stored embeddings at the next start."""
    (settings.data / "index" / "vectors.faiss").unlink()
    assert bad(settings) == {}


def test_what_was_indexed_while_writing_is_saved_at_the_end(settings: Settings) -> None:
    from search_api.engine.sync import index_records

    with service.writing(settings) as opened:
        ingest(opened.store, opened.folder, ISSUES + "I2,バス,バスがない。,13206,交通・物流\n")
        index_records(opened.store, opened.index, opened.folder.base, ["issue-I2"])
        opened.folder.snapshots.publish(opened.store)
        assert opened.index.unsaved
    assert bad(settings) == {}
    manifest = Manifest.read(settings.data / "index" / "manifest.json")
    with service.reading(settings) as opened:
        assert manifest == opened.index.manifest
        assert not opened.index.unsaved
