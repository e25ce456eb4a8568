"""The index as one thing: entries on disk, vectors and filters in memory, balance and manifest beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from threading import RLock
from zipfile import BadZipFile

import numpy as np

from kg.errors import MeguriError
from search_api.engine.index.balance import Key, LanguageBalance, LanguageSums, QueryKind
from search_api.engine.index.entries import Candidate, Entry, text_hash
from search_api.engine.index.entry_store import EntryStore
from search_api.engine.index.entry_table import EntryTable
from search_api.engine.index.errors import index_damaged
from search_api.engine.index.faiss_index import FaissIndex
from search_api.engine.index.filters import FilterIndex, Filters
from search_api.engine.index.lexical import LexicalIndex
from search_api.engine.index.manifest import Manifest
from search_api.engine.index.vectors import Ids, Mask, VectorIndex, Vectors
from search_api.engine.models.embedder import Embedder, Role
from search_api.engine.reading import Reading, TextReader

EMBED_BATCH = 64
PART = 5_000
# the means are taken anew when the index has grown or shrunk by this factor
REFIT_FACTOR = 1.5
# what a title weighs beside the whole text (chosen on the tuning set: docs/matching.md)
TITLE_WEIGHT = 0.5
Progress = Callable[[int, int], None]
Changes = Mapping[str, tuple[str, Sequence[Entry]]]


class SearchIndex:
    """Opened on a folder for one model and one ontology version.

    Raises MeguriError at opening: ``index_mismatch`` where the folder's index was made with others,
    ``index_damaged`` where it cannot be read, for a reader ``index_missing`` where there is none.
    """

    def __init__(
        self,
        folder: Path,
        embedder: Embedder,
        reference: Mapping[Key, Vectors],
        *,
        ontology: str,
        reader: TextReader | None = None,
        read_only: bool = False,
        title_weight: float = TITLE_WEIGHT,
    ) -> None:
        self._title_weight = title_weight
        self._folder = folder
        self._embedder = embedder
        self._reference = reference
        self._lock = RLock()
        self._read_only = read_only
        if not read_only:
            folder.mkdir(parents=True, exist_ok=True)
        stored = Manifest.read(folder / "manifest.json")
        if stored is not None:
            stored.require(model=embedder.model_id, dimension=embedder.dimension, ontology=ontology)
        self._manifest = stored or Manifest(embedder.model_id, embedder.dimension, ontology, 0, 0, -1)
        self._store = EntryStore(folder / "entries.db", read_only=read_only)
        self._entries = EntryTable(self._store)
        self._lexical = (
            LexicalIndex(folder / "words", self._store, reader, read_only=read_only) if reader is not None else None
        )
        self._filters = FilterIndex()
        self._balance = self._load_balance()
        self._vectors: VectorIndex = FaissIndex(embedder.dimension)
        self._load()

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def manifest(self) -> Manifest:
        """What the index was made from."""
        return self._manifest

    @property
    def unsaved(self) -> bool:
        """Whether entries changed after vectors and manifest were written, perhaps by a process that was killed."""
        with self._lock:
            return self._manifest.entries_version != self._store.version

    def record_hashes(self) -> dict[str, str]:
        """The content hash of every indexed record, to be compared with the graph's."""
        with self._lock:
            return self._store.record_hashes()

    def entry(self, id_: int) -> Entry:
        """The entry of an id."""
        with self._lock:
            return self._entries[id_]

    def warm(self) -> None:
        """Read the entries that are held in memory, so that the first searches need not."""
        with self._lock:
            self._entries.warm()

    def entries(self) -> list[tuple[int, Entry]]:
        """All entries with their ids, read from disk."""
        with self._lock:
            return list(self._entries.items())

    def search(
        self, vector: Vectors, kind: QueryKind, lang: str, filters: Filters, k: int
    ) -> list[tuple[Entry, float]]:
        """The at most ``k`` nearest entries for a raw query vector (dimension,), with balanced cosines."""
        with self._lock:
            query = self._balance.centre_query(vector, kind, lang)
            ids, scores = self._vectors.search(query, k, self._filters.mask(filters))
            entries = self._entries.read(ids.tolist())
            return [(entries[id_], score) for id_, score in zip(ids.tolist(), scores.tolist(), strict=True)]

    def balanced(self, vector: Vectors, kind: QueryKind, lang: str) -> Vectors:
        """A raw query vector (dimension,) without the mean of such queries: what ``candidates`` compares."""
        with self._lock:
            return self._balance.centre_query(vector, kind, lang)

    def candidates(self, query: Vectors, filters: Filters, k: int, words: Sequence[str]) -> list[Candidate]:
        """The ``k`` nearest entries to a balanced query, and of those that share most with the words half as many.

        Who is found by one signal alone gets the other one, too: its cosine, or a coverage of 0.
        """
        with self._lock:
            mask = self._filters.mask(filters)
            ids, scores = self._vectors.search(query, k, mask)
            cosines = dict(zip(ids.tolist(), scores.tolist(), strict=True))
            shared = self._by_words(words, k, mask)
            by_words_alone = [id_ for id_ in list(shared)[: (k + 1) // 2] if id_ not in cosines]
            cosines |= self._vectors.scores(query, by_words_alone)
            entries = self._entries.read(list(cosines))
            return [Candidate(entries[id_], cosines[id_], shared.get(id_, 0.0), id_) for id_ in cosines]

    def vectors(self, ids: Sequence[int]) -> Vectors:
        """The balanced vectors of entries, shape (n, dimension); zeros for one that was removed meanwhile."""
        with self._lock:
            return self._vectors.vectors(ids)

    def query_vectors(self, texts: Sequence[str], progress: Progress | None = None) -> list[Vectors]:
        """Raw vectors (dimension,) of texts as queries, for texts that are asked again and again, as those of records.

        They are cached as the entries' are, by a writer for good.
        """
        by_hash = {text_hash(text): text for text in texts}
        known = self._embed(by_hash, progress, "query")
        return [known[text_hash(text)] for text in texts]

    def readings(self, entries: Sequence[Entry]) -> list[Reading | None]:
        """What the entries' texts say; None where the index was made without a reader."""
        if not self._lexical:
            return [None] * len(entries)
        with self._lock:
            found = self._lexical.named(entries)
        return [found[entry.text_hash] for entry in entries]

    def _by_words(self, words: Sequence[str], k: int, mask: Mask | None) -> dict[int, float]:
        found = self._lexical.search(words, k) if self._lexical and words else {}
        known = {id_: share for id_, share in found.items() if id_ in self._entries}
        return known if mask is None else {i: share for i, share in known.items() if i < len(mask) and mask[i]}

    def update(self, records: Changes, progress: Progress | None = None) -> None:
        """Replace records by their entries; texts that were embedded before are not embedded again."""
        texts = _texts(e for _, entries in records.values() for e in entries)
        embedded = self._embed(texts, progress)
        with self._lock:
            records = self._with_names(records)
            removed, added = self._store.replace(records)
            self._forget(removed)
            new = dict(zip(added, (e for _, entries in records.values() for e in entries), strict=True))
            self._take(new, embedded)
            if self._lexical:
                self._lexical.replace(removed, new)

    def _with_names(self, records: Changes) -> Changes:
        """The entries with the concepts that their texts name."""
        if not self._lexical:
            return records
        readings = self._lexical.named(entry for _, entries in records.values() for entry in entries)
        return {
            id_: (digest, [replace(entry, named=tuple(sorted(readings[entry.text_hash].named))) for entry in entries])
            for id_, (digest, entries) in records.items()
        }

    def remove(self, records: Sequence[str]) -> None:
        """Remove records."""
        if records:
            with self._lock:
                gone = self._store.remove(records)
                self._forget(gone)
                if self._lexical:
                    self._lexical.replace(gone, {})

    def save(self, *, refit: bool = False) -> None:
        """Write vectors and manifest; new language means (a new generation) where asked for or outgrown."""
        with self._lock:
            if refit or self._outgrown():
                self._fit()
            self._manifest = replace(self._manifest, entries_version=self._store.version)
            self._vectors.save(self._folder / "vectors.faiss")
            if self._lexical:
                self._lexical.save()
            self._manifest.write(self._folder / "manifest.json")

    def use_balance(self, balance: LanguageBalance) -> None:
        """Centre all vectors by another balance, in memory only: how an evaluation shows what the balance does."""
        with self._lock:
            self._balance = balance
            self._rebuild_vectors()

    def close(self) -> None:
        """Close the files."""
        self._store.close()

    def _load(self) -> None:
        """Entries from disk; vectors from FAISS's file where it is current, else from the stored embeddings."""
        self._entries.add(self._store.ids())
        self._filters.add_stored(self._store.properties())
        if self._lexical:
            self._lexical.require(self._entries)
        file = self._folder / "vectors.faiss"
        if file.exists() and not self.unsaved:
            self._vectors = loaded = FaissIndex.load(file, self._embedder.dimension)
            # ids are never used twice, so equal ids mean equal entries, whatever a writer does meanwhile
            if np.array_equal(loaded.ids(), np.sort(np.fromiter(self._entries, dtype=np.int64))):
                if loaded.converted and not self._read_only:
                    loaded.save(file)
                return
        self._rebuild_vectors()

    def _rebuild_vectors(self) -> None:
        self._vectors = FaissIndex(self._embedder.dimension)
        for ids, vectors in self.fresh_vectors():
            self._vectors.add(ids, vectors)

    def fresh_vectors(self) -> Iterator[tuple[Ids, Vectors]]:
        """All ids with their balanced vectors (n, dimension) in full precision, some thousands at a time."""
        for part in _parts(self._entries.items()):
            yield np.fromiter(part, dtype=np.int64), self._balanced(part, self._embed(_texts(part.values()), None))

    def _embed(self, texts: Mapping[str, str], progress: Progress | None, role: Role = "passage") -> dict[str, Vectors]:
        """Raw vectors by text hash, from the cache where they are there."""
        model = self._embedder.model_id + ("" if role == "passage" else f" {role}")
        with self._lock:
            known = self._store.cached_vectors(model, texts)
        # texts of like length are embedded together, since the longest one of a batch sets its cost
        missing = sorted((h for h in texts if h not in known), key=lambda h: len(texts[h]))
        for start in range(0, len(missing), EMBED_BATCH):
            part = missing[start : start + EMBED_BATCH]
            fresh = dict(zip(part, self._embedder.embed([texts[h] for h in part], role), strict=True))
            if not self._read_only:
                with self._lock:
                    self._store.cache_vectors(model, fresh)
            known |= fresh
            if progress:
                progress(start + len(part), len(missing))
        return known

    def _take(self, entries: Mapping[int, Entry], embedded: Mapping[str, Vectors]) -> None:
        self._remember(entries)
        self._add_vectors(entries, embedded)

    def _remember(self, entries: Mapping[int, Entry]) -> None:
        self._entries.add(entries)
        for id_, entry in entries.items():
            self._filters.add(id_, entry)

    def _add_vectors(self, entries: Mapping[int, Entry], embedded: Mapping[str, Vectors]) -> None:
        if entries:
            self._vectors.add(np.fromiter(entries, dtype=np.int64), self._balanced(entries, embedded))

    def _balanced(self, entries: Mapping[int, Entry], embedded: Mapping[str, Vectors]) -> Vectors:
        wholes, titles, languages = _stacked(entries, embedded)
        whole = self._balance.centre_documents(wholes, languages)
        title = self._balance.centre_titles(titles, languages)
        return np.asarray((whole + self._title_weight * title) / (1 + self._title_weight), dtype=np.float32)

    def _forget(self, ids: Sequence[int]) -> None:
        self._entries.discard(ids)
        for id_ in ids:
            self._filters.remove(id_)
        self._vectors.remove(np.asarray(ids, dtype=np.int64))

    def _outgrown(self) -> bool:
        fitted, now = max(self._manifest.entries_at_fit, 1), max(len(self), 1)
        return max(now / fitted, fitted / now) >= REFIT_FACTOR

    def _fit(self) -> None:
        """A new generation: means over the whole index, all vectors centred anew; nothing is embedded again."""
        wholes, titles = LanguageSums(), LanguageSums()
        for part in _parts(self._entries.items()):
            of_wholes, of_titles, languages = _stacked(part, self._embed(_texts(part.values()), None))
            wholes.add(of_wholes, languages)
            titles.add(of_titles, languages)
        self._balance = self._fitted(wholes, titles)
        self._manifest = replace(
            self._manifest,
            generation=self._manifest.generation + 1,
            entries_at_fit=len(self._entries),
            entries_version=-1,
        )
        means = {f"documents/{lang}": mean for lang, mean in self._balance.documents.items()}
        means |= {f"titles/{lang}": mean for lang, mean in self._balance.titles.items()}
        current = self._folder / f"means-{self._manifest.generation}.npz"
        with current.open("wb") as file:
            np.savez(file, **means)  # type: ignore[arg-type]
        # from here on the vectors on disk are of an older generation and count as none
        self._manifest.write(self._folder / "manifest.json")
        for old in self._folder.glob("means-*.npz"):
            # the one before may just be in the hands of a reader that has seen the older manifest
            if old.name not in (current.name, f"means-{self._manifest.generation - 1}.npz"):
                old.unlink(missing_ok=True)
        self._rebuild_vectors()

    def _load_balance(self) -> LanguageBalance:
        """The means of the manifest's generation; before the first one, the model's reference means alone."""
        balance = self._fitted(LanguageSums(), LanguageSums())
        if self._manifest.generation == 0:
            return balance
        file = self._folder / f"means-{self._manifest.generation}.npz"
        try:
            with np.load(file) as means:
                documents, titles = (
                    {name.removeprefix(part): means[name] for name in means.files if name.startswith(part)}
                    for part in ("documents/", "titles/")
                )
        except (OSError, ValueError, EOFError, BadZipFile) as error:
            raise index_damaged(file, str(error)) from error
        return replace(balance, documents=documents, titles=titles)

    def _fitted(self, wholes: LanguageSums, titles: LanguageSums) -> LanguageBalance:
        blocks = self._embedder.blocks
        of_titles = LanguageBalance.fit(titles, self._reference, blocks).documents
        return replace(LanguageBalance.fit(wholes, self._reference, blocks), titles=of_titles)


def _parts(entries: Iterable[tuple[int, Entry]]) -> Iterator[dict[int, Entry]]:
    """Entries by id, some thousands at a time: the raw vectors of 100,000 take 700 MB."""
    left = iter(entries)
    while part := dict(islice(left, PART)):
        yield part


def _texts(entries: Iterable[Entry]) -> dict[str, str]:
    """Everything that is embedded of these entries: hash → text."""
    return {digest: text for entry in entries for digest, text in entry.texts.items()}


def _stacked(entries: Mapping[int, Entry], embedded: Mapping[str, Vectors]) -> tuple[Vectors, Vectors, list[str]]:
    """Raw vectors of the whole texts and of the titles, each (n, dimension), and the languages."""
    held = entries.values()
    wholes = np.stack([embedded[entry.text_hash] for entry in held])
    titles = np.stack([embedded[entry.title_hash] for entry in held])
    return wholes, titles, [entry.lang for entry in held]


def forget_index(folder: Path) -> None:
    """Take away what was derived, so that the next opening starts anew; embeddings stay cached by text and model."""
    if (folder / "entries.db").exists():
        _forget_entries(folder / "entries.db")
    # the manifest goes before the means that it names: killed at any moment, what is left can be opened or is refused
    for file in (folder / "vectors.faiss", folder / "manifest.json", *folder.glob("means-*.npz")):
        file.unlink(missing_ok=True)


def _forget_entries(file: Path) -> None:
    try:
        store = EntryStore(file)
    except MeguriError:
        # damaged: the embeddings in it are lost too
        for part in file.parent.glob(f"{file.name}*"):
            part.unlink(missing_ok=True)
        return
    store.remove(list(store.record_hashes()))
    store.close()
