"""CSV and TSV in the encodings that Japanese offices use."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from ingest.limits import Limits
from ingest.readers.encoding import decode
from ingest.readers.errors import broken, empty_file, too_large
from ingest.readers.table import HEADER_SEARCH_ROWS, Row, find_header, named_cells


def read_csv(content: bytes, name: str, known: frozenset[str], limits: Limits) -> Iterator[Row]:
    """The logical records below the header; ``number`` counts records, the first line of the file being 1.

    Raises FileRejected for an empty file, a broken quotation, or a passed limit.
    """
    text = decode(content, name)
    records = _records(text, "\t" if name.lower().endswith(".tsv") else _delimiter(text), name, limits)
    head = [record for _, record in zip(range(HEADER_SEARCH_ROWS), records, strict=False)]
    if not head:
        raise empty_file(name)
    start = find_header(head, known)
    header = head[start]
    if len(header) > limits.columns:
        raise too_large(name, "columns", "列数", limits.columns)
    number = start + 1
    for source in (head[start + 1 :], records):
        for values in source:
            number += 1
            if number > limits.rows:
                raise too_large(name, "rows", "行数", limits.rows)
            if any(value.strip() for value in values):
                cells, extra = named_cells(header, values)
                yield Row(number, cells, extra=extra)


def _records(text: str, delimiter: str, name: str, limits: Limits) -> Iterator[list[str]]:
    # the module's own limit is global to the process, and a cell that passes ours must reject its row, not the file
    csv.field_size_limit(max(limits.file_bytes, csv.field_size_limit()))
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    except csv.Error as error:
        raise broken(name, str(error)) from error


def _delimiter(text: str) -> str:
    """Comma, tab or semicolon: the one that the first line has most of."""
    line = text.lstrip("\ufeff").partition("\n")[0]
    return max(",\t;", key=line.count)
