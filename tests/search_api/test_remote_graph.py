"""A graph on a SPARQL server (MEGURI_GRAPH), as an operator runs it: init, ingest, search, serve, and without it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest

from tests.oxigraph_server import free_port, oxigraph_server

MEGURI = Path(sys.executable).with_name("meguri")
ISSUES = "SELECT (COUNT(*) AS ?n) { ?s a <https://w3id.org/meguri/ces#Issue> }"
ROWS = "ID,課題名,概要,市区町村コード\nR{0},{1},{1}。町の手で片付けたい,13206\n"


def _environment(data: Path, graph: str) -> dict[str, str]:
    return os.environ | {"MEGURI_DATA": str(data), "MEGURI_GRAPH": graph}


def _meguri(environment: dict[str, str], *arguments: str, code: int = 0) -> str:
    done = subprocess.run(
        [str(MEGURI), *arguments], env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr


@contextmanager
def _serving(environment: dict[str, str]) -> Iterator[httpx.Client]:
    port = free_port()
    process = subprocess.Popen(
        [str(MEGURI), "serve", "--port", str(port)], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60, verify=False) as client:
            _wait(client, process)
            yield client
    finally:
        process.terminate()
        process.wait(30)


def _wait(client: httpx.Client, process: subprocess.Popen[bytes]) -> None:
    ends = time.monotonic() + 240
    while time.monotonic() < ends:
        assert process.poll() is None, process.communicate()[0].decode()
        try:
            if client.get("/health/ready").status_code == 200:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.2)
    pytest.fail("the server did not become ready")


def _issues(client: httpx.Client, **parameters: str) -> int:
    answer = client.get("/sparql", params={"query": ISSUES, "format": "csv", **parameters})
    return int(answer.text.split()[1])


def _file(folder: Path, number: int, title: str) -> str:
    file = folder / "issues" / f"{number}.csv"
    file.parent.mkdir(exist_ok=True)
    file.write_text(ROWS.format(number, title), encoding="utf-8")
    return str(file)


@pytest.mark.model
def test_from_init_to_serve_and_without_the_graphs_server(tmp_path: Path) -> None:
    with ExitStack() as graph_server:
        graph = graph_server.enter_context(oxigraph_server(tmp_path))
        environment = _environment(tmp_path / "data", graph)
        _meguri(environment, "init")
        assert not (tmp_path / "data" / "graph").exists()
        _meguri(environment, "ingest", _file(tmp_path, 1, "使い終わった天ぷら油が余る"))
        assert "使い終わった天ぷら油が余る" in _meguri(environment, "search", "天ぷら油", "--find", "issue")
        assert "1" in _meguri(environment, "sparql", ISSUES, "--format", "csv").split()
        with _serving(environment) as client:
            # through the running server: searched, and seen by SPARQL, when the command ends
            _meguri(environment, "ingest", _file(tmp_path, 2, "古い蔵が空いている"))
            found = client.get("/api/v1/search", params={"q": "蔵が空いている", "find": "issue"}).json()["results"]
            assert found[0]["id"] == "issue-R2"
            assert _issues(client) == 2
            there = httpx.post(f"{graph}/query", data={"query": ISSUES}, headers={"Accept": "text/csv"}, verify=False)
            assert there.text.split()[1] == "2"
            _meguri(environment, "publish", "--note", "first")
            _meguri(environment, "withdraw", "issue-R1", "--reason", "sent twice")
            assert client.get("/id/issue-R1").status_code == 410
            assert (_issues(client), _issues(client, edition="1")) == (1, 1)
            assert client.get("/id/issue-R2", headers={"Accept": "text/turtle"}).status_code == 200
            graph_server.close()
            _says_that_the_graph_is_away(client, graph)
        said = _meguri(environment, "ingest", _file(tmp_path, 3, "木が余る"), code=1)
        assert graph in said and "MEGURI_GRAPH" in said


def _says_that_the_graph_is_away(client: httpx.Client, graph: str) -> None:
    """What reads a snapshot or the index goes on; all else is 503, and tells strangers not where the graph is."""
    assert client.get("/health/ready").status_code == 503
    assert _issues(client) == 1
    assert client.get("/api/v1/search", params={"q": "蔵"}).status_code == 200
    for path in ("/id/issue-R2", "/api/v1/records/issue-R2", "/dataset", "/sitemap.xml"):
        answer = client.get(path, headers={"Accept": "application/json"})
        assert (answer.status_code, answer.json()["code"]) == (503, "graph_unreachable"), path
        assert graph.rpartition(":")[2] not in answer.text
