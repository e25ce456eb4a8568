"""A small ontology package in place of the real one, for tests of how any ontology is loaded."""

from __future__ import annotations

import importlib
import shutil
import sys
from pathlib import Path

import pytest

from tests.ontology.sound import write_ontology

RULES = Path(__file__).resolve().parents[2] / "ontology" / "rules"


@pytest.fixture
def ontology(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of an importable package ``ontology`` of a few concepts, which the test may change."""
    folder = write_ontology(tmp_path / "packages" / "ontology")
    (folder / "__init__.py").write_text("")
    shutil.copytree(RULES, folder / "rules")
    importlib.import_module("ontology")  # so that the real one is put back at the end
    monkeypatch.delitem(sys.modules, "ontology")
    monkeypatch.syspath_prepend(str(folder.parent))
    return folder
