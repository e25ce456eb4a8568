"""Makes the PDF and HTML documents of the corpus from their sources, the same bytes each time.

python -m corpus.documents.sources.build          # write
python -m corpus.documents.sources.build --check  # exit with 1 where a file is not what would be written
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import yaml

from corpus.documents.sources.html import html_bytes
from corpus.documents.sources.pdf import pdf_bytes
from corpus.documents.sources.source import HERE, Source, sources

TARGET = HERE.parent


def main(arguments: list[str]) -> int:
    """Write all documents, or compare them."""
    check, stale = "--check" in arguments, []
    for path, content in documents():
        if not path.exists() or path.read_bytes() != content:
            stale.append(path.name)
            if not check:
                path.write_bytes(content)
    if stale:
        print(("stale: " if check else "written: ") + ", ".join(stale))
    return 1 if check and stale else 0


def documents() -> Iterator[tuple[Path, bytes]]:
    """Each file beside the sources with the bytes that it must have: the document and what is said of it."""
    for source in sources():
        path = TARGET / f"{source.name}.{source.layout['form']}"
        yield path, made(source)
        meta = yaml.safe_dump(source.meta, allow_unicode=True, sort_keys=False)
        yield path.with_name(f"{path.name}.meta.yaml"), meta.encode("utf-8")


def made(source: Source) -> bytes:
    """The document in its form."""
    return pdf_bytes(source) if source.layout["form"] == "pdf" else html_bytes(source)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
