"""The rules of ``ontology/rules``: SHACL-SPARQL constraints, each asked of the whole ontology at once.

A SHACL processor would ask each constraint of each concept, which takes ten seconds where the store takes a tenth
of one. The rules are written so that both find the same (``tests/ontology/test_rules.py`` compares them).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from kg.namespaces import PREFIXES
from kg.ontology_check.findings import Severity, short
from kg.store import GraphStore, Row

SH = Namespace("http://www.w3.org/ns/shacl#")
RULE = Namespace("https://w3id.org/meguri/rules/")
_PREFIXES = URIRef(f"{RULE}prefixes")


@dataclass(frozen=True)
class Rule:
    """One constraint: a SELECT whose ?this is at fault, and what to say of it (``{?value}`` stands for a variable)."""

    name: str
    severity: Severity
    query: str
    en: str
    ja: str

    def broken_by(self, store: GraphStore) -> Iterator[tuple[URIRef, str, str]]:
        """Each term at fault with the message in English and in Japanese."""
        for row in store.select(self.query):
            this = row.get("this")
            if isinstance(this, URIRef):
                yield this, _filled(self.en, row), _filled(self.ja, row)


@cache
def rules_graph() -> Graph:
    """All rules as they are written, for SHACL processors."""
    graph = Graph()
    for entry in sorted((files("ontology") / "rules").iterdir(), key=lambda e: e.name):
        if entry.name.endswith(".ttl"):
            graph.parse(data=entry.read_text(encoding="utf-8"), format="turtle")
    return graph


@cache
def rules() -> tuple[Rule, ...]:
    """All rules, by name."""
    graph = rules_graph()
    prefixes = "".join(
        f"PREFIX {graph.value(one, SH.prefix)}: <{graph.value(one, SH.namespace)}>\n"
        for one in sorted(graph.objects(_PREFIXES, SH.declare), key=str)
    )
    found = [
        _rule(graph, constraint, prefixes, "warning" if graph.value(shape, SH.severity) == SH.Warning else "error")
        for shape, constraint in graph.subject_objects(SH.sparql)
    ]
    return tuple(sorted(found, key=lambda rule: rule.name))


def _rule(graph: Graph, constraint: Node, prefixes: str, severity: Severity) -> Rule:
    said = {m.language: str(m) for m in graph.objects(constraint, SH.message) if isinstance(m, Literal)}
    query = str(graph.value(constraint, SH.select)).replace("$this", "?this")
    return Rule(str(constraint).removeprefix(str(RULE)), severity, prefixes + query, said["en"], said["ja"])


def _filled(message: str, row: Row) -> str:
    def value(match: re.Match[str]) -> str:
        term = row.get(match.group(1))
        return "" if term is None else _readable(term)

    return re.sub(r"\{\?(\w+)\}", value, message)


def _readable(term: Node) -> str:
    """A term as the author of the file wrote it, or nearly."""
    for prefix, namespace in PREFIXES.items():
        name = str(term).removeprefix(str(namespace))
        if isinstance(term, URIRef) and name != str(term) and re.fullmatch(r"\w+", name):
            return f"{prefix}:{name}"
    return short(str(term))
