"""The partners that are known while a run lasts, so that rows may name them by number or by any of their names."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterable, MutableMapping
from dataclasses import dataclass, field

from ingest.normalise.text import label_key
from ingest.records import Partner, Record
from kg.iris import record_iri


@dataclass
class Organisations:
    """The partners that are known, by corporate number and by name; ``numbered_name`` is a number's first name."""

    base: str
    by_number: MutableMapping[str, str] = field(default_factory=dict)
    by_name: MutableMapping[str, str] = field(default_factory=dict)
    number_of: MutableMapping[str, str] = field(default_factory=dict)
    numbered_name: MutableMapping[str, str] = field(default_factory=dict)

    def branch(self) -> Organisations:
        """For a run whose rows may be refused later: it knows all of these, and what it learns stays its own."""
        mappings = (self.by_number, self.by_name, self.number_of, self.numbered_name)
        return Organisations(self.base, *(ChainMap({}, mapping) for mapping in mappings))

    def find(self, name: str, number: str | None) -> str | None:
        """The IRI of a partner; a corporate number decides before a name does: namesakes have different ones."""
        if number and number in self.by_number:
            return self.by_number[number]
        namesake = self.by_name.get(label_key(name))
        other = number and namesake and self.number_of.get(namesake, number) != number
        return None if other else namesake

    def remember(self, records: Iterable[Record]) -> None:
        """Later rows may name the partners among these records, which are going to be stored."""
        for partner in records:
            if isinstance(partner, Partner):
                for name in partner.labels.values():
                    self.add(str(record_iri(self.base, partner.id)), name, partner.corporate_number)

    def add(self, iri: str, name: str, number: str | None) -> None:
        """Know one name of a partner; the first to bear a name or number keeps it."""
        self.by_name.setdefault(label_key(name), iri)
        if number:
            self.by_number.setdefault(number, iri)
            self.numbered_name.setdefault(number, name)
            self.number_of.setdefault(iri, number)
