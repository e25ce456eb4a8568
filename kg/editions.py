"""Named, citable checkpoints of the graph: published in milliseconds, sealed with counts and a hash afterwards.

An edition is a folder ``DATA/editions/N``:

    graph/         a hard-linked checkpoint, readable at once
    edition.json   number, date, note, ontology version, and after sealing counts, hash and dumps
    dumps/         made once by the sealing (``kg.edition_seal``)

Publication links the files of the newest snapshot and copies nothing, so it takes milliseconds whatever the size of
the graph. The hash is the sha256 of the sorted N-Quads, which takes as long as the graph is large: it is taken
afterwards, from the checkpoint, which no longer changes. What stands in ``edition.json`` can be checked against the
dump by anyone.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal as Choice

from pydantic import BaseModel, ConfigDict, Field

from kg.errors import MeguriError
from kg.files import write_atomically
from kg.ontology_load import stored_version
from kg.oxigraph_store import OxigraphStore
from kg.snapshots import Snapshots

MAX_NOTE = 500
Form = Choice["nq", "ttl"]


class Dump(BaseModel):
    """A compressed file with everything in an edition (``nq``) or its published statements (``ttl``)."""

    file: str
    bytes: int = Field(description="Size of the compressed file in bytes.")
    sha256: str = Field(description="sha256 of the compressed file.")
    statements: int


class Erasure(BaseModel):
    """What was taken out of an edition after its publication, and why; never what it said."""

    date: datetime
    record: str
    reason: str
    hash_before: str | None
    hash_after: str | None = None


class Edition(BaseModel):
    """What is known of one edition. ``hash`` and the counts are null until it is sealed."""

    model_config = ConfigDict(frozen=True)

    number: int
    published: datetime
    note: str = ""
    ontology: str | None = Field(description="Version of the ontology (hash of its files).")
    base: str = Field(description="Prefix of the record IRIs.")
    hash: str | None = Field(None, description="sha256 of the sorted canonical N-Quads (the uncompressed .nq.gz).")
    statements: int | None = Field(None, description="Statements of the default graph.")
    quads: int | None = Field(None, description="Statements with those of the named graphs.")
    records: dict[str, int] | None = Field(None, description="Records by kind.")
    dumps: dict[Form, Dump] = Field(default_factory=dict)
    erased: tuple[Erasure, ...] = ()
    retired: str = Field("", description="Why its data is no longer kept; empty while it is.")

    @property
    def sealed(self) -> bool:
        """Whether hash, counts and dumps are there."""
        return self.hash is not None


class Editions:
    """The folder ``DATA/editions``; ``quota`` is in bytes of disk that only editions use, None for no limit."""

    def __init__(self, folder: Path, base: str, quota: int | None = None) -> None:
        self.folder = folder
        self._base = base
        self._quota = quota

    def publish(self, snapshots: Snapshots, note: str = "") -> Edition:
        """Make the next edition from the newest snapshot: linked under a temporary name, described, then renamed.

        Needs no access to the live store, so it works while a server runs.
        Raises MeguriError: ``edition_quota`` where the quota is used up, ``note_invalid``, ``no_snapshot``.
        """
        self._check(note)
        self.folder.mkdir(parents=True, exist_ok=True)
        with self._alone(), snapshots.lease() as snapshot:
            self._sweep_unfinished()
            number = max(self._numbers(), default=0) + 1
            draft = self.folder / f"draft-{os.getpid()}"
            draft.mkdir()
            _link(snapshot, draft / "graph")
            edition = Edition(
                number=number,
                published=datetime.now(UTC).replace(microsecond=0),
                note=note.strip(),
                ontology=_ontology_of(snapshot),
                base=self._base,
            )
            _write(draft, edition)
            draft.rename(self.path(number))
        return edition

    def all(self) -> list[Edition]:
        """All editions, the newest first, retired ones too."""
        return [self.get(number) for number in sorted(self._numbers(), reverse=True)]

    def newest(self) -> Edition | None:
        """The newest edition that is still kept."""
        return next((edition for edition in self.all() if not edition.retired), None)

    def get(self, number: int) -> Edition:
        """One edition; MeguriError (``edition_unknown``) where there is none."""
        try:
            return Edition.model_validate_json((self.path(number) / "edition.json").read_bytes())
        except OSError as error:
            raise self._unknown(number) from error

    def path(self, number: int) -> Path:
        """The folder of an edition."""
        return self.folder / f"{number:04d}"

    def update(self, edition: Edition) -> None:
        """Write what is known of an edition anew."""
        _write(self.path(edition.number), edition)

    @contextmanager
    def lease(self, number: int) -> Iterator[Path]:
        """The checkpoint of an edition, which nobody replaces or removes until the lease ends.

        Raises MeguriError: ``edition_unknown``, ``edition_retired``.
        """
        edition = self.get(number)
        if edition.retired:
            raise retired(edition)
        with (self.path(number) / "lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH)
            yield self.path(number) / "graph"

    @contextmanager
    def exclusive(self, number: int) -> Iterator[Path]:
        """The folder of an edition while nobody reads it; waits for those who do."""
        self.get(number)
        with (self.path(number) / "lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield self.path(number)

    def retire(self, number: int, reason: str) -> Edition:
        """Remove an edition's data and keep its description, so that citations still say what they cited."""
        self._check(reason)
        with self.exclusive(number) as path:
            edition = self.get(number).model_copy(update={"retired": reason.strip() or "-", "dumps": {}})
            _write(path, edition)
            shutil.rmtree(path / "graph", ignore_errors=True)
            shutil.rmtree(path / "dumps", ignore_errors=True)
        return edition

    def used(self) -> int:
        """Bytes of disk that only editions hold: files that the live graph shares by hard link cost nothing yet."""
        seen: dict[tuple[int, int], tuple[int, int, int]] = {}
        for path in self.folder.rglob("*") if self.folder.is_dir() else ():
            if path.is_file() and not path.is_symlink():
                status = path.stat()
                key = (status.st_dev, status.st_ino)
                names = seen.get(key, (0, 0, 0))[0] + 1
                seen[key] = (names, status.st_nlink, status.st_blocks * 512)
        return sum(size for names, links, size in seen.values() if names == links)

    @property
    def quota(self) -> int | None:
        """The limit of ``used`` in bytes."""
        return self._quota

    def _check(self, note: str) -> None:
        if len(note) > MAX_NOTE or any(ord(char) < 32 for char in note):
            raise MeguriError(
                code="note_invalid",
                en=f"The note is longer than {MAX_NOTE} characters or holds line breaks.",
                ja=f"説明が {MAX_NOTE} 文字を超えるか、改行を含んでいます。",
                remedy_en="Say it in one line.",
                remedy_ja="一行で書いてください。",
            )
        if self._quota is not None and (used := self.used()) > self._quota:
            raise _quota_used_up(used, self._quota)

    def _numbers(self) -> list[int]:
        if not self.folder.is_dir():
            return []
        return [int(p.name) for p in self.folder.iterdir() if p.name.isdigit() and (p / "edition.json").is_file()]

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with (self.folder / "lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _sweep_unfinished(self) -> None:
        for draft in self.folder.glob("draft-*"):
            shutil.rmtree(draft, ignore_errors=True)

    def _unknown(self, number: int) -> MeguriError:
        known = ", ".join(str(each) for each in sorted(self._numbers())[-10:]) or "-"
        return MeguriError(
            code="edition_unknown",
            en=f"There is no edition {number}.",
            ja=f"第 {number} 版はありません。",
            remedy_en=f"Known editions: {known}. `meguri publish` makes one.",
            remedy_ja=f"あるのは次の版です: {known}。`meguri publish` で版を作れます。",
        )


def retired(edition: Edition) -> MeguriError:
    """The error for an edition whose data is no longer kept."""
    return MeguriError(
        code="edition_retired",
        en=f"The data of edition {edition.number} is no longer kept: {edition.retired}",
        ja=f"第 {edition.number} 版のデータは保存されていません: {edition.retired}",
        remedy_en="Its description stays at /editions; use a newer edition.",
        remedy_ja="版の説明は /editions に残っています。新しい版を使ってください。",
    )


def _quota_used_up(used: int, quota: int) -> MeguriError:
    return MeguriError(
        code="edition_quota",
        en=f"Editions use {used / 1e9:.2f} GB of disk, their quota is {quota / 1e9:.2f} GB.",
        ja=f"版の保存容量が上限に達しました（{used / 1e9:.2f} GB / 上限 {quota / 1e9:.2f} GB）。",
        remedy_en="Raise MEGURI_EDITIONS_GB, or free an old one with `meguri retire NUMBER --reason …`.",
        remedy_ja="MEGURI_EDITIONS_GB を上げるか、`meguri retire 番号 --reason …` で古い版のデータを外してください。",
    )


def _link(source: Path, target: Path) -> None:
    """A copy of a checkpoint by hard links: its files never change, only the names of them come and go."""
    target.mkdir()
    for file in source.iterdir():
        if file.name != "LOCK":
            try:
                os.link(file, target / file.name)
            except OSError:  # a file system without hard links
                shutil.copy2(file, target / file.name)


def _ontology_of(snapshot: Path) -> str | None:
    store = OxigraphStore(snapshot, read_only=True)
    try:
        return stored_version(store)
    finally:
        store.close()


def _write(path: Path, edition: Edition) -> None:
    text = json.dumps(edition.model_dump(mode="json"), ensure_ascii=False, indent=1)
    write_atomically(path / "edition.json", text.encode())
