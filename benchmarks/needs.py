"""Makes the vectors of the needs that ship: ``python -m benchmarks.needs --write`` (a minute or two).

Reads ``corpus/needs/examples.jsonl`` (format and provenance in its README) and embeds it with the default models.
Needs are balanced by the reference means of queries of their kind and language, what meets them by those of passages,
with the title's weight that the index gives; of each concept's two technologies the mean is kept. Without ``--write``
it tells how far the file that ships is from what the models give here.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ingest.normalise.text import language_of
from search_api.engine.index.balance import LanguageBalance, LanguageSums, QueryKind
from search_api.engine.index.search_index import TITLE_WEIGHT
from search_api.engine.index.vectors import Vectors
from search_api.engine.models.embedder import unit_rows
from search_api.engine.models.loading import LoadedModel, load_model
from search_api.engine.needs import FILE_NAME, Needs, to_arrays

EXAMPLES = Path("corpus/needs/examples.jsonl")
QUERIES = ("everyday_ja", "everyday_en", "keywords_ja", "keywords_en")
OFFERS = ("offer_ja", "offer_en")


@dataclass(frozen=True)
class Said:
    """A need as it was said: its kind and its text."""

    kind: QueryKind
    text: str


def examples(file: Path = EXAMPLES) -> list[dict[str, Any]]:
    """The concepts with their examples, in the order of the file."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]


def digest(file: Path = EXAMPLES) -> str:
    """First 12 digits of the file's SHA-256."""
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12]


def said(row: dict[str, Any]) -> Iterator[Said]:
    """All needs of one concept: questions, offers, and the issue as a query."""
    for name in QUERIES:
        yield from (Said("query", text) for text in row[name])
    for name in OFFERS:
        yield from (Said("offer", text) for text in row[name])
    yield Said("issue", f"{row['issue']['title']}\n{row['issue']['description']}")


def asked_vectors(rows: Sequence[dict[str, Any]], model: LoadedModel) -> Vectors:
    """Shape (concepts, needs of each, dimension), unit vectors."""
    balance, needs = _balance(model), [list(said(row)) for row in rows]
    raw = model.embedder.embed([need.text for group in needs for need in group], "query")
    flat = [need for group in needs for need in group]
    centred = [balance.centre_query(v, need.kind, language_of(need.text)) for v, need in zip(raw, flat, strict=True)]
    return np.stack(centred).reshape(len(rows), -1, model.embedder.dimension)


def answer_vectors(texts: Sequence[tuple[str, str]], model: LoadedModel) -> Vectors:
    """Vectors of (title, text) as the index has them, shape (n, dimension)."""
    balance = _balance(model)
    languages = [language_of(f"{title} {text}") for title, text in texts]
    whole = model.embedder.embed([f"{title}\n{text}" for title, text in texts], "passage")
    titles = model.embedder.embed([title for title, _ in texts], "passage")
    joined = balance.centre_documents(whole, languages) + TITLE_WEIGHT * balance.centre_titles(titles, languages)
    return np.asarray(joined / (1 + TITLE_WEIGHT), dtype=np.float32)


def made(model: LoadedModel) -> Any:
    """The arrays of the file, from the examples as they are."""
    rows = examples()
    technologies = [(t["title"], t["summary"]) for row in rows for t in (row["technology_ja"], row["technology_en"])]
    issues = [(row["issue"]["title"], row["issue"]["description"]) for row in rows]
    solutions = answer_vectors(technologies, model).reshape(len(rows), 2, -1).mean(axis=1)
    answers = {"technology": unit_rows(solutions), "issue": unit_rows(answer_vectors(issues, model))}
    concepts = [row["concept"] for row in rows]
    return to_arrays(model.embedder.model_id, digest(), concepts, asked_vectors(rows, model), answers)


def _balance(model: LoadedModel) -> LanguageBalance:
    """The balance of an index without records: the reference means alone."""
    balance = LanguageBalance.fit(LanguageSums(), model.reference_means, model.embedder.blocks)
    return LanguageBalance(balance.documents, balance.queries, balance.blocks, balance.documents)


def main() -> None:
    """Write the file, or compare it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    model = load_model("multilingual-e5-small")
    if options.write:
        with (Path("search_api/engine") / FILE_NAME).open("wb") as file:
            np.savez_compressed(file, **made(model))
        return
    shipped = Needs.shipped()
    near = (asked_vectors(examples(), model) * shipped.asked).sum(axis=-1)
    print(f"examples {digest()} (shipped {shipped.examples}); least cosine to the shipped needs {near.min():.5f}")


if __name__ == "__main__":
    main()
