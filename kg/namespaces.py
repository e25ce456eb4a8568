"""The vocabularies that Meguri's statements use, named once."""

from __future__ import annotations

from rdflib import Namespace
from rdflib.namespace import DCTERMS, ORG, OWL, PROV, RDF, RDFS, SKOS, XSD

CES = Namespace("https://w3id.org/meguri/ces#")
SCHEME = Namespace("https://w3id.org/meguri/scheme/")
CONCEPT = Namespace("https://w3id.org/meguri/concept/")
REGION = Namespace("https://w3id.org/meguri/region/")
SCHEMA = Namespace("https://schema.org/")
DCAT = Namespace("http://www.w3.org/ns/dcat#")  # rdflib's own ends with version 2
OA = Namespace("http://www.w3.org/ns/oa#")
GEO = Namespace("http://www.opengis.net/ont/geosparql#")
WGS = Namespace("http://www.w3.org/2003/01/geo/wgs84_pos#")

DEFAULT_BASE = "https://w3id.org/meguri/id/"

PREFIXES: dict[str, Namespace | type] = {
    "ces": CES,
    "schema": SCHEMA,
    "geo": GEO,
    "wgs": WGS,
    "dct": DCTERMS,
    "dcat": DCAT,
    "oa": OA,
    "org": ORG,
    "owl": OWL,
    "prov": PROV,
    "rdf": RDF,
    "rdfs": RDFS,
    "skos": SKOS,
    "xsd": XSD,
}

__all__ = [
    "CES",
    "CONCEPT",
    "DCAT",
    "DCTERMS",
    "DEFAULT_BASE",
    "GEO",
    "OA",
    "ORG",
    "OWL",
    "PREFIXES",
    "PROV",
    "RDF",
    "RDFS",
    "REGION",
    "SCHEMA",
    "SCHEME",
    "SKOS",
    "WGS",
    "XSD",
]
