"""Drafts → submissions: what depends on other rows is settled here, in the order of the file.

Which partner a name means, which row repeats which, under which id a record is stored, what it may repeat in the graph.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from ingest.drafting import Draft, Named, Written, readdressed, written
from ingest.duplicates import Duplicates, organisation_key
from ingest.entries import Entry
from ingest.makers import MAKERS
from ingest.organisations import Organisations
from ingest.problems import Problems
from ingest.report import RowReport
from ingest.resolver import implied_partner
from ingest.seen import Seen
from kg.commit import Submission
from kg.iris import Kind, record_iri
from kg.namespaces import CES
from kg.provenance import Origin, Source
from kg.terms import Statements


@dataclass
class Settled:
    """A row with what is to be committed, its own record last; nothing where it is rejected or repeats another."""

    report: RowReport
    submissions: list[Submission]


class Settler:
    """Settles the drafts of one run."""

    def __init__(self, base: str, organisations: Organisations, duplicates: Duplicates) -> None:
        self._base = base
        self._organisations = organisations
        self._duplicates = duplicates

    def settle(self, draft: Draft, kind: Kind, source: Source, seen: Seen) -> Settled:
        """A draft among the rows before it; ``seen`` are those of its file."""
        problems = Problems(draft.problems)
        report = RowReport(draft.row, "valid", draft.id, draft.values, problems.found, draft.sheet)
        if draft.written is None:
            report.id, report.status = None, "rejected"
            if draft.id is not None:
                seen.name(draft.id)
            return Settled(report, [])
        addresses, implied = self._partners(draft.named, draft.row, problems)
        own = self._its_own_id(_readdressed(draft.written, addresses), draft.row, problems, seen)
        if own is None:
            report.status = "rejected" if problems.rejected else "duplicate"
            return Settled(report, [])
        report.id = own.id
        stored = self._linked([*implied, own], kind, report, problems)
        for record in stored:
            self._remember(record)
        origin = Origin(source, draft.row, draft.sheet)
        # a contact belongs to the row's own record, not to the organisations that it implies
        private = [*([None] * len(implied)), draft.private]
        submissions = [Submission(w.id, w.statements, origin, p) for w, p in zip(stored, private, strict=True)]
        return Settled(report, submissions)

    def _partners(self, named: tuple[Named, ...], row: int, problems: Problems) -> tuple[dict[str, str], list[Written]]:
        """Where the partners that a row names are known already, and those that it is the first to name."""
        addresses: dict[str, str] = {}
        implied: list[Written] = []
        for each in named:
            known = self._organisations.find(each.name, each.number)
            if known is None:
                implied.append(written(implied_partner(each.name, each.number), self._base, row))
                continue
            if known != each.iri:
                addresses[each.iri] = known
            self._compare_names(each, problems)
        return addresses, implied

    def _compare_names(self, named: Named, problems: Problems) -> None:
        """A number decides whom a row means; where that one bears another name, somebody should look."""
        name = self._organisations.numbered_name.get(named.number or "")
        if name and organisation_key(name)[0] != organisation_key(named.name)[0]:
            problems.warn("organisation_named_otherwise", "organisation", named.name, name, f"「{name}」")

    def _its_own_id(self, own: Written, row: int, problems: Problems, seen: Seen) -> Written | None:
        """The record under an id that no other row of the file has; None for a row that repeats one.

        Another content under a declared id is an error. Where the id was made from the title, it gets a number.
        """
        same, digest = seen.rows_of(own.id), own.statements.hash
        earlier = next((place for place, other in same if other == digest), None)
        if earlier is not None:
            problems.warn("same_as_row", "id", own.id, str(earlier))
            return None
        if same and own.declared:
            problems.error("id_repeated", "id", own.id, str(same[0][0]))
            return None
        made = own if not same else self._numbered(own, len(same) + 1)
        seen.add(own.id, made.id, row, digest)
        return made

    def _numbered(self, own: Written, number: int) -> Written:
        id_ = f"{own.id}-{number}"
        addresses = {str(record_iri(self._base, own.id)): str(record_iri(self._base, id_))}
        statements = readdressed(own.statements, addresses)
        return replace(own, id=id_, statements=statements, entry=replace(own.entry, id=id_))

    def _linked(self, records: list[Written], kind: Kind, report: RowReport, problems: Problems) -> list[Written]:
        """The records with links to what they repeat; the row's own record is the last one."""
        found = [self._duplicates.look_up_entry(record.entry) for record in records]
        for likeness in found[:-1]:
            if likeness.same:
                _say(problems, "organisation_alike", "organisation", likeness.same)
        title = MAKERS[kind].title
        if found[-1].same:
            report.status = "duplicate"
            _say(problems, "duplicate_of", title, found[-1].same)
        for other in found[-1].possible:
            _say(problems, "duplicate_possible", title, other)
        return [
            self._link(w, likeness.same) if likeness.same else w for w, likeness in zip(records, found, strict=True)
        ]

    def _link(self, record: Written, other: Entry) -> Written:
        link = (record_iri(self._base, record.id), CES.possibleDuplicateOf, record_iri(self._base, other.id))
        return replace(record, statements=Statements([*record.statements, link]))

    def _remember(self, record: Written) -> None:
        """Later rows may name the partners among these records, which are going to be stored."""
        for name in record.names:
            self._organisations.add(str(record_iri(self._base, record.id)), name, record.entry.number)


def _readdressed(own: Written, addresses: dict[str, str]) -> Written:
    if not addresses:
        return own
    entry = replace(own.entry, owner=addresses.get(own.entry.owner, own.entry.owner))
    return replace(own, statements=readdressed(own.statements, addresses), entry=entry)


def _say(problems: Problems, code: str, field: str, other: Entry) -> None:
    problems.warn(code, field, other.name, other.said("en"), other.said("ja"))
