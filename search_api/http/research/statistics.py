"""How large the data set is, by class and by property (VoID): counted once for each state of the graph."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock

from kg.queries import load_query
from search_api.service import Service

QUERIES = "search_api.http.research.queries"


@dataclass(frozen=True)
class Statistics:
    """Counts over the default graph; classes and properties by IRI, the most frequent first."""

    triples: int
    subjects: int
    entities: int
    classes: dict[str, int]
    properties: dict[str, int]


class StatisticsCache:
    """The statistics of the newest snapshot; counted when first asked for after a commit."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._state: str | None = None
        self._counted: Statistics | None = None

    def of(self, service: Service) -> Statistics:
        """The statistics of the graph as it is published now."""
        newest = service.folder.snapshots.newest()
        with self._lock:
            if self._counted is None or self._state != str(newest):
                self._counted, self._state = count_statements(service), str(newest)
            return self._counted


def count_statements(service: Service) -> Statistics:
    """Count the default graph of the live store."""
    classes = _counts(service, "class_counts")
    properties = _counts(service, "property_counts")
    (row,) = service.store.select(load_query("subject_count", QUERIES))
    return Statistics(
        triples=sum(properties.values()),
        subjects=int(str(row["subjects"])),
        entities=int(str(row["entities"])),
        classes=classes,
        properties=properties,
    )


def _counts(service: Service, query: str) -> dict[str, int]:
    rows = service.store.select(load_query(query, QUERIES))
    counted = {str(row["thing"]): int(str(row["count"])) for row in rows if "thing" in row}
    return dict(sorted(counted.items(), key=lambda item: (-item[1], item[0])))
