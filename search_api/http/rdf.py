"""A thing's statements as Turtle, JSON-LD, N-Triples or RDF/XML."""

from __future__ import annotations

from rdflib import Graph, Namespace

from kg.namespaces import CONCEPT, PREFIXES, REGION
from search_api.http.focus import Focus
from search_api.http.negotiation import Form


def serialised(focus: Focus, form: Form, base: str) -> bytes:
    """What is stated of a thing and where it came from, in one form."""
    graph = Graph(bind_namespaces="none")
    for prefix, namespace in {**PREFIXES, "concept": CONCEPT, "region": REGION, "id": Namespace(base)}.items():
        graph.bind(prefix, namespace)
    for triple in (*focus.graph, *focus.provenance):
        graph.add(triple)
    if form.serializer == "json-ld":
        context = {prefix: str(namespace) for prefix, namespace in graph.namespaces()}
        return graph.serialize(format="json-ld", context=context, auto_compact=True, encoding="utf-8", indent=1)
    return graph.serialize(format=form.serializer, encoding="utf-8")
