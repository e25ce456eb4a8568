"""``/editions``: the citable states of the graph, with their dumps, citations and differences."""

from __future__ import annotations

import json
import subprocess
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from kg.edition_changes import ChangedRecord, Changes, compare
from kg.edition_seal import seal_in_background
from kg.editions import Edition, Editions, retired
from kg.errors import MeguriError
from search_api.http.context import Context, ContextOf, page, reader_of
from search_api.http.exchange import nothing, open_file
from search_api.http.negotiation import FORMS, HTML
from search_api.http.problems import problem_responses
from search_api.http.research.catalogue import editions_graph
from search_api.http.research.citation import FORMS as CITATIONS
from search_api.http.research.citation import citation
from search_api.http.research.forms import JSON, asked_form, respond, split_suffix
from search_api.http.research.site import Site, site_of
from search_api.http.research.words import words

router = APIRouter(tags=["research"])
SHOWN = 500
SEALING_SECONDS = 30.0
Number = Annotated[str, Path(description="Number of the edition. / 版の番号", examples=["1"])]
_FORMS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The edition, in the form that was asked for. / 指定された形式の内容",
        "content": {media_type: {} for media_type in (HTML, JSON, *(form.media_type for form in FORMS))},
    }
}


def editions_of(context: Context) -> Editions:
    """The editions of the data folder that is served."""
    return context.service.folder.editions(context.settings.editions_bytes)


def edition_of(context: Context, number: str) -> Edition:
    """An edition by its number in an address; MeguriError (``edition_unknown``)."""
    return editions_of(context).get(int(number) if number.isascii() and number.isdigit() and len(number) < 9 else 0)


@router.get(
    "/editions",
    summary="All editions / 版の一覧",
    description="Editions, the newest first: a page, JSON or DCAT. / 版の一覧（新しい順）。ページ、JSON、DCAT。",
    response_class=Response,
    responses={**_FORMS, **problem_responses(406, 422)},
)
def editions(request: Request, context: ContextOf) -> Response:
    """The list."""
    return _list(request, context, asked_form(request))


@router.get("/editions.{suffix}", include_in_schema=False)
def editions_form(suffix: str, request: Request, context: ContextOf) -> Response:
    """The list in one form."""
    _, media_type = split_suffix(f"editions.{suffix}")
    if media_type is None:
        raise nothing(f"form .{suffix[:20]}", f"形式 .{suffix[:20]}", ".json, .ttl, .jsonld, .nt, .rdf")
    return _list(request, context, media_type)


@router.get(
    "/editions/{number}",
    summary="One edition / 一つの版",
    description="Hash, counts, dumps, citation: a page, JSON or DCAT. / ハッシュ、件数、ダンプ、引用。",
    response_class=Response,
    responses={**_FORMS, **problem_responses(404, 406, 422)},
)
def edition(number: Number, request: Request, context: ContextOf) -> Response:
    """One edition."""
    stem, suffix_type = split_suffix(number)
    found, site = edition_of(context, stem), site_of(request, context)
    media_type, path = suffix_type or asked_form(request), f"/editions/{found.number}"
    response = respond(
        media_type,
        path,
        lambda: _page(request, context, found, site),
        lambda: found.model_dump_json(indent=1),
        lambda: editions_graph(site, [found]),
    )
    response.headers["Link"] += f', <{site.licence}>; rel="license", </dataset>; rel="collection"'
    return response


@router.get(
    "/editions/{number}/changes",
    summary="What changed since another edition / 版の差分",
    description="Records added, changed and withdrawn since an earlier edition. / 以前の版から増えた・変わった・"
    "取り下げられた記録。",
    response_class=Response,
    responses={
        200: {"description": "The changes / 差分", "content": {HTML: {}, JSON: {}}},
        **problem_responses(404, 406, 410, 422),
    },
)
def changes(
    number: Number,
    request: Request,
    context: ContextOf,
    since: Annotated[
        str | None, Query(description="The earlier edition; by default the one before. / 比べる版", examples=["1"])
    ] = None,
) -> Response:
    """The difference of two editions."""
    later = edition_of(context, number)
    earlier = edition_of(context, since if since else str(max(1, later.number - 1)))
    found = compare(editions_of(context), earlier.number, later.number)
    if asked_form(request) != HTML:
        return open_file(json.dumps(_changes_body(found), ensure_ascii=False, indent=1), JSON)
    reader = reader_of(request)
    groups = [(name, records, _linked(context, records[:SHOWN])) for name, records in _groups(found).items()]
    return page(
        context,
        reader,
        "changes.html",
        w=words(reader.lang),
        found=found,
        groups=groups,
        all=editions_of(context).all(),
    )


@router.get("/editions/{number}/{file}", include_in_schema=False)
def edition_file(number: str, file: str, request: Request, context: ContextOf) -> Response:
    """A dump, the checksums, or the citation of an edition."""
    found = edition_of(context, number)
    stem, _, suffix = file.rpartition(".")
    if stem == "citation" and suffix in CITATIONS:
        text = citation(found, site_of(request, context), suffix)
        return open_file(text, f"{CITATIONS[suffix]}; charset=utf-8")
    return _dump(context, found, file)


def _dump(context: Context, found: Edition, file: str) -> Response:
    """Streamed from the disk; an edition that was not sealed yet is sealed now, within a limit of time."""
    if found.retired:
        raise retired(found)
    if not found.sealed:
        found = _sealed(context, found)
    names = {dump.file: dump.sha256 for dump in found.dumps.values()} | {"SHA256SUMS": ""}
    if file not in names:
        raise nothing(f"file {file[:60]!r}", f"ファイル「{file[:60]}」", ", ".join(names))
    media_type = "text/plain; charset=utf-8" if file == "SHA256SUMS" else "application/gzip"
    headers = {"Access-Control-Allow-Origin": "*", "Cache-Control": "no-cache"}
    if names[file]:
        headers["ETag"] = f'"{names[file][:32]}"'
    path = editions_of(context).path(found.number) / "dumps" / file
    return FileResponse(path, media_type=media_type, filename=file, headers=headers)


class Unsealed(MeguriError):
    """The dumps of an edition are still being made."""

    retry_after = 60


def _sealed(context: Context, found: Edition) -> Edition:
    process = seal_in_background(editions_of(context), found.number)
    try:
        process.wait(SEALING_SECONDS)
    except subprocess.TimeoutExpired as error:
        raise Unsealed(
            code="edition_unsealed",
            en=f"The dumps of edition {found.number} are still being made.",
            ja=f"第 {found.number} 版のダンプを作成しています。",
            remedy_en="Try again in a minute.",
            remedy_ja="1分ほどしてからもう一度お試しください。",
        ) from error
    return editions_of(context).get(found.number)


def _list(request: Request, context: Context, media_type: str) -> Response:
    found, site = editions_of(context).all(), site_of(request, context)

    def list_page() -> Response:
        reader = reader_of(request)
        return page(context, reader, "editions.html", w=words(reader.lang), editions=found, site=site, forms=FORMS)

    return respond(
        media_type,
        "/editions",
        list_page,
        lambda: json.dumps([each.model_dump(mode="json") for each in found], ensure_ascii=False, indent=1),
        lambda: editions_graph(site, found),
    )


def _page(request: Request, context: Context, found: Edition, site: Site) -> Response:
    reader = reader_of(request)
    citations = {form: citation(found, site, form) for form in CITATIONS}
    return page(
        context,
        reader,
        "edition.html",
        w=words(reader.lang),
        edition=found,
        site=site,
        citations=citations,
        others=[each for each in editions_of(context).all() if each.number < found.number and not each.retired],
        forms=FORMS,
    )


def _groups(found: Changes) -> dict[str, list[ChangedRecord]]:
    return {"added": found.added, "changed": found.changed, "withdrawn": found.withdrawn}


def _linked(context: Context, records: list[ChangedRecord]) -> list[tuple[ChangedRecord, str | None]]:
    """Each record with its page, None where it has none any more."""
    return [(record, context.labels.path(record.iri)) for record in records]


def _changes_body(found: Changes) -> dict[str, Any]:
    records = {
        name: [{"id": each.id, "iri": each.iri, "titles": each.titles} for each in group]
        for name, group in _groups(found).items()
    }
    return {"since": found.earlier, "edition": found.later, "ontology_changed": found.ontology_changed, **records}
