"""``?record ces:matches ("words" 10)`` in a query: found here, answered by whoever has a search, put back as VALUES.

The pattern is plain SPARQL (a property and a list), so every editor takes it. It is looked for in the text with strings
and comments masked, and must stand as a triple of its own; where it stands otherwise it is refused, never overlooked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rdflib import Literal, URIRef

from kg.errors import MeguriError
from kg.namespaces import CES
from kg.sparql.fetching import TOKEN
from kg.terms import values_text

MOST_SEARCHES = 3
MOST_RECORDS = 100
DEFAULT_RECORDS = 20
_NAME = r"[A-Za-z_][A-Za-z0-9_]*+"
_STRING = r"\"_*\"|'_*'"
_PATTERN = re.compile(
    rf"(?:\?(?P<record>{_NAME})|\(\s*\?(?P<first>{_NAME})\s+\?(?P<score>{_NAME})\s*\))\s*"
    rf"(?:(?P<prefix>[\w-]*):matches|<{re.escape(str(CES.matches))}>)\s*"
    rf"\(\s*(?P<text>{_STRING})(?:@[\w-]+)?(?:\s+(?P<limit>\d{{1,6}}))?(?:\s+(?P<kind>{_STRING}))?\s*\)\s*(?P<more>;)?"
)
_USE = re.compile(rf"(?P<prefix>[\w-]*):matches(?![\w.-])|<{re.escape(str(CES.matches))}>")
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}

Found = Sequence[tuple[str, float]]
Search = Callable[[str, str, int], Found]
"""Text, kind of record (``any`` for all) and number → records by their IRIs with their closeness, the best first."""


@dataclass(frozen=True)
class TextSearch:
    """One pattern: where it stands, its variables, and what it asks."""

    start: int
    end: int
    record: str
    score: str | None
    text: str
    kind: str
    limit: int
    goes_on: bool


def with_searches(query: str, search: Search) -> str:
    """The query with each pattern replaced by what ``search`` found, as VALUES; unchanged where it has none.

    Raises MeguriError: ``text_search_invalid``; what ``search`` raises.
    """
    if "matches" not in query:
        return query
    for found in reversed(text_searches(query)):
        rows = [(URIRef(iri), Literal(closeness)) for iri, closeness in search(found.text, found.kind, found.limit)]
        names = [found.record, found.score] if found.score else [found.record]
        values = values_text(names, [row[: len(names)] for row in rows])
        subject = f" . ?{found.record} " if found.goes_on else " "
        query = f"{query[: found.start]} {values}{subject}{query[found.end :]}"
    return query


def text_searches(query: str) -> list[TextSearch]:
    """The patterns of a query, in order; MeguriError (``text_search_invalid``) for one that cannot be carried out."""
    masked = _masked(query)
    ours = {
        m["prefix"] for m in re.finditer(r"(?i)PREFIX\s+(?P<prefix>[\w-]*):\s*<([^>]*)>", masked) if m[2] == str(CES)
    }
    uses = [m for m in _USE.finditer(masked) if m["prefix"] is None or m["prefix"] in ours]
    found = [_read(query, m) for m in _PATTERN.finditer(masked) if m["prefix"] is None or m["prefix"] in ours]
    if len(found) != len(uses):
        raise _invalid("it does not stand as a triple of its own", "独立したトリプルとして書かれていません")
    if len(found) > MOST_SEARCHES:
        raise _invalid(f"there are more than {MOST_SEARCHES}", f"{MOST_SEARCHES} 個を超えています")
    return found


def _read(query: str, match: re.Match[str]) -> TextSearch:
    limit = int(match["limit"] or DEFAULT_RECORDS)
    if not 1 <= limit <= MOST_RECORDS:
        raise _invalid(f"the number must be 1 to {MOST_RECORDS}", f"件数は 1 から {MOST_RECORDS} までです")
    text = _unescaped(query[match.start("text") + 1 : match.end("text") - 1])
    kind = query[match.start("kind") + 1 : match.end("kind") - 1] if match["kind"] else "any"
    record, score = match["record"] or match["first"], match["score"]
    return TextSearch(match.start(), match.end(), record, score, text, kind, limit, bool(match["more"]))


def _masked(query: str) -> str:
    """The query with the insides of strings as underscores and comments as spaces, every character in its place."""

    def mask(token: re.Match[str]) -> str:
        if token["string"]:
            return f"{token[0][0]}{'_' * (len(token[0]) - 2)}{token[0][-1]}"
        return " " * len(token[0]) if token["comment"] else token[0]

    return TOKEN.sub(mask, query)


def _unescaped(text: str) -> str:
    def char(match: re.Match[str]) -> str:
        code = match[1] or match[2]
        if code:
            number = int(code, 16)
            return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else "\ufffd"
        return _ESCAPED.get(match[3], match[3])

    return _ESCAPE.sub(char, text)


def _invalid(en: str, ja: str) -> MeguriError:
    return MeguriError(
        code="text_search_invalid",
        en=f"ces:matches cannot be carried out: {en}.",
        ja=f"ces:matches を実行できません: {ja}。",
        remedy_en='Write ?record ces:matches ("words" 10) . or (?record ?score) ces:matches ("words" 10 "issue") .',
        remedy_ja='?record ces:matches ("ことば" 10) . または (?record ?score) ces:matches ("ことば" 10 "issue") . と'
        "書いてください。",
    )
