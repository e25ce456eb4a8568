"""The process that runs queries, one after the other, on checkpoints that it opens read-only.

Besides pyoxigraph it imports nothing that takes time, so a killed worker is replaced within a tenth of a second.
It speaks ``kg.sparql.frames`` over file descriptor 0, a socket, and ends when its other end is closed.
"""

from __future__ import annotations

import _thread
import os
import sys
import time
import zlib
from collections.abc import Iterable, Iterator
from typing import Any

from kg.errors import MeguriError
from kg.sparql.frames import DATA, END, FAILURE, FORM, frame, listed, packed, unpacked
from kg.sparql.row_counts import RowCount
from kg.sparql.sandbox import close_off

SERVICE = "SERVICE"
CHUNK = 64 * 1024
WORTH = 1_000  # bytes that are worth compressing
RESULTS = {"json": "JSON", "xml": "XML", "csv": "CSV", "tsv": "TSV"}
GRAPHS = {"ttl": "TURTLE", "nt": "N_TRIPLES", "rdf": "RDF_XML", "jsonld": "JSON_LD"}


class Excess(Exception):
    """An answer grew over a limit; the message is the limit's name."""


class Output:
    """A binary file that frames what is written, and stops at the limits of rows and bytes."""

    def __init__(self, form: str, max_bytes: int, max_rows: int, rows: RowCount | None) -> None:
        self._form = form
        self._begun = False
        self._deflate: Any = None
        self._parts: list[bytes] = []
        self._size = 0
        self._left = max_bytes
        self._max_rows = max_rows
        self._rows = rows

    def compress(self) -> None:
        """Send gzip where it is worth it: done here, at the lowest priority, not where others are served."""
        self._deflate = zlib.compressobj(6, zlib.DEFLATED, 31)

    def write(self, data: bytes) -> int:
        """Take a part of the answer; Excess (an OSError would be taken for the disk's)."""
        self._left -= len(data)
        if self._left < 0:
            raise Excess("bytes")
        if self._rows is not None and self._rows.add(data) > self._max_rows:
            raise Excess("rows")
        self._parts.append(data)
        self._size += len(data)
        if self._size >= CHUNK:
            self._send(last=False)
        return len(data)

    def flush(self) -> None:
        """Part of the file protocol; what is small goes with the end."""

    def end(self) -> None:
        """Send what was collected, and that it is all."""
        self._send(last=True)

    def _send(self, *, last: bool) -> None:
        data = b"".join(self._parts)
        head = b""
        if not self._begun:
            if last and len(data) < WORTH:
                self._deflate = None
            head = frame(FORM, f"{self._form} {'gzip' if self._deflate else 'identity'}".encode())
        if self._deflate:
            data = self._deflate.compress(data) + (self._deflate.flush() if last else b"")
        body = frame(DATA, data) if data else b""
        if head or body or last:
            _send(head + body + (frame(END, b"") if last else b""))
        self._begun, self._parts, self._size = True, [], 0


def main() -> None:
    """Serve until the pool goes away. Arguments: the parent's process id, ``network`` or ``closed``, niceness."""
    close_off(network=sys.argv[2] == "network", nice=int(sys.argv[3]))
    _thread.start_new_thread(_watch_parent, (int(sys.argv[1]),))
    import pyoxigraph  # noqa: PLC0415  (its threads must be born inside the sandbox)

    engine = Engine(pyoxigraph)
    while head := _read(4):
        engine.answer(unpacked(_read(int.from_bytes(head, "big"))))


class Engine:
    """The engine with the checkpoint that was asked last."""

    def __init__(self, ox: Any) -> None:
        self._ox = ox
        self._path = ""
        self._store: Any = None

    def answer(self, fields: list[bytes]) -> None:
        """Answer one request by frames: form, data and end, or a failure at any point."""
        try:
            self._answer(fields[0], fields[1], fields[2:])
        except Excess as excess:
            _fail("excess", str(excess))
        except SyntaxError as error:
            _fail("invalid", str(error))
        except MeguriError as error:
            _fail(error.code, error.en, error.ja, error.remedy_en, error.remedy_ja)
        except (ValueError, RuntimeError, OSError) as error:
            _fail("failed", str(error))

    def _answer(self, path: bytes, query: bytes, rest: list[bytes]) -> None:
        text = query.decode()
        results, graphs, coding = rest[0].decode().split()
        max_bytes, max_rows = map(int, rest[1].split())
        defaults, named, services = map(listed, rest[2:5])
        dataset = self._dataset(defaults, named) | ({"base_iri": rest[5].decode()} if rest[5] else {})
        if SERVICE in text.upper():
            from kg.sparql.fetching import refuse_fetching  # noqa: PLC0415  (re takes a third of a start)

            refuse_fetching(text, services or ())
        answer = _asked(self._opened(path.decode()), text, dataset)
        if isinstance(answer, self._ox.QueryTriples):
            out = Output("graph", max_bytes, max_rows, None)
        else:
            solutions = isinstance(answer, self._ox.QuerySolutions)
            out = Output("solutions" if solutions else "boolean", max_bytes, max_rows, RowCount(results))
        if coding == "gzip":
            out.compress()
        if isinstance(answer, self._ox.QueryTriples):
            self._ox.serialize(_limited(answer, max_rows), out, getattr(self._ox.RdfFormat, GRAPHS[graphs]))
        else:
            answer.serialize(out, getattr(self._ox.QueryResultsFormat, RESULTS[results]))
        out.end()

    def _dataset(self, defaults: list[str] | None, named: list[str] | None) -> dict[str, Any]:
        if defaults is None and named is None:
            return {}
        node = self._ox.NamedNode  # by the protocol, a dataset that is named is named whole
        return {"default_graph": list(map(node, defaults or ())), "named_graphs": list(map(node, named or ()))}

    def _opened(self, path: str) -> Any:
        if path != self._path:
            self._store, self._path = None, ""  # before the next one opens: two would take twice the memory
            try:
                self._store = self._ox.Store.read_only(path)
            except (OSError, RuntimeError) as error:
                raise unreadable() from error
            self._path = path
        return self._store


def _asked(store: Any, text: str, dataset: dict[str, Any]) -> Any:
    """The engine's answer, by the standard where the engine differs; what is wrong is said of the text as it came."""
    if _may_differ(text):
        from kg.sparql.standard import as_standard  # noqa: PLC0415  (re takes a third of a start)

        mended = as_standard(text, lambda ask: bool(store.query(ask, **dataset)))
        if mended != text:
            try:
                return store.query(mended, **dataset)
            except SyntaxError:
                pass
    return store.query(text, **dataset)


def _may_differ(text: str) -> bool:
    """Whether a query may have one of the places that ``kg.sparql.standard`` mends; most have none."""
    capitals = text.upper()
    if "GROUP_CONCAT" in capitals or "BNODE" in capitals:
        return True
    marks = capitals.replace("(*)", "").replace("SELECT *", "")
    return "*" in marks or any(not (part[:1].isalnum() or part[:1] == "_") for part in marks.split("?")[1:])


def unreadable() -> MeguriError:
    """The checkpoint cannot be opened; which file it is concerns the operator alone."""
    return MeguriError(
        code="store_unreadable",
        en="The copy of the graph for queries cannot be opened.",
        ja="クエリ用のグラフの写しを開けません。",
        remedy_en="Tell the operator; `meguri doctor` finds what is wrong.",
        remedy_ja="運営者にお知らせください。原因は `meguri doctor` で調べられます。",
    )


def _limited(triples: Iterable[Any], limit: int) -> Iterator[Any]:
    for number, triple in enumerate(triples):
        if number >= limit:
            raise Excess("rows")
        yield triple


def _fail(*texts: str) -> None:
    _send(frame(FAILURE, packed([text.encode(errors="replace") for text in texts])))


def _read(size: int) -> bytes:
    parts = []
    while size and (part := os.read(0, min(size, 1 << 20))):
        parts.append(part)
        size -= len(part)
    if size and parts:
        os._exit(0)  # the pool went away in the middle of a request
    return b"".join(parts)


def _send(data: bytes) -> None:
    view = memoryview(data)
    try:
        while view:
            view = view[os.write(0, view) :]
    except (BrokenPipeError, ConnectionResetError):
        os._exit(0)


def _watch_parent(parent: int) -> None:
    """A query can run while nobody is there to end it any more."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(0)


if __name__ == "__main__":
    main()
