"""Four texts, an index of them, and how it is asked."""

from __future__ import annotations

from collections.abc import Sequence

from search_api.engine.index.entries import Entry
from search_api.engine.index.filters import Filters
from search_api.engine.index.search_index import SearchIndex
from search_api.engine.models.double import HashingEmbedder

TEXTS = {
    "oil": "使い終わった天ぷら油を燃料にする",
    "wood": "間伐材のチップを燃やして熱を届ける",
    "bus": "a small electric bus booked by telephone",
    "shop": "a mobile shop that visits the villages",
}


def entry(record: str, text: str, lang: str = "") -> Entry:
    language = lang or ("en" if text.isascii() else "ja")
    return Entry(record, language, "technology", language, record, text)


def changes(texts: dict[str, str], revision: str = "1") -> dict[str, tuple[str, list[Entry]]]:
    return {record: (revision, [entry(record, text)]) for record, text in texts.items()}


def ask(index: SearchIndex, text: str, k: int = 3, filters: Filters | None = None) -> list[tuple[str, float]]:
    vector = HashingEmbedder().embed([text], "query")[0]
    lang = "en" if text.isascii() else "ja"
    return [(e.record, score) for e, score in index.search(vector, "query", lang, filters or Filters(), k)]


def best(index: SearchIndex, text: str) -> str:
    return ask(index, text)[0][0]


def rest(scores: Sequence[tuple[str, float]]) -> dict[str, float]:
    return {record: round(score, 4) for record, score in scores}
