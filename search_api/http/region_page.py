"""The page of a region: its names, where it lies, and what is registered in it."""

from __future__ import annotations

from dataclasses import dataclass

from rdflib import URIRef
from starlette.requests import Request
from starlette.responses import Response

from ingest.regions.model import Region
from ingest.regions.names import alternatives
from ingest.regions.register import RegionRegister
from kg.namespaces import CES
from search_api.http.context import Context, page, reader_of
from search_api.http.focus import Focus
from search_api.http.incoming import Incoming, records_within
from search_api.http.labels import Text
from search_api.http.negotiation import FORMS
from search_api.http.research.schema_things import thing_json
from search_api.http.statements import Value, statements_of
from search_api.web.dot_map import highlights
from search_api.web.reader import Reader


@dataclass(frozen=True)
class RegionView:
    """What the template needs of a region; ``above`` goes from Japan down, ``below`` one step down.

    ``population`` was counted in ``counted`` (a year); ``traits`` are the concepts that say what the place is like.
    """

    region: Region
    title: Text
    names: list[Text]
    above: list[Region]
    below: list[Region]
    registered: list[Incoming]
    population: int | None
    counted: str
    traits: list[Value]
    dots: list[tuple[float, float]]


def region_page(context: Context, request: Request, focus: Focus) -> Response:
    """The page of a region."""
    reader = reader_of(request)
    schema_org = thing_json(request, context, focus, reader.lang)
    return page(
        context,
        reader,
        "region.html",
        focus=focus,
        view=_view(context, reader, focus),
        forms=FORMS,
        schema_org=schema_org,
    )


def _view(context: Context, reader: Reader, focus: Focus) -> RegionView:
    register = RegionRegister.load()
    region = register.by_code(focus.id.removeprefix("region-"))
    assert region is not None
    labels, store = context.labels, context.service.store
    said = {s.property: s.values for s in statements_of(focus.graph, focus.iri, labels, reader.lang)}
    population, counted = (_first(said, name) for name in (CES.population, CES.populationOn))
    return RegionView(
        region=region,
        title=labels.name(str(focus.iri), reader.lang),
        names=_names(register, region, reader.lang),
        above=list(reversed(register.ancestors(region.code))),
        below=[below for below in register.descendants(region.code) if below.parent == region.code],
        registered=records_within(store, focus.iri, labels, reader.lang),
        population=int(population) if population else None,
        counted=counted[:4],
        traits=said.get(str(CES.hasTrait), []),
        dots=highlights(region.code) if region.code != "JP" else [],
    )


def _first(said: dict[str, list[Value]], name: URIRef) -> str:
    """The first value of a property; empty where it is not stated."""
    values = said.get(str(name), [])
    return values[0].value if values else ""


def _names(register: RegionRegister, region: Region, lang: str) -> list[Text]:
    """All written forms of the name, the reader's language first."""
    prefecture = register.by_code(region.parent) if region.is_municipality and region.parent else None
    ja, en = alternatives(region, prefecture)
    forms = {"ja": [region.name, *ja, region.kana], "en": [region.name_en, *en, region.romaji]}
    order = ("ja", "en") if lang == "ja" else ("en", "ja")
    return [Text(text=form, lang=each) for each in order for form in dict.fromkeys(forms[each]) if form]
