"""docs/researchers.md and its notebook, run on a server that really listens."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import nbformat
import pytest

from kg.editions import Editions
from tests.search_api.web.test_browser import address

__all__ = ["address"]
DOCS = Path(__file__).parents[3] / "docs"


def test_the_notebook_runs_on_a_live_endpoint(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its code cells in order, as the kernel would run them, in one namespace."""
    pytest.importorskip("pandas")
    request.getfixturevalue("published")
    monkeypatch.setenv("MEGURI_ENDPOINT", request.getfixturevalue("address"))
    notebook = nbformat.read(DOCS / "notebooks" / "meguri.ipynb", as_version=4)
    nbformat.validate(notebook)
    names: dict[str, Any] = {}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            exec(compile(cell.source, cell.id, "exec"), names)
    assert {"technology", "title", "resource"} == set(names["table"].columns)
    assert "Waste cooking oil" in set(names["table"].resource)
    assert next(iter(names["mine"].iri)).endswith("/region/13206")
    assert len(names["offers"]) >= 1
    assert "rows in edition" in capsys.readouterr().out


def test_the_addresses_of_the_page_exist(request: pytest.FixtureRequest, client: Any) -> None:
    """Every local address that the page names answers."""
    kept: Editions = request.getfixturevalue("published")
    text = (DOCS / "researchers.md").read_text(encoding="utf-8")
    paths = set(re.findall(r"`(/[a-z.][\w./#-]*)", text)) - {"/id/technology-T059", "/q"}
    assert {"/sparql", "/dataset", "/reconcile", "/editions/3"} <= paths
    for path in paths:
        path = re.sub(r"/editions/(3|N)", f"/editions/{kept.all()[0].number}", path).partition("#")[0]
        if path.startswith("/q/"):
            continue
        response = client.get(path, headers={"Accept": "text/html, application/json"})
        assert response.status_code in (200, 422), (path, response.status_code)
