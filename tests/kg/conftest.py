"""A small ontology package in place of the real one, for tests of how any ontology is loaded."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

CES_TTL = """
@prefix ces: <https://w3id.org/meguri/ces#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
ces:Issue a owl:Class ; rdfs:label "課題"@ja, "issue"@en .
[] a owl:AllDisjointClasses .
"""
THEME_TTL = """
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<https://w3id.org/meguri/concept/theme/energy> a skos:Concept ; skos:prefLabel "エネルギー"@ja, "energy"@en .
"""


@pytest.fixture
def ontology(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of an importable package ``ontology`` with two files, which the test may change."""
    folder = tmp_path / "packages" / "ontology"
    (folder / "schemes").mkdir(parents=True)
    (folder / "__init__.py").write_text("")
    (folder / "ces.ttl").write_text(CES_TTL, encoding="utf-8")
    (folder / "regions.ttl").write_text(
        "<https://w3id.org/meguri/region/13> a <https://w3id.org/meguri/ces#Prefecture> ."
    )
    (folder / "schemes" / "themes.ttl").write_text(THEME_TTL, encoding="utf-8")
    importlib.import_module("ontology")  # so that the real one is put back at the end
    monkeypatch.delitem(sys.modules, "ontology")
    monkeypatch.syspath_prepend(str(folder.parent))
    return folder
