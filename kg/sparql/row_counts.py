"""Counts the solutions in serialized results as they pass: exactly, in any chunks, at the speed of ``bytes``.

Iterating over solutions in Python to count them would cost more than answering the query.
"""

from __future__ import annotations


class RowCount:
    """How many solutions have passed so far, in one of the four formats of results."""

    def __init__(self, format_: str) -> None:
        self.rows = -1 if format_ == "json" else 0
        self._count = {"json": self._json, "xml": self._xml, "csv": self._csv, "tsv": self._tsv}[format_]
        self._rest = b""
        self._brace = b""
        self._quoted = False
        self._header = format_ in ("csv", "tsv")

    def add(self, chunk: bytes) -> int:
        """Count the rows that end in the next chunk; the number of all rows so far."""
        self._count(chunk)
        return self.rows

    def _tsv(self, chunk: bytes) -> None:
        """Line ends inside of literals are written as escapes."""
        self._lines(chunk.count(b"\n"))

    def _csv(self, chunk: bytes) -> None:
        """Line ends count where the number of quotes before them is even."""
        parts = chunk.split(b'"')
        self._lines(sum(part.count(b"\n") for part in parts[int(self._quoted) :: 2]))
        self._quoted ^= len(parts) % 2 == 0

    def _lines(self, count: int) -> None:
        if self._header and count:
            self._header, count = False, count - 1
        self.rows += count

    def _xml(self, chunk: bytes) -> None:
        """``<`` is written as an escape in text."""
        text = self._rest + chunk
        self.rows += text.count(b"</result>")
        self._rest = text[-8:] if not text.endswith(b"</result>") else b""

    def _json(self, chunk: bytes) -> None:
        """A solution ends in ``}}`` or is ``{}`` outside of strings; the document ends in one more."""
        text = self._rest + chunk
        escape_open = (len(text) - len(text.rstrip(b"\\"))) % 2
        text, self._rest = (text[:-1], text[-1:]) if escape_open else (text, b"")
        parts = text.replace(b"\\\\", b"").replace(b'\\"', b"").split(b'"')
        outside = b'"'.join(parts[int(self._quoted) :: 2])
        if not self._quoted:
            outside = self._brace + outside
        self.rows += outside.count(b"}}") + outside.count(b"{}")
        self._quoted ^= len(parts) % 2 == 0
        # a pair of braces that the end of the chunk cuts is put together again with the next one
        cut = not self._quoted and outside[-1:] in (b"{", b"}") and outside[-2:] not in (b"}}", b"{}")
        self._brace = outside[-1:] if cut else b""
