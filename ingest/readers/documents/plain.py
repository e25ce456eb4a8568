"""Text and Markdown: the text is the file's own, character for character."""

from __future__ import annotations

import re

from ingest.limits import Limits
from ingest.readers.documents.text import DocumentText, PageProgress
from ingest.readers.encoding import decode
from ingest.readers.errors import broken

# an ATX heading: https://spec.commonmark.org/0.31.2/#atx-headings
_MARKDOWN_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t][^\r\n]*\S", re.MULTILINE)


def read_text(content: bytes, name: str, limits: Limits, progress: PageProgress) -> DocumentText:
    """A text file in any encoding that is known here. Raises FileRejected: encoding, NUL characters."""
    text = decode(content, name)
    if "\x00" in text:
        raise broken(name, "NUL characters")
    return DocumentText(text)


def read_markdown(content: bytes, name: str, limits: Limits, progress: PageProgress) -> DocumentText:
    """Markdown as it was written; its headings are known, its marks stay."""
    document = read_text(content, name, limits, progress)
    headings = tuple(match.span() for match in _MARKDOWN_HEADING.finditer(document.text))
    return DocumentText(document.text, headings=headings)
