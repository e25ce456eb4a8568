"""PDF by PDFium: the only importer of pypdfium2."""

from __future__ import annotations

from typing import Any

from ingest.limits import Limits
from ingest.readers.documents.text import DocumentText, Page, PageProgress
from ingest.readers.errors import broken, too_large


def read_pdf(content: bytes, name: str, limits: Limits, progress: PageProgress) -> DocumentText:
    """The text of all pages. Raises FileRejected: damaged, too many pages."""
    pdf = _open(content, name)
    try:
        if len(pdf) > limits.document_pages:
            raise too_large(name, "pages", "ページ数", limits.document_pages)
        parts: list[str] = []
        pages: list[Page] = []
        start = 0
        for index in range(len(pdf)):
            text = _page_text(pdf, index)
            if text:
                pages.append(Page(index + 1, start, start + len(text)))
                parts.append(text)
                start += len(text) + 1
            progress(index + 1, len(pdf))
        return DocumentText("\n".join(parts), tuple(pages))
    finally:
        pdf.close()


def _open(content: bytes, name: str) -> Any:
    import pypdfium2  # noqa: PLC0415  (loads a shared library)

    try:
        return pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise broken(name, str(error)) from error


def _page_text(pdf: Any, index: int) -> str:
    page = pdf[index]
    text_page = page.get_textpage()
    text: str = text_page.get_text_range()
    text_page.close()
    page.close()
    return text.replace("\r\n", "\n").strip()
