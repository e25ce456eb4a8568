"""What the shapes demand of the properties of a class, read into values.

Only violations count as demands: what a shape merely warns of is no reason to refuse a record.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from rdflib import Graph, Literal, URIRef
from rdflib.term import Node

from kg.namespaces import SKOS, XSD
from kg.ontology_terms import Words, members, words
from kg.validation import SH, shapes_graph


@dataclass(frozen=True)
class Constraint:
    """The demands on one property, those of all its shapes together."""

    least: int = 0
    most: int | None = None
    wanted: bool = False
    datatypes: tuple[URIRef, ...] = ()
    patterns: tuple[str, ...] = ()
    longest: int | None = None
    minimum: str | None = None
    maximum: str | None = None
    languages: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    rdf_class: URIRef | None = None
    scheme: str | None = None
    name: Words | None = None
    description: Words | None = None


@cache
def shaped_classes() -> frozenset[Node]:
    """The classes that shapes speak of."""
    return frozenset(shapes_graph().objects(None, SH.targetClass))


@cache
def constraints_of(rdf_class: URIRef) -> dict[URIRef, Constraint]:
    """The demands on each property that a shape of the class speaks of, in the order of the paths' IRIs."""
    graph = shapes_graph()
    found: dict[URIRef, Constraint] = {}
    for shape in graph.subjects(SH.targetClass, rdf_class):
        for prop in sorted(graph.objects(shape, SH.property), key=str):
            for path in _paths(graph, prop):
                found[path] = _merged(found.get(path, Constraint()), graph, prop)
    return dict(sorted(found.items()))


def _paths(graph: Graph, prop: Node) -> Iterator[URIRef]:
    """The properties that a property shape is about; none for paths of several steps."""
    path = graph.value(prop, SH.path)
    for one in (path, *members(graph, graph.value(path, SH.alternativePath))):
        if isinstance(one, URIRef):
            yield one


def _merged(known: Constraint, graph: Graph, prop: Node) -> Constraint:
    named = replace(
        known,
        name=known.name or _words(graph, prop, SH.name),
        description=known.description or _words(graph, prop, SH.description),
    )
    if graph.value(prop, SH.severity) == SH.Warning:
        return replace(named, wanted=named.wanted or (prop, SH.minCount, None) in graph)
    return _demanded(named, graph, prop)


def _demanded(known: Constraint, graph: Graph, node: Node) -> Constraint:
    """The demands of a shape added to those known, with the ones of the shapes that it refers to."""
    most = _number(graph, node, SH.maxCount)
    limits = [limit for limit in (known.most, most) if limit is not None]
    merged = replace(
        known,
        least=max(known.least, _number(graph, node, SH.minCount) or 0),
        most=min(limits) if limits else None,
        datatypes=known.datatypes or _datatypes(graph, node),
        patterns=(*known.patterns, *(str(p) for p in graph.objects(node, SH.pattern))),
        longest=known.longest or _number(graph, node, SH.maxLength),
        minimum=known.minimum or _text(graph, node, SH.minInclusive),
        maximum=known.maximum or _text(graph, node, SH.maxInclusive),
        languages=known.languages or tuple(map(str, members(graph, graph.value(node, SH.languageIn)))),
        values=known.values or tuple(map(str, members(graph, graph.value(node, SH["in"])))),
        rdf_class=known.rdf_class or _class(graph, node),
        scheme=known.scheme or _scheme(graph, node),
    )
    for further in graph.objects(node, SH.node):
        merged = _demanded(merged, graph, further)
    return merged


def _datatypes(graph: Graph, node: Node) -> tuple[URIRef, ...]:
    """The datatype, or those of the alternatives (a number may be an integer, a decimal or a double)."""
    stated = graph.value(node, SH.datatype)
    if isinstance(stated, URIRef):
        return (stated,)
    options = (_datatypes(graph, option) for option in members(graph, graph.value(node, SH["or"])))
    return tuple(datatype for option in options for datatype in option)


def _class(graph: Graph, node: Node) -> URIRef | None:
    stated = graph.value(node, SH["class"])
    return stated if isinstance(stated, URIRef) and stated != SKOS.Concept else None


def _scheme(graph: Graph, node: Node) -> str | None:
    """The scheme whose concepts are asked for: a nested shape says what ``skos:inScheme`` must be."""
    for prop in graph.objects(node, SH.property):
        if graph.value(prop, SH.path) == SKOS.inScheme:
            return str(graph.value(prop, SH.hasValue)).rpartition("/")[2]
    return None


def _words(graph: Graph, prop: Node, predicate: URIRef) -> Words | None:
    return words(graph, prop, predicate) if (prop, predicate, None) in graph else None


def _number(graph: Graph, node: Node, predicate: URIRef) -> int | None:
    value = graph.value(node, predicate)
    return int(value) if isinstance(value, Literal) else None


def _text(graph: Graph, node: Node, predicate: URIRef) -> str | None:
    value = graph.value(node, predicate)
    return None if value is None else str(value)


NUMBERS = frozenset({XSD.integer, XSD.decimal, XSD.double})
