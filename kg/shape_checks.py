"""The constraints of SHACL Core as plain functions: given a focus node and its value nodes, which values break them.

Meaning: https://www.w3.org/TR/shacl/#core-components. pySHACL is the oracle in ``tests/kg/test_compiled_shapes.py``.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import ge, le, lt
from typing import Any

from rdflib import BNode, Literal, Namespace, URIRef
from rdflib.term import Node

from kg.namespaces import RDF, RDFS, XSD
from kg.residents import Context
from kg.terms import Triple

SH = Namespace("http://www.w3.org/ns/shacl#")
Compare = Callable[[Any, Any], Any]
Path = Callable[["Facts", Node], list[Node]]
# the broken values; None where the values are wrong together (a count, a missing value)
Check = Callable[["Facts", Node, list[Node]], Iterable[Node | None]]


_NOTHING: list[Node] = []


@dataclass
class Facts:
    """The statements of a batch, and what is known of the things that it points at."""

    context: Context
    said: dict[Node, dict[Node, list[Node]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    _classes: dict[Node, frozenset[Node]] = field(default_factory=dict)

    @classmethod
    def of(cls, graphs: Iterable[Iterable[Triple]], context: Context) -> Facts:
        """The facts of some graphs over a context (types, schemes and subclasses of residents)."""
        facts = cls(context)
        for graph in graphs:
            for subject, predicate, value in graph:
                facts.said[subject][predicate].append(value)
        return facts

    def values(self, subject: Node, predicate: Node) -> list[Node]:
        """The objects of a subject and predicate, each once."""
        said = self.said.get(subject)
        own = said.get(predicate, _NOTHING) if said is not None else _NOTHING
        if predicate not in _OF_CONTEXT or isinstance(subject, Literal):
            return own
        return list(dict.fromkeys([*own, *self.context.objects(subject, predicate)]))

    def classes(self, node: Node) -> frozenset[Node]:
        """The classes of a node and all that these are subclasses of."""
        own = [self._above(class_) for class_ in self.values(node, _TYPE)]
        return own[0] if len(own) == 1 else frozenset(above for classes in own for above in classes)

    def _above(self, class_: Node) -> frozenset[Node]:
        known = self._classes.get(class_)
        if known is None:
            above = self.context.transitive_objects(class_, RDFS.subClassOf)
            known = frozenset(node for node in above if node is not None)
            self._classes[class_] = known
        return known


_TYPE = RDF.type
_OF_CONTEXT = {_TYPE, RDFS.subClassOf, URIRef("http://www.w3.org/2004/02/skos/core#inScheme")}


def each(holds: Callable[[Facts, Node], bool]) -> Check:
    """A check of every value by itself."""
    return lambda facts, focus, values: [value for value in values if not holds(facts, value)]


def min_count(least: int) -> Check:
    """At least so many values."""
    return lambda facts, focus, values: [None] if len(values) < least else []


def max_count(most: int) -> Check:
    """At most so many values."""
    return lambda facts, focus, values: [None] if len(values) > most else []


def has_value(wanted: Node) -> Check:
    """One of the values is this one."""
    return lambda facts, focus, values: [] if wanted in values else [None]


def unique_lang(facts: Facts, focus: Node, values: list[Node]) -> Iterator[None]:
    """No two values of one language."""
    languages = Counter(v.language.lower() for v in values if isinstance(v, Literal) and v.language)
    yield from (None for count in languages.values() if count > 1)


def of_class(class_: Node) -> Check:
    """Each value is an instance of the class or of a subclass."""
    return each(lambda facts, value: class_ in facts.classes(value))


def of_datatype(datatype: Node) -> Check:
    """Each value is a well-formed literal of the datatype."""
    return each(lambda facts, value: _has_datatype(value, datatype))


def _has_datatype(value: Node, datatype: Node) -> bool:
    if not isinstance(value, Literal) or value.ill_typed:
        return False
    own = RDF.langString if value.language else value.datatype or XSD.string
    return own == datatype


def of_kind(kind: Node) -> Check:
    """Each value is an IRI, a literal, a blank node, or one of two of these."""
    name = str(kind).removeprefix(str(SH))
    allowed = tuple(t for word, t in (("IRI", URIRef), ("Literal", Literal), ("BlankNode", BNode)) if word in name)
    return each(lambda facts, value: isinstance(value, allowed))


def matching(pattern: str, flags: str) -> Check:
    """Each value's text holds a match; blank nodes have no text."""
    options = {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL, "x": re.VERBOSE}
    found = re.compile(pattern, sum(options[flag] for flag in flags if flag in options))
    return each(lambda facts, value: not isinstance(value, BNode) and found.search(str(value)) is not None)


def in_languages(ranges: Sequence[Node]) -> Check:
    """Each value bears a tag in one of these language ranges."""
    wanted = [str(r).lower() for r in ranges]

    def holds(facts: Facts, value: Node) -> bool:
        tag = (value.language or "").lower() if isinstance(value, Literal) else ""
        return any(tag == w or tag.startswith(f"{w}-") for w in wanted) if tag else False

    return each(holds)


def of_length(bound: int, *, at_most: bool) -> Check:
    """Each value's text has at most, or at least, so many characters."""
    compare = le if at_most else ge
    return each(lambda facts, value: not isinstance(value, BNode) and compare(len(str(value)), bound))


def within(bound: Node, *, at_most: bool) -> Check:
    """Each value compares with the bound."""
    compare: Compare = le if at_most else ge
    return each(lambda facts, value: _compared(value, bound, compare))


def before(predicate: Node, *, or_equal: bool) -> Check:
    """Each value is smaller than each value of another property; a malformed one is its datatype's fault alone."""
    compare: Compare = le if or_equal else lt

    def check(facts: Facts, focus: Node, values: list[Node]) -> list[Node | None]:
        others = [v for v in facts.values(focus, predicate) if _well_formed(v)]
        return [v for v in values if _well_formed(v) for other in others if not _compared(v, other, compare)]

    return check


def disjoint(predicate: Node) -> Check:
    """No value is one of another property too."""
    return lambda facts, focus, values: [v for v in values if v in facts.values(focus, predicate)]


def _well_formed(value: Node) -> bool:
    return isinstance(value, Literal) and value.value is not None


def _compared(one: Node, other: Node, compare: Compare) -> bool:
    if not isinstance(one, Literal) or not isinstance(other, Literal) or one.value is None or other.value is None:
        return False
    try:
        return bool(compare(one.value, other.value))
    except TypeError:
        return False
