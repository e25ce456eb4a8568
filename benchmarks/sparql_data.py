"""A large graph of realistic records: the corpus's own, copied under new addresses until there are enough statements.

The copies have no provenance, so the search index takes no notice of them; queries see them as they see records.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from benchmarks.startup import corpus_folder

BASE = "https://w3id.org/meguri/id/"
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
        for line in copies(record_lines(store), statements - present):
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


def copies(lines: list[str], statements: int) -> Iterator[str]:
    """The lines again and again, each time with other records' addresses and labels."""
    record = re.compile(rf"<{BASE}((?:{'|'.join(KINDS)})[^>#]*)")
    label = re.compile(r'(<http://www\.w3\.org/2000/01/rdf-schema#label> "[^"]*)"')
    made, number = 0, 0
    while made < statements:
        number += 1
        for line in lines:
            copied = record.sub(rf"<{BASE}\1-c{number}", line)
            yield label.sub(rf'\1 {number}"', copied)
        made += len(lines) // 2


def _count(store: object) -> int:
    (row,) = store.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")  # type: ignore[attr-defined]
    return int(row["n"].value)
