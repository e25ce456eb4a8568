"""The page of a concept: what it means, what it is near to, and the records that use it."""

from __future__ import annotations

from dataclasses import dataclass

from rdflib import Literal, URIRef
from starlette.requests import Request
from starlette.responses import Response

from kg.namespaces import DCTERMS, OWL, RDF, SKOS
from search_api.http.context import Context, page, reader_of
from search_api.http.focus import Focus
from search_api.http.incoming import Incoming, incoming_links
from search_api.http.labels import Text
from search_api.http.negotiation import FORMS
from search_api.http.research.schema_things import thing_json
from search_api.http.statements import Statement, statements_of, texts_of
from search_api.web.reader import Reader

_APART = {
    str(p)
    for p in (
        RDF.type,
        SKOS.prefLabel,
        SKOS.altLabel,
        SKOS.definition,
        SKOS.scopeNote,
        SKOS.broader,
        SKOS.inScheme,
        SKOS.topConceptOf,
        OWL.deprecated,
        DCTERMS.isReplacedBy,
    )
}
# what a concept of a scheme filters by, where it does
FILTERS = {"theme": "theme", "level": "level", "sdg": "sdg"}


@dataclass(frozen=True)
class ConceptView:
    """What the template needs of a concept."""

    scheme: str
    scheme_title: Text
    slug: str
    title: Text
    labels: list[Text]
    others: list[Text]
    definitions: list[Text]
    notes: list[Text]
    broader: list[tuple[Text, str]]
    narrower: list[tuple[Text, str]]
    relations: list[Statement]
    concepts: list[Incoming]
    records: list[Incoming]
    filter: str | None
    deprecated: bool
    successors: list[tuple[Text, str]]


def concept_page(context: Context, request: Request, focus: Focus) -> Response:
    """The page of a concept."""
    reader = reader_of(request)
    schema_org = thing_json(request, context, focus, reader.lang)
    return page(
        context,
        reader,
        "concept.html",
        focus=focus,
        view=_view(context, reader, focus),
        forms=FORMS,
        schema_org=schema_org,
    )


def _view(context: Context, reader: Reader, focus: Focus) -> ConceptView:
    labels, lang = context.labels, reader.lang
    scheme, _, slug = focus.id.partition("/")
    statements = statements_of(focus.graph, focus.iri, labels, lang)
    incoming = incoming_links(context.service.store, focus.iri, labels, lang)
    narrower = [s for group in incoming if group.property == str(SKOS.broader) for s in group.sources]
    others = [group for group in incoming if group.property not in (str(SKOS.broader), str(SKOS.hasTopConcept))]
    return ConceptView(
        scheme=scheme,
        scheme_title=labels.scheme(scheme, lang),
        slug=slug,
        title=labels.name(str(focus.iri), lang),
        labels=texts_of(focus.graph, focus.iri, SKOS.prefLabel, lang),
        others=texts_of(focus.graph, focus.iri, SKOS.altLabel, lang),
        definitions=texts_of(focus.graph, focus.iri, SKOS.definition, lang),
        notes=texts_of(focus.graph, focus.iri, SKOS.scopeNote, lang),
        broader=_links(context, focus, SKOS.broader, lang),
        narrower=[(source.label, source.path) for source in narrower],
        relations=[statement for statement in statements if statement.property not in _APART],
        concepts=[group for group in others if group.sources[0].kind == "concept"],
        records=[group for group in others if group.sources[0].kind != "concept"],
        filter=FILTERS.get(scheme),
        deprecated=(focus.iri, OWL.deprecated, Literal(True)) in focus.graph,
        successors=_links(context, focus, DCTERMS.isReplacedBy, lang),
    )


def _links(context: Context, focus: Focus, predicate: URIRef, lang: str) -> list[tuple[Text, str]]:
    labels = context.labels
    iris = sorted(str(iri) for iri in focus.graph.objects(focus.iri, predicate))
    return [(labels.name(iri, lang), path) for iri in iris if (path := labels.path(iri))]
