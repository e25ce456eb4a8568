"""The words of the entries: read once, kept beside the entries, searched by BM25.

The word index is derived from the kept readings; a mark beside it says which state of the entries it holds, and where
that is another one (a process was killed in between) it is filled anew.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from kg.files import write_atomically
from search_api.engine.index.entries import Entry
from search_api.engine.index.entry_store import EntryStore
from search_api.engine.index.tantivy_words import TantivyWords
from search_api.engine.reading import Reading, TextReader

_FILL = 2_000  # entries at a time


class LexicalIndex:
    """Readings and words of one index folder; used under the index's lock."""

    def __init__(self, folder: Path, store: EntryStore, reader: TextReader, *, read_only: bool) -> None:
        self._folder = folder
        self._store = store
        self._reader = reader
        self._read_only = read_only
        self._words = self._opened()

    def named(self, entries: Iterable[Entry]) -> dict[str, Reading]:
        """The readings of entries by text hash, from the file where they are there, else made and kept."""
        texts = {entry.text_hash: entry for entry in entries}
        known = self._store.readings(self._reader.version, texts)
        fresh = {
            digest: self._reader.read(entry.embedded_text, entry.lang)
            for digest, entry in texts.items()
            if digest not in known
        }
        if fresh and not self._read_only:
            self._store.keep_readings(self._reader.version, fresh)
        return known | fresh

    def replace(self, removed: Iterable[int], added: Mapping[int, Entry]) -> None:
        """Follow a change of the entries."""
        readings = self.named(added.values())
        words = {id_: [norm for _, norm in readings[entry.text_hash].words] for id_, entry in added.items()}
        self._words.replace(removed, words)

    def search(self, words: Sequence[str], k: int) -> dict[int, float]:
        """See ``WordIndex.search``."""
        return self._words.search(words, k)

    def save(self) -> None:
        """Mark the word index as that of the entries' present state."""
        write_atomically(self._mark, self._state().encode())

    def require(self, entries: Mapping[int, Entry]) -> None:
        """Fill the word index anew unless it holds the entries' present state."""
        if self._read_only or self._is_current():
            return
        self._words.clear()
        ids = list(entries)
        for start in range(0, len(ids), _FILL):
            self.replace((), {id_: entries[id_] for id_ in ids[start : start + _FILL]})
        self.save()

    @property
    def _mark(self) -> Path:
        return self._folder / "state.json"

    def _state(self) -> str:
        return json.dumps({"entries": self._store.version, "reader": self._reader.version})

    def _is_current(self) -> bool:
        with suppress(OSError):
            return self._mark.read_text(encoding="utf-8") == self._state()
        return False

    def _opened(self) -> TantivyWords:
        if self._read_only and not self._folder.is_dir():
            return TantivyWords()
        try:
            return TantivyWords(self._folder, read_only=self._read_only)
        except ValueError:
            if self._read_only:
                return TantivyWords()
            # damaged, or written by another version of the library: it is derived, so it is made anew
            shutil.rmtree(self._folder, ignore_errors=True)
            return TantivyWords(self._folder)
