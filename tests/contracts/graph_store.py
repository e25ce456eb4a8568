"""The contract of ``GraphStore``: what the layers above rely on, whatever the engine."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path

import pytest
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.namespace import RDFS, XSD
from rdflib.term import Node

from kg.errors import MeguriError
from kg.store import GraphChange, GraphStore

EX = "https://example.org/id/"
A, B, PROVENANCE = URIRef(EX + "a"), URIRef(EX + "b"), URIRef(EX + "provenance/a")
P = URIRef("https://example.org/p")
Quad = tuple[Node | None, Node, Node, Node]

HOSTILE = [
    'a "quoted" one',
    "back\\slash \\n \\u0041",
    "two\nlines\r\nand\ttabs",
    "} } ; DROP ALL ; INSERT DATA { <x:a> <x:b> <x:c>",
    '"""triple""" \'single\'',
    "?o $o <https://example.org/id/a> # comment",
    "天ぷら油、𠮷野家、か\u3099、\u2028\u0085\ufeff",
    "\x00\x01\x1f\x7f",
    "",
]
BROKEN_IRIS = [
    "https://example.org/a b",
    "https://example.org/<a>",
    'https://example.org/"a"',
    "https://example.org/{a}",
    "https://example.org/a\\b",
    "https://example.org/a\nb",
    "https://example.org/100%",
    "https://example.org/#a#b",
    "https://example.org/\ud800",
    "no-scheme",
    "1a:b",
    "",
]
ODD_LITERALS = [
    Literal("01", datatype=XSD.integer, normalize=False),
    Literal("+1.50", datatype=XSD.decimal, normalize=False),
    Literal("1e3", datatype=XSD.double, normalize=False),
    Literal("1", datatype=XSD.boolean, normalize=False),
    Literal("2025-02-30", datatype=XSD.date, normalize=False),
    Literal("令和7年", datatype=XSD.date, normalize=False),
    Literal("abc", datatype=XSD.integer, normalize=False),
    Literal("9" * 40, datatype=XSD.integer, normalize=False),
    Literal("2025-04-01T09:00:00+09:00", datatype=XSD.dateTime, normalize=False),
    Literal("POINT(139.4 35.6)", datatype=URIRef("http://www.opengis.net/ont/geosparql#wktLiteral")),
]


def graph_of(subject: URIRef, *values: Node) -> Graph:
    graph = Graph()
    for value in values:
        graph.add((subject, P, value))
    return graph


def everything(store: GraphStore) -> set[Quad]:
    """All statements with their graph, None for the default graph."""
    rows = store.select("SELECT ?g ?s ?p ?o WHERE { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }")
    return {(row.get("g"), row["s"], row["p"], row["o"]) for row in rows}


def same_value(first: Node, second: Node) -> bool:
    """Stores may write "01" as "1", but never change what a literal means."""
    if not (isinstance(first, Literal) and isinstance(second, Literal)):
        return first == second
    same = first.datatype == second.datatype and first.value is not None and first.value == second.value
    return first == second or same


class GraphStoreContract(ABC):
    """Inherit, and say how a store is made and how its snapshot is read."""

    @abstractmethod
    def open_store(self, folder: Path) -> GraphStore:
        """An empty store."""

    @abstractmethod
    def read_snapshot(self, path: Path) -> set[Quad]:
        """Everything in a snapshot, as ``everything`` gives it."""

    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[GraphStore]:
        store = self.open_store(tmp_path)
        yield store
        store.close()

    # -- apply

    def test_a_published_graph_stands_in_the_default_graph_too(self, store: GraphStore) -> None:
        store.apply([GraphChange(A, graph_of(A, Literal("x")))])
        assert everything(store) == {(None, A, P, Literal("x")), (A, A, P, Literal("x"))}
        assert store.count() == 1

    def test_an_unpublished_graph_is_seen_by_the_keyword_graph_only(self, store: GraphStore) -> None:
        store.apply([GraphChange(PROVENANCE, graph_of(A, Literal("x")), published=False)])
        assert everything(store) == {(PROVENANCE, A, P, Literal("x"))}
        assert store.count() == 0
        assert not store.ask("ASK { ?s ?p ?o }")
        assert store.ask("ASK { GRAPH ?g { ?s ?p ?o } }")

    def test_replacing_leaves_nothing_of_the_former_content(self, store: GraphStore) -> None:
        store.apply([GraphChange(A, graph_of(A, Literal("old"), Literal("both"))), GraphChange(B, graph_of(B, A))])
        store.apply([GraphChange(A, graph_of(A, Literal("both"), Literal("new")))])
        objects = {o for g, _, _, o in everything(store) if g == A}
        assert objects == {Literal("both"), Literal("new")}
        assert {o for g, _, _, o in everything(store) if g is None} == {*objects, A}

    def test_withdrawing_takes_one_graph_and_leaves_the_others(self, store: GraphStore) -> None:
        store.apply([GraphChange(A, graph_of(A, B)), GraphChange(B, graph_of(B, A))])
        store.apply([GraphChange(A, None)])
        assert everything(store) == {(None, B, P, A), (B, B, P, A)}
        assert len(store.graph(A)) == 0

    def test_withdrawing_an_unpublished_graph_leaves_the_default_graph(self, store: GraphStore) -> None:
        same = graph_of(A, Literal("x"))
        store.apply([GraphChange(A, same), GraphChange(PROVENANCE, same, published=False)])
        store.apply([GraphChange(PROVENANCE, None, published=False)])
        assert everything(store) == {(None, A, P, Literal("x")), (A, A, P, Literal("x"))}

    def test_withdrawing_what_was_never_there_is_no_error(self, store: GraphStore) -> None:
        store.apply([GraphChange(A, None), GraphChange(PROVENANCE, None, published=False)])
        store.apply([])
        assert everything(store) == set()

    def test_a_graph_without_triples_is_empty_afterwards(self, store: GraphStore) -> None:
        store.apply([GraphChange(A, graph_of(A, B))])
        store.apply([GraphChange(A, Graph())])
        assert everything(store) == set()

    @pytest.mark.parametrize("text", HOSTILE, ids=ascii)
    def test_hostile_text_is_stored_and_replaced_as_it_is(self, store: GraphStore, text: str) -> None:
        literals = {Literal(text), Literal(text, lang="ja")}
        store.apply([GraphChange(A, graph_of(A, *literals)), GraphChange(B, graph_of(B, A))])
        assert set(store.graph(A).objects()) == literals
        store.apply([GraphChange(A, None)])
        assert everything(store) == {(None, B, P, A), (B, B, P, A)}

    def test_language_tags_are_kept_apart(self, store: GraphStore) -> None:
        labels = [Literal("油", lang="ja"), Literal("油", lang="zh"), Literal("油"), Literal("abura", lang="ja-Latn")]
        store.apply([GraphChange(A, graph_of(A, *labels))])
        assert set(store.graph(A).objects()) == set(labels)
        rows = store.select(f"SELECT ?o WHERE {{ ?s <{P}> ?o FILTER(LANG(?o) = 'ja') }}")
        assert [row["o"] for row in rows] == [labels[0]]

    @pytest.mark.parametrize("literal", ODD_LITERALS, ids=str)
    def test_odd_lexical_forms_keep_their_value_and_can_be_withdrawn(self, store: GraphStore, literal: Literal) -> None:
        store.apply([GraphChange(A, graph_of(A, literal))])
        (stored,) = store.graph(A).objects()
        assert same_value(stored, literal)
        store.apply([GraphChange(A, None)])
        assert everything(store) == set()

    @pytest.mark.parametrize("iri", BROKEN_IRIS, ids=ascii)
    def test_a_broken_iri_is_refused_wherever_it_stands_and_nothing_is_written(
        self, store: GraphStore, iri: str
    ) -> None:
        bad = URIRef(iri)
        triples: list[tuple[Node, Node, Node]] = [(bad, P, B), (A, bad, B), (A, P, bad)]
        if iri:  # rdflib takes an empty datatype for none
            triples.append((A, P, Literal("x", datatype=bad)))
        for triple in triples:
            graph = Graph()
            graph.add(triple)
            self._refused(store, GraphChange(A, graph))
        self._refused(store, GraphChange(bad, graph_of(A, B)))

    @pytest.mark.parametrize("triple", [(BNode("b0"), P, B), (A, P, BNode())], ids=["subject", "object"])
    def test_a_blank_node_is_refused_and_nothing_is_written(
        self, store: GraphStore, triple: tuple[Node, Node, Node]
    ) -> None:
        graph = Graph()
        graph.add(triple)
        self._refused(store, GraphChange(A, graph))

    @pytest.mark.parametrize(
        "literal", [Literal("\ud800"), Literal("x", lang="muchtoolongtag"), Literal("x", lang="x")]
    )
    def test_an_unwritable_literal_is_refused_and_nothing_is_written(self, store: GraphStore, literal: Literal) -> None:
        self._refused(store, GraphChange(A, graph_of(A, literal)))

    def _refused(self, store: GraphStore, bad: GraphChange) -> None:
        store.apply([GraphChange(A, graph_of(A, Literal("before"))), GraphChange(B, graph_of(B, A))])
        before = everything(store)
        with pytest.raises(ValueError):
            store.apply([GraphChange(B, graph_of(B, Literal("good"))), bad])
        assert everything(store) == before

    # -- queries

    def test_select_leaves_unbound_variables_out(self, store: GraphStore) -> None:
        store.apply([GraphChange(A, graph_of(A, B))])
        query = f"SELECT ?s ?label WHERE {{ ?s <{P}> ?o OPTIONAL {{ ?s <{RDFS.label}> ?label }} }}"
        assert list(store.select(query)) == [{"s": A}]

    @pytest.mark.parametrize("text", HOSTILE, ids=ascii)
    def test_bindings_are_terms_not_text(self, store: GraphStore, text: str) -> None:
        literal = Literal(text, lang="en")
        store.apply([GraphChange(A, graph_of(A, literal, Literal("other")))])
        query = f"SELECT ?s ?o WHERE {{ ?s <{P}> ?o }}"
        assert list(store.select(query, {"o": literal})) == [{"s": A, "o": literal}]
        assert store.ask(f"ASK {{ ?s <{P}> ?o }}", {"o": literal})
        assert not store.ask(f"ASK {{ ?s <{P}> ?o }}", {"o": Literal(text + "!", lang="en")})
        assert store.count() == 2

    def test_bindings_may_be_iris_and_typed_literals(self, store: GraphStore) -> None:
        number = Literal(7)
        store.apply([GraphChange(A, graph_of(A, number)), GraphChange(B, graph_of(B, Literal("7")))])
        query = f"SELECT ?s ?o WHERE {{ ?s <{P}> ?o }}"
        assert list(store.select(query, {"o": number})) == [{"s": A, "o": number}]
        assert list(store.select(query, {"s": B})) == [{"s": B, "o": Literal("7")}]

    @pytest.mark.parametrize("bindings", [{"o": URIRef("a b")}, {"o": BNode("b0")}, {"unprojected": A}], ids=str)
    def test_impossible_bindings_are_refused(self, store: GraphStore, bindings: dict[str, Node]) -> None:
        store.apply([GraphChange(A, graph_of(A, B))])
        with pytest.raises(ValueError):
            list(store.select("SELECT ?o WHERE { ?unprojected ?p ?o }", bindings))

    def test_construct_gives_a_graph(self, store: GraphStore) -> None:
        store.apply([GraphChange(A, graph_of(A, Literal("油", lang="ja")))])
        found = store.construct(f"CONSTRUCT {{ ?s <{RDFS.label}> ?o }} WHERE {{ ?s <{P}> ?o }}", {"s": A})
        assert set(found) == {(A, RDFS.label, Literal("油", lang="ja"))}
        assert (A, P, Literal("油", lang="ja")) in store.construct(f"DESCRIBE <{A}>")

    @pytest.mark.parametrize(
        "query",
        [
            "SELECT ?s WHERE {",
            "ありがとう",
            "",
            "SELECT ?s WHERE { ?s unknown:prefix ?o }",
            "SELECT ?s { ?s ?p 1 } LIMIT x",
        ],
    )
    def test_a_query_that_does_not_parse_says_so_at_once(self, store: GraphStore, query: str) -> None:
        for ask in (store.select, store.ask, store.construct):
            with pytest.raises(MeguriError) as caught:
                ask(query)
            assert caught.value.code == "query_invalid"
            assert caught.value.ja
            assert caught.value.en

    def test_an_update_is_no_query(self, store: GraphStore) -> None:
        store.apply([GraphChange(A, graph_of(A, B))])
        for update in ("DROP ALL", "INSERT DATA { <x:a> <x:b> <x:c> }"):
            with pytest.raises(MeguriError, match="could not be read"):
                list(store.select(update))
        assert store.count() == 1

    def test_a_query_of_another_form_is_refused(self, store: GraphStore) -> None:
        select, ask = "SELECT * WHERE { ?s ?p ?o }", "ASK { ?s ?p ?o }"
        for call, query in (
            (store.ask, select),
            (store.construct, select),
            (store.select, ask),
            (store.construct, ask),
        ):
            with pytest.raises(MeguriError) as caught:
                call(query)
            assert caught.value.code == "query_invalid"

    def test_graph_is_empty_where_there_is_none_and_refuses_what_is_no_iri(self, store: GraphStore) -> None:
        assert len(store.graph(B)) == 0
        with pytest.raises(ValueError):
            store.graph(URIRef("https://example.org/a b"))

    def test_graph_gives_a_copy(self, store: GraphStore) -> None:
        store.apply([GraphChange(A, graph_of(A, B))])
        store.graph(A).add((A, P, A))
        assert everything(store) == {(None, A, P, B), (A, A, P, B)}

    # -- files, snapshots, end

    def test_load_replaces_each_graph_by_its_file(self, store: GraphStore, tmp_path: Path) -> None:
        first, second = tmp_path / "first.ttl", tmp_path / "second.ttl"
        first.write_text(f'<{A}> <{P}> "一"@ja, 1, [ <{P}> "in a blank node" ] .', encoding="utf-8")
        second.write_text(f"<{B}> <{P}> <{A}> .", encoding="utf-8")
        store.load([(A, first), (B, second)])
        assert (len(store.graph(A)), len(store.graph(B)), store.count()) == (4, 1, 5)
        first.write_text(f'<{A}> <{P}> "二"@ja .', encoding="utf-8")
        store.load([(A, first)])
        assert set(store.graph(A).objects()) == {Literal("二", lang="ja")}
        assert store.count() == 2

    def test_a_snapshot_holds_everything_and_stays_as_it_was(self, store: GraphStore, tmp_path: Path) -> None:
        store.apply([GraphChange(A, graph_of(A, Literal("油", lang="ja")))])
        store.apply([GraphChange(PROVENANCE, graph_of(A, Literal("x")), published=False)])
        before = everything(store)
        store.snapshot(tmp_path / "snapshot")
        store.apply([GraphChange(A, None)])
        assert self.read_snapshot(tmp_path / "snapshot") == before

    def test_a_snapshot_overwrites_nothing(self, store: GraphStore, tmp_path: Path) -> None:
        (tmp_path / "taken").mkdir()
        with pytest.raises(FileExistsError):
            store.snapshot(tmp_path / "taken")

    def test_a_closed_store_refuses_to_work(self, tmp_path: Path) -> None:
        store = self.open_store(tmp_path)
        store.flush()
        store.close()
        store.close()
        for use in (store.count, store.flush, lambda: store.apply([GraphChange(A, None)]), lambda: store.ask("ASK {}")):
            with pytest.raises(ValueError, match="closed"):
                use()
