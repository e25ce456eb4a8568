"""Language balance: multilingual E5 puts texts of the query's own language first; taking the means away mends it.

A document's vector loses the mean of its language over the whole index (never over a filtered part), a
query's vector the mean of a shipped bilingual sample of queries of its kind. Means are shrunk towards the
model's reference means, since a few records say little about a language, and change only with a new generation
of the index.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

from search_api.engine.index.vectors import Vectors
from search_api.engine.models.embedder import unit_blocks

QueryKind = Literal["query", "offer", "issue"]
Key = tuple[str, str]

# so many documents of a language weigh as much as the reference mean
SHRINKAGE = 20.0


@dataclass
class LanguageSums:
    """Sums of document vectors and how many there were, by language; taken part by part, so that few are in memory."""

    totals: dict[str, npt.NDArray[np.float64]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)

    def add(self, vectors: Vectors, languages: Sequence[str]) -> None:
        """Take document vectors (n, dimension), each with its language, into the sums."""
        tags = np.asarray(languages)
        for lang, count in Counter(languages).items():
            self.totals[lang] = self.totals.get(lang, 0.0) + vectors[tags == lang].sum(axis=0, dtype=np.float64)
            self.counts[lang] += count


@dataclass(frozen=True)
class LanguageBalance:
    """``documents``, ``titles``: language → mean, shape (dimension,); ``queries``: (kind of query, language) → mean.

    ``blocks`` are the sizes of the parts of a vector (see ``Embedder.blocks``), each scaled on its own; () means one.
    """

    documents: Mapping[str, Vectors]
    queries: Mapping[Key, Vectors]
    blocks: tuple[int, ...] = ()
    titles: Mapping[str, Vectors] = field(default_factory=dict)

    @classmethod
    def fit(cls, sums: LanguageSums, reference: Mapping[Key, Vectors], blocks: tuple[int, ...] = ()) -> LanguageBalance:
        """Means of document vectors by language, shrunk towards the reference's passages."""
        documents: dict[str, Vectors] = {lang: mean for (kind, lang), mean in reference.items() if kind == "passage"}
        for lang, total in sums.totals.items():
            # without a reference towards none: the mean of one text is that text, and would leave nothing of it
            prior = documents.get(lang, np.zeros(len(total), dtype=np.float32))
            documents[lang] = _shrunk(total, sums.counts[lang], prior)
        queries = {key: mean for key, mean in reference.items() if key[0] != "passage"}
        return cls(documents, queries, blocks)

    @classmethod
    def none(cls) -> LanguageBalance:
        """No balance: vectors stay as the model gave them."""
        return cls({}, {})

    def centre_documents(self, vectors: Vectors, languages: Sequence[str]) -> Vectors:
        """Unit vectors (n, dimension) with their language's mean taken away."""
        return self._centred(vectors, languages, self.documents)

    def centre_titles(self, vectors: Vectors, languages: Sequence[str]) -> Vectors:
        """The same for titles, which are another kind of text and have means of their own."""
        return self._centred(vectors, languages, self.titles)

    def _centred(self, vectors: Vectors, languages: Sequence[str], by_language: Mapping[str, Vectors]) -> Vectors:
        means = [by_language.get(lang) for lang in languages]
        zero = np.zeros(vectors.shape[1], dtype=np.float32)
        shift = np.stack([zero if mean is None else mean for mean in means]) if means else np.empty_like(vectors)
        return self._scaled(vectors - shift)

    def centre_query(self, vector: Vectors, kind: QueryKind, lang: str) -> Vectors:
        """A unit vector (dimension,) with the mean of such queries taken away."""
        mean = self.queries.get((kind, lang))
        return vector if mean is None else self._scaled((vector - mean).reshape(1, -1))[0]

    def _scaled(self, vectors: Vectors) -> Vectors:
        return unit_blocks(vectors, self.blocks or (vectors.shape[1],))


def _shrunk(total: npt.NDArray[np.float64], count: int, prior: Vectors) -> Vectors:
    weight = count / (count + SHRINKAGE)
    return np.asarray(weight * total / count + (1 - weight) * prior, dtype=np.float32)
