"""Collects paragraphs, rows and headings into one text with their places, for formats that know their structure."""

from __future__ import annotations

import re
from datetime import date, datetime

from ingest.limits import Limits
from ingest.readers.documents.text import DocumentText, Page, Remark
from ingest.readers.errors import too_large

_SPACES = re.compile(r"[^\S\n\t　]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]")


class Pieces:
    """Text that grows paragraph by paragraph; raises FileRejected (``file_too_large``) where it grows too long."""

    def __init__(self, name: str, limits: Limits) -> None:
        self._name = name
        self._limits = limits
        self._parts: list[str] = []
        self._length = 0
        self._page: int | None = None
        self._page_start: int | None = None
        self._pages: list[Page] = []
        self._headings: list[tuple[int, int]] = []

    def page(self, number: int) -> None:
        """What follows stands on this page."""
        self._close_page()
        self._page = number
        if number > self._limits.document_pages:
            raise too_large(self._name, "pages", "ページ数", self._limits.document_pages)

    def add(self, text: str, *, heading: bool = False, close: bool = False) -> None:
        """A paragraph, or with ``close`` an item or row right below what stands before it; nothing where empty."""
        text = clean(text)
        if not text:
            return
        if self._parts:
            self._write("\n" if close else "\n\n")
        if self._page is not None and self._page_start is None:
            self._page_start = self._length
        if heading:
            self._headings.append((self._length, self._length + len(text)))
        self._write(text)
        if self._length > self._limits.document_characters:
            raise too_large(self._name, "characters", "文字数", self._limits.document_characters)

    def document(
        self, *, title: str | None = None, issued: date | datetime | None = None, remarks: tuple[Remark, ...] = ()
    ) -> DocumentText:
        """All that was added."""
        self._close_page()
        day = issued.date() if isinstance(issued, datetime) else issued
        return DocumentText(
            "".join(self._parts),
            tuple(self._pages),
            tuple(self._headings),
            title=clean(title or "") or None,
            issued=day,
            remarks=remarks,
        )

    def _write(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)

    def _close_page(self) -> None:
        if self._page is not None and self._page_start is not None:
            self._pages.append(Page(self._page, self._page_start, self._length))
        self._page_start = None


def clean(text: str) -> str:
    """Without control characters, with one space for several, and with no space at the ends of lines."""
    lines = _SPACES.sub(" ", _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\v", "\n")))
    return "\n".join(line.strip() for line in lines.split("\n")).strip()
