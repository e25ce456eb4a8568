"""A large graph of realistic records: the corpus's own, copied under new addresses until there are enough statements.

Each copy lies in other municipalities, as records of a whole country would; else a question about one region would find
all copies of all records there, and its joins would grow with the square of their number. The copies have no
provenance, so the search index takes no notice of them; queries see them as they see records.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from benchmarks.startup import corpus_folder
from kg.namespaces import CES

BASE = "https://w3id.org/meguri/id/"
REGION = "https://w3id.org/meguri/region/"
STEP = 401  # municipalities by which a copy is moved; prime to their number, so that all get some
KINDS = ("technology", "issue", "partner", "resource", "project", "commitment", "scheme", "event")


def large_folder(folder: Path, statements: int, corpus: Path | None = None) -> tuple[Path, Path]:
    """A data folder whose default graph has about ``statements`` statements, and the same as N-Quads.

    ``corpus`` is a data folder into which nobody writes, to begin with; without it one is made.
    """
    import pyoxigraph as ox

    data = Path(shutil.copytree(corpus, folder / "data")) if corpus else corpus_folder(folder)
    store = ox.Store(str(data / "graph"))
    dump = folder / "copies.nq"
    present = _count(store)
    with dump.open("w", encoding="utf-8") as out:
        for line in copies(record_lines(store), statements - present, municipalities(store)):
            out.write(line)
    store.bulk_load(path=str(dump), format=ox.RdfFormat.N_QUADS)
    store.optimize()
    store.flush()
    whole = folder / "whole.nq"
    store.dump(str(whole), format=ox.RdfFormat.N_QUADS)
    del store
    return data, whole


def record_lines(store: object) -> list[str]:
    """The statements of the corpus's records, each in the default graph and in the record's own."""
    lines = []
    for quad in store:  # type: ignore[attr-defined]
        name = getattr(quad.graph_name, "value", "")
        if any(name.startswith(f"{BASE}{kind}") for kind in KINDS):
            lines.append(f"{quad.subject} {quad.predicate} {quad.object} .\n")
            lines.append(f"{quad.subject} {quad.predicate} {quad.object} {quad.graph_name} .\n")
    assert lines, "the corpus has no records under the default base"
    return lines


def municipalities(store: object) -> list[str]:
    """The codes of all municipalities, in order."""
    rows = store.query(f"SELECT DISTINCT ?m {{ ?m a <{CES.Municipality}> }} ORDER BY ?m")  # type: ignore[attr-defined]
    return [row["m"].value.removeprefix(REGION) for row in rows]


def copies(lines: list[str], statements: int, regions: list[str]) -> Iterator[str]:
    """The lines again and again, each time with other records' addresses and labels, and other municipalities."""
    record = re.compile(rf"<{BASE}((?:{'|'.join(KINDS)})[^>#]*)")
    label = re.compile(r'(<http://www\.w3\.org/2000/01/rdf-schema#label> "[^"]*)"')
    region = re.compile(rf"<{REGION}(\d{{5}})>")
    places = {code: place for place, code in enumerate(regions)}
    made, number = 0, 0

    def elsewhere(found: re.Match[str]) -> str:
        return f"<{REGION}{regions[(places[found[1]] + number * STEP) % len(regions)]}>"

    while made < statements:
        number += 1
        for line in lines:
            copied = record.sub(rf"<{BASE}\1-c{number}", line)
            yield region.sub(elsewhere, label.sub(rf'\1 {number}"', copied))
        made += len(lines) // 2


def _count(store: object) -> int:
    (row,) = store.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")  # type: ignore[attr-defined]
    return int(row["n"].value)
