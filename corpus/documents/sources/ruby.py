"""A Japanese paragraph with small readings over some of its words, which reportlab does not set by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Flowable

from corpus.documents.sources.source import RUBY

# no line begins with these
NOT_FIRST = "、。，．）」』】・：；！？ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ%）"
Piece = tuple[str, str]


def plain(text: str) -> str:
    """Markdown's marks of emphasis as reportlab's, and nothing else as markup."""
    text = text.replace("&", "&amp;").replace("<", "&lt;")
    text = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", text)
    return re.sub(r"\*(\S.*?)\*", r"<i>\1</i>", text)


class RubyParagraph(Flowable):
    """Text set character by character; a word with a reading is never broken over two lines."""

    def __init__(self, text: str, style: ParagraphStyle) -> None:
        super().__init__()
        self.style, self.pieces = style, list(_pieces(text.replace("**", "")))
        self.lines: list[list[Piece]] = []
        self.spaceAfter, self.spaceBefore = style.spaceAfter, style.spaceBefore

    def wrap(self, width: float, _: float) -> tuple[float, float]:
        """The lines that the pieces fill, and their height."""
        self.lines, used = [[]], self.style.firstLineIndent
        for piece in self.pieces:
            wide = self._width(piece)
            if used + wide > width and piece[0] not in NOT_FIRST:
                self.lines.append([])
                used = 0.0
            self.lines[-1].append(piece)
            used += wide
        self.width, self.height = width, len(self.lines) * self.style.leading
        return width, self.height

    def split(self, width: float, height: float) -> list[Flowable]:
        """As many lines as fit, and a paragraph of the rest."""
        self.wrap(width, height)
        fit = int(height // self.style.leading)
        if fit <= 0 or fit >= len(self.lines):
            return []
        rest = ParagraphStyle("rest", self.style, firstLineIndent=0)
        return [
            self._of([piece for line in self.lines[:fit] for piece in line], self.style),
            self._of([piece for line in self.lines[fit:] for piece in line], rest),
        ]

    def draw(self) -> None:
        """Base text on its line, the reading over the middle of its word."""
        y = self.height - self.style.leading
        for number, line in enumerate(self.lines):
            x = self.style.firstLineIndent if number == 0 else 0.0
            for piece in line:
                self._draw(piece, x, y + self.style.leading * 0.2)
                x += self._width(piece)
            y -= self.style.leading

    def _draw(self, piece: Piece, x: float, y: float) -> None:
        font, size = self.style.fontName, self.style.fontSize
        base, reading = piece
        self.canv.setFont(font, size)
        self.canv.drawString(x, y, base)
        if reading:
            self.canv.setFont(font, size / 2)
            self.canv.drawCentredString(x + stringWidth(base, font, size) / 2, y + size * 0.95, reading)

    def _width(self, piece: Piece) -> float:
        font, size = self.style.fontName, self.style.fontSize
        return max(stringWidth(piece[0], font, size), stringWidth(piece[1], font, size / 2))

    @classmethod
    def _of(cls, pieces: list[Piece], style: ParagraphStyle) -> RubyParagraph:
        made = cls("", style)
        made.pieces = pieces
        return made


def _pieces(text: str) -> Iterator[Piece]:
    """Single characters without a reading, words with one."""
    end = 0
    for match in RUBY.finditer(text):
        yield from ((char, "") for char in text[end : match.start()])
        yield match.group(1), match.group(2)
        end = match.end()
    yield from ((char, "") for char in text[end:])
