"""A PDF page's characters as pieces of lines, cut where PDFium put a space in for a gap as wide as between columns."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from ingest.readers.documents.layout.order import CELL_GAP
from ingest.readers.documents.layout.segments import Box, Glyphs
from ingest.readers.documents.pdfium import HYPHEN_MARK, CharacterProbe

# no gap between columns is narrower (points); spares a question at most spaces
_LEAST_GAP = 6.0
# radicals and ligatures that fonts without proper tables yield in place of the characters that they look like
_LOOKALIKES = {
    code: unicodedata.normalize("NFKC", chr(code))
    for span in (range(0x2E80, 0x2FE0), range(0xFB00, 0xFB07))
    for code in span
}
NO_TEXT = dict.fromkeys((*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F, 0xFFFF, 0xAD))
_ODD = re.compile("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f\xad\u2e80-\u2fdf\ufb00-\ufb06\uffff]")


def glyphs_of(text: str, probe: CharacterProbe) -> list[Glyphs]:
    """The pieces of a page with their places. ``text`` has a character for each that the ``probe`` counts."""
    odd = not is_plain(text) and bool(_ODD.search(text))
    pieces = [
        (shown, start, end)
        for start, end in _pieces(text, probe)
        if (shown := _shown(text[start:end]) if odd else text[start:end])
    ]
    starts = [start for _, start, _ in pieces]
    firsts, lasts = probe.boxes(starts), probe.boxes([end - 1 for _, _, end in pieces])
    placed = zip(pieces, probe.origins(starts), probe.angles_and_sizes(starts), firsts, lasts, strict=True)
    return [
        Glyphs(shown, x, y, angle, size, first, last, text.startswith(HYPHEN_MARK, end))
        for (shown, _, end), (x, y), (angle, size), first, last in placed
    ]


def is_plain(text: str) -> bool:
    """Whether there is nothing but printable ASCII and ends of lines, which spares a search for what is rarer."""
    return text.isascii() and text.replace("\r", "").replace("\n", "").isprintable()


def _shown(piece: str) -> str:
    return piece.translate(_LOOKALIKES).translate(NO_TEXT)


def _pieces(text: str, probe: CharacterProbe) -> Iterator[tuple[int, int]]:
    """Where the pieces begin and end, without the spaces at either end and the hyphen's mark; none is empty."""
    gaps = _wide_gaps(text, probe)
    for start, end in _lines(text):
        while gaps and gaps[-1] < end:
            place = gaps.pop()
            if start < place < end - 1:
                yield from _stripped(text, start, place)
                start = place + 1
        yield from _stripped(text, start, end)


def _lines(text: str) -> Iterator[tuple[int, int]]:
    """Where the lines begin and end, the mark of a hyphen at its end included."""
    end = -1
    for line in text.replace("\r", "\n").replace(HYPHEN_MARK, "\n").split("\n"):
        start, end = end + 1, end + 1 + len(line)
        if line:
            yield start, end + text.startswith(HYPHEN_MARK, end)


def _stripped(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] == HYPHEN_MARK):
        end -= 1
    if start < end:
        yield start, end


def _wide_gaps(text: str, probe: CharacterProbe) -> list[int]:
    """The spaces that stand for a gap as wide as between columns, last first."""
    spaces = [place for place in probe.generated(_spaces(text)) if 0 < place < len(text) - 1]
    if not spaces:
        return []
    before, after = probe.boxes([place - 1 for place in spaces]), probe.boxes([place + 1 for place in spaces])
    gaps = [_distance(*around) for around in zip(before, after, strict=True)]
    wide = [(place, gap) for place, gap in zip(spaces, gaps, strict=True) if gap > _LEAST_GAP]
    sizes = probe.angles_and_sizes([place - 1 for place, _ in wide])
    return [place for (place, gap), (_, size) in zip(wide, sizes, strict=True) if gap > CELL_GAP * size][::-1]


def _spaces(text: str) -> list[int]:
    places, place = [], -1
    for word in text.split(" "):
        place += len(word) + 1
        places.append(place)
    return places[:-1]


def _distance(one: Box, other: Box) -> float:
    """How far apart two boxes are, along whichever axis they are."""
    return max(other[0] - one[2], one[0] - other[2], other[1] - one[3], one[1] - other[3])
