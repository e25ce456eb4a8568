"""Real worker processes: what they answer, and how each limit ends a query without harm to the next."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import time
from pathlib import Path

import pytest

from kg.errors import MeguriError
from kg.oxigraph_store import OxigraphStore
from kg.snapshots import Snapshots
from kg.sparql.pool import QueryPool
from kg.sparql.process import Worker
from kg.sparql.question import Limits, Question
from tests.kg.sparql.asking import HEAVY, ROWS, Asker


def test_every_form_in_every_format(asker: Asker) -> None:
    assert json.loads(asker("ASK { ?s ?p ?o }"))["boolean"] is True
    for format_, mark in (("json", b'"n"'), ("xml", b"<sparql"), ("csv", b"n\r\n"), ("tsv", b"?n\n")):
        answer = asker("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", results=format_)
        assert mark in answer and str(ROWS).encode() in answer
    one = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o . FILTER(?s = <http://e/s7>) }"
    for format_, mark in (("ttl", b'"7" .'), ("nt", b'"7" .'), ("rdf", b"rdf:RDF"), ("jsonld", b"@id")):
        assert mark in asker(one, graphs=format_)


def test_datasets(asker: Asker) -> None:
    everything = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    assert b"\n1\r" in asker(everything, results="csv", default_graphs=("http://e/g",))
    assert b"\n0\r" in asker(everything, results="csv", named_graphs=("http://e/g",))
    named = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    assert b"\n1\r" in asker(named, results="csv")
    assert b"\n0\r" in asker(named, results="csv", default_graphs=("http://e/g",))
    assert b"\n1\r" in asker(named, results="csv", named_graphs=("http://e/g",))
    assert asker.refusal(everything, default_graphs=("not an iri",)).code == "query_failed"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("SELECT ?x", "query_invalid"),
        ("INSERT DATA { <a:b> <a:b> <a:b> }", "query_invalid"),
        ("LOAD <http://127.0.0.1/>", "query_invalid"),
        ("SELECT * { SERVICE <http://127.0.0.1/> {} }", "query_fetches"),
        ("SELECT * { ?s ?p ?o . ?t ?q ?r }", "query_result_too_large"),
        ("CONSTRUCT { ?s ?p ?r } { ?s ?p ?o . ?t ?q ?r }", "query_result_too_large"),
        ("SELECT * { ?s ?p ?o . ?t ?q ?r } ORDER BY ?o", "query_memory"),
        ("SELECT * {" + "{" * 60_000 + "}" * 60_000 + "}", "query_too_complex"),
        ("SELECT * { FILTER(1" + "||1" * 60_000 + ") }", "query_too_complex"),
        ("ASK {} #" + "x" * 200_000, "query_too_large"),
    ],
)
def test_limits_and_refusals(asker: Asker, query: str, code: str) -> None:
    error = asker.refusal(query)
    assert error.code == code
    assert error.remedy_ja and error.remedy_en
    assert asker("ASK {}")


def test_an_answer_at_the_limit_is_whole(asker: Asker) -> None:
    rows = 4_000
    query = f"SELECT * {{ ?s ?p ?o . ?t ?q ?r }} LIMIT {rows}"
    assert asker(query, results="csv").count(b"\n") == rows + 1
    assert asker.refusal(query.replace(str(rows), str(rows + 1))).code == "query_result_too_large"


def test_the_deadline_holds_and_the_worker_is_replaced(asker: Asker) -> None:
    started = time.monotonic()
    error = asker.refusal(HEAVY, seconds=0.5)
    assert error.code == "query_timeout" and "0.5" in error.ja
    assert time.monotonic() - started < 10  # of the minutes that it would take
    assert asker("ASK {}")


def test_whoever_waits_is_told_before_a_killed_worker_has_died() -> None:
    """On busy processors a process of the lowest priority, with much memory, dies seconds after it was killed."""
    worker = Worker()
    try:

        async def ask() -> bytes:
            waiting = asyncio.create_task(worker.receive())
            await asyncio.sleep(0.1)
            os.kill(worker.pid, signal.SIGSTOP)
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(worker._process, "send_signal", lambda signal: None)  # it does not die yet
                worker.kill()
            return await asyncio.wait_for(waiting, 10)

        assert asyncio.run(ask()) == b""
        assert worker.alive
    finally:
        worker.close()
        worker.wait()


def test_whoever_goes_away_stops_the_query(checkpoint: Path) -> None:
    pool = QueryPool(Snapshots(checkpoint.parent), Limits(seconds=240, workers=1))

    async def leave() -> None:
        async def ask() -> None:
            async with pool.ask(Question(HEAVY)):
                pass

        task = asyncio.create_task(ask())
        await asyncio.sleep(0.3)
        assert pool.load == (1, 0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert pool.load == (0, 0)
        async with pool.ask(Question("ASK {}")) as answer:  # at once: nobody computes any more
            assert await answer.read()

    started = time.monotonic()
    asyncio.run(leave())
    pool.close()
    assert time.monotonic() - started < 60  # of the 240 that it may take


def test_a_half_read_answer_gives_its_place_back(asker: Asker) -> None:
    async def peek() -> None:
        async with asker.pool.ask(Question("SELECT * { ?s ?p ?o . ?t ?q ?r }")) as answer:
            async for part in answer.parts():
                assert part
                break

    asyncio.run(peek())
    assert asker.pool.load == (0, 0)
    assert asker("ASK {}")


def test_queue_and_shares(checkpoint: Path) -> None:
    pool = QueryPool(Snapshots(checkpoint.parent), Limits(seconds=2, workers=1, queue=2, per_client=2))

    async def crowd() -> list[str]:
        async def ask(client: str) -> str:
            try:
                async with pool.ask(Question(HEAVY), client):
                    return "answered"
            except MeguriError as error:
                return error.code

        return await asyncio.gather(*(ask(client) for client in "aaabc"))

    codes = asyncio.run(crowd())
    pool.close()
    #         runs to its end, waits half of its time, is over its share, waits, finds the queue full
    assert codes == ["query_timeout", "query_busy", "query_share", "query_busy", "query_busy"]


def test_new_checkpoints_are_seen_and_old_ones_go(tmp_path: Path) -> None:
    store = OxigraphStore(tmp_path / "graph")
    snapshots = Snapshots(tmp_path / "snapshots")
    pool = QueryPool(snapshots, Limits(seconds=120, workers=5))
    count = Question("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }", results="csv")

    async def grow() -> None:
        held = []
        for number in range(6):
            _insert(store, number)
            snapshots.publish(store)
            block = pool.ask(count, client=str(number))
            answer = await block.__aenter__()
            held.append(block)
            if number < 3:  # later ones may have to share one of the three
                assert answer.snapshot == snapshots.newest()
            if len(held) > 4:
                await held.pop(0).__aexit__(None, None, None)
        assert len({path.name for path in (tmp_path / "snapshots").iterdir() if path.is_dir()}) <= 6
        for block in held:
            await block.__aexit__(None, None, None)
        async with pool.ask(count) as answer:
            assert b"\n6\r" in await answer.read()
            assert answer.snapshot == snapshots.newest()

    asyncio.run(grow())
    pool.close()
    store.close()


def _insert(store: OxigraphStore, number: int) -> None:
    from rdflib import Graph, Literal, URIRef

    from kg.store import GraphChange

    name = URIRef(f"http://e/{number}")
    graph = Graph()
    graph.add((name, URIRef("http://e/p"), Literal(number)))
    store.apply([GraphChange(name, graph)])


def test_a_worker_that_died_while_idle_is_replaced(asker: Asker) -> None:
    asker("ASK {}")
    for pid in asker.pool.idle_pids:
        os.kill(pid, signal.SIGKILL)
        # at the lowest priority dying takes its time; its main thread may be a zombie while others still go
        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    assert asker("ASK {}")


def test_a_worker_is_lowly_and_holds_no_secrets(asker: Asker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEGURI_API_TOKEN", "secret")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9/")
    worker = Worker()
    try:
        time.sleep(0.5)
        environment = Path(f"/proc/{worker.pid}/environ").read_bytes()
        assert b"secret" not in environment and b"proxy" not in environment
        assert os.getpriority(os.PRIO_PROCESS, worker.pid) == 19
        limits = Path(f"/proc/{worker.pid}/limits").read_text()
        assert "Max file size             0" in limits and "Max core file size        0" in limits
    finally:
        worker.close()
        worker.wait()


def test_precedence_can_be_set(checkpoint: Path) -> None:
    pool = QueryPool(Snapshots(checkpoint.parent), Limits(nice=7))
    Asker(pool)("ASK {}")
    (pid,) = pool.idle_pids
    assert os.getpriority(os.PRIO_PROCESS, pid) == max(7, os.getpriority(os.PRIO_PROCESS, 0))
    pool.close()


def test_nobody_stays_when_the_pool_is_closed(checkpoint: Path) -> None:
    pool = QueryPool(Snapshots(checkpoint.parent), Limits())
    Asker(pool)("ASK {}")
    (pid,) = pool.idle_pids
    pool.close()
    assert not Path(f"/proc/{pid}").exists()


def test_a_slow_reader_does_not_keep_the_worker(checkpoint: Path) -> None:
    rows = 60_000  # more than what sockets and memory hold on the way
    pool = QueryPool(Snapshots(checkpoint.parent), Limits(seconds=120, workers=1))

    async def slowly() -> int:
        question = Question(f"SELECT * {{ ?s ?p ?o . ?t ?q ?r }} LIMIT {rows}", results="tsv")
        async with pool.ask(question) as answer:
            parts = answer.parts()
            size = (await anext(parts)).count(b"\n")
            while pool.load != (0, 0):
                size += (await anext(parts)).count(b"\n")
                await asyncio.sleep(0.02)
            async with pool.ask(Question("ASK {}")) as other:
                assert await other.read()
            return size + sum([part.count(b"\n") async for part in parts])

    assert asyncio.run(slowly()) == rows + 1
    pool.close()


def test_unread_answers_count_as_a_share_and_are_forgotten(checkpoint: Path) -> None:
    pool = QueryPool(Snapshots(checkpoint.parent), Limits(seconds=120, workers=2, per_client=1))

    async def hold() -> None:
        question = Question("SELECT * { ?s ?p ?o . ?t ?q ?r } LIMIT 20000")
        async with pool.ask(question, "a") as answer:
            assert len(await answer.read()) > 1_000_000
            with pytest.raises(MeguriError) as caught:
                await pool.ask(Question("ASK {}"), "a").__aenter__()
            assert caught.value.code == "query_share"
        async with pool.ask(Question("ASK {}"), "a") as answer:
            assert await answer.read()

    asyncio.run(hold())
    pool.close()
