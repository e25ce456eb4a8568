"""``/secretariat``: what waits for a decision."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from search_api.http.context import ContextOf, ReaderOf
from search_api.http.secretariat.access import HOME, SessionOf
from search_api.http.secretariat.queue import private_page, queue
from search_api.http.secretariat.statements import read_documents

router = APIRouter(include_in_schema=False)
FIRST = 10


@router.get(HOME)
def home_page(session: SessionOf, context: ContextOf, reader: ReaderOf) -> Response:
    """The oldest registrations that wait, and the documents with most to look at."""
    documents = [one for one in read_documents(context, reader.lang) if one.open]
    values = {"queue": queue(context, limit=FIRST), "documents": documents, "first": FIRST}
    return private_page(context, reader, session, "secretariat.html", values)
