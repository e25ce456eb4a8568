"""The text of one document, whatever its format."""

from __future__ import annotations

from pathlib import Path

from ingest.limits import DEFAULT_LIMITS, Limits
from ingest.readers.documents.process import DocumentProcess
from ingest.readers.documents.text import DocumentText
from ingest.readers.open_file import open_file


def read_document_text(path: Path, limits: Limits = DEFAULT_LIMITS) -> DocumentText:
    """Open one file by what it is and read its text, in a process that is ended afterwards.

    Raises FileRejected as ``open_file`` and ``DocumentProcess.read`` do.
    """
    file = open_file(path, limits)
    process = DocumentProcess(limits)
    try:
        return process.read(file.content, path.name, path.suffix.lower())
    finally:
        process.close()
