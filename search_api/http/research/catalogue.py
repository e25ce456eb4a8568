"""The data set described for machines: DCAT-AP 3 (https://semiceu.github.io/DCAT-AP/releases/3.0.0/) and VoID.

The graph as it stands now is one ``dcat:Dataset``; each edition is a version of it with its dumps as distributions.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, FOAF, PROV, RDF, RDFS, VOID, XSD

from kg.editions import Dump, Edition
from kg.namespaces import DCAT
from search_api.http.research.citation import TITLE
from search_api.http.research.site import Site
from search_api.http.research.statistics import Statistics

ADMS = Namespace("http://www.w3.org/ns/adms#")
SPDX = Namespace("http://spdx.org/rdf/terms#")
_EU = "http://publications.europa.eu/resource/authority/"
PREFIXES = {
    "adms": ADMS,
    "dcat": DCAT,
    "dct": DCTERMS,
    "foaf": FOAF,
    "prov": PROV,
    "rdfs": RDFS,
    "spdx": SPDX,
    "void": VOID,
}
TITLES = {"en": TITLE, "ja": "めぐり：地域課題と技術のナレッジグラフ"}
DESCRIPTIONS = {
    "en": "Issues of Japan's regions, technologies and solutions that answer them, regional resources, organisations, "
    "support schemes, projects and commitments, with concept schemes in Japanese and English and the provenance of "
    "every record.",
    "ja": "日本の地域課題と、それに応える技術・地域資源・団体・支援制度・事業・目標を、日英の語彙と各記録の来歴とともに"
    "公開するナレッジグラフ。",
}
KEYWORDS = {
    "en": ("regional issues", "technology", "circular economy", "local SDGs", "Japan"),
    "ja": ("地域課題", "技術", "循環経済", "地域循環共生圏", "ローカルSDGs"),
}
_FORMATS = {
    "nq": ("application/n-quads", "http://www.w3.org/ns/formats/N-Quads"),
    "ttl": ("text/turtle", "http://www.w3.org/ns/formats/Turtle"),
}


def dataset_graph(site: Site, base: str, modified: date, statistics: Statistics, editions: Sequence[Edition]) -> Graph:
    """Everything about the data set, its service and its editions (the newest first)."""
    graph = _new_graph()
    dataset = _dataset(graph, site, base, modified)
    _service(graph, site, dataset)
    _statistics(graph, site, dataset, statistics)
    for edition in editions:
        _edition(graph, site, edition)
    kept = [edition for edition in editions if not edition.retired]
    if kept:
        graph.add((dataset, DCAT.hasCurrentVersion, edition_iri(site, kept[0])))
        for form, dump in kept[0].dumps.items():
            graph.add((dataset, VOID.dataDump, _dump_url(site, kept[0], dump)))
            graph.add((dataset, DCAT.distribution, _distribution(graph, site, kept[0], form, dump)))
    return graph


def editions_graph(site: Site, editions: Sequence[Edition]) -> Graph:
    """One or several editions alone."""
    graph = _new_graph()
    for edition in editions:
        _edition(graph, site, edition)
    return graph


def edition_iri(site: Site, edition: Edition) -> URIRef:
    """The address that an edition is cited by."""
    return URIRef(site.url(f"/editions/{edition.number}"))


def _new_graph() -> Graph:
    graph = Graph(bind_namespaces="none")
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace)
    return graph


def _dataset(graph: Graph, site: Site, base: str, modified: date) -> URIRef:
    dataset = URIRef(site.url("/dataset"))
    for class_ in (DCAT.Dataset, VOID.Dataset):
        graph.add((dataset, RDF.type, class_))
    _described(graph, dataset)
    for language in ("JPN", "ENG"):
        graph.add((dataset, DCTERMS.language, URIRef(f"{_EU}language/{language}")))
    graph.add((dataset, DCTERMS.modified, Literal(modified)))
    graph.add((dataset, DCTERMS.accrualPeriodicity, URIRef(f"{_EU}frequency/CONT")))
    graph.add((dataset, DCTERMS.accessRights, URIRef(f"{_EU}access-right/PUBLIC")))
    graph.add((dataset, DCTERMS.spatial, URIRef(f"{_EU}country/JPN")))
    for theme in ("ENVI", "REGI", "TECH"):
        graph.add((dataset, DCAT.theme, URIRef(f"{_EU}data-theme/{theme}")))
    graph.add((dataset, DCAT.landingPage, dataset))
    _vocabularies(graph, site, dataset, base)
    _published(graph, site, dataset)
    return dataset


def _described(graph: Graph, dataset: URIRef) -> None:
    for lang in ("ja", "en"):
        graph.add((dataset, DCTERMS.title, Literal(TITLES[lang], lang=lang)))
        graph.add((dataset, DCTERMS.description, Literal(DESCRIPTIONS[lang], lang=lang)))
        for word in KEYWORDS[lang]:
            graph.add((dataset, DCAT.keyword, Literal(word, lang=lang)))


def _vocabularies(graph: Graph, site: Site, dataset: URIRef, base: str) -> None:
    """VoID: where the data is asked, under which addresses its things stand, which vocabularies it speaks."""
    graph.add((dataset, VOID.sparqlEndpoint, URIRef(site.url("/sparql"))))
    graph.add((dataset, VOID.uriSpace, Literal(base)))
    for space in ("region", "concept"):
        graph.add((dataset, VOID.uriSpace, Literal(f"https://w3id.org/meguri/{space}/")))
    for vocabulary in ("https://w3id.org/meguri/ces#", "http://www.w3.org/2004/02/skos/core#", str(DCTERMS)):
        graph.add((dataset, VOID.vocabulary, URIRef(vocabulary)))
    for example in ("/region/13206", "/concept/resource/wasteCookingOil"):
        graph.add((dataset, VOID.exampleResource, URIRef(f"https://w3id.org/meguri{example}")))


def _published(graph: Graph, site: Site, thing: URIRef) -> None:
    """Licence and publisher, which every version repeats, so that each can be read alone."""
    publisher = URIRef(f"{site.publisher_url}#publisher")
    graph.add((thing, DCTERMS.license, URIRef(site.licence)))
    graph.add((thing, DCTERMS.publisher, publisher))
    graph.add((publisher, RDF.type, FOAF.Agent))
    graph.add((publisher, FOAF.name, Literal(site.publisher)))
    graph.add((publisher, FOAF.homepage, URIRef(site.publisher_url)))


def _service(graph: Graph, site: Site, dataset: URIRef) -> None:
    service = URIRef(site.url("/dataset#sparql"))
    graph.add((service, RDF.type, DCAT.DataService))
    graph.add((service, DCTERMS.title, Literal("SPARQL 1.1", lang="en")))
    graph.add((service, DCTERMS.title, Literal("SPARQL 1.1 検索窓口", lang="ja")))
    graph.add((service, DCAT.endpointURL, URIRef(site.url("/sparql"))))
    graph.add((service, DCAT.endpointDescription, URIRef(site.url("/openapi.json"))))
    graph.add((service, DCTERMS.conformsTo, URIRef("https://www.w3.org/TR/sparql11-protocol/")))
    graph.add((service, DCAT.servesDataset, dataset))
    graph.add((service, DCTERMS.license, URIRef(site.licence)))
    distribution = URIRef(site.url("/dataset#live"))
    graph.add((dataset, DCAT.distribution, distribution))
    graph.add((distribution, RDF.type, DCAT.Distribution))
    graph.add((distribution, DCTERMS.title, Literal("Live graph over SPARQL", lang="en")))
    graph.add((distribution, DCTERMS.title, Literal("SPARQL による最新データ", lang="ja")))
    graph.add((distribution, DCAT.accessURL, URIRef(site.url("/sparql"))))
    graph.add((distribution, DCAT.accessService, service))
    graph.add((distribution, DCTERMS.license, URIRef(site.licence)))


def _statistics(graph: Graph, site: Site, dataset: URIRef, statistics: Statistics) -> None:
    graph.add((dataset, VOID.triples, Literal(statistics.triples)))
    graph.add((dataset, VOID.distinctSubjects, Literal(statistics.subjects)))
    graph.add((dataset, VOID.entities, Literal(statistics.entities)))
    graph.add((dataset, VOID.classes, Literal(len(statistics.classes))))
    graph.add((dataset, VOID.properties, Literal(len(statistics.properties))))
    parts = (
        (VOID.classPartition, VOID["class"], VOID.entities, statistics.classes),
        (VOID.propertyPartition, VOID.property, VOID.triples, statistics.properties),
    )
    for link, names, counts, values in parts:
        name = "class" if link == VOID.classPartition else "property"
        for number, (iri, count) in enumerate(sorted(values.items()), start=1):
            part = URIRef(site.url(f"/dataset#{name}-{number}"))
            graph.add((dataset, link, part))
            graph.add((part, RDF.type, VOID.Dataset))
            graph.add((part, names, URIRef(iri)))
            graph.add((part, counts, Literal(count)))


def _edition(graph: Graph, site: Site, edition: Edition) -> None:
    iri, dataset = edition_iri(site, edition), URIRef(site.url("/dataset"))
    graph.add((iri, RDF.type, DCAT.Dataset))
    for lang, title in TITLES.items():
        name = f"{title}（第{edition.number}版）" if lang == "ja" else f"{title}, edition {edition.number}"
        graph.add((iri, DCTERMS.title, Literal(name, lang=lang)))
        graph.add((iri, DCTERMS.description, Literal(DESCRIPTIONS[lang], lang=lang)))
    graph.add((iri, DCAT.version, Literal(str(edition.number))))
    graph.add((iri, DCTERMS.issued, _time(edition.published)))
    graph.add((iri, DCAT.isVersionOf, dataset))
    graph.add((dataset, DCAT.hasVersion, iri))
    if edition.number > 1:
        graph.add((iri, DCAT.prev, URIRef(site.url(f"/editions/{edition.number - 1}"))))
    if edition.note:
        graph.add((iri, ADMS.versionNotes, Literal(edition.note)))
    if edition.hash:
        graph.add((iri, DCTERMS.identifier, Literal(f"sha256:{edition.hash}")))
        graph.add((iri, VOID.triples, Literal(edition.statements)))
    for erasure in edition.erased:
        graph.add((iri, DCTERMS.modified, _time(erasure.date)))
    _published(graph, site, iri)
    for form, dump in edition.dumps.items():
        graph.add((iri, DCAT.distribution, _distribution(graph, site, edition, form, dump)))


def _distribution(graph: Graph, site: Site, edition: Edition, form: str, dump: Dump) -> URIRef:
    iri, url = URIRef(site.url(f"/editions/{edition.number}#{form}")), _dump_url(site, edition, dump)
    media_type, format_ = _FORMATS[form]
    checksum = URIRef(f"{iri}-checksum")
    graph.add((iri, RDF.type, DCAT.Distribution))
    graph.add((iri, DCAT.accessURL, url))
    graph.add((iri, DCAT.downloadURL, url))
    graph.add((iri, DCAT.mediaType, URIRef(f"https://www.iana.org/assignments/media-types/{media_type}")))
    graph.add((iri, DCAT.compressFormat, URIRef("https://www.iana.org/assignments/media-types/application/gzip")))
    graph.add((iri, DCTERMS.format, URIRef(format_)))
    graph.add((iri, DCAT.byteSize, Literal(dump.bytes, datatype=XSD.nonNegativeInteger)))
    graph.add((iri, DCTERMS.license, URIRef(site.licence)))
    graph.add((iri, SPDX.checksum, checksum))
    graph.add((checksum, RDF.type, SPDX.Checksum))
    graph.add((checksum, SPDX.algorithm, SPDX.checksumAlgorithm_sha256))
    graph.add((checksum, SPDX.checksumValue, Literal(dump.sha256, datatype=XSD.hexBinary)))
    return iri


def _dump_url(site: Site, edition: Edition, dump: Dump) -> URIRef:
    return URIRef(site.url(f"/editions/{edition.number}/{dump.file}"))


def _time(value: datetime) -> Literal:
    return Literal(value.isoformat(), datatype=XSD.dateTime)
