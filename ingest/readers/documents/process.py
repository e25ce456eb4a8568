"""Runs a reader in a process of its own, so that a hostile document can cost no more than that process."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import weakref
from dataclasses import asdict
from datetime import date
from threading import Event, Timer
from typing import IO, Any

from ingest.limits import DEFAULT_LIMITS, Limits
from ingest.readers.documents.formats import FORMATS
from ingest.readers.documents.text import DocumentText, Page, PageProgress, Remark
from ingest.readers.errors import FileRejected, reader_ended, too_large, too_slow, unsupported

# a library may keep what it allocated; a new process every so often gives it back
FILES_PER_PROCESS = 50
# on a busy machine a process gets a part of the time only
CLOCK_FACTOR = 3
# with it the system ends a process that has used its time of the processor (SIGXCPU; not on Windows)
_CPU_SIGNAL = getattr(signal, "SIGXCPU", 0)


def no_progress(done: int, total: int) -> None:
    """Tells nobody."""


class DocumentProcess:
    """Reads documents one after another; the process is started when needed, and anew after it was ended.

    Limits of memory and of the processor's time are kept by the system where it can (POSIX); the clock is watched here.
    """

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        self._limits = limits
        self._process: subprocess.Popen[bytes] | None = None
        self._files = 0
        self._end: weakref.finalize[Any, Any] | None = None

    def read(self, content: bytes, name: str, suffix: str, progress: PageProgress = no_progress) -> DocumentText:
        """The text of a document. Raises FileRejected: a format without reader, damage, or a limit that was passed."""
        if suffix not in FORMATS:
            raise unsupported(name, ", ".join(FORMATS))
        if FORMATS[suffix].trusted:
            document = FORMATS[suffix].load()(content, name, self._limits, progress)
        else:
            document = self._read_apart(content, name, suffix, progress)
        if len(document.text) > self._limits.document_characters:
            raise too_large(name, "characters", "文字数", self._limits.document_characters)
        return document

    def close(self) -> None:
        """End the process."""
        if self._end is not None:
            self._end()
        self._process = self._end = None

    def _read_apart(self, content: bytes, name: str, suffix: str, progress: PageProgress) -> DocumentText:
        process = self._running()
        overdue = Event()

        def end() -> None:
            overdue.set()
            process.kill()

        timer = Timer(CLOCK_FACTOR * self._limits.document_seconds, end)
        timer.start()
        try:
            answer = _exchange(process, content, name, suffix, progress)
        except FileRejected:
            raise
        except BaseException:
            # an answer that was not read to its end would be taken for the next one's
            self.close()
            raise
        finally:
            timer.cancel()
        if answer is None:
            status = process.wait()
            self.close()
            if overdue.is_set() or status == -_CPU_SIGNAL:
                raise too_slow(name, self._limits.document_seconds)
            raise reader_ended(name, status)
        return answer

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None or self._files >= FILES_PER_PROCESS:
            self.close()
            # -P: a folder of the caller's that is named like a package of ours is not imported
            command = [sys.executable, "-P", "-m", "ingest.readers.documents.worker", json.dumps(asdict(self._limits))]
            self._process = subprocess.Popen(  # noqa: S603
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
            self._end = weakref.finalize(self, _end_process, self._process)
            self._files = 0
        self._files += 1
        return self._process


def _exchange(
    process: subprocess.Popen[bytes], content: bytes, name: str, suffix: str, progress: PageProgress
) -> DocumentText | None:
    """Send a document and wait for its text; None where the process ended before it had answered."""
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        request = {"name": name, "suffix": suffix, "size": len(content)}
        process.stdin.write(json.dumps(request).encode() + b"\n" + content)
        process.stdin.flush()
    except BrokenPipeError:
        return None
    return _answer(process.stdout, progress)


def _answer(stream: IO[bytes], progress: PageProgress) -> DocumentText | None:
    while line := stream.readline():
        if not line.endswith(b"\n"):
            return None
        message = json.loads(line)
        if "page" in message:
            progress(message["page"], message["pages"])
        elif "rejected" in message:
            raise FileRejected(**message["rejected"])
        else:
            return _document(message["document"])
    return None


def _document(body: dict[str, Any]) -> DocumentText:
    return DocumentText(
        text=body["text"],
        pages=tuple(Page(*page) for page in body["pages"]),
        headings=tuple((start, end) for start, end in body["headings"]),
        title=body["title"],
        issued=date.fromisoformat(body["issued"]) if body["issued"] else None,
        language=body["language"],
        remarks=tuple(Remark(*remark) for remark in body["remarks"]),
    )


def _end_process(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            try:
                stream.close()
            except BrokenPipeError:
                # what was still to be written has no reader any more
                continue
