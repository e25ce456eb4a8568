"""Shapes compiled to functions: what pySHACL finds in milliseconds a record is found here in tenths of one.

Only what our shapes use is compiled; a shape that asks for more is refused, and pySHACL judges (``kg.validation``).
docs/decisions/0017-compiled-shapes.md says why, and what was measured.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from rdflib import Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from kg import shape_checks as checks
from kg.namespaces import RDF
from kg.residents import Context
from kg.shape_checks import SH, Check, Facts, Path
from kg.terms import Triple

# what a shape says beside its constraints, or together with one of them
_NO_CONSTRAINTS = {
    SH.targetClass,
    SH.path,
    SH.property,
    SH.severity,
    SH.message,
    SH.name,
    SH.description,
    SH.order,
    SH.group,
    SH.defaultValue,
    SH.flags,
    SH.qualifiedMinCount,
    SH.qualifiedMaxCount,
    SH.qualifiedValueShape,
}


@dataclass
class Shape:
    """A node shape (no path) or a property shape."""

    iri: Node
    severity: str
    messages: Mapping[str, str]
    path: Path | None = None
    predicate: URIRef | None = None
    checks: list[Check] = field(default_factory=list)
    properties: list[Shape] = field(default_factory=list)


@dataclass(frozen=True)
class Violation:
    """One broken constraint of a shape at a focus node."""

    shape: Shape
    focus: Node
    value: Node | None


class CompiledShapes:
    """All shapes of a graph with the classes that they target. ValueError for what cannot be compiled."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._made: dict[Node, Shape] = {}
        self._targets: dict[Node, list[Shape]] = defaultdict(list)
        for shape, class_ in graph.subject_objects(SH.targetClass):
            self._targets[class_].append(self._shape(shape))

    def violations(self, graphs: Iterable[Iterable[Triple]], context: Context) -> Iterator[Violation]:
        """Everything that the graphs break, each with the context of what they point at."""
        facts = Facts.of(graphs, context)
        for focus in list(facts.said):
            shapes = {id(shape): shape for class_ in facts.classes(focus) for shape in self._targets.get(class_, ())}
            for shape in shapes.values():
                yield from _broken(shape, facts, focus)

    def _shape(self, node: Node) -> Shape:
        """The compiled shape; a shape that refers to itself meets the one being made."""
        if node in self._made:
            return self._made[node]
        graph = self._graph
        severity = "error" if graph.value(node, SH.severity) in (None, SH.Violation) else "warning"
        said = (m for m in graph.objects(node, SH.message) if isinstance(m, Literal))
        shape = Shape(node, severity, {m.language or "": str(m) for m in said})
        self._made[node] = shape
        path = graph.value(node, SH.path)
        if path is not None:
            shape.path, shape.predicate = self._path(path), path if isinstance(path, URIRef) else None
        if graph.value(node, SH.severity) == SH.Info:  # advice, which breaks nothing
            return shape
        for predicate, value in graph.predicate_objects(node):
            shape.checks += self._checks(node, predicate, value)
        shape.properties = [self._shape(inner) for inner in graph.objects(node, SH.property)]
        return shape

    def _path(self, path: Node) -> Path:
        if isinstance(path, URIRef):
            return lambda facts, node: facts.values(node, path)
        alternatives = self._graph.value(path, SH.alternativePath)
        if alternatives is not None:
            paths = [self._path(step) for step in Collection(self._graph, alternatives)]
            return lambda facts, node: list(dict.fromkeys(v for step in paths for v in step(facts, node)))
        if (path, RDF.first, None) in self._graph:
            return partial(_along, [self._path(step) for step in Collection(self._graph, path)])
        raise ValueError(f"a path that is not compiled: {path}")

    def _checks(self, node: Node, predicate: Node, value: Node) -> list[Check]:
        """The check that one statement of a shape makes; none for what is no constraint."""
        if not str(predicate).startswith(str(SH)):
            return []
        if predicate == SH.qualifiedValueShape:
            return [self._qualified(node, value)]
        if predicate in _NO_CONSTRAINTS:
            return []
        name = str(predicate).removeprefix(str(SH))
        if name == "deactivated":
            raise ValueError("a shape that is deactivated")
        return [self._logical(name, value) or self._plain(node, name, value)]

    def _logical(self, name: str, value: Node) -> Check | None:
        if name == "node":
            inner = self._shape(value)
            return checks.each(lambda facts, v: _conforms(inner, facts, v))
        if name == "not":
            inner = self._shape(value)
            return checks.each(lambda facts, v: not _conforms(inner, facts, v))
        if name in ("or", "and"):
            shapes = [self._shape(item) for item in Collection(self._graph, value)]
            among = any if name == "or" else all
            return checks.each(lambda facts, v: among(_conforms(shape, facts, v) for shape in shapes))
        if name == "in":
            allowed = set(Collection(self._graph, value))
            return checks.each(lambda facts, v: v in allowed)
        return None

    def _plain(self, node: Node, name: str, value: Node) -> Check:
        flags = str(self._graph.value(node, SH.flags) or "")
        if name == "languageIn":
            return checks.in_languages(list(Collection(self._graph, value)))
        if name == "uniqueLang":
            return checks.unique_lang if str(value) == "true" else checks.min_count(0)
        makers = {
            "minCount": lambda: checks.min_count(int(str(value))),
            "maxCount": lambda: checks.max_count(int(str(value))),
            "class": lambda: checks.of_class(value),
            "datatype": lambda: checks.of_datatype(value),
            "nodeKind": lambda: checks.of_kind(value),
            "pattern": lambda: checks.matching(str(value), flags),
            "hasValue": lambda: checks.has_value(value),
            "minInclusive": lambda: checks.within(value, at_most=False),
            "maxInclusive": lambda: checks.within(value, at_most=True),
            "minLength": lambda: checks.of_length(int(str(value)), at_most=False),
            "maxLength": lambda: checks.of_length(int(str(value)), at_most=True),
            "lessThan": lambda: checks.before(value, or_equal=False),
            "lessThanOrEquals": lambda: checks.before(value, or_equal=True),
            "disjoint": lambda: checks.disjoint(value),
        }
        if name not in makers:
            raise ValueError(f"a constraint that is not compiled: sh:{name}")
        return makers[name]()

    def _qualified(self, node: Node, value: Node) -> Check:
        inner = self._shape(value)
        least, most = (self._graph.value(node, SH[f"qualified{end}Count"]) for end in ("Min", "Max"))

        def check(facts: Facts, focus: Node, values: list[Node]) -> Iterator[None]:
            count = sum(_conforms(inner, facts, v) for v in values)
            if least is not None and count < int(str(least)):
                yield None
            if most is not None and count > int(str(most)):
                yield None

        return check


def _along(steps: list[Path], facts: Facts, node: Node) -> list[Node]:
    nodes = [node]
    for step in steps:
        nodes = list(dict.fromkeys(value for n in nodes for value in step(facts, n)))
    return nodes


def _broken(shape: Shape, facts: Facts, focus: Node) -> Iterator[Violation]:
    values = [focus] if shape.path is None else shape.path(facts, focus)
    for check in shape.checks:
        for value in check(facts, focus, values):
            yield Violation(shape, focus, value)
    for inner in shape.properties:
        for value in values:
            yield from _broken(inner, facts, value)


def _conforms(shape: Shape, facts: Facts, node: Node) -> bool:
    return next(_broken(shape, facts, node), None) is None
