"""The records that registrations become: one model a kind, each field with the property that states it.

The models hold values that are already resolved (IRIs of concepts, regions and records); ``ingest.rdf`` turns
any of them into a graph by the ``Says`` of its fields, so a new field is one line here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field
from rdflib import URIRef

from kg.iris import Kind
from kg.namespaces import CES, DCTERMS, RDFS, SCHEMA

Lang = Literal["ja", "en"]
Iri = str
Iris = tuple[Iri, ...]
LangText = dict[Lang, str]


@dataclass(frozen=True)
class Says:
    """The property that states a field, and the RDF form of its value."""

    predicate: URIRef
    form: Literal["iri", "text", "literal"] = "literal"


class Quantity(BaseModel):
    """An amount with a unit, stated as a schema:QuantitativeValue."""

    model_config = ConfigDict(frozen=True)
    name: str
    value: Decimal
    unit: str


class Record(BaseModel):
    """What every record states. ``id`` is the record's id in the API; ``declared_id`` the source's own."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: ClassVar[Kind]
    rdf_class: ClassVar[URIRef]

    id: str
    labels: Annotated[LangText, Says(RDFS.label, "text"), Field(min_length=1)]
    descriptions: Annotated[LangText, Says(DCTERMS.description, "text")] = {}
    declared_id: Annotated[str | None, Says(DCTERMS.identifier)] = None
    languages: Annotated[tuple[str, ...], Says(DCTERMS.language)] = ()
    themes: Annotated[Iris, Says(CES.hasTheme, "iri")] = ()
    source: Annotated[str | None, Says(DCTERMS.source)] = None
    source_date: Annotated[date | None, Says(CES.sourceDate)] = None
    url: Annotated[str | None, Says(SCHEMA.url)] = None
    sample: Annotated[bool | None, Says(CES.isSample)] = None
    registered: Annotated[date | None, Says(DCTERMS.issued)] = None
    updated: Annotated[date | None, Says(DCTERMS.modified)] = None
    entered: Annotated[date | None, Says(CES.enteredOn)] = None
    valid_until: Annotated[date | None, Says(CES.validUntil)] = None
    remarks: Annotated[str | None, Says(RDFS.comment)] = None
    duplicate_of: Annotated[Iris, Says(CES.possibleDuplicateOf, "iri")] = ()
    amounts: tuple[Quantity, ...] = ()


class Technology(Record):
    """A technology or solution that a partner offers."""

    kind = "technology"
    rdf_class = CES.Technology
    offered_by: Annotated[Iri, Says(CES.offeredBy, "iri")]
    technology_kinds: Annotated[Iris, Says(CES.technologyKind, "iri")] = ()
    uses: Annotated[Iris, Says(CES.usesResource, "iri")] = ()
    yields: Annotated[Iris, Says(CES.yieldsResource, "iri")] = ()
    levels: Annotated[Iris, Says(CES.suitsLevel, "iri")] = ()
    readiness: Annotated[Iris, Says(CES.readiness, "iri")] = ()
    permits: Annotated[Iris, Says(CES.needsPermit, "iri")] = ()
    permit_note: Annotated[str | None, Says(CES.permitNote)] = None
    available_in: Annotated[Iris, Says(CES.availableIn, "iri")] = ()
    deployed_in: Annotated[Iris, Says(CES.deployedIn, "iri")] = ()
    scale: Annotated[str | None, Says(CES.minimumScale)] = None
    cost: Annotated[str | None, Says(CES.costRange)] = None


class Issue(Record):
    """A problem or a wish of one region."""

    kind = "issue"
    rdf_class = CES.Issue
    region: Annotated[Iri, Says(CES.inRegion, "iri")]
    issue_kind: Annotated[Iris, Says(CES.issueKind, "iri")] = ()
    levels: Annotated[Iris, Says(CES.suitsLevel, "iri")] = ()
    concerns: Annotated[Iris, Says(CES.concernsResource, "iri")] = ()
    tried: Annotated[str | None, Says(CES.triedBefore)] = None
    constraint: Annotated[str | None, Says(CES.constraint)] = None
    budget: Annotated[str | None, Says(CES.budget)] = None
    department: Annotated[str | None, Says(CES.department)] = None
    raised_by: Annotated[Iri | None, Says(CES.raisedBy, "iri")] = None


class RegionalResource(Record):
    """What a region has: feedstock, heat, land, skill, landscape, people."""

    kind = "resource"
    rdf_class = CES.RegionalResource
    region: Annotated[Iri, Says(CES.inRegion, "iri")]
    resource_kinds: Annotated[Iris, Says(CES.resourceKind, "iri")] = ()
    season: Annotated[str | None, Says(CES.season)] = None


class Partner(Record):
    """An organisation: company, association, local government, university, NPO, financial institution, …"""

    kind = "partner"
    rdf_class = CES.Partner
    member_kind: Annotated[Iris, Says(CES.memberKind, "iri")] = ()
    corporate_number: Annotated[str | None, Says(CES.corporateNumber)] = None
    seat: Annotated[Iris, Says(CES.inRegion, "iri")] = ()
    active_in: Annotated[Iris, Says(CES.activeIn, "iri")] = ()


RecordOfKind = Technology | Issue | RegionalResource | Partner
