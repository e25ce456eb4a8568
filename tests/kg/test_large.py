"""A graph in pieces is the same record as one that is held: the same lines, hash, findings and place in the store."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from threading import Event, Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import Literal, URIRef
from rdflib.namespace import XSD

from kg.commit import Committer, Submission
from kg.errors import MeguriError
from kg.iris import fragment
from kg.large import LargeGraph, gathered, plain_statements
from kg.namespaces import CES, DCTERMS, RDF, RDFS
from kg.oxigraph_store import OxigraphStore
from kg.provenance import Origin
from kg.store import GraphChange
from kg.terms import Statements, read_triple, triple_line
from tests.contracts.graph_store import A, P, everything, graph_of
from tests.kg.samples import ACTIVITY, BASE, SOURCE, iri, small_store

DOCUMENT = "document-1"
LITERALS = st.one_of(
    st.builds(Literal, st.text(st.characters(exclude_categories=["Cs"]))),
    st.builds(lambda text: Literal(text, lang="ja"), st.text(st.characters(exclude_categories=["Cs"]))),
    st.builds(Literal, st.integers() | st.dates() | st.decimals(allow_nan=False, allow_infinity=False)),
    st.builds(
        lambda text: Literal(text, datatype=XSD.integer, normalize=False), st.from_regex(r"0{0,3}\d+", fullmatch=True)
    ),
)


def passages(count: int, *, words: str = "竹を炭にする。") -> Iterator[Statements]:
    """A document's passages, a piece each, and the document itself."""
    subject = iri(DOCUMENT)
    parts = [fragment(subject, f"p{number}") for number in range(1, count + 1)]
    for place, part in enumerate(parts):
        said = [
            (RDF.type, CES.Passage),
            (CES.text, Literal(f"{place} {words}" if words else " ", lang="ja")),
            (CES.startOffset, Literal(place * 10)),
            (CES.endOffset, Literal(place * 10 + 9)),
            (DCTERMS.language, Literal("ja")),
        ]
        yield Statements.about(part, said)
    title = [(RDF.type, CES.Document), (RDFS.label, Literal("計画", lang="ja")), (DCTERMS.source, Literal("町"))]
    yield Statements.about(subject, [*title, *((CES.hasPassage, part) for part in parts)])


def submission(count: int, *, large: bool, words: str = "竹を炭にする。") -> Submission:
    pieces = passages(count, words=words)
    graph = LargeGraph(iri(DOCUMENT), pieces) if large else Statements.joined(*pieces)
    return Submission(DOCUMENT, graph, Origin(SOURCE))


@given(LITERALS)
def test_a_line_is_read_as_it_was_written(value: Literal) -> None:
    triple = (A, P, value)
    read = read_triple(triple_line(triple))
    assert triple_line(read) == triple_line(triple)
    assert read[2].eq(value) or str(read[2]) == str(value)


def test_a_large_graph_has_the_lines_and_the_hash_of_one_that_is_held() -> None:
    held = Statements.joined(*passages(400))
    large = LargeGraph(iri(DOCUMENT), passages(400))
    large.read(lambda piece: None)
    assert (list(large.lines), large.hash, len(large)) == (held.lines, held.hash, len(held))
    assert Statements(large).lines == held.lines


def test_what_is_small_is_held() -> None:
    assert isinstance(gathered(iri(DOCUMENT), passages(3), large=1_000), Statements)
    large = gathered(iri(DOCUMENT), passages(3), large=10)
    assert isinstance(large, LargeGraph)
    large.read(lambda piece: None)
    assert large.hash == Statements.joined(*passages(3)).hash


@pytest.mark.parametrize("stranger", [iri("document-2"), fragment(iri(DOCUMENT), "p1")])
def test_a_piece_says_nothing_of_others_and_nothing_of_earlier_pieces(stranger: URIRef) -> None:
    late = Statements([(stranger, RDFS.label, Literal("x"))])
    with pytest.raises(ValueError, match=str(stranger)):
        LargeGraph(iri(DOCUMENT), [*passages(2), late]).read(lambda piece: None)


@pytest.mark.parametrize("words", ["竹を炭にする。", ""])
def test_it_is_judged_as_if_it_were_held(tmp_path: Path, words: str) -> None:
    store = small_store(tmp_path)
    committer = Committer(store, BASE)
    (held,) = committer.check([submission(3, large=False, words=words)])
    (large,) = committer.check([submission(3, large=True, words=words)])
    assert large == held
    assert [finding.severity for finding in large.findings] == ([] if words else ["error"])
    store.close()


def test_it_is_stored_replaced_and_withdrawn_like_any_other(tmp_path: Path) -> None:
    contents = []
    for large in (True, False):
        folder = tmp_path / str(large)
        folder.mkdir()
        store = small_store(folder)
        committer = Committer(store, BASE)
        states = [committer.commit([submission(n, large=large)], ACTIVITY)[0].state for n in (30, 30, 20)]
        assert states == ["stored", "unchanged", "stored"]
        stored = everything(store)
        committer.withdraw([DOCUMENT])
        assert not list(store.graph(iri(DOCUMENT)))
        contents.append(stored)
        store.close()
    assert contents[0] == contents[1]


def test_readers_see_the_state_before_while_a_large_change_is_written(tmp_path: Path) -> None:
    store = OxigraphStore(tmp_path / "graph", at_once=100)
    store.apply([GraphChange(A, graph_of(A, Literal("before")))])
    seen, ended = set[int](), Event()

    def look() -> None:
        while not ended.is_set():
            seen.add(len(store.graph(A)))

    reader = Thread(target=look)
    reader.start()
    for _ in range(2):
        store.apply([GraphChange(A, graph_of(A, *map(Literal, range(3_000))))])
        store.apply([GraphChange(A, graph_of(A, Literal("before")))])
    ended.set()
    reader.join()
    assert seen <= {1, 3_000}
    store.close()


def test_a_change_that_was_written_down_is_completed_by_the_next_opening(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = OxigraphStore(tmp_path / "graph", at_once=10)
    store.apply([GraphChange(A, graph_of(A, Literal("before")))])
    change = [GraphChange(A, graph_of(A, *map(Literal, range(50))))]
    with monkeypatch.context() as full:
        full.setattr("kg.pending._clear", lambda *_: (_ for _ in ()).throw(OSError("No space left on device")))
        with pytest.raises(OSError, match="No space"):
            store.apply(change)
        assert set(store.graph(A).objects()) == {Literal("before")}
        with pytest.raises(MeguriError) as caught:
            store.apply(change)
        assert caught.value.code == "change_unfinished"
        store.close()
        # tracebacks hold the store, and with it the folder
        del caught
        gc.collect()
        with pytest.raises(MeguriError, match="disk"):
            OxigraphStore(tmp_path / "graph")
        gc.collect()
    store = OxigraphStore(tmp_path / "graph")
    assert set(store.graph(A).objects()) == set(map(Literal, range(50)))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["graph"]
    store.close()


def test_a_graph_that_was_not_read_has_no_lines() -> None:
    with pytest.raises(ValueError, match="not read"):
        list(LargeGraph(iri(DOCUMENT), passages(1)).lines)


def test_triples_of_any_form_become_lines() -> None:
    assert plain_statements(None).hash == Statements([]).hash
    assert list(plain_statements(graph_of(A, Literal(date(2025, 4, 1)), Literal(Decimal("1.50")))).encoded())
