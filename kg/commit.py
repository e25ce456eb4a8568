"""Commits records to the graph: validated, compared with what stands there, written in one atomic update."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal as Choice
from typing import Protocol

from rdflib import URIRef
from rdflib.term import Node

from kg.iris import kind_of, provenance_iri, record_iri, review_iri, withdrawn_iri
from kg.large import LargeGraph, RecordGraph, plain_statements
from kg.provenance import Activity, Origin, hashes_of, provenance_graph
from kg.store import GraphChange, GraphStore
from kg.terms import Statements
from kg.validation import Finding, Validator
from kg.withdrawal import tombstone_graph

State = Choice["stored", "unchanged", "rejected"]


@dataclass(frozen=True)
class Submission:
    """A record as RDF with its place in the source; the graph's subjects are the record and its parts only.

    ``private`` is contact data (field → value), which never enters the graph: a writer that has a place for it
    keeps it there. None where the source says nothing of contacts.
    """

    id: str
    graph: RecordGraph
    origin: Origin
    private: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Outcome:
    """What became of a submission; ``rejected`` ones have at least one finding of severity error."""

    id: str
    iri: URIRef
    state: State
    findings: list[Finding] = field(default_factory=list)


class RecordWriter(Protocol):
    """What an ingestion hands its records to."""

    def commit(self, batch: Sequence[Submission], activity: Activity) -> list[Outcome]:
        """See ``Committer.commit``."""
        ...


class Committer:
    """Writes submissions to one store. Whoever holds it is the store's only writer."""

    def __init__(self, store: GraphStore, base: str, *, dry_run: bool = False) -> None:
        self._store = store
        self._base = base
        self._dry_run = dry_run
        # what a dry run would have stored cannot be read again
        self._validator = Validator(store, keep_all=dry_run)
        # of records that a dry run would have stored
        self._imagined: dict[URIRef, str] = {}

    def prepare(self, submission: Submission) -> None:
        """Read a large graph and judge it, which takes seconds; whoever holds a lock for ``commit`` does it before."""
        if isinstance(submission.graph, LargeGraph) and not submission.graph.is_read:
            # a validator of its own: this may happen while another thread commits
            validator = Validator(self._store)
            submission.graph.findings = validator.validate_large(
                record_iri(self._base, submission.id), submission.graph
            )

    def commit(self, batch: Sequence[Submission], activity: Activity) -> list[Outcome]:
        """Validate the batch, write what is valid and new in one update, and flush.

        When this returns, each record that is ``stored`` stands in the graph whole and survives a crash.
        A rejected record leaves the others of its batch alone, except those that refer to it. One outcome
        is returned for each id; where a batch names one twice, the last submission counts.

        Raises:
            ValueError: for a graph that says something of other subjects or holds unwritable terms; nothing is written.
        """
        judged = self._judged(batch)
        if not self._dry_run:
            self._write(judged, activity)
        else:
            self._imagined.update((iri, judged.hashes[iri]) for iri in judged.valid)
        self._validator.remember({iri: judged.said[iri] for iri in judged.valid})
        return self._outcomes(judged)

    def check(self, batch: Sequence[Submission]) -> list[Outcome]:
        """What ``commit`` would answer; nothing is written, and nothing is remembered for later batches."""
        return self._outcomes(self._judged(batch))

    def withdraw(self, ids: Sequence[str], reason: str = "", successor: str | None = None) -> None:
        """Take records and their provenance out of the graph; a tombstone stays (``kg.withdrawal``)."""
        pairs = [(record_iri(self._base, id_), provenance_iri(self._base, id_)) for id_ in ids]
        changes = [GraphChange(record, None) for record, _ in pairs]
        changes += [GraphChange(provenance, None, published=False) for _, provenance in pairs]
        changes += [GraphChange(review_iri(self._base, id_), None) for id_ in ids if kind_of(id_) == "document"]
        stored = hashes_of(self._store, (record for record, _ in pairs))
        for id_ in (one for one in ids if record_iri(self._base, one) in stored):
            tombstone = tombstone_graph(self._base, id_, reason, successor)
            changes.append(GraphChange(withdrawn_iri(self._base, id_), tombstone, published=False))
        self._store.apply(changes)
        self._store.flush()
        self._validator.forget(record for record, _ in pairs)

    def _judged(self, batch: Sequence[Submission]) -> _Judged:
        latest = {record_iri(self._base, s.id): s for s in batch}
        said = {iri: plain_statements(s.graph) for iri, s in latest.items()}
        for iri, statements in said.items():
            if isinstance(statements, Statements):
                _check_subjects(iri, statements)
            else:
                self.prepare(latest[iri])
        hashes = {iri: statements.hash for iri, statements in said.items()}
        stored = hashes_of(self._store, latest)
        stored |= {iri: digest for iri in latest if (digest := self._imagined.get(iri)) is not None}
        changed = {iri: s for iri, s in latest.items() if stored.get(iri) != hashes[iri]}
        findings = self._judge({iri: one for iri in changed if isinstance(one := said[iri], Statements)})
        findings |= {iri: one.findings for iri in changed if isinstance(one := said[iri], LargeGraph)}
        valid = {iri: s for iri, s in changed.items() if not _rejected(findings.get(iri, []))}
        return _Judged(list(latest), said, stored, hashes, changed, valid, findings)

    def _judge(self, graphs: dict[URIRef, Statements]) -> dict[URIRef, list[Finding]]:
        """Findings per record; where a record is rejected, those that refer to it are judged again without it."""
        findings: dict[URIRef, list[Finding]] = {}
        while graphs:
            found = self._validator.validate(graphs)
            findings.update(found)
            rejected = {iri for iri in graphs if _rejected(found.get(iri, []))}
            graphs = {iri: graph for iri, graph in graphs.items() if iri not in rejected}
            if not rejected or not any(value in rejected for graph in graphs.values() for _, _, value in graph):
                break
        return findings

    def _write(self, judged: _Judged, activity: Activity) -> None:
        changes: list[GraphChange] = []
        for iri, submission in judged.valid.items():
            digest, origin = judged.hashes[iri], submission.origin
            provenance = provenance_graph(self._base, submission.id, digest, origin, activity)
            changes.append(GraphChange(iri, judged.said[iri]))
            changes.append(GraphChange(provenance_iri(self._base, submission.id), provenance, published=False))
            if iri not in judged.stored:  # it may have been withdrawn before, and comes back
                changes.append(GraphChange(withdrawn_iri(self._base, submission.id), None, published=False))
        if changes:
            self._store.apply(changes)
            self._store.flush()

    def _outcomes(self, judged: _Judged) -> list[Outcome]:
        return [self._outcome(iri, judged) for iri in judged.latest]

    def _outcome(self, iri: URIRef, judged: _Judged) -> Outcome:
        state: State = "unchanged" if iri not in judged.changed else "stored" if iri in judged.valid else "rejected"
        id_ = str(iri).removeprefix(self._base)
        return Outcome(id_, iri, state, judged.findings.get(iri, []))


@dataclass(frozen=True)
class _Judged:
    """A batch after validation: what was sent, what of it is new, and what of that is valid."""

    latest: list[URIRef]
    said: dict[URIRef, Statements | LargeGraph]
    stored: dict[URIRef, str]
    hashes: dict[URIRef, str]
    changed: dict[URIRef, Submission]
    valid: dict[URIRef, Submission]
    findings: dict[URIRef, list[Finding]]


def _check_subjects(record: URIRef, statements: Statements) -> None:
    """Published graphs must not share subjects, or replacing one would take statements from another."""
    subjects: set[Node] = {subject for subject, _, _ in statements}
    for subject in subjects:
        if str(subject).partition("#")[0] != str(record):
            raise ValueError(f"The graph of {record} says something of {subject}.")


def _rejected(findings: list[Finding]) -> bool:
    return any(finding.severity == "error" for finding in findings)
