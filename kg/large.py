"""The graph of a record that is too large to be held: looked at piece by piece, its lines sorted on the disk."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from heapq import merge
from itertools import chain, groupby
from tempfile import TemporaryFile
from typing import IO, Any

from rdflib import Graph, URIRef
from rdflib.term import Node

from kg.namespaces import RDF
from kg.terms import Statements, Triple, read_triple

# a record of so many statements is held in memory like any other
LARGE = 50_000
# lines that are sorted at once
_RUN = 100_000
_TYPE = RDF.type


class LargeGraph:
    """The statements of one record, given in pieces; ``read`` it before asking for anything else.

    Each subject stands in one piece whole, and a piece points at subjects of its own or of earlier pieces only: so a
    piece can be validated by itself. The pieces are taken from an iterator, so they can be read once.
    """

    def __init__(self, record: URIRef, pieces: Iterable[Statements]) -> None:
        self._record = record
        self._pieces = iter(pieces)
        self._lines: IO[bytes] | None = None
        self._count = 0
        self._hash = ""
        #: what a validator found; filled by whoever has it read
        self.findings: list[Any] = []
        #: the classes of each subject that was read so far
        self.classes: dict[Node, tuple[Node, ...]] = {}

    @property
    def is_read(self) -> bool:
        """Whether the pieces have been looked at."""
        return self._lines is not None

    def read(self, look: Callable[[Statements], None]) -> None:
        """Show each piece to somebody, and keep its lines.

        Raises ValueError for a subject that is not the record or a part of it, or that stood in an earlier piece.
        """
        with ExitStack() as stack:
            runs, waiting = list[IO[bytes]](), list[bytes]()
            for piece in self._pieces:
                self._learn(piece)
                look(piece)
                waiting += piece.encoded()
                if len(waiting) >= _RUN:
                    runs.append(stack.enter_context(_run(waiting)))
                    waiting = []
            waiting.sort()
            self._keep(merge(*runs, waiting))

    def _learn(self, piece: Statements) -> None:
        subjects: dict[Node, list[Node]] = {}
        for subject, predicate, value in piece:
            classes = subjects.setdefault(subject, [])
            if predicate == _TYPE:
                classes.append(value)
        for subject, classes in subjects.items():
            if subject in self.classes or str(subject).partition("#")[0] != str(self._record):
                raise ValueError(f"A piece of the graph of {self._record} says something of {subject}.")
            self.classes[subject] = tuple(classes)

    def _keep(self, lines: Iterable[bytes]) -> None:
        digest, file = hashlib.sha256(), TemporaryFile()  # noqa: SIM115  (closed with this object)
        for line, _ in groupby(lines):
            digest.update(b"\n" + line[:-1] if self._count else line[:-1])
            file.write(line)
            self._count += 1
        self._lines, self._hash = file, digest.hexdigest()

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Triple]:
        return map(read_triple, self.lines)

    @property
    def hash(self) -> str:
        """See ``kg.terms.content_hash``."""
        return self._hash

    @property
    def lines(self) -> Iterator[str]:
        """Sorted N-Triples lines."""
        return (line[:-1].decode() for line in self.encoded())

    def encoded(self) -> Iterator[bytes]:
        """The same in UTF-8, each with its line end."""
        if self._lines is None:
            raise ValueError("This graph was not read yet.")
        self._lines.seek(0)
        return iter(self._lines)

    def objects(self, subject: Node, predicate: Node) -> Iterator[Node]:
        """The objects of the statements with this subject and predicate; all lines are read for it."""
        return (o for s, p, o in self if p == predicate and s == subject)

    def value(self, subject: Node, predicate: Node) -> Node | None:
        """One of these objects, None where there is none."""
        return next(self.objects(subject, predicate), None)


RecordGraph = Graph | Statements | LargeGraph


def _run(lines: list[bytes]) -> IO[bytes]:
    file = TemporaryFile()  # noqa: SIM115  (closed by whoever merges)
    file.writelines(sorted(lines))
    file.seek(0)
    return file


def gathered(record: URIRef, pieces: Iterable[Statements], large: int = LARGE) -> Statements | LargeGraph:
    """A record's graph from its pieces: in memory where it is not large."""
    taken, count, rest = list[Statements](), 0, iter(pieces)
    for piece in rest:
        taken.append(piece)
        count += len(piece)
        if count > large:
            return LargeGraph(record, chain(_emptied(taken), rest))
    return Statements.joined(*taken)


def _emptied(taken: list[Statements]) -> Iterator[Statements]:
    """The pieces that were taken, each let go when it was looked at."""
    taken.reverse()
    while taken:
        yield taken.pop()


def plain_statements(triples: RecordGraph | None) -> Statements | LargeGraph:
    """Triples as lines: those of a large graph stay where they are."""
    return triples if isinstance(triples, LargeGraph) else Statements.of(triples if triples is not None else Graph())
