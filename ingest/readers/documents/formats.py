"""Which formats are read as documents, by suffix, and the reader of each; readers are imported when they are needed."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import cast

from ingest.readers.documents.text import DocumentReader

_OOXML = "application/vnd.openxmlformats-officedocument"
_PACKAGE = "ingest.readers.documents"


@dataclass(frozen=True)
class Format:
    """A format with its reader (``module:function``); ``trusted`` ones are too simple to need their own process."""

    media_type: str
    reader: str
    trusted: bool = False

    def load(self) -> DocumentReader:
        """The reader, whose library is imported now."""
        module, _, function = self.reader.partition(":")
        return cast(DocumentReader, getattr(import_module(f"{_PACKAGE}.{module}"), function))


FORMATS: dict[str, Format] = {
    ".txt": Format("text/plain", "plain:read_text", trusted=True),
    ".md": Format("text/markdown", "plain:read_markdown", trusted=True),
    ".pdf": Format("application/pdf", "pdf:read_pdf"),
    ".html": Format("text/html", "html:read_html"),
    ".htm": Format("text/html", "html:read_html"),
    ".docx": Format(f"{_OOXML}.wordprocessingml.document", "docx:read_docx"),
    ".pptx": Format(f"{_OOXML}.presentationml.presentation", "pptx:read_pptx"),
    ".xlsx": Format(f"{_OOXML}.spreadsheetml.sheet", "workbook:read_workbook"),
}
# what a file with such a suffix is where nothing else is said; a workbook holds registrations unless it is said
DOCUMENT_TYPES = {suffix: format_.media_type for suffix, format_ in FORMATS.items() if suffix != ".xlsx"}
