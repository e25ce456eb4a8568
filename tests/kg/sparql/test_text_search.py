"""ces:matches is found where it stands, answered with terms, and refused where it cannot be."""

from __future__ import annotations

import pyoxigraph
import pytest

from kg.errors import MeguriError
from kg.sparql.text_search import text_searches, with_searches

CES = "PREFIX ces: <https://w3id.org/meguri/ces#> "
FOUND = [("http://e/a", 0.9), ("http://e/b", 0.5)]


def rewritten(query: str) -> tuple[str, list[tuple[str, str, int]]]:
    asked: list[tuple[str, str, int]] = []

    def search(text: str, kind: str, limit: int) -> list[tuple[str, float]]:
        asked.append((text, kind, limit))
        return FOUND[:limit]

    query = with_searches(query, search)
    pyoxigraph.Store().query(query)  # it is still a query
    return query, asked


@pytest.mark.parametrize(
    ("pattern", "asked"),
    [
        ('?r ces:matches ("天ぷら油" 10) . ?r a ces:Issue', ("天ぷら油", "any", 10)),
        ('?r ces:matches ("oil" 1) ; a ces:Issue .', ("oil", "any", 1)),
        ("?r a ces:Issue . (?r ?score) ces:matches ('oil'@en) FILTER(?score > 0.3)", ("oil", "any", 20)),
        ('?r <https://w3id.org/meguri/ces#matches> ("a \\"b\\" \\u5DDD" 5 "issue")', ('a "b" 川', "issue", 5)),
    ],
)
def test_patterns(pattern: str, asked: tuple[str, str, int]) -> None:
    query, searches = rewritten(f"{CES}SELECT * WHERE {{ {pattern} }}")
    assert searches == [asked]
    assert "VALUES" in query and "<http://e/a>" in query and ":matches" not in query
    assert ("0.9" in query) == ("?score" in pattern)


def test_two_in_one_query() -> None:
    _, asked = rewritten(CES + 'SELECT * { ?a ces:matches ("x" 2) . ?b ces:matches ("y" 3) . ?a ?p ?b }')
    assert sorted(asked) == [("x", "any", 2), ("y", "any", 3)]


@pytest.mark.parametrize(
    "query",
    [
        CES + 'SELECT * { ?s ?p \'ces:matches ("x" 2)\' } # ?r ces:matches ("x" 2)',
        'PREFIX ces: <http://other/> SELECT * { ?r ces:matches ("x" 2) }',
        CES + "SELECT * { ?r ces:matchesNothing ?o }",
        CES + "SELECT ?matches { ?s ?p ?matches }",
    ],
)
def test_what_is_none_stays(query: str) -> None:
    assert rewritten(query) == (query, [])


@pytest.mark.parametrize(
    "pattern",
    [
        '?r a ces:Issue ; ces:matches ("x" 2)',
        '?r ces:matches "x"',
        "?r ces:matches (?text 3)",
        '?r ces:matches ("x" 101)',
        '?r ces:matches ("x" 0)',
        '?r ces:matches|rdfs:label ("x" 2)',
        " . ".join(f'?r{n} ces:matches ("x" 2)' for n in range(4)),
    ],
)
def test_what_cannot_be_carried_out_is_refused(pattern: str) -> None:
    with pytest.raises(MeguriError) as caught:
        text_searches(f"{CES}SELECT * WHERE {{ {pattern} }}")
    assert caught.value.code == "text_search_invalid" and caught.value.remedy_ja
