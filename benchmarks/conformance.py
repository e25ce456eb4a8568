"""Runs the W3C suites by our own code and writes the table of docs/conformance.md.

Run: python -m benchmarks.conformance [--check]    (needs the suites in ../shared/conformance)
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

import httpx

from tests.conformance import suites
from tests.conformance.manifests import query_cases
from tests.conformance.protocol import describes_itself, graphs_for_the_suite, protocol_cases, run_protocol
from tests.conformance.running import run, suite_pool
from tests.conformance.server import served
from tests.conformance.shacl import run_shacl, shacl_cases
from tests.conformance.suites import EXCEPTIONS, Verdict

DOC = Path(__file__).parents[1] / "docs" / "conformance.md"
FORMATS = ("csv-tsv-res", "json-res")
SYNTAX = ("syntax-query",)
HEAD = """# Conformance

Made by `python -m benchmarks.conformance`; the same cases run as tests (`pytest tests/conformance`), which are skipped
where the W3C suites do not lie in `../shared/conformance`. Nothing is run around our own code: queries go through the
pool of workers with the dataset of the protocol, protocol tests over HTTP against a running server, shapes through
`kg.validation`.

| suite | passed | of | | aim |
|---|---|---|---|---|
"""
NOTES = """
"Approved" are the tests that the W3C's working group approved; the others were added later by the community.
The queries that are missed in evaluation are all the engine's (Oxigraph 0.5.13). Seven more would be missed if
queries came to it as they are: `kg/sparql/standard.py` writes three constructs
anew, and decision 20 says why that is sound.

## What is not run, and why

| suite | reason |
|---|---|
| entailment | The endpoint answers by simple entailment; its service description says so. |
| service (federation) | Asks other servers, which queries here may not, unless the settings name them. |
| update (evaluation, syntax, `update-silent`) | `/sparql` is for queries; the graph changes by registrations alone. \
All updates of the suite are sent to it as queries (one test), and each is refused. |
| graph-store-protocol, http-rdf-update | There is no door for writing graphs from outside. |

## Exceptions

Each is a test that fails today; one that passes again must leave this list, or the tests fail.

| case | reason |
|---|---|
"""


def verdicts() -> list[tuple[str, Verdict]]:
    """Each verdict with the line of the table that it counts for; a case may count for two."""
    found: list[tuple[str, Verdict]] = []
    with tempfile.TemporaryDirectory() as folder, suite_pool(Path(folder)) as pool:
        for case in query_cases():
            verdict = run(pool, case)
            line = _line_of(case.group)
            found.append((line, verdict))
            if line in ("SPARQL 1.1 query evaluation", "SPARQL 1.1 query syntax"):
                found.append(("evaluation and syntax together", verdict))
                if case.approved:
                    found.append(("of these, approved", verdict))
    return [*found, *_over_http(), *((f"SHACL {v.group[6:]}", v) for v in map(run_shacl, shacl_cases()))]


def _line_of(group: str) -> str:
    if group in FORMATS:
        return "SPARQL 1.1 results formats (CSV, TSV, JSON)"
    if group == "syntax-fed":
        return "SPARQL 1.1 syntax of federation"
    return "SPARQL 1.1 query syntax" if group in SYNTAX else "SPARQL 1.1 query evaluation"


def _over_http() -> list[tuple[str, Verdict]]:
    from kg.folder import DataFolder

    names = {"protocol": "SPARQL 1.1 protocol, queries", "protocol-updates": "SPARQL 1.1 protocol, updates refused"}
    with tempfile.TemporaryDirectory() as path:
        folder, _ = DataFolder.create(Path(path) / "data")
        with served(folder, graphs_for_the_suite()) as address, httpx.Client(base_url=address) as client:
            found = [run_protocol(client, case) for case in protocol_cases()]
            described = describes_itself(client)
    return [*((names[v.group], v) for v in found), *(("SPARQL 1.1 service description", v) for v in described)]


AIMS: dict[str, float] = {
    "evaluation and syntax together": 99,
    "SPARQL 1.1 protocol, queries": 100,
    "SHACL core": 98,
}


def table(found: Iterable[tuple[str, Verdict]]) -> str:
    """The document."""
    lines: dict[str, list[bool]] = {}
    for line, verdict in found:
        lines.setdefault(line, []).append(verdict.passed)
    rows = []
    for line, passed in lines.items():
        share = 100 * sum(passed) / len(passed)
        aim = AIMS.get(line)
        said = "–" if aim is None else f"≥ {aim:g} %: {'met' if share >= aim else 'missed'}"
        rows.append(f"| {line} | {sum(passed)} | {len(passed)} | {share:.1f} % | {said} |")
    exceptions = [f"| {case} | {reason} |" for case, reason in sorted(EXCEPTIONS.items())]
    return HEAD + "\n".join(rows) + "\n" + NOTES + "\n".join(exceptions) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only say whether the document is up to date")
    options = parser.parse_args()
    if not suites.present():
        print(suites.ABSENT, file=sys.stderr)
        return 1
    found = verdicts()
    unexpected = [v for _, v in found if v.passed == (v.case in EXCEPTIONS)]
    for verdict in unexpected:
        print(f"{verdict.case}: {verdict.problem or 'passes, but is listed as an exception'}", file=sys.stderr)
    return 1 if unexpected else _written(table(found), DOC.write_text if not options.check else _same)


def _written(text: str, write: Callable[[str], object]) -> int:
    print(text)
    return 1 if write(text) is False else 0


def _same(text: str) -> bool:
    return DOC.read_text(encoding="utf-8") == text


if __name__ == "__main__":
    raise SystemExit(main())
