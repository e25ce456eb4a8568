"""What the query editor asks for: words to complete, labels of results, and examples."""

from __future__ import annotations

import json
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, Field
from starlette.requests import Request

from kg.namespaces import CES, PREFIXES
from kg.queries import load_query
from search_api.http.context import Context, ContextOf, ResponseLanguage
from search_api.http.focus import QUERIES
from search_api.http.labels import Text
from search_api.http.middleware import CONTENT_SECURITY_POLICY
from search_api.http.problems import problem_responses
from search_api.http.research.editions import editions_of
from search_api.http.research.questions import by_user
from search_api.http.research.words import editor_words, words
from search_api.web.reader import Reader
from search_api.web.render import static_folder

router = APIRouter(tags=["research"])
MOST_LABELS = 500
_SCRIPT_WORDS = ("results", "rows_shown", "cite_done", "query_tab")
EDITOR = "vendor/yasgui/yasgui.min.js"


class LabelsAsked(BaseModel):
    """The IRIs whose labels are asked for."""

    iris: list[str] = Field(max_length=MOST_LABELS, examples=[["https://w3id.org/meguri/region/13206"]])


class Labelled(BaseModel):
    """What a thing is called, and where this server shows it."""

    label: Text
    path: str | None


@router.post(
    "/api/v1/labels",
    summary="Labels of things by their IRIs / IRI から名称を得る",
    responses=problem_responses(422),
)
def labels(asked: LabelsAsked, context: ContextOf, lang: ResponseLanguage) -> dict[str, Labelled]:
    """For each IRI that this server knows its label in the language of the response; others are missing.

    このサーバーが知る IRI の名称を返します。知らない IRI は含まれません。
    """
    found = {iri: context.labels.of(iri, lang) for iri in dict.fromkeys(asked.iris) if len(iri) <= 500}
    return {iri: Labelled(label=text, path=local_page(context, iri)) for iri, text in found.items() if text is not None}


@router.get("/sparql/terms.json", include_in_schema=False)
def terms(context: ContextOf, request: Request) -> dict[str, Any]:
    """Classes, properties and concepts with their labels in both languages, for completion."""
    state = request.app.state
    if not hasattr(state, "completion_terms"):
        state.completion_terms = _terms(context)
    found: dict[str, Any] = state.completion_terms
    return found


def workbench(context: Context, reader: Reader, query: str, asked: bool) -> dict[str, Any]:
    """What the query page needs beside the query; ``asked`` where the address holds a query that is to be run."""
    said, shown = words(reader.lang), by_user()
    config = {
        "editor": has_editor(),
        "lang": reader.lang,
        "base": context.service.folder.base,
        "asked": asked,
        "examples": {example.name: example.query for _, group in shown for example in group},
        "words": {name: said[name] for name in _SCRIPT_WORDS},
        "editor_words": editor_words(reader.lang),
    }
    return {
        "w": said,
        "examples": shown,
        "editor": has_editor(),
        "editions": [each for each in editions_of(context).all() if not each.retired],
        "config": json.dumps(config, ensure_ascii=False).replace("<", "\\u003c"),
    }


def has_editor() -> bool:
    """Whether ``make frontend`` has put the editor into the static files."""
    return (static_folder() / EDITOR).is_file()


def editor_policy() -> str:
    """The policy of pages, with what the editor does to its own styles and pictures; still nothing from elsewhere."""
    if not has_editor():
        return CONTENT_SECURITY_POLICY
    policy = CONTENT_SECURITY_POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
    return policy.replace("img-src 'self'", "img-src 'self' data:")


def local_page(context: Context, iri: str) -> str | None:
    """Where this server shows a thing or a term of the ontology; None for anything else."""
    if iri.startswith(str(CES)):
        return f"/ontology#{iri.partition('#')[2]}"
    return context.labels.path(iri)


def _terms(context: Context) -> dict[str, Any]:
    """Each term as [name, ja, en]; a name is prefixed where a prefix is known, else an IRI in brackets."""
    prefixes = {prefix: str(namespace) for prefix, namespace in PREFIXES.items()}
    named: dict[str, dict[str, str]] = {}
    for row in context.service.store.select(load_query("terms", QUERIES)):
        named.setdefault(str(row["term"]), {})[getattr(row["label"], "language", None) or "en"] = str(row["label"])
    for concept in context.service.engine.concepts.all():
        named[concept.iri] = concept.labels
    entries = [[_short(iri, prefixes), text.get("ja", ""), text.get("en", "")] for iri, text in named.items()]
    return {"prefixes": prefixes, "terms": sorted(entries)}


def _short(iri: str, prefixes: dict[str, str]) -> str:
    for prefix, namespace in prefixes.items():
        local = iri.removeprefix(namespace)
        if local != iri and local.isalnum() and local.isascii():
            return f"{prefix}:{local}"
    return f"<{iri}>"
