"""The data folder: made once, opened with care, written by one process."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from rdflib import Literal

from kg.errors import MeguriError
from kg.folder import FORMAT, DataFolder
from kg.namespaces import DEFAULT_BASE
from kg.ontology_load import load_ontology, require_current_ontology
from kg.store import GraphChange
from tests.contracts.graph_store import A, graph_of

BASE = "https://example.org/ces/"
HOLDER = """
import pathlib, sys
from kg.folder import DataFolder
with DataFolder.open(pathlib.Path(sys.argv[1])).writer():
    print("writing", flush=True)
    sys.stdin.readline()
"""

pytestmark = pytest.mark.usefixtures("ontology")


@pytest.fixture
def folder(tmp_path: Path, ontology: Path) -> DataFolder:
    return DataFolder.create(tmp_path / "data", BASE)[0]


def refused(path: Path, base: str | None = None) -> MeguriError:
    with pytest.raises(MeguriError) as caught:
        DataFolder.open(path) if base is None else DataFolder.create(path, base)
    assert caught.value.en
    assert caught.value.ja
    assert caught.value.remedy_en
    assert caught.value.remedy_ja
    return caught.value


def test_a_new_folder_holds_the_ontology_for_writers_and_readers(tmp_path: Path) -> None:
    folder, changed = DataFolder.create(tmp_path / "deep" / "data")
    assert changed
    assert folder == DataFolder.open(folder.path) == DataFolder(folder.path, DEFAULT_BASE)
    with folder.reader() as reader:
        assert require_current_ontology(reader)
    with folder.writer() as writer:
        assert require_current_ontology(writer)


def test_making_it_again_changes_nothing(folder: DataFolder) -> None:
    with folder.writer() as store:
        store.apply([GraphChange(A, graph_of(A, Literal("kept")))])
    newest = folder.snapshots.newest()
    assert DataFolder.create(folder.path, BASE) == (folder, False)
    assert DataFolder.create(folder.path) == (folder, False)  # no base given: the folder's own
    assert folder.snapshots.newest() == newest
    with folder.writer() as store:
        assert set(store.graph(A).objects()) == {Literal("kept")}


def test_a_new_ontology_is_brought_in_and_published(folder: DataFolder, ontology: Path) -> None:
    themes = ontology / "schemes" / "themes.ttl"
    themes.write_text(themes.read_text(encoding="utf-8").replace('"head"', '"Head"'), encoding="utf-8")
    assert DataFolder.create(folder.path, BASE) == (folder, True)
    with folder.reader() as store:
        assert require_current_ontology(store)


def test_a_folder_whose_snapshots_are_gone_gets_a_new_one(folder: DataFolder) -> None:
    shutil.rmtree(folder.path / "snapshots")
    assert DataFolder.create(folder.path, BASE) == (folder, True)
    with folder.reader() as store:
        assert require_current_ontology(store)


def test_a_making_that_was_killed_is_finished_by_the_next(tmp_path: Path) -> None:
    half = DataFolder(tmp_path / "data", BASE)
    half.path.mkdir()
    with half.writer() as store:
        load_ontology(store)
    assert refused(half.path).code == "no_data_folder"
    assert DataFolder.create(half.path, BASE) == (half, True)
    with DataFolder.open(half.path).reader() as store:
        assert require_current_ontology(store)


def test_another_base_is_refused(folder: DataFolder) -> None:
    error = refused(folder.path, "https://example.org/other/")
    assert error.code == "base_differs"
    assert BASE in error.en
    assert BASE in error.ja
    assert DataFolder.open(folder.path).base == BASE


@pytest.mark.parametrize(
    "base",
    ["", "ces", "example.org/id/", "https://example.org/id", "https://example.org/id#", "https://example.org/a b/",
     "https://example.org/?id=/", "https://example.org/#/", "ftp://example.org/", "https://example.org/<x>/", "https:///"],
)  # fmt: skip
def test_an_impossible_base_is_refused_before_anything_is_loaded(tmp_path: Path, base: str) -> None:
    assert refused(tmp_path / "data", base).code == "base_invalid"
    assert not (tmp_path / "data" / "graph").exists()


@pytest.mark.parametrize("text", ["", "no json", "[]", "null", "3", "{}", '{"format": 1}', '{"base": "x"}', "\ufffd{"])
def test_what_is_no_data_folder_is_not_opened(tmp_path: Path, text: str) -> None:
    assert refused(tmp_path).code == "no_data_folder"
    (tmp_path / "folder.json").write_text(text, encoding="utf-8")
    assert refused(tmp_path).code == "no_data_folder"


def test_bytes_that_are_no_text_are_no_data_folder(tmp_path: Path) -> None:
    (tmp_path / "folder.json").write_bytes(b"\xff\xfe\x00{")
    assert refused(tmp_path).code == "no_data_folder"
    assert refused(tmp_path / "missing").code == "no_data_folder"


def test_another_format_is_refused_for_opening_and_making(folder: DataFolder) -> None:
    description = {"format": FORMAT + 1, "base": BASE}
    (folder.path / "folder.json").write_text(json.dumps(description))
    assert refused(folder.path).code == "folder_format"
    assert refused(folder.path, BASE).code == "folder_format"
    assert json.loads((folder.path / "folder.json").read_text()) == description


def test_a_file_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    for path in (tmp_path / "data", tmp_path / "data" / "below"):
        error = refused(path, BASE)
        assert error.code == "folder_unwritable"
        assert str(path) in error.en


def test_a_second_writer_in_another_process_is_refused_while_readers_read(folder: DataFolder) -> None:
    program = [sys.executable, "-c", HOLDER, str(folder.path)]
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "writing\n"
        with pytest.raises(MeguriError) as caught, folder.writer():
            pass
        assert caught.value.code == "store_in_use"
        assert refused(folder.path, BASE).code == "store_in_use"
        with folder.reader() as store:
            assert store.count() > 0
        holder.communicate("\n", timeout=20)
    with folder.writer() as store:
        assert store.count() > 0


def test_a_failed_writer_gives_the_store_back(folder: DataFolder) -> None:
    with pytest.raises(KeyError), folder.writer():
        raise KeyError
    with folder.writer() as store:
        assert store.count() > 0
