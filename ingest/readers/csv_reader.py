"""CSV and TSV in the encodings that Japanese offices use, read as a stream: memory does not grow with the file."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator
from itertools import chain

from ingest.limits import Limits
from ingest.readers.encoding import TextSource, encoding_of, open_bytes
from ingest.readers.errors import broken, empty_file, too_large
from ingest.readers.headers import known_header
from ingest.readers.table import HEADER_SEARCH_ROWS, Row, find_header, header_names, table_row

# as much of a file as can hold its header
_HEAD = 100_000


def read_csv(source: TextSource, name: str, known: Collection[str], limits: Limits) -> Iterator[Row]:
    """The logical records below the header; ``number`` counts records, the first line of the file being 1.

    Raises FileRejected for an empty file, a broken quotation, or a passed limit.
    """
    with io.TextIOWrapper(open_bytes(source), encoding=encoding_of(source, name), newline="") as text:
        delimiter = "\t" if name.lower().endswith(".tsv") else _delimiter(text.read(_HEAD), known)
        text.seek(0)
        records = _records(text, delimiter, name, limits)
        head = [record for _, record in zip(range(HEADER_SEARCH_ROWS), records, strict=False)]
        if not head:
            raise empty_file(name)
        _, last, header = find_header(head, known)
        names = header_names(header)
        if len(names) > limits.columns:
            raise too_large(name, "columns", "列数", limits.columns)
        empty = True
        for number, values in enumerate(chain(head[last + 1 :], records), start=last + 2):
            if number > limits.rows:
                raise too_large(name, "rows", "行数", limits.rows)
            if any(value.strip() for value in values):
                row = table_row(number, names, values, width=len(header))
                empty = empty and row.role is not None
                yield row
        if empty:
            raise empty_file(name)


def _records(text: io.TextIOWrapper, delimiter: str, name: str, limits: Limits) -> Iterator[list[str]]:
    # the module's own limit is global to the process, and a cell that passes ours must reject its row, not the file
    csv.field_size_limit(max(limits.file_bytes, csv.field_size_limit()))
    try:
        yield from csv.reader(text, delimiter=delimiter, strict=True)
    except csv.Error as error:
        raise broken(name, str(error)) from error


def _delimiter(head: str, known: Collection[str]) -> str:
    """Comma, tab or semicolon: the one that shows most known headers, of equals the one that occurs most.

    The first lines are looked at together, because a title above the header has no delimiter at all.
    """
    lines = head.splitlines()[:HEADER_SEARCH_ROWS]

    def headers(delimiter: str) -> int:
        rows = ([cell.strip(' "') for cell in line.split(delimiter)[:1_000]] for line in lines)
        return max((sum(known_header(cell, known) for cell in row) for row in rows), default=0)

    return max(",\t;", key=lambda delimiter: (headers(delimiter), sum(line.count(delimiter) for line in lines)))
