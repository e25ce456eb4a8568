"""Seals an edition: sorted N-Quads, their hash, the counts and the dumps, all from its checkpoint.

``python -m kg.edition_seal EDITIONS NUMBER`` does it in a process of its own, at low priority. The result depends on
nothing but the statements: sealing twice gives the same bytes. Blank nodes (the ontology has a few) are named by
RDFC-1.0 (https://www.w3.org/TR/rdf-canon/), lines are sorted by code point, and ``zcat DUMP.nq.gz | sha256sum``
prints the edition's hash.
"""

from __future__ import annotations

import fcntl
import gzip
import hashlib
import heapq
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any, cast

from kg.editions import Dump, Edition, Editions
from kg.iris import kind_of
from kg.namespaces import PREFIXES
from kg.oxigraph_store import OxigraphStore, canonical_blank_nodes
from kg.provenance import stored_hashes

CHUNK = 200_000


def seal(editions: Editions, number: int) -> Edition:
    """Seal one edition if it is not sealed yet; a second caller waits for the first.

    Raises MeguriError: ``edition_unknown``, ``edition_retired``.
    """
    with editions.lease(number) as graph, (editions.path(number) / "seal.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        edition = editions.get(number)
        if edition.sealed:
            return edition
        sealed = _sealed(edition, graph, editions.path(number) / "dumps")
        editions.update(sealed)
        return sealed


def seal_in_background(editions: Editions, number: int) -> subprocess.Popen[bytes]:
    """Start the sealing in a process of its own; whoever waits for it calls ``wait`` with a time limit."""
    command = [sys.executable, "-m", "kg.edition_seal", str(editions.folder), str(number)]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)  # noqa: S603


def _sealed(edition: Edition, graph: Path, target: Path) -> Edition:
    """The edition with what its checkpoint says; the dumps' folder appears whole or not at all."""
    name = f"meguri-edition-{edition.number}"
    draft = target.with_name("dumps.draft")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir()
    store = OxigraphStore(graph, read_only=True)
    try:
        digest, quads = _write_nquads(store, draft / f"{name}.nq.gz")
        statements = store.count()
        with _ReproducibleGzip(draft / f"{name}.ttl.gz") as file:
            store.dump_turtle(file, {prefix: str(namespace) for prefix, namespace in PREFIXES.items()})
        kinds = Counter(kind_of(str(iri).removeprefix(edition.base)) or "other" for iri in stored_hashes(store))
    finally:
        store.close()
    dumps = {
        "nq": _dump(draft / f"{name}.nq.gz", quads),
        "ttl": _dump(draft / f"{name}.ttl.gz", statements),
    }
    sums = "".join(f"{dump.sha256}  {dump.file}\n" for dump in dumps.values())
    (draft / "SHA256SUMS").write_text(sums, encoding="utf-8")
    shutil.rmtree(target, ignore_errors=True)
    draft.rename(target)
    values: dict[str, Any] = {"hash": digest, "quads": quads, "statements": statements, "records": dict(kinds)}
    return edition.model_copy(update={**values, "dumps": dumps})


def _write_nquads(store: OxigraphStore, target: Path) -> tuple[str, int]:
    """Sorted, distinct N-Quads; returns their sha256 and how many they are. Sorts in parts, so memory is bounded."""
    digest, count, last = hashlib.sha256(), 0, b""
    with tempfile.TemporaryDirectory(dir=target.parent) as folder, ExitStack() as stack:
        parts = [stack.enter_context(part.open("rb")) for part in _sorted_parts(store, Path(folder))]
        out = stack.enter_context(_ReproducibleGzip(target))
        for line in heapq.merge(*parts):
            if line != last:
                digest.update(line)
                out.write(line)
                count, last = count + 1, line
    return digest.hexdigest(), count


def _sorted_parts(store: OxigraphStore, folder: Path) -> list[Path]:
    whole = folder / "whole.nq"
    with whole.open("wb") as file:
        store.dump_nquads(file)
    named: list[bytes] = []
    parts: list[Path] = []
    with whole.open("rb") as file:
        chunk: list[bytes] = []
        for line in file:
            (named if _has_blank_node(line) else chunk).append(line)
            if len(chunk) == CHUNK:
                parts.append(_write_part(folder, len(parts), chunk))
                chunk = []
    parts.append(_write_part(folder, len(parts), chunk))
    parts.append(_write_part(folder, len(parts), canonical_blank_nodes(b"".join(named)).splitlines(keepends=True)))
    whole.unlink()
    return parts


def _write_part(folder: Path, number: int, lines: list[bytes]) -> Path:
    path = folder / f"part-{number}.nq"
    path.write_bytes(b"".join(sorted(lines)))
    return path


def _has_blank_node(line: bytes) -> bool:
    """Whether subject or object is one; predicates and graphs never are, and IRIs hold no spaces."""
    if line.startswith(b"_:"):
        return True
    return line.split(b" ", 2)[2].startswith(b"_:")


class _ReproducibleGzip:
    """A gzip file without name and time in it, so that the same statements give the same file."""

    def __init__(self, path: Path) -> None:
        self._raw = path.open("wb")
        self._gzip = gzip.GzipFile(filename="", fileobj=self._raw, mode="wb", compresslevel=6, mtime=0)

    def __enter__(self) -> IO[bytes]:
        return cast("IO[bytes]", self._gzip)

    def __exit__(self, *_: object) -> None:
        self._gzip.close()
        self._raw.close()


def _dump(path: Path, statements: int) -> Dump:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Dump(file=path.name, bytes=path.stat().st_size, sha256=digest, statements=statements)


def main() -> int:
    """Seal the edition that the arguments name."""
    folder, number = Path(sys.argv[1]), int(sys.argv[2])
    os.nice(19)
    description = json.loads((folder / f"{number:04d}" / "edition.json").read_text(encoding="utf-8"))
    seal(Editions(folder, str(description["base"])), number)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
