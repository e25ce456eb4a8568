"""Which encoding a text file is in: the marks at its start, then strict trials, then a statistical guess.

Files are looked at in pieces, so that a large one takes no more memory than a small one.
"""

from __future__ import annotations

import codecs
import io
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from ingest.readers.errors import unreadable_encoding

TextSource = bytes | Path

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# the last one is EUC-JP with the signs that vendors added: ㈱, ①, ㌧
_JAPANESE = ("cp932", "euc_jp", "euc_jis_2004")
_CHUNK = 2**20
# as much as a guess looks at
_SAMPLE = 200_000
# of text, this share of characters is ordinary; of random bytes read as UTF-16 a third is
_PLAUSIBLE = 0.9


def decode(content: bytes, name: str) -> str:
    """The text of a file. Raises FileRejected (``file_encoding``) where nothing fits."""
    return content.decode(encoding_of(content, name))


def encoding_of(source: TextSource, name: str) -> str:
    """The encoding in which a whole file can be read. Raises FileRejected (``file_encoding``) where none is."""
    with open_bytes(source) as stream:
        head = stream.read(_SAMPLE)
    marked = next((encoding for mark, encoding in _MARKS if head.startswith(mark)), None) or utf16_without_mark(head)
    if marked:
        return _checked(source, marked, name)
    if _fits(source, "utf-8"):
        return "utf-8"
    candidates = [encoding for encoding in _JAPANESE if _fits(source, encoding)]
    if candidates:
        return max(candidates, key=lambda encoding: plausibility(head.decode(encoding, "ignore")))
    return _checked(source, _guess(head, name), name)


def open_bytes(source: TextSource) -> BinaryIO:
    """The file's bytes as a stream."""
    return io.BytesIO(source) if isinstance(source, bytes) else source.open("rb")


def utf16_without_mark(head: bytes) -> str | None:
    """UTF-16 that lost its byte order mark: zeros stand on one side of its ASCII signs only."""
    even, odd = head[0:4096:2].count(0), head[1:4096:2].count(0)
    if not even + odd or min(even, odd) * 10 > max(even, odd):
        return None
    encoding = "utf-16-le" if odd > even else "utf-16-be"
    with suppress(UnicodeDecodeError):
        text = head[: len(head) // 2 * 2][:4096].decode(encoding, "ignore")
        if _ordinary(text) >= _PLAUSIBLE and ("\n" in text or "\r" in text):
            return encoding
    return None


def plausibility(text: str) -> float:
    """Share of characters that ordinary Japanese text uses: a wrong encoding yields half-width kana."""
    ordinary = sum(c < "\x7f" or "\u3000" <= c <= "\u30ff" or "\uff01" <= c <= "\uff5e" for c in text)
    return ordinary / max(len(text), 1)


def _ordinary(text: str) -> float:
    """Share of characters that are ASCII, Japanese or full-width."""
    ordinary = sum("\x08" < c < "\x7f" or "\u3000" <= c <= "\u9fff" or "\uff01" <= c <= "\uff9f" for c in text)
    return ordinary / max(len(text), 1)


def _fits(source: TextSource, encoding: str) -> bool:
    """Whether every byte of the file can be read in an encoding."""
    decoder = codecs.getincrementaldecoder(encoding)()
    with open_bytes(source) as stream:
        try:
            while chunk := stream.read(_CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeError:
            return False
    return True


def _checked(source: TextSource, encoding: str, name: str) -> str:
    if not _fits(source, encoding):
        raise unreadable_encoding(name)
    return encoding


def _guess(head: bytes, name: str) -> str:
    from charset_normalizer import from_bytes  # noqa: PLC0415  (slow to import, rarely needed)

    best = from_bytes(head, cp_isolation=["utf_16_le", "utf_16_be", "iso2022_jp", "cp1252"]).best()
    if best is None or "\x00" in str(best):
        raise unreadable_encoding(name)
    return str(best.encoding)
