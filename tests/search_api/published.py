"""A service with two editions, for all tests of a session, of which the second lacks one record and has another."""

from __future__ import annotations

import pytest
from rdflib import Graph, Literal

from kg.commit import Committer, Submission
from kg.edition_seal import seal
from kg.editions import Editions
from kg.iris import record_iri
from kg.namespaces import CES, CONCEPT, RDF, RDFS
from kg.provenance import Activity, Origin, Source
from search_api.service import Service

SOURCE = Origin(Source("test.csv", "cd" * 32, "text/csv"), 2)


def partner_of(base: str, id_: str, name: str) -> Submission:
    graph, iri = Graph(), record_iri(base, id_)
    graph.add((iri, RDF.type, CES.Partner))
    graph.add((iri, RDFS.label, Literal(name, lang="ja")))
    graph.add((iri, CES.memberKind, CONCEPT["member-kind/company"]))
    return Submission(id_, graph, SOURCE)


@pytest.fixture(scope="session")
def published(service: Service) -> Editions:
    """Edition 1 is sealed, edition 2 is not; partner-GONE is withdrawn in between, partner-MERGED has a successor."""
    base, store = service.folder.base, service.store
    committer = Committer(store, base)
    committer.commit(
        [partner_of(base, "partner-GONE", "消える会社"), partner_of(base, "partner-MERGED", "合併前の会社")],
        Activity.now("meguri test"),
    )
    service.folder.snapshots.publish(store)
    kept = service.folder.editions()
    seal(kept, kept.publish(service.folder.snapshots, "First <b>edition</b>").number)
    committer.withdraw(["partner-GONE"], "誤登録 <script>")
    committer.withdraw(["partner-MERGED"], "合併", successor="partner-P1")
    committer.commit([partner_of(base, "partner-NEW", "新しい会社")], Activity.now("meguri test"))
    service.folder.snapshots.publish(store)
    kept.publish(service.folder.snapshots)
    # the graph is as the other tests of the session know it
    committer.withdraw(["partner-NEW"])
    service.folder.snapshots.publish(store)
    return kept
