"""The same organisation under other names, and the same offer sent twice: found and proposed, never merged.

A corporate number decides first; then names that are equal once legal forms, widths and spellings are taken off;
then similarity. The only importer of rapidfuzz (docs/decisions/0016-duplicates-by-rules.md says why no linkage model).
"""

from __future__ import annotations

import re
from collections import ChainMap
from collections.abc import Callable, Iterator, MutableMapping
from dataclasses import dataclass, field, replace
from functools import cache

from rdflib import Literal

from ingest.entries import LATEST, Entry, EntryTable
from ingest.normalise.text import fold, organisation_name
from ingest.records import Issue, Partner, Record, RegionalResource, Technology
from ingest.records_programmes import Commitment, Event, Project, SupportScheme
from ingest.regions.names import key as spelling_key
from kg.iris import kind_of, record_iri
from kg.queries import load_query
from kg.store import GraphStore, Row

_FORMS = (
    "株式会社|有限会社|合同会社|合資会社|合名会社|(?:一般|公益)?(?:社団|財団)法人|特定非営利活動法人|NPO法人|社会福祉法人|学校法人|医療法人"
    "|(?:地方)?独立行政法人|国立大学法人|公立大学法人|国立研究開発法人|農事組合法人"
)
_LEGAL_FORM = re.compile(
    rf"{_FORMS}|[,、]?\s*\b(?:co\.?,?\s*ltd\.?|company,?\s+limited|inc\.?|corp(?:oration)?\.?|k\.?k\.?|llc|g\.?k\.?|ltd\.?)(?=\W|$)",
    re.IGNORECASE,
)
_SAME_FORM = {"npo法人": "特定非営利活動法人"}
_SIGNS = re.compile(r"[\W_]+")
_DIGITS = re.compile(r"\d+")
# of titles as similar as this one is proposed as the other's repetition; measured on pairs of the corpus, where the
# closest two offers of one partner that are not the same reach 71
_SIMILAR = 88
# names of organisations are short: one sign of nine makes another one of them (日本バイオガス協会, 日本バイオマス協会)
_SIMILAR_PARTNER = 90
# with a description that says the same, a title may be worded further away
_REWORDED = 75
_TELLING_TEXT = 12
# a title this close counts as the same where the descriptions are as close
_SAME_TITLE = 93
_SAME_TEXT = 90


@dataclass(frozen=True)
class Likeness:
    """The record that a new one repeats (None where none is certain), and those that it may repeat."""

    same: Entry | None = None
    possible: tuple[Entry, ...] = ()


@dataclass
class Duplicates:
    """The records of a store and of this run, by what would make another one the same.

    The store is read when the first record is asked about. Only the first of several equal records is kept, so that
    a file sent again links the same records as the first time.
    """

    store: GraphStore
    base: str
    _entries: EntryTable | None = None
    _owners: MutableMapping[str, str] = field(default_factory=dict)

    def look_up(self, record: Record, place: int | None = None) -> Likeness:
        """What a record repeats; it is remembered as the first of its kind where it repeats nothing for certain."""
        return self.look_up_entry(entry_of(record, place))

    def look_up_entry(self, entry: Entry) -> Likeness:
        """See ``look_up``."""
        entries = self._known()
        owner = self._owner(entry.owner)
        entry = entry if owner == entry.owner else replace(entry, owner=owner)
        likeness = self._compare(entry, entries)
        if likeness.same is None:
            entries.add(entry)
        elif entry.kind == "partner":  # nothing else owns a record
            iri = str(record_iri(self.base, entry.id))
            self._owners[iri] = self._owner(str(record_iri(self.base, likeness.same.id)))
        return likeness

    def branch(self) -> Duplicates:
        """For a run that stores nothing: it knows all of these, and nobody else finds its records."""
        return Duplicates(self.store, self.base, self._known().branch(), ChainMap({}, self._owners))

    def proposals(self) -> Iterator[tuple[Entry, Entry]]:
        """All pairs in the store that may be the same and are not linked, each once."""
        told: set[tuple[str, str]] = set()
        for block in self._known().blocks():
            for index, entry in enumerate(block):
                for other in block[index + 1 : index + 1 + LATEST]:
                    if (entry.id, other.id) not in told and self._alike(entry, other):
                        told.add((entry.id, other.id))
                        yield entry, other

    def _compare(self, entry: Entry, entries: EntryTable) -> Likeness:
        if entry.number and (known := entries.of_number(entry.number)) and known.id != entry.id:
            return Likeness(known)
        possible: dict[str, Entry] = {}
        for other in entries.near(entry):
            if other.id == entry.id or not self._alike(entry, other):
                continue
            if self._same(entry, other):
                return Likeness(other)
            possible[other.id] = other
        return Likeness(None, tuple(possible.values())[:3])

    def _alike(self, one: Entry, other: Entry) -> bool:
        if one.number and other.number and one.number != other.number:
            return False
        if one.key == other.key:
            return True
        # series of products differ in their numbers, and are not the same
        if one.digits != other.digits:
            return False
        if one.kind == "partner":
            return bool(_ratio()(one.key, other.key, score_cutoff=_SIMILAR_PARTNER))
        likeness = _ratio()(one.key, other.key, score_cutoff=_REWORDED)
        return likeness >= _SIMILAR or (likeness > 0 and self._says_the_same(one, other))

    def _says_the_same(self, one: Entry, other: Entry) -> bool:
        shortest = min(len(one.text), len(other.text))
        return shortest >= _TELLING_TEXT and bool(_ratio()(one.text, other.text, score_cutoff=_SAME_TEXT))

    def _same(self, one: Entry, other: Entry) -> bool:
        if one.kind == "partner":
            return one.key == other.key and (one.form == other.form or not one.form or not other.form)
        if one.key == other.key:
            return True
        both = one.text and other.text
        if not both or not _ratio()(one.key, other.key, score_cutoff=_SAME_TITLE):
            return False
        return bool(_ratio()(one.text, other.text, score_cutoff=_SAME_TEXT))

    def _owner(self, iri: str) -> str:
        """The first of the equal organisations behind an IRI; a region or a date stands for itself."""
        return self._owners.get(iri, iri)

    def _known(self) -> EntryTable:
        if self._entries is None:
            self._entries = EntryTable()
            # partners first: whose an offer is must be known before it is filed
            for name in ("partner_keys", "duplicate_keys"):
                rows = self.store.select(load_query(name))
                self._entries.add_sorted(map(self._stored, rows))
        return self._entries

    def _stored(self, row: Row) -> Entry:
        """The entry of a record in the store."""
        id_ = str(row["record"]).removeprefix(self.base)
        name, text = str(row["label"]), str(row.get("description", ""))
        number = str(row["number"]) if isinstance(row.get("number"), Literal) else None
        return _entry(id_, name, text, number, self._owner(str(row.get("owner", ""))))


def entry_of(record: Record, place: int | None = None) -> Entry:
    """What is compared of a record."""
    name = next(iter(record.labels.values()))
    text = next(iter(record.descriptions.values()), "")
    number = record.corporate_number if isinstance(record, Partner) else None
    return _entry(record.id, name, text, number, owner_of(record), place)


def _entry(id_: str, name: str, text: str, number: str | None, owner: str, place: int | None = None) -> Entry:
    kind = kind_of(id_) or ""
    if kind == "partner":
        core, form = organisation_key(name)
        return Entry(id_, kind, name, core, "", number, form, text, place, " ".join(_DIGITS.findall(core)))
    key = title_key(name)
    return Entry(id_, kind, name, key, owner, None, "", text, place, " ".join(_DIGITS.findall(key)))


@cache
def _ratio() -> Callable[..., float]:
    """Imported when something is compared, not when the program starts."""
    from rapidfuzz import fuzz  # noqa: PLC0415

    return fuzz.ratio


def owner_of(record: Record) -> str:
    """Whose a record is, or where, or when: only records of one owner can be the same."""
    match record:
        case Technology():
            return record.offered_by
        case Issue() | RegionalResource():
            return record.region
        case Commitment():
            return record.committed_by
        case SupportScheme():
            return record.provided_by or ""
        case Event():
            return record.starts.isoformat()
        case Project():
            return next(iter(record.regions), "")
    return ""


def organisation_key(name: str) -> tuple[str, str]:
    """An organisation's name without its legal form, in one spelling, and the form (empty where none is stated)."""
    spelt = organisation_name(name)
    forms = [_SIGNS.sub("", match.casefold()) for match in _LEGAL_FORM.findall(spelt)]
    core = _SIGNS.sub("", spelling_key(_LEGAL_FORM.sub(" ", spelt)))
    form = _SAME_FORM.get(forms[0], forms[0]) if forms else ""
    return (core or _SIGNS.sub("", spelling_key(spelt))), form


def title_key(title: str) -> str:
    """A title in one spelling, without signs and spaces."""
    return _SIGNS.sub("", spelling_key(fold(title))) or fold(title)
