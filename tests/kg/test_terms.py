"""Terms as text: what goes out comes back, and the hash sees every change."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import BNode, Graph, Literal, URIRef, Variable
from rdflib.namespace import XSD
from rdflib.term import Node

from kg.oxigraph_store import OxigraphStore
from kg.store import GraphChange
from kg.terms import canonical_lines, content_hash, term_text
from tests.contracts.graph_store import A, P, graph_of, same_value

CUSTOM = URIRef("https://example.org/datatype")
languages = st.sampled_from(["ja", "en", "ja-Latn", "zh-Hant-TW", "x-private", "i-klingon"])
text_literals = st.one_of(
    st.builds(Literal, st.text()),
    st.builds(Literal, st.text(), lang=languages),
    st.builds(Literal, st.text(), datatype=st.just(CUSTOM)),
)
numbers = st.one_of(st.integers().map(str), st.from_regex(r"[+-]?0{0,3}[0-9]{1,30}(\.[0-9]{1,20})?", fullmatch=True))
typed_literals = st.one_of(
    st.builds(
        lambda t, d: Literal(t, datatype=d, normalize=False), numbers, st.sampled_from([XSD.integer, XSD.decimal])
    ),
    st.builds(
        lambda t: Literal(t, datatype=XSD.boolean, normalize=False), st.sampled_from(["0", "1", "true", "false"])
    ),
    st.builds(lambda d: Literal(d.isoformat(), datatype=XSD.date), st.dates(min_value=date(1868, 1, 1))),
    st.builds(lambda d: Literal(d.isoformat(), datatype=XSD.dateTime), st.datetimes(min_value=datetime(1868, 1, 1))),
    st.builds(
        lambda x: Literal(repr(x), datatype=XSD.double, normalize=False),
        st.floats(allow_nan=False, allow_infinity=False),
    ),
)
iris = st.builds(lambda t: URIRef(f"https://example.org/{t}"), st.text(max_size=20))
graphs = st.lists(st.tuples(iris, iris, st.one_of(iris, text_literals)), max_size=8).map(
    lambda triples: [t for t in triples if _writable(t)]
)


def _writable(triple: tuple[Node, ...]) -> bool:
    try:
        return bool([term_text(term) for term in triple])
    except ValueError:
        return False


def made(triples: list[tuple[Node, Node, Node]]) -> Graph:
    graph = Graph()
    for triple in triples:
        graph.add(triple)
    return graph


@given(st.lists(text_literals, min_size=1, max_size=20))
def test_text_comes_back_character_for_character(literals: list[Literal]) -> None:
    store = OxigraphStore(None)
    store.apply([GraphChange(A, graph_of(A, *literals))])
    assert {(str(o), o.language and o.language.lower(), o.datatype) for o in _literals(store)} == {
        (str(o), o.language and o.language.lower(), o.datatype) for o in literals
    }


@given(typed_literals)
def test_typed_literals_come_back_with_their_value(literal: Literal) -> None:
    store = OxigraphStore(None)
    store.apply([GraphChange(A, graph_of(A, literal))])
    (stored,) = _literals(store)
    assert same_value(stored, literal) or Decimal(str(stored)) == Decimal(str(literal))
    store.apply([GraphChange(A, None)])
    assert store.count() == 0


def _literals(store: OxigraphStore) -> list[Literal]:
    return [o for o in store.graph(A).objects() if isinstance(o, Literal)]


@given(st.builds(URIRef, st.one_of(st.text(), st.text().map("https://example.org/".__add__))))
@settings(max_examples=200)
def test_an_iri_is_stored_as_it_is_or_refused(iri: URIRef) -> None:
    store = OxigraphStore(None)
    try:
        store.apply([GraphChange(A, graph_of(A, iri))])
    except ValueError:
        assert store.count() == 0
    else:
        assert list(store.graph(A).objects()) == [iri]


@pytest.mark.parametrize(
    "iri",
    [
        "https://example.org/油?問=1#節",
        "urn:isbn:4000000000",
        "http://[::1]/a",
        "mailto:a@example.org",
        "a:",
        "x:%E6%B2%B9",
    ],
)
def test_iris_as_people_write_them_are_accepted(iri: str) -> None:
    assert term_text(URIRef(iri)) == f"<{iri}>"


@pytest.mark.parametrize("term", [BNode("b0"), Variable("x"), URIRef("relative"), Literal("x", datatype=URIRef("a b"))])
def test_what_is_no_term_of_a_record_is_refused(term: Node) -> None:
    with pytest.raises(ValueError, match=r"Unexpected|Not an absolute"):
        term_text(term)


def test_a_plain_string_and_an_xsd_string_are_one() -> None:
    assert term_text(Literal("a", datatype=XSD.string)) == term_text(Literal("a")) == '"a"'


@given(graphs.flatmap(lambda triples: st.tuples(st.just(triples), st.permutations(triples))))
def test_the_hash_does_not_depend_on_order_or_repetition(
    pair: tuple[list[tuple[Node, Node, Node]], list[tuple[Node, Node, Node]]],
) -> None:
    triples, shuffled = pair
    assert content_hash(made(triples)) == content_hash(made(shuffled + triples))
    assert canonical_lines(triples) == canonical_lines(shuffled + triples)


@given(graphs, st.data())
def test_the_hash_changes_with_any_triple(triples: list[tuple[Node, Node, Node]], data: st.DataObject) -> None:
    graph = made(triples)
    before = content_hash(graph)
    extra = (A, P, Literal("one more than there can be", lang="en"))
    assert content_hash(made([*triples, extra])) != before
    if triples:
        graph.remove(data.draw(st.sampled_from(triples)))
        assert content_hash(graph) != before


@pytest.mark.parametrize(
    "other",
    [
        Literal("1 "),
        Literal("1", lang="en"),
        Literal("1", lang="ja"),
        Literal(1),
        Literal("01", datatype=XSD.integer, normalize=False),
        URIRef("x:1"),
    ],
)
def test_the_hash_tells_terms_apart_that_look_alike(other: Node) -> None:
    assert content_hash(graph_of(A, Literal("1"))) != content_hash(graph_of(A, other))


def test_the_hash_is_the_one_of_the_sorted_lines() -> None:
    """Written down, because stored hashes must stay true from version to version."""
    graph = graph_of(URIRef("https://example.org/a"), Literal('油 "1"\n', lang="ja"), Literal(5))
    assert canonical_lines(graph) == [
        '<https://example.org/a> <https://example.org/p> "5"^^<http://www.w3.org/2001/XMLSchema#integer> .',
        '<https://example.org/a> <https://example.org/p> "油 \\"1\\"\\n"@ja .',
    ]
    assert content_hash(Graph()) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
