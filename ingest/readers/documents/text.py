"""What every reader of documents yields: the text, and where in it each page, title and heading stands."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Protocol

from ingest.limits import Limits

# told (pages read, pages in all) while a long document is read
PageProgress = Callable[[int, int], None]


@dataclass(frozen=True)
class Page:
    """A page's part of the text: characters ``start`` to ``end`` (half-open). ``number`` counts from 1.

    A slide of a presentation and a sheet of a workbook are pages, too. A page without text is not listed.
    """

    number: int
    start: int
    end: int


@dataclass(frozen=True)
class Remark:
    """Something that was left out or needs work, as a code of ``ingest.problems.MESSAGES`` with its detail."""

    code: str
    detail: str = ""


@dataclass(frozen=True)
class DocumentText:
    """A document as text. All offsets count characters (code points) of ``text``, never bytes.

    ``pages`` are in the text's order, do not overlap, and together leave out nothing but line ends between them;
    a sentence may run from one page into the one after it. Formats without pages have none. ``headings`` are
    (start, end) of lines that the format marks as such. ``title``, ``issued`` and ``language`` are what the
    file's properties say.
    """

    text: str
    pages: tuple[Page, ...] = ()
    headings: tuple[tuple[int, int], ...] = ()
    title: str | None = None
    issued: date | None = None
    language: str | None = None
    remarks: tuple[Remark, ...] = ()

    def page_at(self, offset: int) -> int | None:
        """The number of the page on which the character at ``offset`` stands; None where there are no pages."""
        if not self.pages:
            return None
        place = bisect_right(self.pages, offset, key=lambda page: page.start) - 1
        return self.pages[max(place, 0)].number

    def page_breaks(self, start: int, end: int) -> list[int]:
        """The offsets between ``start`` and ``end`` (exclusive) at which another page begins."""
        first = bisect_right(self.pages, start, key=lambda page: page.start)
        last = bisect_left(self.pages, end, key=lambda page: page.start)
        return [page.start for page in self.pages[first:last]]

    def borders(self) -> list[int]:
        """Where pages begin with something new, because no sentence runs into them from the page before."""
        return [
            page.start
            for before, page in pairwise(self.pages)
            if page.number != before.number + 1 or self.text[before.end : page.start].strip(" ")
        ]


class DocumentReader(Protocol):
    """Reads one format. Called in the worker process, so it may be ended at any moment."""

    def __call__(self, content: bytes, name: str, limits: Limits, progress: PageProgress) -> DocumentText:
        """The document's text.

        ``name`` is the file's name without its folder, for messages. Raises FileRejected with what is wrong and
        what to do; anything else that it raises is taken for damage of the file.
        """
        ...
