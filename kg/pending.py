"""Changes too large for one transaction: written down whole, then carried out in pieces, and again after a crash.

Oxigraph holds a transaction in memory: one document of 2,100 pages took 2 GB, and 6 GB to replace. In pieces it takes
100 MB. What makes the pieces one change is the file that holds it: it stands beside the store before the first piece
is written and goes after the last one, and opening a store carries out what it finds there. Each step can be repeated.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, Any

from kg.errors import MeguriError
from kg.files import replacing, sync_folder
from kg.large import plain_statements
from kg.store import GraphChange
from kg.terms import term_text

# statements that one piece writes; each stands twice where its graph is published
PIECE = 50_000
# statements that go at once: a deletion is a transaction in memory, an addition is a file of its own
_GOING = 10_000


# a change of more statements than these is carried out in pieces
AT_ONCE = 50_000


class PieceWriter:
    """Carries out the large changes of one store, and those that a crash left when the store is opened.

    While it writes, ``before`` is a checkpoint of the store for everybody who reads; it takes milliseconds to make.
    """

    def __init__(self, ox: Any, store: Any, path: Path, at_once: int = AT_ONCE) -> None:
        self._ox, self._store, self._at_once = ox, store, at_once
        self._file, self._checkpoint = (path.with_name(f"{path.name}.{end}") for end in ("pending", "before"))
        self.before: Any = None
        shutil.rmtree(self._checkpoint, ignore_errors=True)
        if self._file.exists():
            try:
                carry_out(ox, store, self._file)
            except OSError as error:
                raise _unfinished() from error

    def needed(self, changes: Sequence[GraphChange]) -> bool:
        """Whether the statements that come or go are too many for one transaction."""
        self._require_whole()
        coming = sum(len(change.triples or ()) for change in changes)
        return coming > self._at_once or any(self._holds_many(change) for change in changes)

    def write(self, changes: Sequence[GraphChange]) -> None:
        """Carry out changes; all or nothing for whoever reads, and after a crash. SyntaxError: nothing was written."""
        write_down(self._ox, self._file, changes)
        self._store.flush()
        self._store.backup(str(self._checkpoint))
        # where something fails from here on, readers keep the state before, and the next opening completes the change
        self.before = self._ox.Store.read_only(str(self._checkpoint))
        carry_out(self._ox, self._store, self._file)
        self.before = None
        shutil.rmtree(self._checkpoint, ignore_errors=True)

    def _holds_many(self, change: GraphChange) -> bool:
        name = self._ox.NamedNode(str(change.graph))
        quads = self._store.quads_for_pattern(None, None, None, name)
        return next(islice(quads, self._at_once, None), None) is not None

    def _require_whole(self) -> None:
        if self.before is not None:
            raise _unfinished()


def _unfinished() -> MeguriError:
    return MeguriError(
        code="change_unfinished",
        en="A large change of the graph was interrupted (is the disk full?), so nothing more can be written.",
        ja="グラフの大きな変更が途中で中断したため（ディスクの空き不足など）、これ以上書き込めません。",
        remedy_en="Make room on the disk and start again: the change is then completed by itself.",
        remedy_ja="ディスクの空きを作ってから起動し直してください。変更は自動的に完了します。",
    )


@dataclass(frozen=True)
class _Graph:
    """One graph of a pending change: its name in N-Triples syntax, and how many statements come for it."""

    name: str
    published: bool
    statements: int


def write_down(ox: Any, file: Path, changes: Sequence[GraphChange]) -> None:
    """Write a change beside its store; when this returns, it will be carried out whatever happens.

    Raises SyntaxError for a term that the engine would refuse; nothing is written then.
    """
    graphs = [(change, plain_statements(change.triples)) for change in changes]
    heads = [_Graph(term_text(change.graph), change.published, len(triples)) for change, triples in graphs]
    with replacing(file) as output:
        output.write(json.dumps([vars(head) for head in heads]).encode() + b"\n")
        for _, triples in graphs:
            for piece in _pieces(triples.encoded(), PIECE):
                _check(ox, piece)
                output.write(piece)
    sync_folder(file.parent)


def carry_out(ox: Any, store: Any, file: Path) -> None:
    """Bring the store to the state that the file describes, and take the file away."""
    with file.open("rb") as lines:
        graphs = [_Graph(**head) for head in json.loads(lines.readline())]
        for graph in graphs:
            _clear(ox, store, graph)
        for graph in graphs:
            for piece in _pieces(islice(lines, graph.statements), PIECE):
                store.bulk_load(input=_quads(piece, graph), format=ox.RdfFormat.N_QUADS)
    store.flush()
    file.unlink()
    sync_folder(file.parent)


def _pieces(lines: Iterable[bytes] | IO[bytes], size: int) -> Iterator[bytes]:
    iterator = iter(lines)
    while piece := b"".join(islice(iterator, size)):
        yield piece


def _check(ox: Any, piece: bytes) -> None:
    """SyntaxError where the engine would not read these lines."""
    for _ in ox.parse(piece, format=ox.RdfFormat.N_TRIPLES):
        pass


def _quads(piece: bytes, graph: _Graph) -> bytes:
    # both forms of a statement in one piece: a statement of the default graph never stands without its named graph
    named = piece.replace(b" .\n", f" {graph.name} .\n".encode())
    return piece + named if graph.published else named


def _clear(ox: Any, store: Any, graph: _Graph) -> None:
    name = ox.NamedNode(graph.name[1:-1])
    quads = store.quads_for_pattern(None, None, None, name)
    while some := list(islice(quads, _GOING)):
        triples = (ox.Triple(quad.subject, quad.predicate, quad.object) for quad in some)
        lines = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES).decode()
        default = lines if graph.published else ""
        store.update(f"DELETE DATA {{\n{default}GRAPH {graph.name} {{\n{lines}\n}} }}")
        # what was deleted leaves memory
        store.flush()
    store.remove_graph(name)
