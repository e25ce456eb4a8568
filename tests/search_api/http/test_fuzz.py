"""What the API's own description allows, sent to it at random: nothing is a fault, nothing breaks the description."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import checks

CHECKS = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]


PATHS = [
    "/api/v1/exchange",
    "/api/v1/exchange/{id}",
    "/api/v1/ledger",
    "/api/v1/records/{id}",
    "/api/v1/records/{id}/matches",
    "/api/v1/records/{id}/related",
    "/api/v1/records/{id}/statements",
    "/api/v1/search",
    "/concept/{scheme}/{slug}",
    "/dataset",
    "/editions",
    "/editions/{number}",
    "/editions/{number}/changes",
    "/id/{id}",
    "/ontology",
    "/ontology/schemas/{kind}.json",
    "/q/{hash}",
    "/reconcile",
    "/region/{code}",
    "/resolve",
    "/scheme/{name}",
    "/sparql",
]
SENT = ["/api/v1/labels", "/q", "/reconcile", "/sparql"]


@pytest.mark.parametrize(("path", "method"), [*((path, "GET") for path in PATHS), *((path, "POST") for path in SENT)])
def test_random_requests(app: Any, path: str, method: str) -> None:
    operation = schemathesis.openapi.from_asgi("/openapi.json", app)[path][method]

    # an inner function, because schemathesis' own pytest fixtures do not work with pytest 9
    @settings(max_examples=20, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy())
    def send(case: Any) -> None:
        case.validate_response(case.call(), checks=CHECKS)

    send()
