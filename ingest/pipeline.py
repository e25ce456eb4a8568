"""One run of an ingestion: files in, records committed batch by batch, a report of every row out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from ingest.columns import Columns
from ingest.documents import document_graph, read_document, read_meta
from ingest.duplicates import Duplicates, Entry, linked
from ingest.exchange.intake import Received, receive, receive_turtle
from ingest.extraction.extractor import Extractor
from ingest.extraction.statements import add_extraction
from ingest.kinds import ORDER, folder_kind
from ingest.limits import DEFAULT_LIMITS, Limits
from ingest.makers import MAKERS
from ingest.mentions.matcher import MentionMatcher
from ingest.mentions.terms import concept_terms, region_terms
from ingest.model import Modeller
from ingest.nlp.pipelines import SpacyPhrases
from ingest.organisations import Organisations
from ingest.problems import Problem, Problems
from ingest.rdf import record_graph
from ingest.readers.documents.formats import FORMATS
from ingest.readers.documents.process import DocumentProcess, no_progress
from ingest.readers.errors import empty_file, unsupported
from ingest.readers.mapping_reader import parse_mappings
from ingest.readers.open_file import OpenedFile, open_file
from ingest.readers.table import Row
from ingest.records import Record
from ingest.regions.register import RegionRegister
from ingest.report import FileReport, RowReport, SkippedRow
from ingest.sheets import SheetPlan, plan_file, records_of
from ingest.values import contact_data, read_values
from ingest.vocabulary import Vocabulary
from kg.commit import Committer, Outcome, RecordWriter, Submission
from kg.errors import MeguriError
from kg.iris import Kind, record_iri
from kg.namespaces import CES, REGION
from kg.provenance import Activity, Origin, Source, records_of_source
from kg.queries import load_query
from kg.store import GraphStore
from kg.terms import content_hash
from kg.validation import Finding

BATCH = 200
Item = TypeVar("Item")
Progress = Callable[[str, int], None]


@dataclass(frozen=True)
class Options:
    """What the caller may choose for a run."""

    columns: Columns
    kind: Kind | None = None
    source_name: str | None = None
    dry_run: bool = False
    limits: Limits = DEFAULT_LIMITS
    cache: Path | None = None


@dataclass(frozen=True)
class Shared:
    """What a process that stays open keeps between runs: where records go, and what is read from the graph once."""

    writer: RecordWriter
    vocabulary: Vocabulary
    organisations: Organisations
    duplicates: Duplicates | None = None


@dataclass
class _Pending:
    """A row whose record waits for its batch to be committed."""

    report: RowReport
    submissions: list[Submission]


@dataclass
class _FileState:
    """What is remembered while a file is read: the records it held and where each was first seen."""

    report: FileReport
    seen: dict[str, tuple[int, str]] = field(default_factory=dict)
    variants: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    named: set[str] = field(default_factory=set)


class Ingestion:
    """Ingests files into one store; ``changed`` collects the ids of records that were written."""

    def __init__(
        self, store: GraphStore, base: str, options: Options, agent: str, shared: Shared | None = None
    ) -> None:
        self._store = store
        self._base = base
        self._options = options
        self._activity = Activity.now(agent)
        kept = shared or Shared(
            Committer(store, base, dry_run=options.dry_run),
            Vocabulary.from_store(store),
            known_organisations(store, base),
        )
        self._vocabulary = kept.vocabulary
        self._modeller = Modeller(base, kept.vocabulary, kept.organisations)
        self._committer: RecordWriter = kept.writer
        self._duplicates = kept.duplicates or Duplicates(store, base)
        self._matcher: MentionMatcher | None = None
        self._extractor: Extractor | None = None
        self._reading = DocumentProcess(options.limits)
        self.changed: list[str] = []

    def ingest(self, path: Path, progress: Progress | None = None) -> FileReport:
        """Read one file and commit what is valid in it; a file that cannot be read is reported, not raised."""
        state = _FileState(FileReport(str(path), self._options.kind))
        try:
            file = open_file(path, self._options.limits, self._options.source_name)
            kind = self._options.kind or folder_kind(path)
            if file.is_document or (kind == "document" and path.suffix.lower() in FORMATS):
                self._ingest_document(file, state, progress)
            elif file.is_exchange:
                self._ingest_exchange(file, state)
            elif kind == "document":
                raise unsupported(path.name, ", ".join(FORMATS))
            else:
                self._ingest_rows(file, kind, state, progress)
        except MeguriError as error:
            state.report.file_error = error
        return state.report

    def ingest_values(self, source: Source, rows: Sequence[tuple[Kind, Row]]) -> FileReport:
        """Rows that came by another way than a file; those first that others may refer to, reported in their order."""
        state = _FileState(FileReport(source.name, None))
        ordered = sorted(rows, key=lambda pair: ORDER.index(pair[0]))
        for batch in _batches(ordered, BATCH):
            self._commit([self._row(row, kind, source, state) for kind, row in batch], state)
        state.report.rows.sort(key=lambda report: report.row)
        return state.report

    def ingest_exchange(self, source: Source, parsed: Any) -> FileReport:
        """Records in the exchange format that came by another way than a file."""
        state = _FileState(FileReport(source.name, None))
        for batch in _batches(receive(parsed, self._base, source), BATCH):
            self._commit([self._received(received, state) for received in batch], state)
        return state.report

    def _ingest_exchange(self, file: OpenedFile, state: _FileState) -> None:
        """Records of another platform in the exchange format (docs/exchange.md); each says its own kind."""
        if file.path.suffix.lower() == ".ttl":
            records = receive_turtle(file.content, self._base, file.source)
        else:
            parsed = parse_mappings(file.content, file.path.name, self._options.limits)
            records = receive(parsed, self._base, file.source)
        for batch in _batches(records, BATCH):
            self._commit([self._received(received, state) for received in batch], state)
        if not state.report.rows:
            raise empty_file(file.path.name)

    def _received(self, received: Received, state: _FileState) -> _Pending:
        submission, problems = received.submission, received.problems
        report = RowReport(received.row, "valid", submission.id if submission else None, {}, problems.found)
        if submission is None:
            report.status = "rejected"
        elif not self._first_of_its_id(submission, received.row, problems, state):
            report.status = "rejected" if problems.rejected else "duplicate"
            submission = None
        return _Pending(report, [submission] if submission else [])

    def _ingest_rows(self, file: OpenedFile, kind: Kind | None, state: _FileState, progress: Progress | None) -> None:
        plan = plan_file(file, kind, self._options.columns, self._options.limits)
        state.report.kind = kind or plan.sheets[0].kind
        state.report.columns = [*plan.problems, *(problem for sheet in plan.sheets for problem in sheet.unknown())]
        done = 0
        for sheet in plan.sheets:
            for batch in _batches(self._records(file, sheet, state), BATCH):
                self._commit([self._row(row, sheet.kind, file.source, state, sheet) for row in batch], state)
                done += len(batch)
                if progress:
                    progress(f"{file.path.name} ({plan.rows})", done)
        self._note_missing(file, state, {sheet.kind for sheet in plan.sheets})

    def _records(self, file: OpenedFile, sheet: SheetPlan, state: _FileState) -> Iterator[Row]:
        """The rows of a sheet that are records; the others are noted in the report."""
        for row in records_of(file, sheet, self._options.limits):
            if row.role is None:
                yield row
            else:
                state.report.skipped.append(SkippedRow(row.number, row.role, row.sheet))

    def _row(self, row: Row, kind: Kind, source: Source, state: _FileState, sheet: SheetPlan | None = None) -> _Pending:
        """Read and model one row; its submissions are empty where it is rejected or repeats another one."""
        problems = Problems()
        columns, layout = (sheet.columns, sheet.layout) if sheet else (self._options.columns, None)
        values = read_values(row, columns, self._options.limits, problems, layout)
        records = self._modeller.model(kind, values, source.name, problems)
        report = RowReport(row.number, "valid", None, values, problems.found, row.sheet)
        if not records:
            # a row that is wrong is not a row that is gone
            state.named.add(self._modeller.id_of(kind, values, source.name) or "")
            report.status = "rejected"
            return _Pending(report, [])
        drafted = record_graph(records[-1], self._base)
        own = self._its_own_id(records[-1], content_hash(drafted), row.number, problems, state)
        report.id = own.id if own else records[-1].id
        if own is None:
            report.status = "rejected" if problems.rejected else "duplicate"
            return _Pending(report, [])
        stored = self._linked([*records[:-1], own], report, problems)
        self._modeller.organisations.remember(stored)
        origin = Origin(source, row.number, row.sheet)
        # a contact belongs to the row's own record, not to the organisations that it implies
        private = [*([None] * (len(stored) - 1)), contact_data(values)]
        # most records are what they were drafted as: neither numbered nor linked
        graphs = [drafted if r is records[-1] else record_graph(r, self._base) for r in stored]
        submissions = [Submission(r.id, g, origin, c) for r, g, c in zip(stored, graphs, private, strict=True)]
        return _Pending(report, submissions)

    def _linked(self, records: list[Record], report: RowReport, problems: Problems) -> list[Record]:
        """The records with links to what they repeat; the row's own record is the last one."""
        found = [self._duplicates.look_up(record, report.row) for record in records]
        for likeness in found[:-1]:
            if likeness.same:
                _say(problems, "organisation_alike", "organisation", likeness.same)
        title = MAKERS[records[-1].kind].title
        if found[-1].same:
            report.status = "duplicate"
            _say(problems, "duplicate_of", title, found[-1].same)
        for other in found[-1].possible:
            _say(problems, "duplicate_possible", title, other)
        return [linked(record, likeness, self._base) for record, likeness in zip(records, found, strict=True)]

    def _its_own_id(
        self, record: Record, digest: str, row: int, problems: Problems, state: _FileState
    ) -> Record | None:
        """The record under an id that no other row of the file has; None for a row that repeats one.

        Another content under a declared id is an error. Where the id was made from the title, it gets a number.
        """
        same = state.variants.setdefault(record.id, [])
        earlier = next((place for place, other in same if other == digest), None)
        if earlier is not None:
            problems.warn("same_as_row", "id", record.id, str(earlier))
            return None
        if same and record.declared_id:
            problems.error("id_repeated", "id", record.id, str(same[0][0]))
            return None
        same.append((row, digest))
        made = record if len(same) == 1 else record.model_copy(update={"id": f"{record.id}-{len(same)}"})
        state.seen[made.id] = (row, digest)
        return made

    def _first_of_its_id(self, submission: Submission, row: int, problems: Problems, state: _FileState) -> bool:
        digest = content_hash(submission.graph)
        earlier = state.seen.get(submission.id)
        if earlier is None:
            state.seen[submission.id] = (row, digest)
            return True
        if earlier[1] == digest:
            problems.warn("same_as_row", "id", submission.id, str(earlier[0]))
        else:
            problems.error("id_repeated", "id", submission.id, str(earlier[0]))
        return False

    def _commit(self, pending: list[_Pending], state: _FileState) -> None:
        submissions = [submission for row in pending for submission in row.submissions]
        outcomes = {o.id: o for o in self._committer.commit(submissions, self._activity)} if submissions else {}
        for row in pending:
            if row.submissions:
                _apply_outcome(row.report, outcomes[row.submissions[-1].id])
            state.report.rows.append(row.report)
            state.named.update(s.id for s in row.submissions[:-1])
        if not self._options.dry_run:
            self.changed += [o.id for o in outcomes.values() if o.state == "stored"]

    def _ingest_document(self, file: OpenedFile, state: _FileState, progress: Progress | None) -> None:
        state.report.kind = "document"
        problems = Problems()
        meta = read_meta(file.path, self._options.columns, self._options.limits, problems)
        if problems.rejected:
            state.report.rows.append(RowReport(1, "rejected", None, meta, problems.found))
            return
        name = file.path.name
        told = no_progress if progress is None else lambda done, total: progress(f"{name} ({total:,})", done)
        text = self._reading.read(file.content, name, file.path.suffix.lower(), told)
        for remark in text.remarks:
            problems.warn(remark.code, "text", detail=remark.detail)
        document = read_document(file, text, self._mentions(), meta)
        graph = document_graph(document, self._base)
        codes = [str(region).removeprefix(str(REGION)) for region in document.record.about]
        found = self._extracted().extract(text.text, codes)
        subject, partners = record_iri(self._base, document.record.id), self._modeller.organisations
        add_extraction(graph, subject, document.passages, found, lambda name: partners.find(name, None))
        report = RowReport(1, "valid", document.record.id, dict(meta), problems.found)
        self._commit([_Pending(report, [Submission(document.record.id, graph, Origin(file.source))])], state)

    def _mentions(self) -> MentionMatcher:
        if self._matcher is None:
            terms = [*concept_terms(self._vocabulary), *region_terms(RegionRegister.load())]
            self._matcher = MentionMatcher(terms, self._options.cache, SpacyPhrases)
        return self._matcher

    def _extracted(self) -> Extractor:
        if self._extractor is None:
            # its places come from the register itself, so it shares the matcher and passes over its regions
            self._extractor = Extractor(self._mentions())
        return self._extractor

    def _note_missing(self, file: OpenedFile, state: _FileState, kinds: set[Kind]) -> None:
        """Records that an earlier version of this source held: they stay, and are reported."""
        kept = {record_iri(self._base, id_) for id_ in (*state.seen, *state.named)}
        prefixes = tuple(f"{self._base}{kind}-" for kind in kinds)
        gone = records_of_source(self._store, file.source.name) - kept
        state.report.missing = sorted(str(r).removeprefix(self._base) for r in gone if str(r).startswith(prefixes))


def known_organisations(store: GraphStore, base: str) -> Organisations:
    """The partners in a store, by corporate number and by name."""
    known = Organisations(base)
    # sorted, because the first to bear a name keeps it and a store answers in any order
    for row in sorted(store.select(load_query("partners")), key=lambda row: (str(row["partner"]), str(row["name"]))):
        known.add(str(row["partner"]), str(row["name"]), str(row["number"]) if "number" in row else None)
    return known


def _say(problems: Problems, code: str, field: str, other: Entry) -> None:
    problems.warn(code, field, other.name, other.said("en"), other.said("ja"))


def _apply_outcome(report: RowReport, outcome: Outcome) -> None:
    report.problems = [*report.problems, *(_problem(finding) for finding in outcome.findings)]
    if outcome.state != "stored":
        report.status = "unchanged" if outcome.state == "unchanged" else "rejected"


def _problem(finding: Finding) -> Problem:
    """A shape's finding as a problem of the row; its code is the shape's name."""
    field = str(finding.path or "").removeprefix(str(CES)).rpartition("/")[2].rpartition("#")[2]
    code = str(finding.shape or "shape").removeprefix(str(CES))
    value = None if finding.value is None else str(finding.value)[:200]
    return Problem(field, finding.severity, code, finding.en, finding.ja, value)


def _batches(rows: Iterable[Item], size: int) -> Iterator[list[Item]]:
    iterator = iter(rows)
    while batch := list(islice(iterator, size)):
        yield batch


__all__ = ["BATCH", "Ingestion", "Options", "Shared", "known_organisations"]
