"""The JSON-LD context of the exchange format, made from the ontology and the shapes; always this one, never fetched."""

from __future__ import annotations

from functools import cache
from typing import Any

from ingest.exchange.terms import TYPED, Key, class_names, keys
from kg.namespaces import CES, CONCEPT, DCTERMS, RDFS, REGION, SCHEMA, SCHEME, SKOS, XSD

ROOT = "https://w3id.org/meguri/ontology/"
CONTEXT_IRI = f"{ROOT}context.jsonld"
PREFIXES: dict[str, str] = {
    "ces": str(CES),
    "concept": str(CONCEPT),
    "dct": str(DCTERMS),
    "rdfs": str(RDFS),
    "region": str(REGION),
    "schema": str(SCHEMA),
    "scheme": str(SCHEME),
    "skos": str(SKOS),
    "xsd": str(XSD),
}


@cache
def context_document() -> dict[str, Any]:
    """The document that a record's ``@context`` names."""
    terms: dict[str, Any] = {"@version": 1.1, "id": "@id", "type": "@type", "included": "@included"}
    terms |= PREFIXES
    terms |= {name: _short(str(iri)) for iri, name in class_names().items()}
    terms |= {key.name: _definition(key) for key in keys().values()}
    return {"@context": terms}


def _definition(key: Key) -> str | dict[str, str]:
    iri = _short(str(key.iri))
    if key.form == "by_language":
        return {"@id": iri, "@container": "@language"}
    typed = "@id" if key.form == "iri" else _short(str(TYPED[key.form])) if key.form in TYPED else None
    if typed is None and not key.many:
        return iri
    return {"@id": iri} | ({"@type": typed} if typed else {}) | ({"@container": "@set"} if key.many else {})


def _short(iri: str) -> str:
    """An IRI by its prefix."""
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return iri


def expanded(text: str) -> str:
    """The IRI that a value stands for: prefixes of the context are written out, anything else stays."""
    prefix, colon, local = text.partition(":")
    if colon and prefix in PREFIXES and not local.startswith("//"):
        return PREFIXES[prefix] + local
    return text
