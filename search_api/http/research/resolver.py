"""``/resolve``: what became of an IRI: current, replaced by others, withdrawn, or never ours."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from ingest.regions.register import RegionRegister
from kg.namespaces import REGION
from kg.withdrawal import tombstone_of
from search_api.http.addresses import is_record_id
from search_api.http.context import Context, ContextOf
from search_api.http.problems import problem_responses

router = APIRouter(tags=["research"])


class Successor(BaseModel):
    """A thing that stands at a current address."""

    iri: str = Field(examples=["https://w3id.org/meguri/region/22130"])
    path: str = Field(examples=["/region/22130"])
    label: dict[str, str] = Field(examples=[{"ja": "浜松市（静岡県）", "en": "Hamamatsu City (Shizuoka Prefecture)"}])


class Resolution(BaseModel):
    """What became of an IRI. ``relation`` is the property between the IRI and its successors."""

    iri: str
    state: Literal["current", "replaced", "withdrawn", "unknown"]
    relation: str | None = Field(None, examples=["http://purl.org/dc/terms/isReplacedBy"])
    successors: list[Successor] = []
    withdrawn: str | None = Field(None, description="When it was withdrawn. / 取り下げた日時")
    reason: str | None = None


@router.get(
    "/resolve",
    summary="What became of an IRI / IRI の現在の行き先",
    responses=problem_responses(422),
)
def resolve(
    context: ContextOf,
    iri: Annotated[
        str,
        Query(
            description="An IRI of ours, also a former one. / 当サイトの IRI（旧い IRI も可）",
            examples=["https://w3id.org/meguri/region/22131"],
            max_length=500,
        ),
    ],
) -> Resolution:
    """Regions follow mergers and redrawn wards to the present ones; records follow their tombstone.

    合併や区の再編で変わった地域は現在の地域へ、取り下げられた記録は後継の記録へ導きます。
    """
    base = context.service.folder.base
    if context.labels.path(iri):
        return Resolution(iri=iri, state="current", successors=_successors(context, [iri]))
    if iri.startswith(str(REGION)):
        heirs = [str(REGION[region.code]) for region in RegionRegister.load().successors(iri.removeprefix(str(REGION)))]
        return _replaced(context, iri, heirs)
    id_ = iri.removeprefix(base).partition("#")[0]
    stone = tombstone_of(context.service.store, base, id_) if iri.startswith(base) and is_record_id(id_) else None
    if stone is None:
        return Resolution(iri=iri, state="unknown")
    if stone.successor:
        return _replaced(context, iri, [f"{base}{stone.successor}"])
    return Resolution(iri=iri, state="withdrawn", withdrawn=stone.date, reason=stone.reason)


def _replaced(context: Context, iri: str, heirs: list[str]) -> Resolution:
    if not heirs:
        return Resolution(iri=iri, state="unknown")
    relation = "http://purl.org/dc/terms/isReplacedBy"
    return Resolution(iri=iri, state="replaced", relation=relation, successors=_successors(context, heirs))


def _successors(context: Context, iris: list[str]) -> list[Successor]:
    found = []
    for iri in iris:
        path = context.labels.path(iri)
        if path:
            label = {lang: context.labels.name(iri, lang).text for lang in ("ja", "en")}
            found.append(Successor(iri=iri, path=path, label=label))
    return found
