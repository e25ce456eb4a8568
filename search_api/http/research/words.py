"""The words of the research pages; ``words.yaml`` holds each of them in both languages."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any


@cache
def words(lang: str) -> dict[str, str]:
    """All words of the research pages in a language."""
    return {name: each[lang] for name, each in all_words().items()}


@cache
def editor_words(lang: str) -> dict[str, str]:
    """The query editor's own English words with what is shown in their place; none where English is wanted."""
    return _file("editor_words.yaml") if lang == "ja" else {}


@cache
def all_words() -> dict[str, dict[str, str]]:
    """Every word by name and language."""
    found: dict[str, dict[str, str]] = _file("words.yaml")
    return found


def _file(name: str) -> Any:
    import yaml  # noqa: PLC0415  (read once, when the first page is made)

    return yaml.safe_load((files("search_api.http.research") / name).read_text(encoding="utf-8"))
