"""The example queries: the competency questions of the users, packaged with the program (``corpus/questions``)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

USERS = ("officer", "company", "researcher", "secretariat", "operator")
_HEAD = re.compile(r"# (ja|en|user): (.+)")


@dataclass(frozen=True)
class Example:
    """A query with its question in both languages, and whose question it is."""

    name: str
    user: str
    ja: str
    en: str
    query: str

    def title(self, lang: str) -> str:
        """The question in a language."""
        return self.ja if lang == "ja" else self.en


@cache
def examples() -> tuple[Example, ...]:
    """All examples, in the order of their files; empty where none are packaged."""
    return tuple(_read(path) for path in sorted(_folder().glob("*.rq")))


def by_user() -> list[tuple[str, list[Example]]]:
    """The examples grouped by user."""
    return [(user, group) for user in USERS if (group := [e for e in examples() if e.user == user])]


def _folder() -> Path:
    """In an installed program inside of the package, in a checkout beside it."""
    with as_file(files("search_api")) as package:
        inside = package / "questions"
        return inside if inside.is_dir() else package.parent / "corpus" / "questions"


def _read(path: Path) -> Example:
    text = path.read_text(encoding="utf-8")
    head = {match[1]: match[2].strip() for match in map(_HEAD.fullmatch, text.splitlines()) if match}
    query = "\n".join(line for line in text.splitlines() if not _HEAD.fullmatch(line)) + "\n"
    return Example(path.stem, head["user"], head["ja"], head["en"], query)
