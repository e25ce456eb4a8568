"""States the regions as RDF: fixed IRIs that every installation shares, GeoSPARQL and WGS 84 locations."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from rdflib import Graph, Literal, URIRef

from ingest.regions.model import Region
from ingest.regions.names import alternatives
from kg.namespaces import CES, DCAT, DCTERMS, GEO, PROV, RDF, RDFS, REGION, SKOS, WGS, XSD

#: The region that contains this one directly.
WITHIN = CES.within
#: Six digits with the check digit.
LOCAL_GOVERNMENT_CODE = CES.localGovernmentCode

_CLASSES = {"prefecture": CES.Prefecture, "block": CES.RegionalBlock, "country": CES.Country}
_PREFIXES = {
    "ces": CES,
    "region": REGION,
    "geo": GEO,
    "wgs": WGS,
    "dct": DCTERMS,
    "dcat": DCAT,
    "prov": PROV,
    "rdfs": RDFS,
    "skos": SKOS,
    "xsd": XSD,
}
_DATASET = URIRef(str(REGION))
_TITLE = (("地域台帳", "ja"), ("Region register", "en"))
_DESCRIPTION = (
    (
        "日本の国・8地方・47都道府県・1,741市区町村（行政区と北方領土の6村を除く）。"
        "総務省の全国地方公共団体コードに基づくオープンデータ（code4fukui/localgovjp）を"
        "japancode 0.1.0から変換した。都道府県の位置は都道府県庁所在地による。",
        "ja",
    ),
    (
        "Japan, its 8 blocks, 47 prefectures and 1,741 municipalities (without the wards of designated cities "
        "and the six villages of the Northern Territories). Converted from japancode 0.1.0, open data of "
        "code4fukui/localgovjp after the local government codes of the Ministry of Internal Affairs and "
        "Communications. A prefecture's location is that of its seat of government.",
        "en",
    ),
)
_SOURCES = ("https://pypi.org/project/japancode/0.1.0/", "https://github.com/code4fukui/localgovjp")
_CODES = "https://www.soumu.go.jp/denshijiti/code.html"
_LICENSE = "https://creativecommons.org/publicdomain/zero/1.0/"


def iri(code: str) -> URIRef:
    """The IRI of the region ``code``, the same in every installation."""
    return REGION[code]


def region_graph(region: Region, prefecture: Region | None) -> Graph:
    """What is stated of one region; ``prefecture`` is the one that a municipality lies in, else None."""
    graph, node = bound_graph(), iri(region.code)
    graph.add((node, RDF.type, CES.Region))
    graph.add((node, RDF.type, _CLASSES.get(region.kind, CES.Municipality)))
    _add_names(graph, node, region, prefecture)
    if region.code6:
        graph.add((node, CES.jisCode, Literal(region.code)))
        graph.add((node, LOCAL_GOVERNMENT_CODE, Literal(region.code6)))
    if region.is_municipality:
        graph.add((node, CES.municipalityKind, Literal(region.kind)))
    if region.parent:
        graph.add((node, WITHIN, iri(region.parent)))
    _add_location(graph, node, region)
    return graph


def regions_graph(regions: Iterable[Region]) -> Graph:
    """All regions and the description of the data set."""
    by_code = {region.code: region for region in regions}
    graph = _dataset_graph()
    for region in by_code.values():
        prefecture = by_code[region.parent] if region.is_municipality and region.parent else None
        graph += region_graph(region, prefecture)
    return graph


def bound_graph() -> Graph:
    """An empty graph with the prefixes of the register's files."""
    graph = Graph(bind_namespaces="none")
    for prefix, namespace in _PREFIXES.items():
        graph.bind(prefix, namespace)
    return graph


def _add_names(graph: Graph, node: URIRef, region: Region, prefecture: Region | None) -> None:
    graph.add((node, RDFS.label, Literal(region.name, lang="ja")))
    graph.add((node, RDFS.label, Literal(region.name_en, lang="en")))
    for lang, forms in zip(("ja", "en"), alternatives(region, prefecture), strict=True):
        for form in forms:
            graph.add((node, SKOS.altLabel, Literal(form, lang=lang)))
    graph.add((node, CES.kana, Literal(region.kana)))
    graph.add((node, CES.romaji, Literal(region.romaji)))


def _add_location(graph: Graph, node: URIRef, region: Region) -> None:
    """WKT has longitude before latitude, both in degrees (CRS 84, the default of ``geo:wktLiteral``)."""
    if region.lat is None or region.lon is None:
        return
    lat, lon = Decimal(repr(region.lat)), Decimal(repr(region.lon))
    geometry = URIRef(f"{node}#geometry")
    graph.add((node, GEO.hasGeometry, geometry))
    graph.add((geometry, RDF.type, GEO.Geometry))
    graph.add((geometry, GEO.asWKT, Literal(f"POINT({lon} {lat})", datatype=GEO.wktLiteral)))
    graph.add((node, WGS.lat, Literal(lat)))
    graph.add((node, WGS.long, Literal(lon)))


def _dataset_graph() -> Graph:
    graph = bound_graph()
    graph.add((_DATASET, RDF.type, DCAT.Dataset))
    for predicate, texts in ((DCTERMS.title, _TITLE), (DCTERMS.description, _DESCRIPTION)):
        for text, lang in texts:
            graph.add((_DATASET, predicate, Literal(text, lang=lang)))
    graph.add((_DATASET, DCTERMS.license, URIRef(_LICENSE)))
    for source in _SOURCES:
        graph.add((_DATASET, DCTERMS.source, URIRef(source)))
    graph.add((_DATASET, PROV.wasDerivedFrom, URIRef(_CODES)))
    return graph
