"""Which encoding a text file is in: the marks at its start, then strict trials, then a statistical guess."""

from __future__ import annotations

import codecs

from ingest.readers.errors import unreadable_encoding

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# the last one is EUC-JP with the signs that vendors added: ㈱, ①, ㌧
_JAPANESE = ("cp932", "euc_jp", "euc_jis_2004")


def decode(content: bytes, name: str) -> str:
    """The text of a file. Raises FileRejected (``file_encoding``) where nothing fits."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _strict(content, encoding, name)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        pass
    candidates = {encoding: text for encoding in _JAPANESE if (text := _try(content, encoding)) is not None}
    if candidates:
        return max(candidates.values(), key=_plausibility)
    return _guess(content, name)


def _plausibility(text: str) -> float:
    """Share of characters that ordinary Japanese text uses: a wrong encoding yields half-width kana."""
    ordinary = sum(c < "\x7f" or "\u3000" <= c <= "\u30ff" or "\uff01" <= c <= "\uff5e" for c in text)
    return ordinary / max(len(text), 1)


def _try(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None


def _strict(content: bytes, encoding: str, name: str) -> str:
    text = _try(content, encoding)
    if text is None:
        raise unreadable_encoding(name)
    return text


def _guess(content: bytes, name: str) -> str:
    from charset_normalizer import from_bytes  # noqa: PLC0415  (slow to import, rarely needed)

    best = from_bytes(content, cp_isolation=["utf_16_le", "utf_16_be", "iso2022_jp", "cp1252"]).best()
    if best is None or "\x00" in str(best):
        raise unreadable_encoding(name)
    return str(best)
