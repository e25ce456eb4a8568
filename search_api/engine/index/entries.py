"""What is searched: one entry for each text of a record, with everything that filters and results need."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from functools import cache
from typing import NamedTuple

from pydantic import TypeAdapter


@dataclass(frozen=True)
class Entry:
    """One searchable text: a record in one language, or one passage of a document.

    ``part`` tells a record's entries apart ("ja", "en", "p3"); IRIs and codes are plain strings. ``concepts`` are
    those that the graph states, ``named`` those that the text names. ``scale``, ``climate``, ``permits``, ``uses`` and
    ``valid_until`` are what an offer asks of a place, in its own words or as IRIs of concepts; a day as ISO date.
    """

    record: str
    part: str
    kind: str
    lang: str
    title: str
    text: str
    concepts: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    passage: str | None = None
    start: int | None = None
    end: int | None = None
    sample: bool = False
    page: int | None = None
    page_breaks: tuple[int, ...] = ()
    named: tuple[str, ...] = ()
    scale: str = ""
    climate: str = ""
    permits: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    valid_until: str = ""

    def page_at(self, offset: int) -> int | None:
        """The page on which the document's character at ``offset`` stands; None where it has no pages."""
        return None if self.page is None else self.page + sum(start <= offset for start in self.page_breaks)

    @property
    def embedded_text(self) -> str:
        """What the model reads: the title, then the text where it says more."""
        return f"{self.title}\n{self.text}" if self.text else self.title

    @property
    def text_hash(self) -> str:
        """sha256 of the embedded text, under which its vector is cached."""
        return text_hash(self.embedded_text)

    @property
    def title_hash(self) -> str:
        """sha256 of the title, which has a vector of its own."""
        return text_hash(self.title)

    @property
    def texts(self) -> dict[str, str]:
        """What is embedded: hash → text, the whole and the title."""
        return {self.text_hash: self.embedded_text, self.title_hash: self.title}

    def to_json(self) -> str:
        """The entry as stored."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str | bytes) -> Entry:
        """The entry that ``to_json`` wrote; what an older version did not know yet has its default."""
        return _reader().validate_json(text)


@cache
def _reader() -> TypeAdapter[Entry]:
    """A search reads hundreds; setting the fields of a frozen dataclass one by one takes three times as long."""
    return TypeAdapter(Entry)


class Candidate(NamedTuple):
    """An entry that may answer a query: its cosine, its coverage of the query's words, and its id in the index."""

    entry: Entry
    cosine: float
    coverage: float = 0.0
    id: int = -1


def text_hash(text: str) -> str:
    """sha256 of a text, under which its vector is cached."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
