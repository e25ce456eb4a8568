"""Sets a source as a PDF with running heads, page numbers, one or two columns, tables and ruby (reportlab).

The Japanese fonts are the standard CID fonts of PDF, which readers bring along: nothing is embedded, and with
``invariant`` the same source gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

from markdown_it.token import Token
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, A5, B5
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfmetrics import registerFont, stringWidth
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, FrameBreak, NextPageTemplate, PageTemplate, Table
from reportlab.platypus import Paragraph as Block

from corpus.documents.sources.ruby import RubyParagraph, plain
from corpus.documents.sources.source import RUBY, Source

PAPERS = {"A4": A4, "A5": A5, "B5": B5}
FONTS = {"ja": ("HeiseiMin-W3", "HeiseiKakuGo-W5"), "en": ("Times-Roman", "Helvetica-Bold")}
MARGIN, GAP, HEAD = 18 * mm, 7 * mm, 26 * mm
SIZES = {"h1": 14.0, "h2": 11.5, "h3": 10.0}
TEXT = 9.5


def pdf_bytes(source: Source) -> bytes:
    """The document as PDF bytes."""
    for name in ("HeiseiMin-W3", "HeiseiKakuGo-W5"):
        registerFont(UnicodeCIDFont(name))
    out = BytesIO()
    paper = PAPERS[source.layout.get("paper", "A4")]
    document = BaseDocTemplate(out, pagesize=paper, invariant=1, title=source.meta["title"], author="Meguri")
    document.addPageTemplates(_templates(source, paper))
    document.build(_flow(source))
    return out.getvalue()


def _templates(source: Source, paper: tuple[float, float]) -> list[PageTemplate]:
    """The first page has its title over the full width; then come as many columns as are asked for."""
    width, height = paper[0] - 2 * MARGIN, paper[1] - 2 * MARGIN
    columns = int(source.layout.get("columns", 1))
    each = (width - GAP * (columns - 1)) / columns
    title = Frame(MARGIN, MARGIN + height - HEAD, width, HEAD, 0, 0, 0, 0)

    def frames(tall: float) -> list[Frame]:
        return [Frame(MARGIN + n * (each + GAP), MARGIN, each, tall, 0, 0, 0, 0) for n in range(columns)]

    def furniture(canvas: Canvas, document: BaseDocTemplate) -> None:
        canvas.setFont(FONTS[source.lang][0], 7.5)
        canvas.drawString(MARGIN, paper[1] - 11 * mm, source.layout["header"])
        canvas.drawRightString(paper[0] - MARGIN, 9 * mm, source.layout["footer"])
        canvas.drawCentredString(paper[0] / 2, 9 * mm, f"- {document.page} -")

    first = PageTemplate("first", [title, *frames(height - HEAD)], onPage=furniture)
    return [first, PageTemplate("later", frames(height), onPage=furniture)]


def _flow(source: Source) -> list[Flowable]:
    flow: list[Flowable] = [NextPageTemplate("later")]
    for number, flowable in enumerate(_blocks(source)):
        flow.append(flowable)
        if number == 0:  # the title stands alone in its frame
            flow.append(FrameBreak())
    return flow


def _blocks(source: Source) -> Iterator[Flowable]:
    tokens, lists = iter(source.tokens), []
    for token in tokens:
        if token.type in ("bullet_list_open", "ordered_list_open"):
            lists.append(0 if token.type.startswith("ordered") else None)
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            lists.pop()
        elif token.type == "heading_open":
            yield _block(next(tokens).content, token.tag, source)
        elif token.type == "table_open":
            yield _table(tokens, source)
        elif token.type == "inline":
            yield _block(_mark(lists) + token.content, "p", source)


def _mark(lists: list[int | None]) -> str:
    """The mark of a list's item."""
    if not lists:
        return ""
    if lists[-1] is None:
        return "・"
    lists[-1] += 1
    return f"{lists[-1]}. "


def _block(text: str, tag: str, source: Source) -> Flowable:
    style = _style(tag, source.lang)
    text = text.replace("\n", "" if source.lang == "ja" else " ")
    if RUBY.search(text):
        return RubyParagraph(text, style)
    return Block(plain(text), style)


def _style(tag: str, lang: str) -> ParagraphStyle:
    size = SIZES.get(tag, TEXT)
    heading = tag in SIZES
    return ParagraphStyle(
        f"{tag}-{lang}",
        fontName=FONTS[lang][1 if heading else 0],
        fontSize=size,
        leading=size * (1.5 if heading else 1.75),
        spaceBefore=size * 0.8 if heading else 0,
        spaceAfter=size * 0.4,
        firstLineIndent=TEXT if tag == "p" and lang == "ja" else 0,
        wordWrap="CJK" if lang == "ja" else None,
    )


def _table(tokens: Iterator[Token], source: Source) -> Table:
    rows: list[list[Block]] = []
    widths: list[list[float]] = []
    style = ParagraphStyle("cell", _style("p", source.lang), fontSize=7.5, leading=11, firstLineIndent=0, spaceAfter=0)
    for token in tokens:
        if token.type == "table_close":
            break
        if token.type == "tr_open":
            rows.append([])
            widths.append([])
        elif token.type == "inline":
            rows[-1].append(Block(plain(token.content), style))
            widths[-1].append(stringWidth(token.content, style.fontName, style.fontSize) + 8)
    grid = [
        ("GRID", (0, 0), (-1, -1), 0.4, colors.black),
        ("BACKGROUND", (0, 0), (-1, 0), colors.whitesmoke),
        ("LEFTPADDING", (0, 0), (-1, -1), 3),
        ("RIGHTPADDING", (0, 0), (-1, -1), 3),
    ]
    wide = [max(column) for column in zip(*widths, strict=True)]
    return Table(rows, style=grid, colWidths=wide, repeatRows=1, spaceBefore=4, spaceAfter=8)
