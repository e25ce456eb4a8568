"""The documents of the corpus: made from their sources byte by byte, and read back as what the sources say."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from corpus.documents.sources.build import TARGET, documents
from corpus.documents.sources.source import RUBY, Source, sources
from ingest.readers.documents.process import DocumentProcess

SOURCES = list(sources())


def test_every_document_is_what_its_source_makes() -> None:
    made = list(documents())
    assert len(made) == 2 * len(SOURCES) == 18
    for path, content in made:
        assert path.read_bytes() == content, f"{path.name}: run python -m corpus.documents.sources.build"


def test_text_pdf_and_web_pages_are_all_there() -> None:
    files = [p for p in TARGET.iterdir() if p.is_file() and not p.name.endswith(".meta.yaml")]
    suffixes = [path.suffix for path in files]
    assert len(files) == 15
    assert suffixes.count(".pdf") == 6 and suffixes.count(".html") == 3
    assert all(path.with_name(f"{path.name}.meta.yaml").is_file() for path in files)


@pytest.fixture(scope="module")
def process() -> Iterator[DocumentProcess]:
    running = DocumentProcess()
    yield running
    running.close()


def squeezed(text: str) -> str:
    return re.sub(r"[\s　]", "", text)


def paragraphs(source: Source) -> list[str]:
    """The text of each block as it reads aloud: marks away, the word in place of its ruby."""
    blocks = (RUBY.sub(r"\1", token.content) for token in source.tokens if token.type == "inline")
    return [squeezed(re.sub(r"\*\*|(?<!\S)\*|\*(?!\S)", "", block)) for block in blocks]


@pytest.mark.parametrize("source", SOURCES, ids=[source.name for source in SOURCES])
def test_what_is_read_is_what_the_source_says_in_its_order(source: Source, process: DocumentProcess) -> None:
    path = TARGET / f"{source.name}.{source.layout['form']}"
    read = process.read(path.read_bytes(), path.name, path.suffix)
    text, at, lost = squeezed(read.text), 0, []
    for paragraph in paragraphs(source):
        found = text.find(paragraph, at)
        lost += [paragraph] if found < 0 else []
        at = max(at, found)
    assert lost == []
    header = squeezed(source.layout["header"])
    assert text.count(header) <= sum(paragraph.count(header) for paragraph in paragraphs(source)) + 1
    readings = [reading for token in source.tokens for _, reading in RUBY.findall(token.content)]
    assert not [reading for reading in readings if reading in text]
    if path.suffix == ".pdf":
        assert len(read.pages) >= 2
