"""JSON Schemas (2020-12) of the exchange format, one for each kind of record, made from the ontology and the shapes.

They say in JSON what the shapes say of RDF, as far as a record can be judged alone: whether an organisation is
registered, or one date comes before another, only the shapes can tell.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from rdflib import URIRef

from ingest.exchange.constraints import NUMBERS, Constraint
from ingest.exchange.context import CONTEXT_IRI, ROOT
from ingest.exchange.terms import KIND_CLASSES, Key, class_names, keys, part_class, properties_for
from kg.iris import Kind
from kg.namespaces import CES, CONCEPT, REGION
from kg.ontology_terms import Words, ontology_header, ontology_terms

Schema = dict[str, Any]
DIALECT = "https://json-schema.org/draft/2020-12/schema"
MEDIA_TYPE = "application/schema+json"
_ADDRESS: Schema = {"type": "string", "format": "iri", "pattern": r"^[A-Za-z][A-Za-z0-9+.-]*:\S+$"}
_TEXT_DEFINITIONS: Schema = {
    "iri": _ADDRESS,
    "date": {"type": "string", "format": "date"},
    "decimal": {
        "description": "A decimal number as text, which keeps its digits; plain numbers are read as well.",
        "anyOf": [{"type": "string", "pattern": r"^[+-]?(\d+(\.\d*)?|\.\d+)$"}, {"type": "number"}],
    },
    "typed": {
        "type": "object",
        "properties": {"@value": {"type": ["string", "number", "boolean"]}, "@type": {"type": "string"}},
        "required": ["@value", "@type"],
        "additionalProperties": False,
    },
    "tagged": {
        "type": "object",
        "properties": {"@value": {"type": "string"}, "@language": {"type": "string"}},
        "required": ["@value", "@language"],
        "additionalProperties": False,
    },
}


def schema_iri(kind: Kind) -> str:
    """The address of a kind's schema."""
    return f"{ROOT}schemas/{kind}.json"


@cache
def record_schema(kind: Kind) -> Schema:
    """The schema of one kind of record."""
    rdf_class = KIND_CLASSES[kind]
    term = ontology_terms()[rdf_class]
    head = {"$schema": DIALECT, "$id": schema_iri(kind), "x-version": ontology_header().version}
    body = _object(rdf_class)
    body["properties"] = {
        "@context": {"const": CONTEXT_IRI},
        **body["properties"],
        "included": {"description": "Parts that nothing in the record points at.", "type": "array"},
    }
    return head | _described(term.label, term.definition) | body | {"$defs": _definitions(rdf_class)}


def _object(rdf_class: URIRef) -> Schema:
    """The schema of a node of a class: a record, or a part of one."""
    demands = properties_for(rdf_class)
    names = {keys()[iri].name: _property(keys()[iri], demand) for iri, demand in demands.items()}
    required = sorted(keys()[iri].name for iri, demand in demands.items() if demand.least)
    wanted = sorted(keys()[iri].name for iri, demand in demands.items() if demand.wanted and not demand.least)
    return {
        "type": "object",
        "properties": {"id": {"$ref": "#/$defs/iri"}, "type": {"const": class_names()[rdf_class]}, **names},
        # a property of another vocabulary is written with its whole address
        "patternProperties": {"^https?://": {}},
        "additionalProperties": False,
        "required": ["id", "type", *required],
    } | ({"x-recommended": wanted} if wanted else {})


def _definitions(rdf_class: URIRef) -> Schema:
    """The schemas that the one of a class refers to, its parts and their parts among them."""
    definitions, waiting = dict(_TEXT_DEFINITIONS), [rdf_class]
    for one in waiting:
        parts = [part for iri in properties_for(one) if (part := part_class(iri))]
        waiting += [part for part in dict.fromkeys(parts) if part not in waiting]
    for part in waiting[1:]:
        term = ontology_terms().get(part)
        said = _described(term.label, term.definition) if term else {}
        definitions[class_names()[part]] = said | _object(part)
    return definitions


def _property(key: Key, demand: Constraint) -> Schema:
    said = _described(key.title, key.description)
    if key.form == "by_language":
        return said | _by_language(key, demand)
    value = _value(key, demand)
    if demand.most == 1 and not key.many:
        return said | value
    listed: Schema = {"type": "array", "items": value, "minItems": max(1, demand.least)}
    if demand.most is not None:
        listed["maxItems"] = demand.most
    return said | (listed if key.many else {"anyOf": [value, listed]})


def _by_language(key: Key, demand: Constraint) -> Schema:
    """One text for each language, or several; those without a language only where shapes allow that."""
    value: Schema = {"type": "string"} | _bounds(key, demand)
    either = {"anyOf": [value, {"type": "array", "items": value, "minItems": 1}]}
    languages = demand.languages or ("ja", "en", "@none")
    texts = dict.fromkeys(languages, either)
    return {"type": "object", "properties": texts, "additionalProperties": False, "minProperties": 1}


def _value(key: Key, demand: Constraint) -> Schema:
    if key.form == "iri":
        return _reference(key, demand)
    if demand.values:
        return {"enum": list(demand.values)}
    bounds = _bounds(key, demand)
    match key.form:
        case "date":
            return {"$ref": "#/$defs/date"}
        case "boolean":
            return {"type": "boolean"}
        case "integer":
            return {"type": "integer"} | bounds
        case "decimal":
            typed = [] if NUMBERS.isdisjoint(demand.datatypes) else [{"$ref": "#/$defs/typed"}]
            return {"anyOf": [{"$ref": "#/$defs/decimal"}, *typed]} | bounds
        case "string":
            return {"type": "string"} | bounds
    return {"anyOf": [{"type": ["string", "integer"]} | bounds, {"$ref": "#/$defs/tagged"}, {"$ref": "#/$defs/typed"}]}


def _bounds(key: Key, demand: Constraint) -> Schema:
    bounds: Schema = {}
    if demand.patterns:
        bounds["pattern"] = demand.patterns[0]
    if demand.longest:
        bounds["maxLength"] = demand.longest
    if key.form in ("integer", "decimal"):
        limits = {"minimum": demand.minimum, "maximum": demand.maximum}
        bounds |= {name: float(limit) if "." in limit else int(limit) for name, limit in limits.items() if limit}
    return bounds


def _reference(key: Key, demand: Constraint) -> Schema:
    """An address: of a concept of one scheme, of a region, of anything else; or a part of the record itself."""
    part = part_class(key.iri)
    if part:
        return {"anyOf": [{"$ref": f"#/$defs/{class_names()[part]}"}, {"$ref": "#/$defs/iri"}]}
    if demand.scheme:
        return {"type": "string", "pattern": _within(str(CONCEPT), "concept", rf"{demand.scheme}/[^\s/]+")}
    if demand.rdf_class == CES.Region:
        return {"type": "string", "pattern": _within(str(REGION), "region", r"[A-Za-z0-9-]+")}
    named = class_names().get(demand.rdf_class) if demand.rdf_class else None
    return {"$ref": "#/$defs/iri"} | ({"x-class": named} if named else {})


def _within(namespace: str, prefix: str, local: str) -> str:
    """A pattern for IRIs of a namespace, written out or by the context's prefix."""
    written_out = namespace.replace(".", r"\.")
    return f"^({written_out}|{prefix}:){local}$"


def _described(title: Words, description: Words) -> Schema:
    japanese = {"title": title.ja, "description": description.ja}
    return {"title": title.en, "description": description.en, "x-ja": japanese}
