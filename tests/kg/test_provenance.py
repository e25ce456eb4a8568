"""Provenance says where a record came from, in UTC and in PROV-O."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from rdflib import Literal

from kg.iris import source_iri
from kg.namespaces import CES, DCTERMS, PROV, RDF, RDFS, XSD
from kg.provenance import Activity, Origin, Source, provenance_graph
from kg.terms import canonical_lines
from tests.kg.samples import ACTIVITY, BASE, SOURCE, iri


def test_a_sheet_and_a_row_are_kept_and_absent_ones_are_not_invented() -> None:
    graph = provenance_graph(BASE, "issue-1", "00", Origin(SOURCE, 7, "令和7年度"), ACTIVITY)
    assert graph.value(iri("issue-1"), CES.sourceRow) == Literal(7)
    assert graph.value(iri("issue-1"), CES.sourceSheet) == Literal("令和7年度")
    bare = provenance_graph(BASE, "issue-1", "00", Origin(SOURCE), ACTIVITY)
    assert not {predicate for _, predicate, _ in bare} & {CES.sourceRow, CES.sourceSheet}


def test_the_source_is_named_by_its_content() -> None:
    renamed = Source("課題 (2).csv", SOURCE.sha256, "text/csv")
    graph = provenance_graph(BASE, "issue-1", "00", Origin(renamed), ACTIVITY)
    source = source_iri(BASE, SOURCE.sha256)
    assert graph.value(iri("issue-1"), PROV.wasDerivedFrom) == source
    assert graph.value(source, RDFS.label) == Literal("課題 (2).csv")
    assert graph.value(source, DCTERMS.format) == Literal("text/csv")
    assert (source, RDF.type, PROV.Entity) in graph


def test_times_are_utc_wherever_the_clock_hangs() -> None:
    tokyo = Activity(ACTIVITY.started.astimezone(timezone(timedelta(hours=9))), ACTIVITY.agent)
    assert tokyo.iri(BASE) == ACTIVITY.iri(BASE)
    assert tokyo.time == ACTIVITY.time == Literal("2025-04-01T09:00:00+00:00", datatype=XSD.dateTime)
    now = Activity.now("meguri")
    assert abs(datetime.now(UTC) - now.started) < timedelta(minutes=1)
    assert now.started.microsecond == 0


def test_the_same_input_gives_the_same_graph() -> None:
    one, other = (provenance_graph(BASE, "issue-1", "00", Origin(SOURCE, 2), ACTIVITY) for _ in range(2))
    assert canonical_lines(one) == canonical_lines(other)
