"""Finds SERVICE in a query before the engine sees it, because the engine would really fetch.

The engine's grammar has no tokens: ``1SERVICE<x:y>{}`` and ``SERVICEs:x{}`` are clauses to it, and whether ``<2)…>`` is
an address depends on what stands before it. So strings, comments and addresses are taken out here only where no
reading is possible but one; where two are, a query that has the word anywhere is refused. Runs in linear time.
Grammar: https://www.w3.org/TR/sparql11-query/#rQueryUnit
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from kg.errors import MeguriError

WORD = "SERVICE"
_ESCAPE = r"\\[tbnrf\"'\\]|\\u(?![dD][89a-fA-F])[0-9A-Fa-f]{4}|\\U00(?:0[0-9A-Fa-f]|10)[0-9A-Fa-f]{4}"
_ESCAPED = re.compile(_ESCAPE)
TOKEN = re.compile(
    rf"(?P<string>\"\"\"(?:[^\"\\]|{_ESCAPE}|\"(?!\"\"))*+\"\"\"|'''(?:[^'\\]|{_ESCAPE}|'(?!''))*+'''"
    rf"|\"(?:[^\"\\\n\r]|{_ESCAPE})*+\"|'(?:[^'\\\n\r]|{_ESCAPE})*+')"
    r"|(?P<iri><(?:[^<>\"{}|^`\\\x00-\x20]|\\[uU][0-9A-Fa-f]++)*+>)|(?P<comment>#[^\n\r]*+)|(?P<odd>[\"'])"
)
# after an operator <, an expression cannot go on with ://, so this is an address wherever it stands
_SURELY_IRI = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*://")
_MAY_BE_AN_OPERATOR = re.compile(r"[)'#\\]")
_VARIABLE = re.compile(r"[?$]\w*SERVICE")
_NUMBERED = re.compile(r"<(\d+)>")


def refuse_fetching(query: str, allowed: Collection[str] = ()) -> bool:
    """Whether the query asks one of the ``allowed`` services; MeguriError (``query_fetches``) for any other.

    A service is allowed by its address, which the query must write in full, as ``<https://…>``.
    """
    if WORD not in query.upper():
        return False
    text, iris = _bare(query)
    if text is None:
        raise _ambiguous()
    asked = False
    for term in _services(text):
        number = _NUMBERED.fullmatch(term)
        if not (number and iris[int(number[1])] in allowed):
            raise _not_allowed(iris[int(number[1])] if number else term, allowed)
        asked = True
    return asked


def _bare(query: str) -> tuple[str | None, list[str]]:
    """The query in capitals without comments, strings as ``""`` and addresses as ``<n>``; None where it is unclear."""
    parts: list[str] = []
    iris: list[str] = []
    at = 0
    if "\\" in query and "\\" in _ESCAPED.sub("", query):
        return None, iris  # whether the engine takes such a string as one is its own secret
    for token in TOKEN.finditer(query):
        parts.append(query[at : token.start()])
        at = token.end()
        found = token[0]
        if token["iri"]:
            if not _SURELY_IRI.match(found) and _MAY_BE_AN_OPERATOR.search(found):
                return None, iris
            parts.append(f"<{len(iris)}>")
            iris.append(found[1:-1])
        elif token["odd"]:
            return None, iris
        else:
            parts.append(" " if token["comment"] else '""')
    parts.append(query[at:])
    return "".join(parts).upper(), iris


def _services(text: str) -> Iterator[str]:
    """The term after each SERVICE: what stands between it and its ``{``, with or without space between them."""
    words: list[str] = []
    for word in text.replace("{", " { ").replace("}", " } ").split():
        if word not in "{}":
            words = [*words[-2:], word]
            continue
        if word == "{":
            yield from _before_brace(words)
        words = []


def _before_brace(words: list[str]) -> Iterator[str]:
    *before, last = words or [""]
    if WORD in last:  # SERVICE<x:y>{ and SERVICESILENTs:x{
        term = last[last.index(WORD) + len(WORD) :].removeprefix("SILENT")
        if _is_term(term):
            yield term
    keyword = before.pop() if before else ""
    if keyword == "SILENT" and before:
        keyword = before[-1]
    keyword = keyword.removesuffix("SILENT")
    if keyword.endswith(WORD) and not _ends_in_variable(keyword):
        term = last.removeprefix("SILENT")
        if _is_term(term):
            yield term


def _is_term(text: str) -> bool:
    """Whether an address, a prefixed name or a variable can end here; the keywords before a brace are none."""
    return ":" in text or "<" in text or "?" in text or "$" in text


def _ends_in_variable(word: str) -> bool:
    start = max(word.rfind("?"), word.rfind("$"))
    return start >= 0 and _VARIABLE.fullmatch(word, start) is not None


def _not_allowed(term: str, allowed: Collection[str]) -> MeguriError:
    names = ", ".join(sorted(allowed))
    return MeguriError(
        code="query_fetches",
        en=f"SERVICE {term[:200]} is not allowed: queries do not fetch from other places.",
        ja=f"SERVICE {term[:200]} は使えません。クエリから外部のデータは取得しません。",
        remedy_en=f"Only these are allowed, written in full: {names}."
        if names
        else "Download the other data and join it on your side.",
        remedy_ja=f"使えるのは次のアドレスだけです（省略せずに書いてください）: {names}"
        if names
        else "外部のデータは取得してから、手元で結合してください。",
    )


def _ambiguous() -> MeguriError:
    return MeguriError(
        code="query_fetches",
        en="The query has the word SERVICE, and marks (< ' \" # \\) that can be read in two ways, so it is refused.",
        ja="クエリに SERVICE という語があり、二通りに読める記号（< ' \" # \\）も含まれるため、実行しません。",
        remedy_en="Write addresses in full (<https://…>), put spaces around <, and close every string.",
        remedy_ja="アドレスは <https://…> の形で省略せずに書き、比較の < の前後に空白を入れ、文字列を閉じてください。",
    )
