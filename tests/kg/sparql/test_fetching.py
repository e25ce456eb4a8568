"""SERVICE is found however it is hidden, and nothing else is taken for it. The engine itself is the judge."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Thread

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import MeguriError
from kg.sparql.fetching import refuse_fetching
from kg.sparql.process import Run, Worker
from kg.sparql.question import Limits, Question
from kg.sparql.sandbox import filter_possible

# each one made a former version of the check, or a natural one, let the engine fetch
HIDDEN = {
    "plain": "SELECT * { SERVICE <U> {} }",
    "silent": "SELECT * { SERVICE SILENT <U> {} }",
    "variable": "SELECT * { VALUES ?u { <U> } SERVICE ?u {} }",
    "prefixed": "PREFIX e: <U> SELECT * { SERVICE e: {} }",
    "keyword and name in one": "PREFIX : <U> SELECT * { SERVICE:{} }",
    "keyword runs into prefix": "PREFIX s: <U> SELECT * { SERVICEs:{} }",
    "both keywords run into prefix": "PREFIX s: <U> SELECT * { SERVICESILENTs:{} }",
    "after a number": "SELECT * { ?s ?p 1SERVICE <U> {} }",
    "after a boolean": "SELECT * { OPTIONAL { ?s ?p trueSERVICE <U> {} } }",
    "no spaces": "SELECT*{?s?p?o.SERVICE<U>{}}",
    "comment between": "SELECT * { SERVICE#\n<U>#{\n{} }",
    "comment ended by a carriage return": "SELECT * { #\rSERVICE <U> {}\n }",
    "keyword in what looks like an address": "SELECT * { ?s ?p ?o FILTER(1<2)SERVICE#>\n<U>{} }",
    "quote in what looks like an address": "SELECT * { ?s ?p ?o FILTER(1<'>')SERVICE<U>{}#'\n }",
    "comment in what looks like an address": "SELECT * { ?s ?p ?o FILTER(1<2#>'''\n)SERVICE <U>{}#'''\n }",
    "quote in an address with an escape": "SELECT * { OPTIONAL {?s <x:\\u0041'> ?o} SERVICE <U> {} #'\n}",
    "bad escape behind a comment": 'SELECT * { VALUES ?x { """a" } SERVICE <U> {} #\\q """\n }',
    "surrogate behind a comment": 'SELECT * { VALUES ?x { """a" } SERVICE <U> {} #\\uD800 """\n }',
    "name that cannot be": "PREFIX ex: <http://e:> SELECT * { OPTIONAL {?s ?p ex:SERVICE <U> {} }}",
    "in EXISTS": "SELECT * { ?s ?p ?o FILTER EXISTS { SERVICE <U> {} } }",
    "in MINUS in a subquery": "SELECT * { ?s ?p ?o { SELECT * { ?s ?p ?o MINUS { ?s ?p ?o SERVICE <U> {} } } } }",
    "address with an escape": "SELECT * { SERVICE <http\\u003A//127.0.0.1:PORT/> {} }",
    "relative address": "BASE <U> SELECT * { SERVICE <x> {} }",
}
HARMLESS = [
    "PREFIX s: <http://schema.org/> SELECT * { ?x a s:Service OPTIONAL { ?x s:service ?service } }",
    "SELECT * { ?s ?p 'SERVICE <http://x/> {}', \"it's a service {\" } # SERVICE <http://x/> {}",
    "SELECT * { GRAPH ?service { ?s <http://e/service#x> ?o } ?s ?service ?x { ?x ?y ?z } }",
    "PREFIX service: <http://e/service#> SELECT * { service:x ?p ?o FILTER(?o < 3 && 'x' > \"service\") }",
    "SELECT ?service { ?service ?p '''a \\' \" SERVICE ?x {''' }",
    "SELECT * { ?s ?p ?o }",
]


class Listener:
    """A server that counts who comes, and closes the door on them."""

    def __init__(self) -> None:
        self.visits = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/"
        Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.visits += 1
            connection.close()

    def close(self) -> None:
        self._socket.close()


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    made = Listener()
    yield made
    made.close()


@pytest.fixture(scope="module")
def store() -> pyoxigraph.Store:
    made = pyoxigraph.Store()
    made.update("INSERT DATA { <http://e/s> <http://e/p> 1, <http://e/o>, true }")
    return made


def fetched(store: pyoxigraph.Store, query: str, listener: Listener) -> bool:
    before = listener.visits
    with suppress(SyntaxError, OSError, RuntimeError, ValueError):
        list(store.query(query))
    return listener.visits > before


def refused(query: str) -> bool:
    try:
        refuse_fetching(query)
    except MeguriError as error:
        assert error.code == "query_fetches" and error.remedy_ja and error.remedy_en
        return True
    return False


@pytest.mark.parametrize("name", HIDDEN)
def test_no_hiding_place(name: str, listener: Listener) -> None:
    assert refused(HIDDEN[name].replace("PORT", str(listener.port)).replace("U", listener.url, 1))


def test_the_hiding_places_are_real(store: pyoxigraph.Store, listener: Listener) -> None:
    """Else the list above would prove nothing: most of them make the bare engine fetch, at least where a join asks."""
    queries = [q.replace("PORT", str(listener.port)).replace("<U>", f"<{listener.url}>") for q in HIDDEN.values()]
    assert sum(fetched(store, query, listener) for query in queries) >= 15


@pytest.mark.parametrize("query", HARMLESS)
def test_what_only_has_the_word(query: str, store: pyoxigraph.Store) -> None:
    store.query(query)  # it is a query
    assert not refused(query)


PIECES = st.one_of(
    st.sampled_from(piece)
    for piece in (
        ["SERVICE", "SILENT", "<U>", "?u", "{", "}", "{}", "'", '"', '"""', "'''", "#", "<", ">", ")", "(", "FILTER("],
        ["1", "true", ".", "e:", "e:x", ":", "\\u0041", "\\q", "\\'", "<x:'>", "\n", "\r", " "],
        ["?s ?p ?o", "?s ?p ", "VALUES ?u"],
    )
)


@given(st.lists(PIECES, max_size=12))
def test_nothing_that_passes_fetches(store: pyoxigraph.Store, listener: Listener, pieces: list[str]) -> None:
    query = "PREFIX e: <U> PREFIX : <U> SELECT * { " + "".join(pieces) + " }"
    query = query.replace("<U>", f"<{listener.url}>")
    assert not fetched(store, query, listener) or refused(query)


def test_a_service_is_allowed_by_its_address() -> None:
    allowed = {"https://a.example/sparql"}
    assert refuse_fetching("SELECT * { SERVICE SILENT <https://a.example/sparql> { ?s ?p ?o } }", allowed)
    for other in ("<https://a.example/sparql/>", "?x", "a:", "<sparql>", "<https://a.example/\\u0073parql>"):
        with pytest.raises(MeguriError) as caught:
            refuse_fetching(f"SELECT * {{ SERVICE <https://a.example/sparql> {{}} SERVICE {other} {{}} }}", allowed)
        assert "https://a.example/sparql" in caught.value.message("ja") or "二通り" in caught.value.ja


@pytest.mark.parametrize("piece", ["SERVICE", "SERVICE ", "{service:", "<", "'", '"""a ', "<x)", "?service", "\\u0041"])
def test_its_time_does_not_explode(piece: str) -> None:
    started = time.process_time()
    refused(piece * (200_000 // len(piece)) + "SERVICE")
    assert time.process_time() - started < 5  # a quadratic reading would take minutes


@pytest.mark.parametrize("network", [False, True])
def test_the_second_wall(checkpoint: Path, listener: Listener, network: bool) -> None:
    """A worker without network cannot connect even where the text of the query is allowed to."""
    if not filter_possible():
        pytest.skip("this system has no filter for system calls that we know of")
    before = listener.visits
    worker = Worker(network=network)

    async def ask() -> None:
        question = Question(f"SELECT * {{ SERVICE <{listener.url}> {{}} }}")
        now = asyncio.get_running_loop().time()
        await Run(worker, question, checkpoint, Limits(services=(listener.url,)), now).start()

    try:
        with pytest.raises(MeguriError) as caught:
            asyncio.run(ask())
        assert caught.value.code == "query_failed"
    finally:
        worker.close()
        worker.wait()
    assert listener.visits - before == int(network)
