"""For whom a page is made: the language, and how links keep what the reader chose."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode


@dataclass(frozen=True)
class Reader:
    """A reader at an address; ``explicit`` where the language was chosen there and links must keep it."""

    lang: str
    explicit: bool
    path: str
    query: tuple[tuple[str, str], ...] = ()

    @property
    def other(self) -> str:
        """The language to switch to."""
        return "en" if self.lang == "ja" else "ja"

    def link(self, path: str, **parameters: str | int | tuple[str, ...] | None) -> str:
        """An address with those parameters that say something (a tuple repeats its name), and the chosen language."""
        given = {name: value for name, value in parameters.items() if value not in (None, "", ())}
        if self.explicit:
            given.setdefault("lang", self.lang)
        whole, hash_, part = path.partition("#")
        return f"{whole}{'?' if given else ''}{urlencode(given, doseq=True)}{hash_}{part}"

    @property
    def switched(self) -> str:
        """This page in the other language."""
        kept = [(name, value) for name, value in self.query if name != "lang"]
        return f"{self.path}?{urlencode([*kept, ('lang', self.other)])}"
