"""The W3C suites, case by case: SPARQL 1.1 by our workers and our server, SHACL by our validator."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from kg.folder import DataFolder
from kg.sparql.pool import QueryPool
from tests.conformance import suites
from tests.conformance.manifests import Case, query_cases
from tests.conformance.protocol import (
    ProtocolCase,
    describes_itself,
    graphs_for_the_suite,
    protocol_cases,
    run_protocol,
)
from tests.conformance.running import run, suite_pool
from tests.conformance.server import served
from tests.conformance.shacl import ShaclCase, run_shacl, shacl_cases
from tests.conformance.suites import EXCEPTIONS, Verdict

pytestmark = pytest.mark.skipif(not suites.present(), reason=suites.ABSENT)
QUERIES = query_cases() if suites.present() else ()
SHACL = shacl_cases() if suites.present() else ()
PROTOCOL = protocol_cases() if suites.present() else ()


@pytest.fixture(scope="module")
def pool(tmp_path_factory: pytest.TempPathFactory) -> Iterator[QueryPool]:
    with suite_pool(tmp_path_factory.mktemp("sparql11")) as made:
        yield made


@pytest.fixture(scope="module")
def client(prepared_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    path = tmp_path_factory.mktemp("protocol") / "data"
    shutil.copytree(prepared_folder, path)
    with served(DataFolder.open(path), graphs_for_the_suite()) as address, httpx.Client(base_url=address) as made:
        yield made


def judge(verdict: Verdict) -> None:
    """An exception must really be one, or its reason is out of date."""
    if verdict.case in EXCEPTIONS:
        assert not verdict.passed, f"{verdict.case} passes: take it off the list of exceptions"
    else:
        assert verdict.passed, verdict.problem


@pytest.mark.parametrize("case", QUERIES, ids=lambda case: case.id)
def test_query(pool: QueryPool, case: Case) -> None:
    judge(run(pool, case))


@pytest.mark.parametrize("case", PROTOCOL, ids=lambda case: case.id)
def test_protocol(client: httpx.Client, case: ProtocolCase) -> None:
    judge(run_protocol(client, case))


def test_service_description(client: httpx.Client) -> None:
    for verdict in describes_itself(client):
        judge(verdict)


@pytest.mark.parametrize("case", SHACL, ids=lambda case: case.id)
def test_shacl(case: ShaclCase) -> None:
    judge(run_shacl(case))


def test_no_update_passes_as_a_query(client: httpx.Client) -> None:
    """All updates of the suite, sent as queries: the endpoint reads."""
    files = sorted((suites.ROOT / "sparql11").glob("*/*.ru"))
    assert len(files) > 100
    for file in files:
        response = client.post("/sparql", data={"query": file.read_bytes()})
        assert response.status_code in (400, 403), (file, response.text)


def test_exceptions_name_cases_that_exist() -> None:
    ids = {case.id for case in (*QUERIES, *SHACL, *PROTOCOL)}
    assert set(EXCEPTIONS) <= ids
