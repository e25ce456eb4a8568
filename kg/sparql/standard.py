"""Writes a query so that the engine gives what SPARQL 1.1 says, in three places where it would give something else.

- ``GROUP_CONCAT`` keeps a language that all its values share; by §18.5.1.7 it gives a simple literal.
- A path that may have length zero (``<x> p* ?o``) finds nothing from a term that the graph does not hold; by §18.4 the
  term itself is found.
- ``BNODE(text)`` gives the same node in every solution; by §17.4.2.9 in one solution only. Mended in the SELECT clause.

The text is read by the terminals of the grammar (https://www.w3.org/TR/sparql11-query/#sparqlGrammar); whatever can be
read in two ways, and all that is not named here, stays as it is, byte by byte. Linear in the length of the query.
docs/decisions/0020 says why each of these rewritings is sound.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import NamedTuple

from kg.sparql.fetching import TOKEN

Finds = Callable[[str], bool]
"""Whether the graph that is asked has a solution for an ASK query; raises what the engine raises."""

MOST_PATHS = 20
_TOKENS = re.compile(
    TOKEN.pattern + r"|(?P<space>\s++)|(?P<blank>_:)|(?P<variable>[?$]\w++)|(?P<language>@[A-Za-z][A-Za-z0-9-]*+)"
    r"|(?P<name>(?:[^\W\d_](?:[\w.-]*[\w-])?)?:(?:[\w:%.-]*[\w:%-])?)"
    r"|(?P<number>\d++(?:\.\d++)?|\.\d++)|(?P<word>[^\W\d]\w*+)|(?P<mark>.)",
    re.DOTALL,
)
_OPERATOR = re.compile(r"[()'#]")  # in what may be an address or two comparisons
_AGGREGATES = {"COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"}
_FORMS = {"SELECT", "CONSTRUCT", "DESCRIBE", "ASK"}
_OTHER_GRAPHS = {"GRAPH", "FROM", "SERVICE"}
_BEFORE_TRIPLE, _AFTER_TRIPLE = {"{", "}", "."}, {"{", "}", ".", "FILTER", "OPTIONAL", "MINUS", "BIND", "VALUES"}
_BRACKETS = {"(": ")", "{": "}", "[": "]"}
_IN_PATH = set("^/|()!*?+")
_STRING = "<http://www.w3.org/2001/XMLSchema#string>"


class _Token(NamedTuple):
    """A terminal; words are in capitals."""

    kind: str
    text: str
    start: int
    end: int

    @property
    def iri(self) -> bool:
        return self.kind in ("iri", "name")


class _Edit(NamedTuple):
    start: int
    end: int
    text: str


class _Query(NamedTuple):
    """The tokens without spaces and comments; for each opening bracket the place of the one that closes it."""

    text: str
    tokens: list[_Token]
    closing: dict[int, int]

    @property
    def form(self) -> int:
        """The place of the word that says what kind of query it is."""
        return next(at for at, token in enumerate(self.tokens) if token.kind == "word" and token.text in _FORMS)


def as_standard(query: str, finds: Finds) -> str:
    """The query that gives the standard's answer; the same text where there is nothing to mend or it is unclear how."""
    read = _read(query)
    if read is None:
        return query
    edits = [*_plain_concatenations(read), *_absent_ends(read, finds), *_nodes_by_solution(read)]
    parts, at = [], 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        parts += [query[at : edit.start], edit.text]
        at = edit.end
    return "".join([*parts, query[at:]])


def _read(query: str) -> _Query | None:
    """None where a place can be read in two ways, brackets do not pair, or it is no query."""
    tokens: list[_Token] = []
    closing: dict[int, int] = {}
    open_: list[int] = []
    for match in _TOKENS.finditer(query):
        kind, text = match.lastgroup or "", match[0]
        if _unclear(kind, text):
            return None
        if kind == "mark" and text in _BRACKETS:
            open_.append(len(tokens))
        elif kind == "mark" and text in _BRACKETS.values():
            if not open_ or _BRACKETS[tokens[open_[-1]].text] != text:
                return None
            closing[open_.pop()] = len(tokens)
        if kind not in ("space", "comment"):
            tokens.append(_Token(kind, text.upper() if kind == "word" else text, match.start(), match.end()))
    whole = not open_ and any(token.kind == "word" and token.text in _FORMS for token in tokens)
    return _Query(query, tokens, closing) if whole else None


def _unclear(kind: str, text: str) -> bool:
    """Marks that the engine may read in another way than the grammar, and escapes that it may resolve first."""
    if kind == "iri":
        return "\\" in text or ("://" not in text and _OPERATOR.search(text) is not None)
    return kind == "odd" or (kind == "mark" and text == "\\") or (kind == "string" and "\\u" in text.lower())


def _plain_concatenations(query: _Query) -> Iterator[_Edit]:
    """``STR(…)`` around each GROUP_CONCAT: what it concatenates stays the same, only the language goes."""
    for at, end in _calls(query, "GROUP_CONCAT"):
        yield _Edit(query.tokens[at].start, query.tokens[at].start, "STR(")
        yield _Edit(query.tokens[end].end, query.tokens[end].end, ")")


def _calls(query: _Query, name: str) -> Iterator[tuple[int, int]]:
    """Where a built-in is called with arguments: the places of its name and of its closing bracket."""
    for at, token in enumerate(query.tokens[:-1]):
        if token.kind == "word" and token.text == name and query.tokens[at + 1].text == "(":
            end = query.closing[at + 1]
            if end > at + 2:
                yield at, end


def _absent_ends(query: _Query, finds: Finds) -> Iterator[_Edit]:
    """The one solution of each triple ``<x> path* ?o`` or ``?s path* <x>`` whose <x> the default graph does not hold.

    A triple is taken out of its basic graph pattern, which is safe where no blank node may be shared with the rest.
    """
    tokens = query.tokens
    if any(token.kind == "blank" or (token.kind == "word" and token.text in _OTHER_GRAPHS) for token in tokens):
        return
    triples = ((at, end) for at in range(query.form, len(tokens)) if (end := _nullable_triple(query, at)) is not None)
    for at, end in islice(triples, MOST_PATHS):
        first, last = tokens[at], tokens[end]
        try:
            if not finds(_probe(query, first, last)):
                yield _Edit(first.start, last.end, _itself(first, last))
        except (SyntaxError, ValueError):
            return  # the engine says by itself what is wrong with the query


def _probe(query: _Query, first: _Token, last: _Token) -> str:
    """Asks whether the graph holds the given end, or the engine finds the path already."""
    prologue, triple = query.text[: query.tokens[query.form].start], query.text[first.start : last.end]
    end = first.text if first.iri else last.text
    return f"{prologue} ASK {{ {{ {triple} }} UNION {{ {end} ?p ?o }} UNION {{ ?s ?p {end} }} }}"


def _nullable_triple(query: _Query, at: int) -> int | None:
    """The place of the last token of a triple that begins here, stands alone, and has ``path*`` or ``path?``."""
    tokens = query.tokens
    before, first = tokens[at - 1], tokens[at]
    if before.text not in _BEFORE_TRIPLE or not (first.iri or first.kind == "variable"):
        return None
    step = _step(query, at + 1)
    if step is None or step + 3 >= len(tokens) or tokens[step + 1].text not in ("*", "?"):
        return None
    last, after = tokens[step + 2], tokens[step + 3]
    ends = (first.iri and last.kind == "variable") or (last.iri and (first.iri or first.kind == "variable"))
    return step + 2 if ends and after.text in _AFTER_TRIPLE else None


def _step(query: _Query, at: int) -> int | None:
    """The place of the last token of the property or of the bracketed path that begins here."""
    tokens = query.tokens
    for prefix in "^!":
        at += at < len(tokens) and tokens[at].text == prefix
    if at >= len(tokens):
        return None
    if tokens[at].text != "(":
        return at if _in_path(tokens[at]) and tokens[at].kind != "mark" else None
    inside = tokens[at : query.closing[at]]
    return query.closing[at] if all(map(_in_path, inside)) else None


def _in_path(token: _Token) -> bool:
    return token.iri or token.text in _IN_PATH or (token.kind == "word" and token.text == "A")


def _itself(first: _Token, last: _Token) -> str:
    if first.iri and last.iri:
        return f"{{ FILTER(SAMETERM({first.text}, {last.text})) }}"
    term, variable = (first, last) if first.iri else (last, first)
    return f"VALUES {variable.text} {{ {term.text} }}"


def _nodes_by_solution(query: _Query) -> Iterator[_Edit]:
    """In the outermost SELECT clause, the text of BNODE(text) with a mark that each solution has for itself.

    Not where solutions are grouped, or joined with VALUES after the pattern: several of them would have one mark.
    """
    tokens, start = query.tokens, query.form
    opening = _pattern(query) if tokens[start].text == "SELECT" else None
    if opening is None:
        return
    closing = query.closing[opening]
    calls = [(at, end) for at, end in _calls(query, "BNODE") if start < at < opening]
    words, after = _words(tokens[start:opening]), _words(tokens[closing:])
    if not calls or words & _AGGREGATES or after & {"GROUP", "HAVING", "VALUES"}:
        return
    mark = next(name for name in map("solution{}".format, range(len(query.text))) if name not in query.text)
    for at, end in calls:
        inside, outside = tokens[at + 1].end, tokens[end].start
        yield _Edit(inside, inside, f'CONCAT("b", SHA256(CONCAT(?{mark}, STRDT(')
        yield _Edit(outside, outside, f", {_STRING}))))")
    yield _Edit(tokens[opening].start, tokens[opening].start, "{ ")
    yield _Edit(tokens[closing].end, tokens[closing].end, f" BIND(STRUUID() AS ?{mark}) }}")


def _words(tokens: list[_Token]) -> set[str]:
    return {token.text for token in tokens if token.kind == "word"}


def _pattern(query: _Query) -> int | None:
    """The brace that opens the pattern of a SELECT, which stands outside of all other brackets."""
    at = query.form
    while at < len(query.tokens):
        if query.tokens[at].text == "{":
            return at
        at = query.closing.get(at, at) + 1
    return None
