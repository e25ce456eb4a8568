"""Queries that can be cited: ``POST /q`` keeps a query with its edition under a short address.

The address is made from the content, so the same query gets the same address; what is kept never changes.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path as FilePath
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Body, Path
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from kg.errors import MeguriError
from kg.files import write_atomically
from search_api.http.context import Context, ContextOf, page, reader_of
from search_api.http.exchange import nothing
from search_api.http.negotiation import HTML, choose
from search_api.http.problems import problem_responses
from search_api.http.research.editions import editions_of
from search_api.http.research.forms import JSON
from search_api.http.research.site import site_of
from search_api.http.research.words import words

router = APIRouter(tags=["research"])
MAX_QUERY = 20_000
MAX_KEPT = 50_000
_HASH = re.compile(r"[0-9a-f]{16}")
_RESULTS = (HTML, JSON, "application/sparql-results+json", "text/csv", "text/turtle")


class QueryToCite(BaseModel):
    """A query, and the edition that it is asked of: by default the newest one."""

    model_config = ConfigDict(extra="forbid")

    query: str = Field(min_length=1, max_length=MAX_QUERY, examples=["SELECT * WHERE { ?s ?p ?o } LIMIT 10"])
    edition: int | None = Field(None, ge=1, examples=[1])


class CitedQuery(BaseModel):
    """A kept query. ``run`` is the address of its answer, ``url`` the one to cite."""

    hash: str
    query: str
    edition: int
    url: str
    run: str
    citation: str


@router.post(
    "/q",
    summary="Keep a query under a short address / クエリを引用できる短いアドレスに残す",
    status_code=201,
    responses=problem_responses(404, 409, 410, 422, 503),
)
def cite(request: Request, context: ContextOf, asked: Annotated[QueryToCite, Body()]) -> Response:
    """The same query and edition always get the same address.

    同じクエリと版には、いつも同じアドレスを返します。
    """
    kept = editions_of(context)
    newest = kept.newest()
    if asked.edition is None and newest is None:
        raise _no_edition()
    number = asked.edition if asked.edition is not None else newest.number  # type: ignore[union-attr]
    with kept.lease(number):
        hash_ = _keep(_folder(context), asked.query, number)
    body = _described(request, context, hash_, asked.query, number)
    return JSONResponse(body.model_dump(), 201, headers={"Location": f"/q/{hash_}"})


@router.get(
    "/q/{hash}",
    summary="A cited query / 引用されたクエリ",
    description="A page or JSON; asked for results, it leads to them."
    " / ページまたは JSON。結果の形式を求めると結果へ導く。",
    response_class=Response,
    responses={
        200: {"description": "The query / クエリ", "content": {HTML: {}, JSON: {}}},
        **problem_responses(404, 406, 422),
    },
)
def cited(hash: Annotated[str, Path(examples=["0123456789abcdef"])], request: Request, context: ContextOf) -> Response:
    """One kept query."""
    query, number = _kept(_folder(context), hash)
    form = choose(request.headers.get("accept"), _RESULTS)
    body = _described(request, context, hash, query, number)
    if form == HTML:
        reader = reader_of(request)
        edition = editions_of(context).get(number)
        return page(context, reader, "cited_query.html", w=words(reader.lang), cited=body, edition=edition)
    if form == JSON:
        return JSONResponse(body.model_dump(), headers={"Vary": "Accept", "Access-Control-Allow-Origin": "*"})
    if form is None:
        raise nothing("such form of a query", "その形式のクエリ", ", ".join(_RESULTS))
    return RedirectResponse(body.run, 303, headers={"Vary": "Accept"})


def _folder(context: Context) -> FilePath:
    return context.service.folder.path / "queries"


def _keep(folder: FilePath, query: str, edition: int) -> str:
    content: dict[str, Any] = {"edition": edition, "query": query}
    text = json.dumps(content, ensure_ascii=False, sort_keys=True).encode()
    hash_ = hashlib.sha256(text).hexdigest()[:16]
    path = folder / hash_[:2] / f"{hash_}.json"
    if not path.exists():
        if sum(1 for _ in folder.glob("*/*.json")) >= MAX_KEPT:
            raise _full()
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, text)
    return hash_


def _kept(folder: FilePath, hash_: str) -> tuple[str, int]:
    if _HASH.fullmatch(hash_):
        path = folder / hash_[:2] / f"{hash_}.json"
        if path.is_file():
            content = json.loads(path.read_text(encoding="utf-8"))
            return str(content["query"]), int(content["edition"])
    raise MeguriError(
        code="cited_query_unknown",
        en=f"No query is kept under {hash_[:20]!r}.",
        ja=f"「{hash_[:20]}」のクエリはありません。",
        remedy_en="Check the address; queries are kept by POST /q.",
        remedy_ja="アドレスを確認してください。クエリは POST /q で残せます。",
    )


def _described(request: Request, context: Context, hash_: str, query: str, edition: int) -> CitedQuery:
    site = site_of(request, context)
    url = site.url(f"/q/{hash_}")
    run = f"/sparql?{urlencode({'query': query, 'edition': edition})}"
    year = editions_of(context).get(edition).published.year
    citation = f"{site.publisher} ({year}): Meguri, edition {edition}, query {hash_}. {url}"
    return CitedQuery(hash=hash_, query=query, edition=edition, url=url, run=run, citation=citation)


def _no_edition() -> MeguriError:
    return MeguriError(
        code="no_edition",
        en="There is no edition yet, so a query has nothing that stays as it is to be asked of.",
        ja="まだ版がないため、引用できる不変のデータがありません。",
        remedy_en="Ask the operator to run `meguri publish`.",
        remedy_ja="運営者に `meguri publish` の実行を依頼してください。",
    )


def _full() -> MeguriError:
    return MeguriError(
        code="cited_queries_full",
        en=f"{MAX_KEPT:,} queries are kept, which is the limit.",
        ja=f"残せるクエリの上限（{MAX_KEPT:,} 件）に達しました。",
        remedy_en="Cite the edition, and print the query.",
        remedy_ja="版を引用し、クエリは本文に記載してください。",
    )
