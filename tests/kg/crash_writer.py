"""Run as a program: forks writers that commit for ever, so that a test can kill them at any moment.

Each line "ROUND MODE" on stdin starts a writer at that round; it prints "pid N", then each round that it
acknowledged, and after its death this program prints "dead". Forking spares each writer the imports.
"""

from __future__ import annotations

import os
import sys
from itertools import count
from pathlib import Path

from kg.commit import Committer, Submission
from kg.iris import provenance_iri
from kg.oxigraph_store import OxigraphStore
from kg.provenance import provenance_graph
from kg.store import GraphChange
from kg.terms import content_hash
from kg.validation import shapes_graph
from tests.kg.samples import ACTIVITY, BASE, iri, issue

ALWAYS = [f"issue-always{number}" for number in range(4)]
LIFETIME = 3


def batch(round_: int) -> list[Submission]:
    """Four records that are rewritten in every round, and one of this round's own."""
    return [issue(id_, f'第{round_}回 }} " \\') for id_ in [*ALWAYS, f"issue-{round_}"]]


def commit_round(committer: Committer, round_: int) -> None:
    committer.commit(batch(round_), ACTIVITY)
    committer.withdraw([f"issue-{round_ - LIFETIME}"])


def apply_round(store: OxigraphStore, round_: int) -> None:
    """The same without validation, so that kills mostly meet the update itself."""
    changes = [GraphChange(iri(f"issue-{round_ - LIFETIME}"), None)]
    changes.append(GraphChange(provenance_iri(BASE, f"issue-{round_ - LIFETIME}"), None, published=False))
    for made in batch(round_):
        provenance = provenance_graph(BASE, made.id, content_hash(made.graph), made.origin, ACTIVITY)
        changes.append(GraphChange(iri(made.id), made.graph))
        changes.append(GraphChange(provenance_iri(BASE, made.id), provenance, published=False))
    store.apply(changes)
    store.flush()


def write(path: Path, start: int, mode: str) -> None:
    store = OxigraphStore(path, at_once=0) if mode == "pieces" else OxigraphStore(path)
    committer = Committer(store, BASE) if mode == "commit" else None
    for round_ in count(start):
        if committer:
            commit_round(committer, round_)
        else:
            apply_round(store, round_)
        os.write(1, f"{round_}\n".encode())


def main() -> None:
    import pyoxigraph
    import pyshacl

    assert pyoxigraph, pyshacl
    shapes_graph()
    for line in sys.stdin:
        start, mode = line.split()
        if (pid := os.fork()) == 0:
            write(Path(sys.argv[1]), int(start), mode)
        os.write(1, f"pid {pid}\n".encode())
        os.waitpid(pid, 0)
        os.write(1, b"dead\n")


if __name__ == "__main__":
    main()
