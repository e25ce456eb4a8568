"""Rows → drafts: read, normalised, modelled and written as RDF, each without any knowledge of other rows.

So any number of processes can do it, in any order, and the graph is the same: what depends on other rows (which partner
a name means, which row repeats which) is settled afterwards, in the order of the file (``ingest.settling``).
"""

from __future__ import annotations

from dataclasses import dataclass

from rdflib import URIRef
from rdflib.term import Node

from ingest.columns import Columns
from ingest.duplicates import entry_of
from ingest.entries import Entry
from ingest.layout import SheetLayout
from ingest.limits import Limits
from ingest.model import Modeller
from ingest.organisations import Organisations
from ingest.problems import Problem, Problems
from ingest.rdf import record_statements
from ingest.readers.table import Row
from ingest.records import Partner, Record
from ingest.values import RowReader, Values, contact_data
from ingest.vocabulary import Vocabulary
from kg.iris import Kind, record_iri
from kg.terms import Statements


@dataclass(frozen=True)
class Written:
    """A record as it will be stored, unless other rows have a say in it.

    ``names`` are what a partner is called; ``declared`` says whether the source gave the id.
    """

    id: str
    statements: Statements
    entry: Entry
    declared: bool
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Named:
    """An organisation that a row names: the IRI that it would get if nobody had registered it, name and number."""

    iri: str
    name: str
    number: str | None


@dataclass(frozen=True)
class Draft:
    """What one row says; ``written`` is None where it is rejected, and ``id`` what it would have been called."""

    row: int
    sheet: str | None
    id: str | None
    values: Values
    problems: list[Problem]
    written: Written | None
    named: tuple[Named, ...] = ()
    private: dict[str, str] | None = None


@dataclass(frozen=True)
class Form:
    """All that a row's meaning depends on beside itself; it can be sent to another process or machine."""

    base: str
    kind: Kind
    source: str
    columns: Columns
    limits: Limits
    vocabulary: Vocabulary
    layout: SheetLayout


class Drafter:
    """Drafts the rows of one sheet."""

    def __init__(self, form: Form) -> None:
        self._form = form
        self._reader = RowReader(form.columns, form.limits, form.layout)
        # it knows no partner, so every organisation that a row names is implied by the row
        self._modeller = Modeller(form.base, form.vocabulary, Organisations(form.base))

    def draft(self, row: Row) -> Draft:
        """What a row says."""
        form, problems = self._form, Problems()
        values = self._reader.read(row, problems)
        records = self._modeller.model(form.kind, values, form.source, problems)
        if not records:
            # a row that is wrong is not a row that is gone
            named = self._modeller.id_of(form.kind, values, form.source)
            return Draft(row.number, row.sheet, named, values, problems.found, None)
        *implied, own = records
        partners = tuple(_named(record, form.base) for record in implied if isinstance(record, Partner))
        drafted = written(own, form.base, row.number)
        private = contact_data(values, with_department=form.kind != "issue")
        return Draft(row.number, row.sheet, own.id, values, problems.found, drafted, partners, private)


def written(record: Record, base: str, row: int | None) -> Written:
    """A record with all that is needed to store it and to compare it with others."""
    names = tuple(record.labels.values()) if isinstance(record, Partner) else ()
    declared = record.declared_id is not None
    return Written(record.id, record_statements(record, base), entry_of(record, row), declared, names)


def _named(partner: Partner, base: str) -> Named:
    name = next(iter(partner.labels.values()))
    return Named(str(record_iri(base, partner.id)), name, partner.corporate_number)


def readdressed(statements: Statements, addresses: dict[str, str]) -> Statements:
    """The statements with some IRIs, and those of their parts, put in the place of others."""
    if all(old == new for old, new in addresses.items()):
        return statements
    return Statements((_moved(s, addresses), p, _moved(o, addresses)) for s, p, o in statements)


def _moved(term: Node, addresses: dict[str, str]) -> Node:
    if not isinstance(term, URIRef):
        return term
    whole, mark, part = str(term).partition("#")
    return URIRef(addresses[whole] + mark + part) if whole in addresses else term
