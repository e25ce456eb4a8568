"""A source of a document: YAML between two lines of ---, then Markdown in which {漢字|かんじ} is ruby."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

HERE = Path(__file__).parent
RUBY = re.compile(r"\{([^{}|]+)\|([^{}|]+)\}")
# what the generator needs and the record does not
LAYOUT = ("form", "paper", "columns", "header", "footer", "encoding")


@dataclass(frozen=True)
class Source:
    """One document's source: ``layout`` is how it is set, ``meta`` what is said of it beside the file."""

    name: str
    layout: dict[str, Any]
    meta: dict[str, Any]
    tokens: list[Token]

    @property
    def lang(self) -> str:
        """The language of the document."""
        return str(self.meta["language"])


def sources() -> Iterator[Source]:
    """All sources, by name."""
    for path in sorted(HERE.glob("*.md")):
        yield read_source(path.stem, path.read_text(encoding="utf-8"))


def read_source(name: str, text: str) -> Source:
    """A source from its text; ValueError where the front matter is missing."""
    _, head, body = text.split("---\n", 2)
    said: dict[str, Any] = yaml.safe_load(head)
    layout = {key: said.pop(key) for key in LAYOUT if key in said}
    return Source(name, layout, said, MarkdownIt("commonmark").enable("table").parse(body))
