"""The words of the research pages; ``words.yaml`` holds each of them in both languages."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def words(lang: str) -> dict[str, str]:
    """All words of the research pages in a language."""
    return {name: each[lang] for name, each in all_words().items()}


@cache
def all_words() -> dict[str, dict[str, str]]:
    """Every word by name and language."""
    import yaml  # noqa: PLC0415  (read once, when the first page is made)

    parsed: dict[str, dict[str, str]] = yaml.safe_load(
        (files("search_api.http.research") / "words.yaml").read_text(encoding="utf-8")
    )
    return parsed
