"""The files of the exchange format (context, JSON Schemas, shapes), and records in it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response

from ingest.exchange.context import context_document
from ingest.exchange.export import json_text, shapes_text
from ingest.exchange.schemas import MEDIA_TYPE, record_schema
from ingest.exchange.writing import record_to_json
from kg.errors import MeguriError
from kg.iris import KINDS, Kind
from search_api.http.context import ContextOf
from search_api.http.focus import find_record
from search_api.http.problems import problem_responses

router = APIRouter(tags=["linked data"])
LINKED_DATA = "application/ld+json"


@router.get(
    "/ontology/context.jsonld",
    summary="The JSON-LD context of the exchange format / 交換形式の JSON-LD コンテキスト",
    description="What the keys of a record mean. / レコードの各項目の意味。",
    response_class=Response,
    responses={200: {"description": "The context / コンテキスト", "content": {LINKED_DATA: {}}}},
)
def context_file() -> Response:
    """The context that records name."""
    return open_file(json_text(context_document()), LINKED_DATA)


@router.get(
    "/ontology/schemas/{kind}.json",
    summary="The JSON Schema of a kind of record / レコードの種類ごとの JSON Schema",
    description="JSON Schema (2020-12) of one kind. / 一つの種類の JSON Schema。",
    response_class=Response,
    responses={
        200: {"description": "The schema / スキーマ", "content": {MEDIA_TYPE: {}}},
        **problem_responses(404, 422),
    },
)
def schema_file(kind: Annotated[str, Path(examples=["technology"])]) -> Response:
    """One kind's schema."""
    known: Kind | None = next((one for one in KINDS if one == kind), None)
    if known is None:
        raise nothing(f"kind {kind[:40]!r}", f"種類「{kind[:40]}」", ", ".join(KINDS))
    return open_file(json_text(record_schema(known)), MEDIA_TYPE)


@router.get(
    "/ontology/shapes.ttl",
    summary="The shapes that records must fit / レコードの規則（SHACL）",
    description="All SHACL shapes. / すべての SHACL シェイプ。",
    response_class=Response,
    responses={200: {"description": "The shapes / シェイプ", "content": {"text/turtle": {}}}},
)
def shapes_file() -> Response:
    """All shapes."""
    return open_file(shapes_text(), "text/turtle; charset=utf-8")


@router.get(
    "/api/v1/exchange/{id}",
    tags=["records"],
    summary="A record in the exchange format / 交換形式のレコード",
    description="Compact JSON-LD, as its schema says. / スキーマに示す形の簡潔な JSON-LD。",
    response_class=Response,
    responses={
        200: {"description": "The record / レコード", "content": {LINKED_DATA: {}}},
        **problem_responses(404, 422),
    },
)
def exchanged_record(context: ContextOf, id: Annotated[str, Path(examples=["technology-T059"])]) -> Response:
    """One record as other platforms take it."""
    focus = find_record(context.service, id)
    response = open_file(json_text(record_to_json(focus.graph, focus.iri)), LINKED_DATA)
    response.headers["Link"] = f'</ontology/schemas/{focus.kind}.json>; rel="describedby"'
    return response


def open_file(body: str | bytes, media_type: str) -> Response:
    """A file that programs of other sites may read in a browser as well."""
    return Response(body, headers={"Content-Type": media_type, "Access-Control-Allow-Origin": "*"})


def nothing(en: str, ja: str, known: str) -> MeguriError:
    """The error for an address that stands for nothing; ``known`` names what there is."""
    return MeguriError(
        code="address_unknown",
        en=f"There is no {en}.",
        ja=f"{ja}はありません。",
        remedy_en=f"Known are: {known}.",
        remedy_ja=f"次のものがあります: {known}。",
    )
