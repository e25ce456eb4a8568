"""``GET /api/v1/records/{id}``: everything that the graph says of a record, in words."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field
from rdflib import URIRef
from starlette.responses import Response

from kg.namespaces import CES
from search_api.http.context import Context, ContextOf, ResponseLanguage
from search_api.http.examples import RECORD
from search_api.http.focus import Focus, find_any
from search_api.http.incoming import Incoming, incoming_links
from search_api.http.labels import Text
from search_api.http.language import Lang
from search_api.http.problems import problem_responses
from search_api.http.provenance_view import Provenance, provenance_of
from search_api.http.statements import Statement, statements_of

router = APIRouter(prefix="/api/v1", tags=["records"])
RecordId = Annotated[
    str,
    Path(
        description="The id that search results give. / 検索結果にある id",
        openapi_examples={"technology": {"value": "technology-T059"}, "region": {"value": "region-13206"}},
    ),
]


LangParameter = Annotated[
    str | None,
    Query(description="Language of labels: ja or en; else Accept-Language, else ja. / 表示の言語", examples=["ja"]),
]


class RecordBody(BaseModel):
    """A record with its statements grouped by property, what points at it, and where it came from."""

    id: str
    iri: str
    kind: str
    language: str
    title: Text
    sample: bool = Field(description="True for invented organisations and their records. / 見本かどうか")
    statements: list[Statement]
    incoming: list[Incoming]
    provenance: Provenance | None


@router.get(
    "/records/{id}",
    summary="One record with all its statements / 一件の全記述",
    responses={200: {"content": {"application/json": {"example": RECORD}}}, **problem_responses(404, 422)},
)
def record(
    id: RecordId, context: ContextOf, used: ResponseLanguage, response: Response, lang: LangParameter = None
) -> RecordBody:
    """All statements of a record (or of a region, by the id that search results give it), with labels and IRIs.

    記録（または検索結果の id で示される地域）のすべての記述を、ラベルと IRI を添えて返します。
    """
    response.headers["Content-Language"] = used
    response.headers["Vary"] = "Accept-Language"
    return record_body(context, find_any(context.service, id), used)


def record_body(context: Context, focus: Focus, lang: Lang, without: frozenset[URIRef] = frozenset()) -> RecordBody:
    """What a record's page and the API alike are made from; the page shows those in ``without`` its own way."""
    labels = context.labels
    return RecordBody(
        id=focus.id,
        iri=str(focus.iri),
        kind=focus.kind,
        language=lang,
        title=labels.name(str(focus.iri), lang),
        sample=str(focus.graph.value(focus.iri, CES.isSample)) == "true",
        statements=statements_of(focus.graph, focus.iri, labels, lang, without),
        incoming=incoming_links(context.service.store, focus.iri, labels, lang),
        provenance=provenance_of(focus.provenance, focus.iri),
    )
