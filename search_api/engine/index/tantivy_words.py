"""BM25 by Tantivy: the only importer of tantivy. Derived: filled anew from the stored readings where it is not current.

Tantivy gets words that Sudachi or the stemmer normalised, one token each, so that it never tokenizes itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from threading import Lock
from typing import Any

from search_api.engine.index.words import coverage, idf

_HEAP = 32_000_000  # bytes, of one writing thread
_MAX_WORDS = 64
_TOKENIZER = "spaces"


class TantivyWords:
    """A ``WordIndex``; safe to share between threads."""

    def __init__(self, folder: Path | None = None, *, read_only: bool = False) -> None:
        """Open the index in ``folder`` (made where there is none), or one in memory."""
        import tantivy  # noqa: PLC0415  (heavy)

        self._tantivy: Any = tantivy
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
        self._index: Any = tantivy.Index(_schema(tantivy), path=str(folder) if folder else None)
        self._index.register_tokenizer(_TOKENIZER, _spaces(tantivy))
        self._writer: Any = None if read_only else self._index.writer(_HEAP, 1)
        self._lock = Lock()

    def replace(self, removed: Iterable[int], added: Mapping[int, Sequence[str]]) -> None:
        """See ``WordIndex.replace``."""
        with self._lock:
            for id_ in {*removed, *added}:
                same = self._tantivy.Query.term_query(self._index.schema, "id", id_)
                self._writer.delete_documents_by_query(same)
            for id_, words in added.items():
                document = self._tantivy.Document()
                document.add_unsigned("id", id_)
                document.add_text("words", " ".join(words))
                self._writer.add_document(document)
            self._writer.commit()
            self._index.reload()

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._writer.delete_all_documents()
            self._writer.commit()
            self._index.reload()

    def search(self, words: Sequence[str], k: int) -> dict[int, float]:
        """See ``WordIndex.search``; of more than 64 words the rarest count."""
        searcher = self._index.searcher()
        weights = {word: idf(searcher.doc_freq("words", word), searcher.num_docs) for word in set(words)}
        known = dict(sorted(weights.items(), key=lambda item: -item[1])[:_MAX_WORDS])
        if not known or not searcher.num_docs:
            return {}
        terms = [self._tantivy.Query.term_query(self._index.schema, "words", word) for word in known]
        should = [(self._tantivy.Occur.Should, term) for term in terms]
        found = searcher.search(self._tantivy.Query.boolean_query(should), k, count=False)
        addresses = [address for _, address in found.hits]
        ids = searcher.fast_field_values("id", addresses)
        scores = [coverage(score, known.values()) for score, _ in found.hits]
        return {int(id_): score for id_, score in zip(ids, scores, strict=True)}

    def count(self) -> int:
        """See ``WordIndex.count``."""
        return int(self._index.searcher().num_docs)


def _schema(tantivy: Any) -> Any:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("id", stored=False, indexed=True, fast=True)
    builder.add_text_field("words", stored=False, tokenizer_name=_TOKENIZER, index_option="freq")
    return builder.build()


def _spaces(tantivy: Any) -> Any:
    return tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
