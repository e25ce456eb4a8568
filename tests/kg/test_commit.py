"""Committing records: validated, compared, replaced whole, and only that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.compare import isomorphic

from kg.commit import Committer, Outcome, Submission
from kg.folder import DataFolder
from kg.iris import provenance_iri, withdrawn_iri
from kg.memory_store import MemoryStore
from kg.namespaces import CES, DCTERMS, PROV, RDFS
from kg.oxigraph_store import OxigraphStore
from kg.provenance import Activity, Origin, records_of_source, stored_hashes
from kg.terms import content_hash
from tests.contracts.graph_store import everything
from tests.kg.samples import ACTIVITY, BASE, RESIDENT, SOURCE, iri, issue, partner, small_store, submission, technology


@pytest.fixture
def store(tmp_path: Path) -> Iterator[OxigraphStore]:
    store = small_store(tmp_path)
    yield store
    store.close()


@pytest.fixture
def committer(store: OxigraphStore) -> Committer:
    return Committer(store, BASE)


def states(outcomes: list[Outcome]) -> dict[str, str]:
    return {outcome.id: outcome.state for outcome in outcomes}


def nquads(store: OxigraphStore, path: Path) -> set[str]:
    """The N-Quads of a snapshot: what a reader would find on the disk."""
    store.snapshot(path)
    reader = OxigraphStore(path, read_only=True)
    try:
        return {" ".join("" if t is None else t.n3() for t in quad) for quad in everything(reader)}
    finally:
        reader.close()


def default_graph(store: OxigraphStore) -> Graph:
    """The default graph without the resident terms."""
    return store.construct("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }") - store.graph(RESIDENT)


def test_a_record_stands_in_its_graph_in_the_default_graph_and_in_its_provenance(
    store: OxigraphStore, committer: Committer
) -> None:
    oil = issue("issue-1", "廃食用油の回収")
    (outcome,) = committer.commit([oil], ACTIVITY)
    assert outcome == Outcome("issue-1", iri("issue-1"), "stored", [])
    assert isomorphic(store.graph(iri("issue-1")), oil.graph)
    assert isomorphic(default_graph(store), oil.graph)
    provenance = store.graph(provenance_iri(BASE, "issue-1"))
    assert provenance.value(iri("issue-1"), CES.contentHash) == Literal(content_hash(oil.graph))
    assert provenance.value(iri("issue-1"), CES.sourceRow) == Literal(2)
    source = provenance.value(iri("issue-1"), PROV.wasDerivedFrom)
    assert provenance.value(source, CES.sha256) == Literal(SOURCE.sha256)
    activity = provenance.value(iri("issue-1"), PROV.wasGeneratedBy)
    assert provenance.value(activity, PROV.used) == source
    assert provenance.value(activity, PROV.startedAtTime) is not None


def test_the_same_input_writes_nothing(store: OxigraphStore, tmp_path: Path) -> None:
    batch = [partner("partner-1"), technology("technology-1", "partner-1"), issue("issue-1", "廃食用油の回収")]
    assert set(states(Committer(store, BASE).commit(batch, ACTIVITY)).values()) == {"stored"}
    before = nquads(store, tmp_path / "before")
    later = Activity.now("another run")
    for again in (Committer(store, BASE), Committer(store, BASE)):
        assert set(states(again.commit(batch, later)).values()) == {"unchanged"}
        assert set(states(again.commit(batch[::-1], later)).values()) == {"unchanged"}
    assert nquads(store, tmp_path / "after") == before
    assert len(before) > 20


def test_unchanged_even_where_the_store_rewrites_literals(store: OxigraphStore) -> None:
    odd = issue(
        "issue-1",
        "x",
        (CES.budget, Literal("01.50", datatype=URIRef("http://www.w3.org/2001/XMLSchema#decimal"), normalize=False)),
    )
    assert states(Committer(store, BASE).commit([odd], ACTIVITY)) == {"issue-1": "stored"}
    assert states(Committer(store, BASE).commit([odd], ACTIVITY)) == {"issue-1": "unchanged"}
    assert states(Committer(store, BASE).commit([issue("issue-1", "y")], ACTIVITY)) == {"issue-1": "stored"}
    assert isomorphic(default_graph(store), issue("issue-1", "y").graph)


def test_a_changed_record_leaves_nothing_of_its_former_revision(store: OxigraphStore, committer: Committer) -> None:
    old = issue("issue-1", "古い題名", (CES.department, Literal("環境課")), (CES.triedBefore, Literal("回収箱")))
    other = issue("issue-2", "別の課題")
    committer.commit([old, other], ACTIVITY)
    new = issue("issue-1", "新しい題名", (CES.department, Literal("環境政策課")))
    assert states(committer.commit([new, other], ACTIVITY)) == {"issue-1": "stored", "issue-2": "unchanged"}
    assert isomorphic(store.graph(iri("issue-1")), new.graph)
    assert isomorphic(default_graph(store), new.graph + other.graph)
    assert stored_hashes(store) == {iri(s.id): content_hash(s.graph) for s in (new, other)}
    assert len(list(store.graph(provenance_iri(BASE, "issue-1")).objects(iri("issue-1"), CES.contentHash))) == 1


def test_a_rejected_record_leaves_the_others(store: OxigraphStore, committer: Committer) -> None:
    outcomes = committer.commit(
        [issue("issue-1", "一"), issue("issue-2", "二", region="99999"), issue("issue-3", "三")], ACTIVITY
    )
    assert states(outcomes) == {"issue-1": "stored", "issue-2": "rejected", "issue-3": "stored"}
    (finding,) = outcomes[1].findings
    assert (finding.path, finding.severity) == (CES.inRegion, "error")
    assert iri("issue-2") not in set(default_graph(store).subjects())
    assert set(stored_hashes(store)) == {iri("issue-1"), iri("issue-3")}


def test_a_rejected_revision_leaves_the_one_that_stands(store: OxigraphStore, committer: Committer) -> None:
    good = issue("issue-1", "一")
    committer.commit([good], ACTIVITY)
    assert states(committer.commit([issue("issue-1", "二", region="99999")], ACTIVITY)) == {"issue-1": "rejected"}
    assert isomorphic(default_graph(store), good.graph)
    assert states(committer.commit([good], ACTIVITY)) == {"issue-1": "unchanged"}


def test_a_rejected_record_is_rejected_again_and_stored_once_mended(committer: Committer) -> None:
    bad = issue("issue-1", "一", region="99999")
    for _ in range(2):
        assert states(committer.commit([bad], ACTIVITY)) == {"issue-1": "rejected"}
    assert states(committer.commit([issue("issue-1", "一")], ACTIVITY)) == {"issue-1": "stored"}


def test_records_of_one_batch_may_refer_to_each_other(committer: Committer) -> None:
    batch = [
        technology("technology-1", "partner-1", (CES.addressesIssue, iri("issue-1"))),
        issue("issue-1", "一", (CES.raisedBy, iri("partner-1"))),
        partner("partner-1", (DCTERMS.relation, iri("technology-1"))),
    ]
    assert set(states(committer.commit(batch, ACTIVITY)).values()) == {"stored"}


def test_records_may_refer_to_earlier_batches_and_earlier_runs(store: OxigraphStore, committer: Committer) -> None:
    committer.commit([partner("partner-1")], ACTIVITY)
    for number, current in enumerate((committer, Committer(store, BASE))):
        outcomes = current.commit([technology(f"technology-{number}", "partner-1")], ACTIVITY)
        assert states(outcomes) == {f"technology-{number}": "stored"}


def test_a_reference_to_nothing_is_rejected(committer: Committer) -> None:
    (outcome,) = committer.commit([technology("technology-1", "partner-none")], ACTIVITY)
    assert outcome.state == "rejected"
    assert {finding.path for finding in outcome.findings} == {CES.offeredBy}


def test_a_record_that_refers_to_a_rejected_one_is_rejected_with_it(store: OxigraphStore, committer: Committer) -> None:
    bad_partner = partner("partner-1", (CES.corporateNumber, Literal("123")))
    batch = [
        technology("technology-1", "partner-1", (CES.addressesIssue, iri("issue-1"))),
        issue("issue-1", "一", (CES.raisedBy, iri("partner-1"))),
        bad_partner,
        issue("issue-2", "二"),
    ]
    outcomes = committer.commit(batch, ACTIVITY)
    assert states(outcomes) == {
        "technology-1": "rejected",
        "issue-1": "rejected",
        "partner-1": "rejected",
        "issue-2": "stored",
    }
    assert all(o.findings for o in outcomes if o.state == "rejected")
    assert set(stored_hashes(store)) == {iri("issue-2")}
    # nor may the next batch refer to what was rejected in this one
    assert states(committer.commit(batch[:1], ACTIVITY)) == {"technology-1": "rejected"}


def test_of_one_id_twice_in_a_batch_the_last_counts(store: OxigraphStore, committer: Committer) -> None:
    first, last = issue("issue-1", "初め"), issue("issue-1", "終わり")
    assert states(committer.commit([first, issue("issue-2", "別"), last], ACTIVITY)) == {
        "issue-1": "stored",
        "issue-2": "stored",
    }
    assert isomorphic(store.graph(iri("issue-1")), last.graph)
    assert isomorphic(default_graph(store), last.graph + issue("issue-2", "別").graph)


def test_warnings_do_not_reject(committer: Committer) -> None:
    bare = submission("issue-1", CES.Issue, (RDFS.label, Literal("題名だけ", lang="ja")), (CES.inRegion, iri("x")))
    bare.graph.set((iri("issue-1"), CES.inRegion, URIRef("https://w3id.org/meguri/region/13206")))
    (outcome,) = committer.commit([bare], ACTIVITY)
    assert outcome.state == "stored"
    assert {finding.severity for finding in outcome.findings} == {"warning"}


def test_withdrawing_takes_the_record_and_its_provenance(store: OxigraphStore, committer: Committer) -> None:
    kept = issue("issue-2", "残る")
    before = everything(store)
    committer.commit([issue("issue-1", "消える")], ACTIVITY)
    committer.withdraw(["issue-1", "issue-never"])
    assert {g for g, _, _, _ in everything(store) - before} == {withdrawn_iri(BASE, "issue-1")}
    assert before <= everything(store)
    committer.commit([kept], ACTIVITY)
    assert isomorphic(default_graph(store), kept.graph)
    assert states(committer.commit([issue("issue-1", "消える")], ACTIVITY)) == {"issue-1": "stored"}


def test_a_check_says_what_a_commit_would_and_remembers_nothing(store: OxigraphStore, committer: Committer) -> None:
    before = everything(store)
    offer = technology("technology-1", "partner-1")
    assert states(committer.check([partner("partner-1"), offer])) == {"partner-1": "stored", "technology-1": "stored"}
    assert everything(store) == before
    assert states(committer.check([offer])) == {"technology-1": "rejected"}


def test_private_data_stays_out_of_the_graph(store: OxigraphStore, committer: Committer) -> None:
    sent = replace(issue("issue-1", "秘密"), private={"phone": "03-1234-5678"})
    committer.commit([sent], ACTIVITY)
    assert not any("03-1234-5678" in " ".join(map(str, quad)) for quad in everything(store))


def test_nothing_may_refer_to_a_withdrawn_record(committer: Committer) -> None:
    committer.commit([partner("partner-1")], ACTIVITY)
    committer.withdraw(["partner-1"])
    assert states(committer.commit([technology("technology-1", "partner-1")], ACTIVITY)) == {"technology-1": "rejected"}


def test_a_dry_run_judges_and_writes_nothing(store: OxigraphStore) -> None:
    before = everything(store)
    dry = Committer(store, BASE, dry_run=True)
    batch = [partner("partner-1"), issue("issue-1", "一", region="99999")]
    assert states(dry.commit(batch, ACTIVITY)) == {"partner-1": "stored", "issue-1": "rejected"}
    # files that follow in the same dry run may refer to what would have been stored
    assert states(dry.commit([technology("technology-1", "partner-1")], ACTIVITY)) == {"technology-1": "stored"}
    assert everything(store) == before


@pytest.mark.parametrize(
    "bad",
    [
        (iri("issue-2"), RDFS.label, Literal("x")),
        (iri("issue-1"), RDFS.seeAlso, BNode()),
        (iri("issue-1"), RDFS.seeAlso, URIRef("https://example.org/a b")),
    ],
    ids=["foreign", "blank", "iri"],
)
def test_a_graph_that_is_no_record_of_its_own_is_a_fault_and_nothing_is_written(
    store: OxigraphStore, committer: Committer, bad: tuple[URIRef, URIRef, URIRef | Literal | BNode]
) -> None:
    before = everything(store)
    graph = issue("issue-1", "一").graph
    graph.add(bad)
    with pytest.raises(ValueError):
        committer.commit([issue("issue-0", "零"), Submission("issue-1", graph, Origin(SOURCE))], ACTIVITY)
    assert everything(store) == before
    assert states(committer.commit([issue("issue-0", "零")], ACTIVITY)) == {"issue-0": "stored"}


def test_an_empty_batch_is_no_error(committer: Committer) -> None:
    assert committer.commit([], ACTIVITY) == []
    committer.withdraw([])


def test_records_are_found_by_the_source_that_they_came_from(store: OxigraphStore, committer: Committer) -> None:
    committer.commit([issue("issue-1", "一"), issue("issue-2", "二")], ACTIVITY)
    assert records_of_source(store, "issues.csv") == {iri("issue-1"), iri("issue-2")}
    assert records_of_source(store, 'issues.csv" }') == set()


def test_the_double_commits_like_the_store_on_disk(store: OxigraphStore, tmp_path: Path) -> None:
    memory = MemoryStore()
    memory.load([(RESIDENT, tmp_path / "resident.ttl")])
    batches = [
        [technology("technology-1", "partner-1"), issue("issue-1", "一", region="99999"), partner("partner-1")],
        [issue("issue-1", "一"), partner("partner-1", name="改名した見本")],
    ]
    for batch in batches:
        results = [Committer(s, BASE).commit(batch, ACTIVITY) for s in (store, memory)]
        assert results[0] == results[1]
    assert stored_hashes(store) == stored_hashes(memory)
    assert isomorphic(store.graph(iri("partner-1")), memory.graph(iri("partner-1")))
    assert store.count() == memory.count()


def test_records_are_judged_with_the_whole_ontology(data_folder: DataFolder) -> None:
    with data_folder.writer() as store:
        committer = Committer(store, data_folder.base)
        good, bad = issue("issue-1", "一", region="13206"), issue("issue-2", "二", region="13999")
        for made in (good, bad):
            made.graph.remove((iri(made.id), CES.hasTheme, None))
        assert states(committer.commit([good, bad], ACTIVITY)) == {"issue-1": "stored", "issue-2": "rejected"}
        assert store.ask("ASK { ?s a ?class }", {"s": iri("issue-1")})
