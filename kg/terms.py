"""RDF terms as text: the canonical lines that are hashed and the SPARQL updates that are sent.

This is the only module that builds SPARQL text, and it builds it from typed terms alone.
Syntax: https://www.w3.org/TR/n-triples/ (every N-Triples term is a SPARQL 1.1 term).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any, Protocol, runtime_checkable

from rdflib import BNode, Graph, Literal, URIRef
from rdflib.term import Node

Triple = tuple[Node, Node, Node]

# an absolute IRI as RFC 3987 writes it, without looking inside its authority; % begins an escape, # the one fragment
_NOT_IN_IRI = r"%#<>\"{}|^`\\\x00-\x20\x7f-\x9f\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufff0-\uffff"
_IRI_TEXT = rf"(?:%[0-9A-Fa-f]{{2}}|[^{_NOT_IN_IRI}]++)*+"
_IRI = re.compile(rf"[A-Za-z][A-Za-z0-9+.-]*:{_IRI_TEXT}(?:#{_IRI_TEXT})?")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_ESCAPED = re.compile(r'[\\"\n\r\t\x00-\x08\x0b\x0c\x0e-\x1f\x7f]')
_UNESCAPES = {written: char for char, written in _ESCAPES.items()}
_WRITTEN = re.compile(r"\\u[0-9A-F]{4}|\\.")
_LANGUAGE = re.compile(r"(?:[A-Za-z]{2,8}|[xi](?=-))(?:-[A-Za-z0-9]{1,8})*")


def term_text(term: Node) -> str:
    """An IRI or literal in N-Triples syntax.

    Raises:
        ValueError: for blank nodes (records have none), variables, and terms that no store could read again.
    """
    if isinstance(term, URIRef):
        return _iri_text(str(term))
    if isinstance(term, Literal):
        return _literal_text(term)
    raise ValueError(f"Unexpected term: {term!r}. Records consist of IRIs and literals only.")


def triple_line(triple: Triple) -> str:
    """One triple as an N-Triples line without its line end."""
    subject, predicate, value = triple
    return f"{term_text(subject)} {term_text(predicate)} {term_text(value)} ."


class Statements:
    """The distinct statements of one graph without blank nodes, each written once and then only looked at.

    An ``rdflib.Graph`` indexes every statement three times, which costs more than making and hashing it; a record on
    its way to the store needs no index. ValueError for a term that cannot be written (see ``term_text``).
    """

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._by_line = {triple_line(triple): triple for triple in triples}

    @classmethod
    def of(cls, triples: Graph | Statements) -> Statements:
        """The statements of a graph; those that are some already are given back."""
        return triples if isinstance(triples, cls) else cls(triples)

    @classmethod
    def about(cls, subject: URIRef, said: Iterable[tuple[URIRef, Node]]) -> Statements:
        """The statements of one subject, as properties and values."""
        made, start = cls(()), _iri_text(str(subject))
        for predicate, value in said:
            line = f"{start} {_iri_text(str(predicate))} {term_text(value)} ."
            made._by_line[line] = (subject, predicate, value)
        return made

    @classmethod
    def joined(cls, *parts: Statements) -> Statements:
        """The statements of several, without writing any of them again."""
        made = cls(())
        for part in parts:
            made._by_line |= part._by_line
        return made

    def __iter__(self) -> Iterator[Triple]:
        return iter(self._by_line.values())

    def __len__(self) -> int:
        return len(self._by_line)

    def __contains__(self, triple: object) -> bool:
        return triple in self._by_line.values()

    def __reduce__(self) -> tuple[Any, ...]:
        """Another process gets plain texts, of which it makes terms again: most of them it has already."""
        return _unpacked, ([(line, *map(_packed, triple)) for line, triple in self._by_line.items()],)

    @cached_property
    def lines(self) -> list[str]:
        """Sorted N-Triples lines."""
        return sorted(self._by_line)

    def encoded(self) -> Iterator[bytes]:
        """The same lines in UTF-8, each with its line end."""
        return (f"{line}\n".encode() for line in self.lines)

    @cached_property
    def hash(self) -> str:
        """See ``content_hash``."""
        return hashlib.sha256("\n".join(self.lines).encode()).hexdigest()

    def objects(self, subject: Node, predicate: Node) -> Iterator[Node]:
        """The objects of the statements with this subject and predicate."""
        return (o for s, p, o in self if p == predicate and s == subject)

    def value(self, subject: Node, predicate: Node) -> Node | None:
        """One of these objects, None where there is none."""
        return next(self.objects(subject, predicate), None)


_Packed = str | tuple[str, str | None, str | None]


def read_triple(line: str) -> Triple:
    """The triple of a line that ``triple_line`` wrote; literals keep the form in which they were written."""
    subject, predicate, value = line.removesuffix(" .").split(" ", 2)
    return URIRef(subject[1:-1]), _term(predicate[1:-1]), _read_term(value)


@lru_cache(maxsize=50_000)
def _read_term(text: str) -> Node:
    if text.startswith("<"):
        return URIRef(text[1:-1])
    quoted, _, rest = text.rpartition('"')
    words = _WRITTEN.sub(_unescape, quoted[1:])
    if rest.startswith("^^"):
        return Literal(words, datatype=URIRef(rest[3:-1]), normalize=False)
    return Literal(words, lang=rest[1:] or None, normalize=False)


def _unescape(match: re.Match[str]) -> str:
    escape = match.group()
    return _UNESCAPES.get(escape) or chr(int(escape[2:], 16))


def _packed(term: Node) -> _Packed:
    if isinstance(term, Literal):
        return str(term), term.language, None if term.datatype is None else str(term.datatype)
    return str(term)


def _unpacked(packed: list[tuple[str, _Packed, _Packed, _Packed]]) -> Statements:
    made = Statements(())
    made._by_line = {line: (_term(s), _term(p), _term(o)) for line, s, p, o in packed}
    return made


@lru_cache(maxsize=50_000)
def _term(packed: _Packed) -> Node:
    if isinstance(packed, str):
        return URIRef(packed)
    text, lang, datatype = packed
    return Literal(text, lang=lang, datatype=None if datatype is None else URIRef(datatype), normalize=False)


@runtime_checkable
class Written(Protocol):
    """A graph whose lines have been written: ``Statements``, and what ``kg.large`` keeps on the disk."""

    @property
    def lines(self) -> Iterable[str]:
        """Sorted, distinct N-Triples lines."""
        ...

    @property
    def hash(self) -> str:
        """See ``content_hash``."""
        ...


def canonical_lines(triples: Iterable[Triple] | Written) -> list[str]:
    """The triples as sorted, distinct N-Triples lines."""
    return list(triples.lines) if isinstance(triples, Written) else sorted({triple_line(triple) for triple in triples})


def content_hash(triples: Graph | Written) -> str:
    """sha256 (hex) over the canonical lines of a graph without blank nodes.

    Taken before storing, because a store may rewrite literals such as "01" or 1.50.
    """
    return triples.hash if isinstance(triples, Written) else Statements(triples).hash


def clear_graph_update(graph: URIRef, *, published: bool) -> str:
    """SPARQL that drops a graph, and takes its statements out of the default graph where published."""
    name = term_text(graph)
    drop = f"DROP SILENT GRAPH {name}"
    if not published:
        return drop
    return f"DELETE {{ ?s ?p ?o }} WHERE {{ GRAPH {name} {{ ?s ?p ?o }} }} ;\n{drop}"


def insert_update(graph: URIRef, triples: Iterable[Triple], *, published: bool) -> str:
    """SPARQL that inserts triples into a graph, and into the default graph where published."""
    block = "\n".join(canonical_lines(triples))
    default = f"{block}\n" if published else ""
    return f"INSERT DATA {{\n{default}GRAPH {term_text(graph)} {{\n{block}\n}} }}"


def nquads_text(graph: URIRef, triples: Iterable[Triple], *, published: bool) -> str:
    """N-Quads that put triples into a graph, and into the default graph where published; a line each."""
    lines, place = canonical_lines(triples), f" {term_text(graph)} ."
    named = [f"{line.removesuffix(' .')}{place}" for line in lines]
    return "\n".join([*lines, *named] if published else named)


def copy_to_default_update(graph: URIRef) -> str:
    """SPARQL that puts a graph's statements into the default graph as well, blank nodes included."""
    return f"INSERT {{ ?s ?p ?o }} WHERE {{ GRAPH {term_text(graph)} {{ ?s ?p ?o }} }}"


def with_values(query: str, bindings: Mapping[str, Node]) -> str:
    """A query with its variables bound by a final VALUES clause, for engines that take no bindings.

    Raises:
        ValueError: for names that are no variables, and terms that cannot be written.
    """
    return f"{query}\n{values_text(list(bindings), [list(bindings.values())])}" if bindings else query


def quad_line(triple: Triple, graph: Node | None) -> str:
    """A statement as an N-Quads line without its line end; blank nodes keep their labels, made safe."""
    place = f" {_line_term(graph)}" if graph is not None else ""
    return f"{' '.join(map(_line_term, triple))}{place} ."


def _line_term(term: Node) -> str:
    return f"_:b{str(term).encode().hex()}" if isinstance(term, BNode) else term_text(term)


def values_text(names: Sequence[str], rows: Iterable[Sequence[Node]]) -> str:
    """A VALUES block that binds variables (given without ``?``) to rows of terms."""
    for name in names:
        if not _VARIABLE.fullmatch(name):
            raise ValueError(f"Not a variable: {name!r}")
    heads = " ".join(f"?{name}" for name in names)
    lines = "".join(f" ({' '.join(map(term_text, row))})" for row in rows)
    return f"VALUES ({heads}) {{{lines} }}"


@lru_cache(maxsize=50_000)
def _iri_text(text: str) -> str:
    if not _IRI.fullmatch(text):
        raise ValueError(f"Not an absolute IRI: {text!r}")
    return f"<{text}>"


def _literal_text(literal: Literal) -> str:
    if _SURROGATE.search(literal):
        raise ValueError(f"Not Unicode text: {literal!r}")
    quoted = f'"{_ESCAPED.sub(_escape, str(literal))}"'
    if literal.language:
        if not _LANGUAGE.fullmatch(literal.language):
            raise ValueError(f"Not a language tag: {literal.language!r}")
        return f"{quoted}@{literal.language}"
    if literal.datatype and str(literal.datatype) != "http://www.w3.org/2001/XMLSchema#string":
        return f"{quoted}^^{_iri_text(str(literal.datatype))}"
    return quoted


def _escape(match: re.Match[str]) -> str:
    char = match.group()
    return _ESCAPES.get(char) or f"\\u{ord(char):04X}"
