"""The process that reads documents: ``python -m ingest.readers.documents.worker LIMITS``.

On stdin one request after another: a line of JSON (name, suffix, size) and then as many bytes. On stdout lines of
JSON: the progress by page, then the document or why it was rejected. It ends when stdin does.
"""

from __future__ import annotations

import json
import math
import os
import sys
import time
from contextlib import suppress
from typing import IO, Any

from ingest.limits import Limits
from ingest.readers.documents.formats import FORMATS
from ingest.readers.documents.text import DocumentText
from ingest.readers.errors import broken, too_much_memory
from kg.errors import MeguriError

_SECONDS_BETWEEN_REPORTS = 0.2


def main() -> int:
    """Serve requests until stdin ends."""
    limits = Limits(**json.loads(sys.argv[1]))
    _confine(limits)
    # whatever a library prints must not get among the answers
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    requests = sys.stdin.buffer
    while line := requests.readline():
        request = json.loads(line)
        _send(answers, _answered(requests.read(request["size"]), request, limits, answers))
    return 0


def _confine(limits: Limits) -> None:
    """Limits that the system keeps: memory, no files written, no core dumps."""
    with suppress(ImportError):  # not on Windows
        import resource  # noqa: PLC0415

        for what, most in (
            (resource.RLIMIT_AS, limits.document_memory),
            (resource.RLIMIT_FSIZE, 0),
            (resource.RLIMIT_CORE, 0),
        ):
            with suppress(ValueError, OSError):  # a lower limit is in force already
                resource.setrlimit(what, (most, most))


def _allow_time(seconds: float) -> None:
    """The system ends this process when it has worked so much longer, counted from now."""
    with suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415

        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
        resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(used + max(seconds, 1.0)), hard))


def _answered(content: bytes, request: dict[str, Any], limits: Limits, answers: IO[bytes]) -> dict[str, Any]:
    name = request["name"]
    _allow_time(limits.document_seconds)
    try:
        read = FORMATS[request["suffix"]].load()
        return {"document": _body(read(content, name, limits, _Reporter(answers)))}
    except MeguriError as error:
        return {"rejected": _rejection(error)}
    except MemoryError:
        return {"rejected": _rejection(too_much_memory(name, limits.document_memory))}
    except Exception as error:
        # libraries raise what they like on damaged input
        return {"rejected": _rejection(broken(name, type(error).__name__))}


class _Reporter:
    """Sends the progress by page, a few times a second at most."""

    def __init__(self, answers: IO[bytes]) -> None:
        self._answers = answers
        self._last = 0.0

    def __call__(self, done: int, total: int) -> None:
        now = time.monotonic()
        if now - self._last > _SECONDS_BETWEEN_REPORTS:
            self._last = now
            _send(self._answers, {"page": done, "pages": total})


def _send(answers: IO[bytes], message: dict[str, Any]) -> None:
    answers.write(json.dumps(message).encode() + b"\n")
    answers.flush()


def _body(document: DocumentText) -> dict[str, Any]:
    return {
        # halves of UTF-16 pairs are no text; a question mark for each keeps the offsets
        "text": document.text.encode("utf-8", "replace").decode("utf-8"),
        "pages": [(page.number, page.start, page.end) for page in document.pages],
        "headings": document.headings,
        "title": document.title,
        "issued": document.issued.isoformat() if document.issued else None,
        "language": document.language,
        "remarks": [(remark.code, remark.detail) for remark in document.remarks],
    }


def _rejection(error: MeguriError) -> dict[str, str]:
    fields = ("code", "en", "ja", "remedy_en", "remedy_ja")
    return {field: getattr(error, field) for field in fields}


if __name__ == "__main__":
    raise SystemExit(main())
