"""The words of the pages in a language; both files have the same keys, which a test checks."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

LANGUAGES = ("ja", "en")


@cache
def strings(lang: str) -> dict[str, str]:
    """All words of one language."""
    import yaml  # noqa: PLC0415  (read once, when the first page is made)

    text = (files("search_api.web") / "strings" / f"{lang}.yaml").read_text(encoding="utf-8")
    loaded: dict[str, str] = yaml.safe_load(text)
    return loaded


def translate(lang: str, key: str, **values: object) -> str:
    """The words for a key, with its values put in; KeyError for a key that does not exist."""
    text = strings(lang)[key]
    return text.format(**values) if values else text
