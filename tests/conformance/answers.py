"""Compares answers with expected results: as sets of solutions or statements, up to the names of blank nodes.

A store may keep the value of a number and not how it was written, so both sides pass through one before.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pyoxigraph as ox

RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
Solution = Mapping[str, Any]
FORMATS = {".srx": "XML", ".srj": "JSON", ".tsv": "TSV"}


def solutions_in(data: bytes, format_: str) -> list[Solution] | bool:
    """The solutions, or the yes or no, of results in JSON, XML or TSV."""
    parsed = ox.parse_query_results(data, format=getattr(ox.QueryResultsFormat, format_))
    if isinstance(parsed, ox.QueryBoolean):
        return bool(parsed)
    names = [v.value for v in parsed.variables]
    return [{n: row[n] for n in names if row[n] is not None} for row in parsed]


def expected_solutions(file: Path) -> list[Solution] | bool:
    """What a file of the suite expects: results in a standard format, or described in RDF."""
    if file.suffix in FORMATS:
        return solutions_in(file.read_bytes(), FORMATS[file.suffix])
    graph = list(ox.parse(path=str(file), base_iri=file.as_uri()))
    (result_set,) = [t.subject for t in graph if t.predicate == TYPE and t.object.value == f"{RS}ResultSet"]
    booleans = _objects(graph, result_set, "boolean")
    if booleans:
        return bool(booleans[0].value == "true")
    return [_described(graph, node) for node in _objects(graph, result_set, "solution")]


def same_solutions(given: list[Solution] | bool, expected: list[Solution] | bool, *, lax: bool = False) -> bool:
    """Whether both have the same solutions, each as often (``lax``: at all)."""
    if isinstance(given, bool) or isinstance(expected, bool):
        return given is expected
    ours, theirs = _canonical(given), _canonical(expected)
    return set(ours) == set(theirs) if lax else Counter(ours) == Counter(theirs)


def same_graph(given: bytes, file: Path) -> bool:
    """Whether N-Triples say the same as a file."""
    ours = _dataset(ox.parse(given, format=ox.RdfFormat.N_TRIPLES))
    theirs = _dataset(ox.parse(path=str(file), base_iri=file.as_uri()))
    return bool(ours == theirs)


def same_csv(given: bytes, expected: bytes) -> bool:
    """Whether two CSV results have the same cells; columns by name, numbers by value, blank nodes as such."""
    return _table(given) == _table(expected)


def _table(data: bytes) -> list[list[tuple[str, object]]]:
    rows = csv.DictReader(io.StringIO(data.decode()))
    return sorted((sorted((name, _plain(cell)) for name, cell in row.items()) for row in rows), key=str)


def _plain(cell: str) -> object:
    if cell.startswith("_:"):
        return "_:"
    try:
        return float(cell)
    except ValueError:
        return cell


def _objects(graph: Iterable[Any], subject: Any, name: str) -> list[Any]:
    return [t.object for t in graph if t.subject == subject and t.predicate.value == f"{RS}{name}"]


def _described(graph: list[Any], node: Any) -> Solution:
    bindings = _objects(graph, node, "binding")
    return {_objects(graph, b, "variable")[0].value: _objects(graph, b, "value")[0] for b in bindings}


def _dataset(triples: Iterable[Any]) -> Any:
    store = ox.Store()
    store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in triples)
    dataset = ox.Dataset(store)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return dataset


def _canonical(solutions: list[Solution]) -> list[str]:
    """Each solution as text in which blank nodes of all solutions have their canonical names."""
    store = ox.Store()
    for number, solution in enumerate(solutions):
        row = ox.BlankNode(f"row{number}")
        store.extend(ox.Quad(row, ox.NamedNode(f"var:{name}"), term) for name, term in solution.items())
    dataset = ox.Dataset(store)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    rows: dict[str, list[str]] = {}
    for quad in dataset:
        rows.setdefault(str(quad.subject), []).append(f"{quad.predicate} {quad.object}")
    empty = sum(not solution for solution in solutions)
    return sorted(["\n".join(sorted(row)) for row in rows.values()] + [""] * empty)
