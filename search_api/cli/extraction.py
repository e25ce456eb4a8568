"""The command that reads a document and prints what it says: extract."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from search_api.cli.output import JsonOption, print_json

if TYPE_CHECKING:
    from ingest.extraction.model import Extraction


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(extract)


def extract(
    file: Annotated[Path, typer.Argument(help="A text, Markdown, PDF, DOCX, PPTX or HTML file. 文書ファイル。")],
    region: Annotated[
        list[str] | None,
        typer.Option(help="A region that the document is about (code or name); 本市 means it. 文書の地域。"),
    ] = None,
    json_: JsonOption = False,
) -> None:
    """Find regions, issues, technologies, organisations, goals and relations in a document. 文書から情報を読み取る。

    Nothing is stored; no data folder is needed.

    Example: meguri extract corpus/documents/plan-maniwa-sample.pdf --json
    """
    from ingest.extraction.documents import about_regions, extract_document
    from ingest.extraction.extractor import packaged_extractor
    from ingest.readers.document_text import read_document_text

    document = read_document_text(file)
    found = extract_document(packaged_extractor(), document, about_regions(file, region or []))
    if json_:
        print_json(found.as_json(str(file)))
    else:
        _print(found)


def _print(found: Extraction) -> None:
    """One line for each thing that was found, with its place in the text."""
    for mention in found.mentions:
        detail = mention.code or (mention.iri or "").rpartition("/")[2]
        typer.echo(f"{mention.kind:14}{mention.start:>7}  {_line(mention.text)}  {detail}  {mention.confidence:.2f}")
    for goal in found.goals:
        year = goal.target_year or "?"
        typer.echo(f"{'goal':14}{goal.start:>7}  {goal.indicator or '?'}: {goal.value:g} {goal.unit} ({year})")
    for relation in found.relations:
        said = f"{_line(relation.subject.text)} —{relation.predicate}→ {_line(relation.object.text)}"
        typer.echo(f"{'relation':14}{relation.start:>7}  {said}  {relation.confidence:.2f}")


def _line(text: str) -> str:
    return " ".join(text.split())
