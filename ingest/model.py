"""Values → record: what all kinds share, and the rules of each kind, with everything named resolved to IRIs."""

from __future__ import annotations

from typing import cast

from ingest.makers import MAKERS, Maker
from ingest.normalise.amounts import Amount, split_header
from ingest.organisations import Organisations
from ingest.places import resolve_places
from ingest.problems import Problems
from ingest.records import LangText, Quantity, Record
from ingest.resolver import Resolver, texts_of
from ingest.values import Values
from ingest.vocabulary import Vocabulary
from kg.iris import Kind, record_id, record_key

_SHARED = ("source", "source_date", "url", "sample", "registered", "updated", "entered", "valid_until", "remarks")


class Modeller:
    """Makes records of one run; ``model`` returns the row's record, before it those that it implies."""

    def __init__(self, base: str, vocabulary: Vocabulary, organisations: Organisations) -> None:
        self._base = base
        self._vocabulary = vocabulary
        self.organisations = organisations

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds of registration that can be modelled."""
        return tuple(MAKERS)

    def model(self, kind: Kind, values: Values, source: str, problems: Problems) -> list[Record]:
        """The records of a row, those first that others refer to; empty where the row is rejected.

        Later rows find its partners once ``organisations.remember`` is told that they are stored. ``values`` is
        completed in place (region codes); what is wrong is added to ``problems``.
        """
        maker = MAKERS[kind]
        resolve_places(values, problems, required=maker.needs_region, lists_its_place=kind == "technology")
        for name in (maker.title, *maker.required):
            if name == maker.title and _titles(kind, values):
                continue
            if name not in values and f"{name}_en" not in values and not _rejected_already(name, problems):
                problems.error("required_missing", name)
        if problems.rejected:
            return []
        row = Resolver(self._base, self._vocabulary, self.organisations, values, problems)
        fields = self._common(kind, maker, source, row) | maker.fields(row)
        return [] if problems.rejected else [*row.implied, maker.model.model_validate(fields)]

    def id_of(self, kind: Kind, values: Values, source: str) -> str | None:
        """The id of the record that a row states, also of a row that is rejected; None where nothing names it."""
        title = next(iter(_titles(kind, values).values()), None)
        declared = cast("str | None", values.get("id"))
        if title is None and declared is None:
            return None
        organisation = "" if kind == "partner" else str(values.get("organisation", ""))
        return record_id(kind, record_key(declared, source, organisation, title or ""))

    def _common(self, kind: Kind, maker: Maker, source: str, row: Resolver) -> dict[str, object]:
        labels, descriptions = _titles(kind, row.values), texts_of(row.values, "description")
        return {
            "id": self.id_of(kind, row.values, source),
            "declared_id": row.values.get("id"),
            "labels": labels,
            "descriptions": descriptions,
            "languages": tuple(sorted({*labels, *descriptions})),
            "themes": row.concepts("themes", "theme"),
            "amounts": tuple(_quantity(a) for a in cast("list[Amount]", row.values.get("amounts", []))),
            **{name: row.values.get(name) for name in _SHARED},
        }


def _titles(kind: Kind, values: Values) -> LangText:
    """The record's names.

    A report has none of its own and is named by what it reports on and when; a commitment that has none by its member.
    """
    about, day = values.get("followed_commitment"), values.get("reported", "")
    if kind == "followup":
        named = about is not None
        return {"ja": f"{about} のフォローアップ報告（{day}）", "en": f"Follow-up on {about} ({day})"} if named else {}
    titles = texts_of(values, MAKERS[kind].title)
    member = values.get("organisation")
    if kind == "commitment" and not titles and member:
        return {"ja": f"{member}の循環経済目標", "en": f"Circular-economy goal of {member}"}
    return titles


def _rejected_already(name: str, problems: Problems) -> bool:
    """A required field that could not be read is one problem, not two."""
    return any(problem.field == name and problem.severity == "error" for problem in problems.found)


def _quantity(amount: Amount) -> Quantity:
    """The unit has a place of its own, so the name goes without it: 発生量（t/年） → 発生量."""
    named = split_header(amount.header)
    return Quantity(name=named[0] if named else amount.header, value=amount.value, unit=amount.unit)
