"""The report of an ingestion as it is written and printed: row by row, since there may be hundreds of thousands."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Body = dict[str, Any]


@dataclass(frozen=True)
class Told:
    """What became of one file (or ontology): everything but its rows, and a way to go through these; None has none."""

    head: Body
    rows: Callable[[], Iterator[Body]] | None = None


def of_answer(answer: Body) -> Told:
    """The report in the answer of the command ``ingest`` (``search_api.desk.commands``)."""
    if "journal" not in answer:
        return Told(answer["head"], lambda: iter(answer["rows"]))
    from ingest.resuming import told_rows

    return Told(answer["head"], lambda: told_rows(Path(answer["journal"])))


def discard(answers: Sequence[Body]) -> None:
    """Delete the journals of reports that were read: rows hold what people wrote in them."""
    from ingest.resuming import remove

    for answer in answers:
        if "journal" in answer:
            remove(Path(answer["journal"]))


def json_text(reports: Sequence[Told]) -> Iterator[str]:
    """Pieces of one JSON document: the report, or a list of several."""
    if len(reports) != 1:
        yield "[\n"
    for number, report in enumerate(reports):
        yield ",\n" if number else ""
        yield from _object(report)
    yield "\n" if len(reports) == 1 else "\n]\n"


def _object(report: Told) -> Iterator[str]:
    rest = list(report.head.items())
    yield "{\n"
    for number, (name, value) in enumerate(rest):
        yield f" {json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}"
        yield ",\n" if number < len(rest) - 1 or report.rows else ""
    if report.rows:
        yield ' "rows": ['
        for number, row in enumerate(report.rows()):
            yield f"{',' if number else ''}\n  {json.dumps(row, ensure_ascii=False)}"
        yield "\n ]"
    yield "\n}"
