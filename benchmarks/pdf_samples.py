"""PDFs whose text is known, each with one difficulty of real ones, for the tests, the comparison and the benchmark.

Made with reportlab and its CID fonts, which are named and not embedded, as in older office PDFs; ``printed_book`` by
Chromium, with fonts embedded, as in most PDFs of today.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CHROMIUM = "/usr/bin/chromium"
WIDTH, HEIGHT = 595.0, 842.0
JA = (
    "当市では、家庭と飲食店から出る廃食用油を年に十二トン回収し、市内の事業者がバイオディーゼル燃料に変えている。",
    "回収の拠点は公民館や学校など二十四か所にあり、住民は油を瓶に入れて持ち寄る。燃料は給食の配送車と除雪車が使う。",
    "一方、山あいの集落では拠点まで遠く、高齢の世帯が油を固めて捨ててしまうことが課題として残っている。",
    "そこで今年度は、移動販売車が油を受け取る試みを始める。車は週に二回集落を回るため、新しい車両も人手もいらない。",
    "試みの結果は来年三月にまとめ、費用が回収量に見合うかどうかを確かめたうえで、ほかの地区に広げるかを決める。",
    "このほか、間伐材の木くずを温浴施設のボイラーで燃やし、灯油の使用を減らす取り組みも検討している。",
)
EN = (
    "The town collects used cooking oil at twenty-four community centres and schools, and a local company turns it "
    "into biodiesel fuel for the snow ploughs and for the lorries that deliver school meals.",
    "Villages in the hills remain far from any collection point. Older households solidify their oil and throw it "
    "away, because nobody can carry the bottles down the valley in winter.",
    "From this year a travelling shop accepts the oil on its usual round, so that neither a new vehicle nor "
    "additional staff is needed. The results will be published in March, together with the costs for each kilogram.",
)
JUSTIFIED_HYPHENS = ("The regional author-", "ity supports the collec-", "tion of waste wood.")


@dataclass(frozen=True)
class Sample:
    """A PDF with what a reader should give: ``paragraphs`` in reading order; ``absent`` must not be in the text."""

    name: str
    content: bytes
    paragraphs: tuple[str, ...]
    absent: tuple[str, ...] = ()


def samples() -> list[Sample]:
    """One of each."""
    makers: tuple[Callable[[], Sample], ...] = (
        one_column, two_columns, interleaved_columns, english_columns, vertical, ruby, hyphens, table, rotated_page,
        turned_table,
    )  # fmt: skip
    return [make() for make in makers]


def canvas(**options: Any) -> tuple[Any, io.BytesIO]:
    """A canvas on A4 that writes into the buffer when it is saved."""
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfbase.pdfmetrics import registerFont
    from reportlab.pdfgen.canvas import Canvas

    registerFont(UnicodeCIDFont("HeiseiMin-W3"))
    registerFont(UnicodeCIDFont("HeiseiKakuGo-W5", isVertical=True))
    buffer = io.BytesIO()
    return Canvas(buffer, pagesize=(WIDTH, HEIGHT), **options), buffer


def pdf_of_pages(*pages: str, **options: Any) -> bytes:
    """A PDF with one line of text on each page."""
    paper, buffer = canvas(**options)
    for page in pages:
        paper.setFont("HeiseiMin-W3", 12)
        paper.drawString(72, 600, page)
        paper.showPage()
    paper.save()
    return buffer.getvalue()


def wrapped(text: str, letters: int) -> list[str]:
    """A Japanese paragraph, its first line indented by a letter."""
    text = f"　{text}"
    return [text[place : place + letters] for place in range(0, len(text), letters)]


def wrapped_english(text: str, letters: int) -> list[str]:
    """An English paragraph, cut at spaces."""
    import textwrap

    return textwrap.wrap(text, letters, break_on_hyphens=False)


def book(pages: int, *, english: bool = False) -> bytes:
    """A plan of many pages with running header and page numbers; a paragraph runs over every page's end."""
    paper, buffer = canvas()
    lines = _endless_english() if english else _endless_lines(38)
    for number in range(1, pages + 1):
        _running(paper, number)
        paper.setFont("Times-Roman" if english else "HeiseiMin-W3", 11)
        for row in range(35):
            paper.drawString(80, 740 - 18 * row, next(lines))
        paper.showPage()
    paper.save()
    return buffer.getvalue()


def printed_book(pages: int) -> bytes:
    """The same plan as a browser prints it, which embeds what it uses of a font; RuntimeError without Chromium.

    It has at least so many pages: how much text fits depends on the font.
    """
    from playwright.sync_api import sync_playwright

    if not Path(CHROMIUM).exists():
        raise RuntimeError(f"{CHROMIUM} is not installed")
    paragraphs = (f"<p>　第{n}項。{''.join(JA[n % 3 : n % 3 + 4])}</p>" for n in range(1, 7 * pages + 1))
    style = "body { font: 11pt/18pt 'Noto Serif CJK JP', serif } p { margin: 0 }"
    running = "<span style='font-size: 9px; margin-left: 80px'>{}</span>"
    with sync_playwright() as running_chromium:
        browser = running_chromium.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        page.set_default_timeout(600_000)
        page.set_content(f"<html lang=ja><meta charset=utf-8><style>{style}</style>{''.join(paragraphs)}</html>")
        content: bytes = page.pdf(
            format="A4",
            margin=dict.fromkeys(("top", "bottom", "left", "right"), "80px"),
            display_header_footer=True,
            header_template=running.format("循環のまちづくり計画（素案）"),
            footer_template=running.format("<span class=pageNumber></span>"),
        )
        browser.close()
    return content


def _endless_lines(letters: int) -> Iterator[str]:
    number = 0
    while True:
        number += 1
        yield from wrapped(f"第{number}項。" + "".join(JA[number % 3 : number % 3 + 4]), letters)


def _endless_english() -> Iterator[str]:
    while True:
        yield from wrapped_english(" ".join(EN), 84)


def _running(paper: Any, number: int) -> None:
    paper.setFont("HeiseiMin-W3", 9)
    paper.drawString(80, 805, "循環のまちづくり計画（素案）")
    paper.drawCentredString(WIDTH / 2, 30, f"- {number} -")


def one_column() -> Sample:
    """Three pages with header and page number; a sentence runs from each page into the next."""
    paper, buffer = canvas()
    lines = [line for text in JA * 4 for line in wrapped(text, 38)]
    for number in range(1, 4):
        _running(paper, number)
        paper.setFont("HeiseiMin-W3", 11)
        for row, line in enumerate(lines[(number - 1) * 17 : number * 17 if number < 3 else None]):
            paper.drawString(80, 740 - 18 * row, line)
        paper.showPage()
    paper.save()
    return Sample("one_column", buffer.getvalue(), JA * 4, ("素案", "- 2 -"))


def _column_lines() -> tuple[list[str], list[str]]:
    lines = [line for text in JA * 2 for line in wrapped(text, 19)]
    half = (len(lines) + 1) // 2
    return lines[:half], lines[half:]


def two_columns() -> Sample:
    """A title over two columns, drawn one column after the other."""
    return _columns("two_columns", interleaved=False)


def interleaved_columns() -> Sample:
    """The same, drawn line by line across both columns."""
    return _columns("interleaved_columns", interleaved=True)


def _columns(name: str, *, interleaved: bool) -> Sample:
    paper, buffer = canvas()
    paper.setFont("HeiseiMin-W3", 18)
    paper.drawCentredString(WIDTH / 2, 770, "廃食用油を集めて燃料にする取り組みの報告")
    paper.setFont("HeiseiMin-W3", 11)
    left, right = _column_lines()
    placed = [(80, 730 - 18 * row, line) for row, line in enumerate(left)]
    placed += [(315, 730 - 18 * row, line) for row, line in enumerate(right)]
    for x, y, line in sorted(placed, key=lambda p: (-p[1], p[0])) if interleaved else placed:
        paper.drawString(x, y, line)
    paper.save()
    return Sample(name, buffer.getvalue(), ("廃食用油を集めて燃料にする取り組みの報告", *JA * 2))


def english_columns() -> Sample:
    """English in two columns, ragged on the right."""
    paper, buffer = canvas()
    paper.setFont("Times-Bold", 18)
    paper.drawCentredString(WIDTH / 2, 770, "Used cooking oil in the hills: a report")
    paper.setFont("Times-Roman", 11)
    lines = [line for text in EN * 2 for line in wrapped_english(f"    {text}", 44)]
    half = (len(lines) + 1) // 2
    for x, part in ((72, lines[:half]), (320, lines[half:])):
        for row, line in enumerate(part):
            paper.drawString(x, 730 - 15 * row, line)
    paper.save()
    return Sample("english_columns", buffer.getvalue(), ("Used cooking oil in the hills: a report", *EN * 2))


def vertical() -> Sample:
    """Written downwards, lines from right to left."""
    paper, buffer = canvas()
    paper.setFont("HeiseiKakuGo-W5", 11)
    lines = [line for text in JA for line in wrapped(text, 45)]
    for row, line in enumerate(lines):
        paper.drawString(WIDTH - 80 - 20 * row, 770, line)
    paper.save()
    return Sample("vertical", buffer.getvalue(), JA)


def ruby() -> Sample:
    """Readings in small kana above the characters, drawn where the sentence reaches them."""
    paper, buffer = canvas()
    for row, text in enumerate(JA):
        y, x = 740 - 70 * row, 80.0
        for line in wrapped(text, 38):
            paper.setFont("HeiseiMin-W3", 11)
            x = 80.0
            for part, reading in _with_reading(line):
                paper.setFont("HeiseiMin-W3", 11)
                paper.drawString(x, y, part)
                if reading:
                    paper.setFont("HeiseiMin-W3", 5.5)
                    paper.drawString(x, y + 11.5, reading)
                x += 11 * len(part)
            y -= 22
    paper.save()
    return Sample("ruby", buffer.getvalue(), JA, ("かいしゅう", "しゅうらく"))


def _with_reading(line: str) -> Iterator[tuple[str, str]]:
    readings = {
        "回収": "かいしゅう",
        "集落": "しゅうらく",
        "課題": "かだい",
        "住民": "じゅうみん",
        "間伐材": "かんばつざい",
    }
    plain = ""
    while line:
        word = next((word for word in readings if line.startswith(word)), None)
        if word is None:
            plain, line = plain + line[0], line[1:]
            continue
        if plain:
            yield plain, ""
        yield word, readings[word]
        plain, line = "", line[len(word) :]
    if plain:
        yield plain, ""


def hyphens() -> Sample:
    """English words parted by hyphens at the ends of lines."""
    paper, buffer = canvas()
    paper.setFont("Times-Roman", 12)
    for row, line in enumerate(JUSTIFIED_HYPHENS):
        paper.drawString(72, 700 - 16 * row, line)
    paper.save()
    return Sample("hyphens", buffer.getvalue(), ("The regional authority supports the collection of waste wood.",))


_CELLS = (
    ("資源", "発生量", "単位", "利用先"),
    ("廃食用油", "12", "t/年", "バイオディーゼル燃料"),
    ("間伐材", "3,400", "t/年", "温浴施設のボイラー"),
    ("剪定枝", "820", "t/年", "堆肥"),
    ("生ごみ", "1,150", "t/年", "メタン発酵"),
    ("もみ殻", "96", "t/年", "くん炭"),
)


def _draw_table(paper: Any) -> None:
    paper.setFont("HeiseiMin-W3", 11)
    paper.drawString(80, 760, "表１　市内で出る資源の量と利用先")
    for row, cells in enumerate(_CELLS):
        for x, cell in zip((80, 200, 290, 370), cells, strict=True):
            paper.drawString(x, 730 - 20 * row, cell)


def table() -> Sample:
    """A table, which is read row by row."""
    paper, buffer = canvas()
    _draw_table(paper)
    paper.save()
    rows = tuple("\t".join(row) for row in _CELLS)
    return Sample("table", buffer.getvalue(), ("表１　市内で出る資源の量と利用先", *rows))


def rotated_page() -> Sample:
    """A page that is turned for reading (/Rotate 90), its text turned the other way."""
    paper, buffer = canvas()
    paper.setPageRotation(90)
    paper.rotate(90)
    paper.translate(0, -WIDTH)
    paper.setFont("HeiseiMin-W3", 11)
    for row, line in enumerate(line for text in JA for line in wrapped(text, 50)):
        paper.drawString(80, 500 - 18 * row, line)
    paper.save()
    return Sample("rotated_page", buffer.getvalue(), JA)


def turned_table() -> Sample:
    """A wide table turned by a quarter on an upright page, as at the end of a plan."""
    paper, buffer = canvas()
    paper.rotate(90)
    paper.translate(0, -HEIGHT)
    _draw_table(paper)
    paper.save()
    rows = tuple("\t".join(row) for row in _CELLS)
    return Sample("turned_table", buffer.getvalue(), ("表１　市内で出る資源の量と利用先", *rows))
