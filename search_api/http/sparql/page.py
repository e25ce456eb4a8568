"""The page for people: a text area that works without scripts, and the answer as a table."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from kg.errors import MeguriError
from search_api.http.context import Context, page, reader_of
from search_api.http.problems import problem_of, status_of
from search_api.http.research.workbench import editor_policy, local_page, workbench
from search_api.http.sparql.answering import CLIENT_GONE, ClientGone, asking, watching
from search_api.http.sparql.formats import GRAPHS, RESULTS, Formats
from search_api.http.sparql.protocol import Asked

SHOWN = 500  # rows, and ten times as many lines of a graph
MOST = 2_000_000  # bytes that are read to show them
EXAMPLE = """PREFIX ces: <https://w3id.org/meguri/ces#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

SELECT ?technology ?title WHERE {
  ?technology a ces:Technology ;
              rdfs:label ?title .
}
LIMIT 20
"""
_TERM = re.compile(r'<(?P<iri>[^>]*)>|"(?P<text>(?:[^"\\]|\\.)*)"(?:@(?P<lang>[\w-]+)|\^\^<[^>]*>)?|(?P<plain>.*)')
_UNESCAPED = {"n": "\n", "r": "\r", "t": "\t"}


@dataclass(frozen=True)
class Cell:
    """A term in a table: its text, its address where it has one, its language; ``path`` is a thing's page here."""

    text: str
    iri: str | None = None
    lang: str | None = None
    path: str | None = None


@dataclass(frozen=True)
class Table:
    """An answer to be shown: columns and rows, or ``text`` for a graph or a yes or no; ``more`` where it was cut."""

    columns: list[str]
    rows: list[list[Cell]]
    text: str
    more: bool


async def query_page(context: Context, request: Request, asked: Asked) -> Response:
    """The page, with the answer of its query or with what is wrong with it."""
    table, problem, status = None, None, 200
    if asked.query:
        try:
            async with watching(request):
                table = await _table(context, request, asked)
                await run_in_threadpool(_name, context, reader_of(request).lang, table)
        except MeguriError as error:
            problem, status = problem_of(error, request), status_of(error)
        except ClientGone:
            return Response(status_code=CLIENT_GONE)
    query = asked.query or EXAMPLE
    kept = {"query": query} | ({"edition": str(asked.edition)} if asked.edition is not None else {})
    names = GRAPHS if table and table.text and not table.columns else RESULTS
    downloads = [(name, "/sparql?" + urlencode(kept | {"format": name})) for name in names] if table else []
    reader = reader_of(request)
    response = page(
        context,
        reader,
        "sparql.html",
        status,
        query=query,
        edition=asked.edition,
        table=table,
        problem=problem,
        downloads=downloads,
        limits=context.queries.limits,
        shown=SHOWN,
        **workbench(context, reader, query, asked.query is not None),
    )
    response.headers["Content-Security-Policy"] = editor_policy()
    return response


async def _table(context: Context, request: Request, asked: Asked) -> Table:
    parts, size = [], 0
    async with asking(context, request, asked, Formats("tsv", "ttl"), gzip=False) as answer:
        async for part in answer.parts():
            parts.append(part)
            size += len(part)
            if size > MOST or (answer.form == "solutions" and sum(p.count(b"\n") for p in parts) > SHOWN + 1):
                break
    text = b"".join(parts).decode(errors="ignore")
    lines = text.split("\n")
    if answer.form != "solutions":
        return Table([], [], "\n".join(lines[: SHOWN * 10]), size > MOST or len(lines) > SHOWN * 10)
    rows = [[_cell(term) for term in line.split("\t")] for line in lines[1 : SHOWN + 1] if line or len(lines) > 2]
    columns = [name.removeprefix("?") for name in lines[0].split("\t")]
    complete = [row for row in rows if len(row) == len(columns)]
    return Table(columns, complete, "", len(lines) > SHOWN + 2 or size > MOST)


def _name(context: Context, lang: str, table: Table) -> None:
    """Put labels in the place of the IRIs that this server knows, and link them to their pages here."""
    known: dict[str, Cell] = {}
    for row in table.rows:
        for place, cell in enumerate(row):
            if cell.iri is not None:
                if cell.iri not in known:
                    label = context.labels.of(cell.iri, lang)
                    path = local_page(context, cell.iri) if label else None
                    known[cell.iri] = Cell(label.text, cell.iri, label.lang or None, path) if label else cell
                row[place] = known[cell.iri]


def _cell(term: str) -> Cell:
    found = _TERM.fullmatch(term)
    assert found is not None
    if found["iri"] is not None:
        return Cell(found["iri"], iri=found["iri"])
    if found["text"] is not None:
        text = re.sub(r"\\(.)", lambda escape: _UNESCAPED.get(escape[1], escape[1]), found["text"])
        return Cell(text, lang=found["lang"])
    return Cell(found["plain"])
