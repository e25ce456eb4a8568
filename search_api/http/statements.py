"""Statements of the graph as readers take them in: grouped by property, named, parts inside of what they belong to."""

from __future__ import annotations

from collections import defaultdict
from typing import Literal as Choice

from pydantic import BaseModel, Field
from rdflib import Graph, Literal, URIRef
from rdflib.term import Node

from kg.namespaces import CES, DCTERMS, RDF, RDFS, SCHEMA, SKOS
from search_api.http.labels import Labels, Text

# what a reader asks first stands first; other properties follow by name
_ORDER = (
    RDF.type,
    RDFS.label,
    SKOS.prefLabel,
    SKOS.altLabel,
    SKOS.definition,
    SKOS.scopeNote,
    DCTERMS.description,
    CES.inRegion,
    CES.within,
    CES.offeredBy,
    CES.raisedBy,
    CES.department,
    CES.issueKind,
    CES.hasTheme,
    CES.technologyKind,
    CES.resourceKind,
    CES.concernsResource,
    CES.usesResource,
    CES.yieldsResource,
    CES.hasAmount,
    SCHEMA.name,
    SCHEMA.value,
    SCHEMA.unitText,
    CES.season,
    CES.suitsLevel,
    CES.readiness,
    CES.minimumScale,
    CES.costRange,
    CES.budget,
    CES.constraint,
    CES.triedBefore,
    CES.wantedPartner,
    CES.needsPermit,
    CES.permitNote,
    CES.deployedIn,
    CES.availableIn,
    CES.memberKind,
    CES.corporateNumber,
    CES.activeIn,
    CES.aboutRegion,
    SKOS.broader,
    SKOS.related,
)
_RANK = {str(predicate): rank for rank, predicate in enumerate(_ORDER)}


class Value(BaseModel):
    """The object of a statement. Things have a ``label``; a part of a record brings its own ``statements``."""

    type: Choice["iri", "literal"]
    value: str
    lang: str | None = None
    datatype: str | None = None
    label: Text | None = None
    path: str | None = Field(None, description="Where this server shows the thing. / このサーバーでの表示先")
    statements: list[Statement] = []


class Statement(BaseModel):
    """All values that a thing has for one property."""

    property: str
    label: Text
    values: list[Value]


def statements_of(
    graph: Graph, subject: URIRef, labels: Labels, lang: str, without: frozenset[URIRef] = frozenset()
) -> list[Statement]:
    """What a graph states of a subject, with labels in a language; properties in ``without`` are left out."""
    return _Grouping(graph, labels, lang, without).of(subject, frozenset())


def texts_of(graph: Graph, subject: URIRef, predicate: URIRef, lang: str) -> list[Text]:
    """A property's texts, the reader's language first."""
    literals = [value for value in graph.objects(subject, predicate) if isinstance(value, Literal)]
    texts = [Text(text=str(value), lang=value.language or "") for value in literals]
    return sorted(texts, key=lambda text: (text.lang != lang, text.lang, text.text))


class _Grouping:
    """One graph read for one reader."""

    def __init__(self, graph: Graph, labels: Labels, lang: str, without: frozenset[URIRef]) -> None:
        self._graph = graph
        self._without = without
        self._labels = labels
        self._lang = lang

    def of(self, subject: Node, above: frozenset[Node]) -> list[Statement]:
        groups: dict[str, list[Node]] = defaultdict(list)
        for predicate, value in self._graph.predicate_objects(subject):
            if predicate not in self._without:
                groups[str(predicate)].append(value)
        named = [(p, self._labels.name(p, self._lang), values) for p, values in groups.items()]
        named.sort(key=lambda item: (_RANK.get(item[0], len(_RANK)), item[1].text, item[0]))
        path = above | {subject}
        return [Statement(property=p, label=label, values=self._values(vs, path)) for p, label, vs in named]

    def _values(self, nodes: list[Node], above: frozenset[Node]) -> list[Value]:
        values = [self._value(node, above) for node in nodes]
        return sorted(values, key=lambda v: (_language_rank(v, self._lang), _number(v), _sort_text(v)))

    def _value(self, node: Node, above: frozenset[Node]) -> Value:
        if isinstance(node, Literal):
            datatype = str(node.datatype) if node.datatype else None
            return Value(type="literal", value=str(node), lang=node.language, datatype=datatype)
        iri = str(node)
        is_part = "#" in iri and node not in above and (node, None, None) in self._graph
        return Value(
            type="iri",
            value=iri,
            label=None if is_part else self._labels.of(iri, self._lang),
            path=None if is_part else self._labels.path(iri),
            statements=self.of(node, above) if is_part else [],
        )


def _language_rank(value: Value, lang: str) -> int:
    return 0 if value.lang in (lang, None) else 1


def _number(value: Value) -> tuple[int, ...]:
    """The numbers at the end of a part's IRI, so that p10 comes after p9."""
    tail = value.value.partition("#")[2] if value.type == "iri" else ""
    return tuple(int(digits) for digits in "".join(c if c.isdigit() else " " for c in tail).split())


def _sort_text(value: Value) -> str:
    return value.label.text if value.label else value.value
