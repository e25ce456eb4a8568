"""One run of an ingestion: files in, records committed batch by batch, a report of every row out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from ingest.columns import Columns
from ingest.documents import document_pieces, read_document, read_meta
from ingest.drafting import Drafter, Form
from ingest.duplicates import Duplicates
from ingest.exchange.intake import Received, receive, receive_turtle, stated_values
from ingest.extraction.extractor import Extractor
from ingest.extraction.statements import ExtractionWriter
from ingest.journal import Journal
from ingest.kept_fields import not_kept
from ingest.kinds import ORDER, folder_kind
from ingest.layout import SheetLayout
from ingest.limits import DEFAULT_LIMITS, Limits
from ingest.mentions.matcher import MentionMatcher
from ingest.mentions.terms import concept_terms, region_terms
from ingest.nlp.pipelines import SpacyPhrases
from ingest.organisations import Organisations
from ingest.parallel import BATCH, Drafting, batched
from ingest.problems import Problem, Problems
from ingest.readers.documents.formats import FORMATS
from ingest.readers.documents.process import DocumentProcess, no_progress
from ingest.readers.errors import empty_file, unsupported
from ingest.readers.mapping_reader import parse_mappings
from ingest.readers.open_file import OpenedFile, open_file
from ingest.readers.table import Row
from ingest.regions.register import RegionRegister
from ingest.report import FileReport, RowList, RowReport, SkippedRow
from ingest.resuming import ended, journal_key, open_journal
from ingest.settling import Settled, Settler
from ingest.sheets import SheetPlan, plan_file, records_of
from ingest.vocabulary import Vocabulary
from kg.commit import Committer, Outcome, RecordWriter, Submission
from kg.errors import MeguriError
from kg.iris import Kind, record_iri
from kg.large import gathered
from kg.namespaces import CES, REGION
from kg.ontology_load import stored_version
from kg.provenance import Activity, Origin, Source, source_records
from kg.queries import load_query
from kg.store import GraphStore
from kg.terms import content_hash
from kg.validation import Finding

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
    # who drafts the rows of large files: an executor, else so many processes (None: one on each core)
    executor: Executor | None = None
    workers: int | None = None
    # where journals lie, so that a killed run can go on (None: nothing is remembered)
    journals: Path | None = None


@dataclass(frozen=True)
class Shared:
    """What a process that stays open keeps between runs: where records go, and what is read from the graph once."""

    writer: RecordWriter
    vocabulary: Vocabulary
    organisations: Organisations
    duplicates: Duplicates | None = None


@dataclass
class _FileState:
    """What is remembered while a file is read: what became of its rows, and the records that they held."""

    report: FileReport
    journal: Journal = field(default_factory=Journal)


class Ingestion:
    """Ingests files into one store."""

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
        self._organisations = kept.organisations
        self._committer: RecordWriter = kept.writer
        self._settler = Settler(base, kept.organisations, kept.duplicates or Duplicates(store, base))
        self._drafting = Drafting(options.executor, options.workers)
        self._matcher: MentionMatcher | None = None
        self._extractor: Extractor | None = None
        self._reading = DocumentProcess(options.limits)

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
        except BaseException:
            # the next run may go on with it
            state.journal.close()
            raise
        return state.report

    def ingest_values(self, source: Source, rows_: Sequence[tuple[Kind, Row]]) -> FileReport:
        """Rows that came by another way than a file; those first that others may refer to, reported in their order."""
        rows = RowList()
        state = _FileState(FileReport(source.name, None, rows))
        ordered = sorted(rows_, key=lambda pair: ORDER.index(pair[0]))
        for batch in batched(ordered, BATCH):
            self._commit([self._posted(row, kind, source, state) for kind, row in batch], state)
        rows.sort(key=lambda report: report.row)
        state.report.columns = self._unknown_fields(rows_)
        return state.report

    def _unknown_fields(self, rows: Iterable[tuple[Kind, Row]]) -> list[Problem]:
        """The names that mean nothing here, or nothing that their kind keeps, each once."""
        columns, names = self._options.columns, dict[str, str]()
        for kind, row in rows:
            names.update((name, "column_unknown") for name in columns.unknown(row.cells))
            names.update((name, "column_not_kept") for name in row.cells if not_kept(columns.field(name), kind))
        problems = Problems()
        for name, code in names.items():
            problems.warn(code, name)
        return problems.found

    def close(self) -> None:
        """End the processes that this run started."""
        self._drafting.close()
        self._reading.close()

    def ingest_exchange(self, source: Source, parsed: Any) -> FileReport:
        """Records in the exchange format that came by another way than a file."""
        state = _FileState(FileReport(source.name, None))
        for batch in batched(receive(parsed, self._base, source), BATCH):
            self._commit([self._received(received, state) for received in batch], state)
        return state.report

    def _ingest_exchange(self, file: OpenedFile, state: _FileState) -> None:
        """Records of another platform in the exchange format (docs/exchange.md); each says its own kind."""
        if file.path.suffix.lower() == ".ttl":
            records = receive_turtle(file.content, self._base, file.source)
        else:
            parsed = parse_mappings(file.content, file.path.name, self._options.limits)
            records = receive(parsed, self._base, file.source)
        for batch in batched(records, BATCH):
            self._commit([self._received(received, state) for received in batch], state)
        if not state.report.rows:
            raise empty_file(file.path.name)

    def _received(self, received: Received, state: _FileState) -> Settled:
        submission, problems = received.submission, received.problems
        values = stated_values(submission, self._base) if submission else {}
        report = RowReport(received.row, "valid", submission.id if submission else None, values, problems.found)
        if submission is None:
            report.status = "rejected"
        elif not self._first_of_its_id(submission, received.row, problems, state):
            report.status = "rejected" if problems.rejected else "duplicate"
            submission = None
        return Settled(report, [submission] if submission else [])

    def _ingest_rows(self, file: OpenedFile, kind: Kind | None, state: _FileState, progress: Progress | None) -> None:
        plan = plan_file(file, kind, self._options.columns, self._options.limits)
        state.report.kind = kind or plan.sheets[0].kind
        state.report.columns = [*plan.problems, *(problem for sheet in plan.sheets for problem in sheet.unknown())]
        done = left = self._remembered(file, kind, state)
        for sheet in plan.sheets:
            form = self._form(sheet.kind, file.source, sheet)
            rows = self._records(file, sheet, state)
            left -= sum(1 for _ in islice(rows, left))
            for drafts in self._drafting.batches(form, rows, plan.rows - done):
                settled = [self._settler.settle(draft, sheet.kind, file.source, state.journal) for draft in drafts]
                self._commit(settled, state)
                done += len(drafts)
                if progress:
                    progress(f"{file.path.name} ({plan.rows})", done)
        self._note_missing(file, state, {sheet.kind for sheet in plan.sheets})
        ended(state.journal)

    def _remembered(self, file: OpenedFile, kind: Kind | None, state: _FileState) -> int:
        """How many rows an earlier run had done when it was cut off; they are in the report already."""
        options, folder = self._options, self._options.journals
        if folder is not None and not options.dry_run:
            key = journal_key(
                source=asdict(file.source),
                kind=kind,
                columns=sorted(options.columns.field_of.items()),
                limits=asdict(options.limits),
                agent=self._activity.agent,
                ontology=stored_version(self._store),
            )
            state.journal = open_journal(folder, key, self._store, self._base)
            state.report.journal = state.journal.path
        state.journal.forget_skipped()
        state.report.rows, state.report.skipped = state.journal.rows, _Skipped(state.journal)
        state.report.resumed = len(state.report.rows)
        return state.report.resumed

    def _form(self, kind: Kind, source: Source, sheet: SheetPlan | None = None) -> Form:
        columns, layout = (sheet.columns, sheet.layout) if sheet else (self._options.columns, SheetLayout(None))
        return Form(self._base, kind, source.name, columns, self._options.limits, self._vocabulary, layout)

    def _records(self, file: OpenedFile, sheet: SheetPlan, state: _FileState) -> Iterator[Row]:
        """The rows of a sheet that are records; the others are noted in the report."""
        for row in records_of(file, sheet, self._options.limits):
            if row.role is None:
                yield row
            else:
                state.journal.skip(SkippedRow(row.number, row.role, row.sheet))

    def _posted(self, row: Row, kind: Kind, source: Source, state: _FileState) -> Settled:
        draft = Drafter(self._form(kind, source)).draft(row)
        return self._settler.settle(draft, kind, source, state.journal)

    def _first_of_its_id(self, submission: Submission, row: int, problems: Problems, state: _FileState) -> bool:
        digest = content_hash(submission.graph)
        earlier = state.journal.first(submission.id)
        if earlier is None:
            state.journal.add(submission.id, submission.id, row, digest)
            return True
        if earlier[1] == digest:
            problems.warn("same_as_row", "id", submission.id, str(earlier[0]))
        else:
            problems.error("id_repeated", "id", submission.id, str(earlier[0]))
        return False

    def _commit(self, settled: list[Settled], state: _FileState) -> None:
        submissions = [submission for row in settled for submission in row.submissions]
        outcomes = {o.id: o for o in self._committer.commit(submissions, self._activity)} if submissions else {}
        for row in settled:
            if row.submissions:
                _apply_outcome(row.report, outcomes[row.submissions[-1].id])
            state.report.rows.append(row.report)
            for submission in row.submissions[:-1]:
                state.journal.name(submission.id)
        kept = (s for s in submissions if outcomes[s.id].state != "rejected")
        state.journal.stored((s.id, content_hash(s.graph)) for s in kept)
        state.journal.commit()

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
        codes = [str(region).removeprefix(str(REGION)) for region in document.record.about]
        found = self._extracted().extract(text.text, codes)
        subject, partners = record_iri(self._base, document.record.id), self._organisations
        writer = ExtractionWriter(subject, document.passages, found, lambda name: partners.find(name, None))
        # a long plan has a million statements, which are never in memory together
        graph = gathered(subject, document_pieces(document, self._base, writer))
        report = RowReport(1, "valid", document.record.id, dict(meta), problems.found)
        self._commit([Settled(report, [Submission(document.record.id, graph, Origin(file.source))])], state)

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
        prefixes = tuple(f"{kind}-" for kind in kinds)
        ids = (str(record).removeprefix(self._base) for record in source_records(self._store, file.source.name))
        gone = {id_ for id_ in ids if id_.startswith(prefixes) and not state.journal.holds(id_)}
        state.report.missing = sorted(gone)


class _Skipped:
    """The rows of a journal that are no records, any number of times."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def __iter__(self) -> Iterator[SkippedRow]:
        return self._journal.skipped


def known_organisations(store: GraphStore, base: str) -> Organisations:
    """The partners in a store, by corporate number and by name."""
    known = Organisations(base)
    # sorted, because the first to bear a name keeps it and a store answers in any order
    for row in sorted(store.select(load_query("partners")), key=lambda row: (str(row["partner"]), str(row["name"]))):
        known.add(str(row["partner"]), str(row["name"]), str(row["number"]) if "number" in row else None)
    return known


def _apply_outcome(report: RowReport, outcome: Outcome) -> None:
    report.problems = [*report.problems, *(_problem(finding) for finding in outcome.findings)]
    if outcome.state != "stored":
        report.status = "unchanged" if outcome.state == "unchanged" else "rejected"


def _problem(finding: Finding) -> Problem:
    """A shape's finding as a problem of the row; its code is the shape's name."""
    field = str(finding.path or "").removeprefix(str(CES)).rpartition("/")[2].rpartition("#")[2]
    code = str(finding.shape or "shape").removeprefix(str(CES))
    # a record's own address tells a clerk nothing
    value = None if finding.value in (None, finding.record) else str(finding.value)[:200]
    return Problem(field, finding.severity, code, finding.en, finding.ja, value)


__all__ = ["BATCH", "Ingestion", "Options", "Shared", "known_organisations"]
