"""CSV and TSV in the encodings that Japanese offices use."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import chain

from ingest.limits import Limits
from ingest.readers.encoding import decode
from ingest.readers.errors import broken, empty_file, too_large
from ingest.readers.table import HEADER_SEARCH_ROWS, Row, find_header, header_key, named_cells

# as much of a file as can hold its header
_HEAD = 100_000


def read_csv(content: bytes, name: str, known: frozenset[str], limits: Limits) -> Iterator[Row]:
    """The logical records below the header; ``number`` counts records, the first line of the file being 1.

    Raises FileRejected for an empty file, a broken quotation, or a passed limit.
    """
    text = decode(content, name)
    records = _records(text, "\t" if name.lower().endswith(".tsv") else _delimiter(text, known), name, limits)
    head = [record for _, record in zip(range(HEADER_SEARCH_ROWS), records, strict=False)]
    if not head:
        raise empty_file(name)
    start = find_header(head, known)
    header = head[start]
    if len(header) > limits.columns:
        raise too_large(name, "columns", "列数", limits.columns)
    empty = True
    for number, values in enumerate(chain(head[start + 1 :], records), start=start + 2):
        if number > limits.rows:
            raise too_large(name, "rows", "行数", limits.rows)
        if any(value.strip() for value in values):
            empty = False
            cells, extra = named_cells(header, values)
            yield Row(number, cells, extra=extra)
    if empty:
        raise empty_file(name)


def _records(text: str, delimiter: str, name: str, limits: Limits) -> Iterator[list[str]]:
    # the module's own limit is global to the process, and a cell that passes ours must reject its row, not the file
    csv.field_size_limit(max(limits.file_bytes, csv.field_size_limit()))
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    except csv.Error as error:
        raise broken(name, str(error)) from error


def _delimiter(text: str, known: frozenset[str]) -> str:
    """Comma, tab or semicolon: the one that shows most known headers, of equals the one that occurs most.

    The first lines are looked at together, because a title above the header has no delimiter at all.
    """
    lines = text[:_HEAD].splitlines()[:HEADER_SEARCH_ROWS]

    def headers(delimiter: str) -> int:
        cells = ({header_key(cell.strip(' "')) for cell in line.split(delimiter)} for line in lines)
        return max((len(row & known) for row in cells), default=0)

    return max(",\t;", key=lambda delimiter: (headers(delimiter), sum(line.count(delimiter) for line in lines)))
