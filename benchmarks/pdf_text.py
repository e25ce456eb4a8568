"""PDF text: our reader against PDFium bare, in turn; with ``--compare`` the quality of other libraries on the samples.

Run: python -m benchmarks.pdf_text [--pages 60] [--rounds 5] [--file PLAN.pdf] [--compare]
(`--compare` reports those of pdfminer.six, pdfplumber and pypdf that are installed; they are no dependencies of ours.)
"""

from __future__ import annotations

import argparse
import difflib
import io
import statistics
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from benchmarks.measuring import machine
from benchmarks.pdf_samples import CHROMIUM, book, printed_book, samples
from ingest.limits import Limits
from ingest.readers.documents.pdf import read_pdf

Reader = Callable[[bytes], str]


def ours(content: bytes) -> str:
    return read_pdf(content, "benchmark.pdf", Limits(), lambda done, total: None).text


def pdfium(content: bytes) -> str:
    import pypdfium2

    pdf = pypdfium2.PdfDocument(content)
    texts = []
    for page in pdf:
        text_page = page.get_textpage()
        texts.append(text_page.get_text_range())
        text_page.close()
        page.close()
    pdf.close()
    return "\n".join(texts)


def pdfminer(content: bytes) -> str:
    from pdfminer.high_level import extract_text

    return str(extract_text(io.BytesIO(content)))


def pdfplumber(content: bytes) -> str:
    import pdfplumber as library

    with library.open(io.BytesIO(content)) as pdf:
        return "\n".join(page.extract_text() or "" for page in pdf.pages)


def pypdf(content: bytes) -> str:
    import pypdf as library

    return "\n".join(page.extract_text() for page in library.PdfReader(io.BytesIO(content)).pages)


OTHERS: dict[str, tuple[str, Reader]] = {
    "pdfminer.six": ("pdfminer", pdfminer),
    "pdfplumber": ("pdfplumber", pdfplumber),
    "pypdf": ("pypdf", pypdf),
}


def processor_seconds(read: Reader, content: bytes) -> float:
    """The processor's time, because other work on the machine is not what is measured."""
    started = time.process_time()
    read(content)
    return time.process_time() - started


def speed(name: str, content: bytes, pages: int, rounds: int) -> None:
    times: dict[str, list[float]] = {"ours": [], "pdfium": []}
    for _ in range(rounds):
        times["pdfium"].append(processor_seconds(pdfium, content))
        times["ours"].append(processor_seconds(ours, content))
    bare, own = (statistics.median(times[who]) * 1000 / pages for who in ("pdfium", "ours"))
    print(f"{name}: PDFium bare {bare:.2f} ms a page, ours {own:.2f} ms a page, ratio {own / bare:.2f}")


def page_count(content: bytes) -> int:
    import pypdfium2

    return len(pypdfium2.PdfDocument(content))


def compare(content: bytes, pages: int) -> None:
    readers: dict[str, Reader] = {"ours": ours, "pypdfium2": pdfium}
    readers |= {name: read for name, (module, read) in OTHERS.items() if find_spec(module)}
    for name, read in readers.items():
        print(f"{name}: {processor_seconds(read, content) * 1000 / pages:.1f} ms a page")
    for sample in samples():
        found = [f"{name} {likeness(read(sample.content), sample.paragraphs)}" for name, read in readers.items()]
        print(f"{sample.name}: {', '.join(found)}")


def likeness(text: str, paragraphs: tuple[str, ...]) -> str:
    """Share of characters in common with the truth in its order, and how many paragraphs are there unbroken."""
    lines = "\n".join(line.strip() for line in text.replace("\r", "").split("\n") if line.strip())
    ratio = difflib.SequenceMatcher(None, "\n".join(paragraphs), lines, autojunk=False).ratio()
    return f"{ratio:.2f} ({sum(paragraph in lines for paragraph in paragraphs)}/{len(paragraphs)})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--file", type=Path, help="a PDF of your own, measured as well")
    parser.add_argument("--compare", action="store_true")
    options = parser.parse_args()
    print(machine())
    japanese, english = book(options.pages), book(options.pages, english=True)
    speed("Japanese, fonts not embedded", japanese, options.pages, options.rounds)
    speed("English, standard fonts", english, options.pages, options.rounds)
    if Path(CHROMIUM).exists():
        printed = printed_book(options.pages)
        speed("Japanese, fonts embedded by a browser", printed, page_count(printed), options.rounds)
    if options.file:
        content = options.file.read_bytes()
        pages = page_count(content)
        speed(f"{options.file.name} ({pages} pages)", content, pages, options.rounds)
    if options.compare:
        compare(japanese, options.pages)


if __name__ == "__main__":
    main()
