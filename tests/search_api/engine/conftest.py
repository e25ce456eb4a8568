"""A store with the whole ontology and a few records, made once; an embedder that counts what it embeds."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from ingest.columns import load_columns
from ingest.mentions.matcher import MentionMatcher
from ingest.mentions.terms import concept_terms
from ingest.pipeline import Ingestion, Options
from ingest.vocabulary import Vocabulary
from kg.namespaces import DEFAULT_BASE
from kg.ontology_load import load_ontology
from kg.oxigraph_store import OxigraphStore
from kg.provenance import stored_hashes
from search_api.engine.concepts import ConceptGraph
from search_api.engine.evidence import EvidenceFinder
from search_api.engine.index.search_index import SearchIndex
from search_api.engine.models.double import HashingEmbedder
from search_api.engine.models.embedder import Role, Vectors
from search_api.engine.search import SearchEngine
from search_api.engine.sync import synchronise

RECORDS = Path(__file__).parent / "records"
BASE = DEFAULT_BASE
Opener = Callable[..., SearchIndex]


class CountingEmbedder(HashingEmbedder):
    """Remembers every text that it was asked to embed as a passage."""

    def __init__(self, dimension: int = 64) -> None:
        super().__init__(dimension)
        self.passages: list[str] = []

    def embed(self, texts: Sequence[str], role: Role) -> Vectors:
        if role == "passage":
            self.passages += texts
        return super().embed(texts, role)


def reference_means(dimension: int = 64) -> dict[tuple[str, str], Vectors]:
    """Small means of every kind and language, each along an axis of its own."""
    keys = [(kind, lang) for kind in ("passage", "query", "offer", "issue") for lang in ("ja", "en")]
    axes = np.eye(dimension, dtype=np.float32) * 0.3
    return {key: axes[number] for number, key in enumerate(keys)}


def ingest(store: OxigraphStore, *paths: Path) -> list[str]:
    """Ingest files; the ids that were written. Every row must be good."""
    ingestion = Ingestion(store, BASE, Options(load_columns()), "tests")
    before = stored_hashes(store)
    for path in paths:
        report = ingestion.ingest(path)
        assert report.file_error is None, report.file_error
        assert not report.rejected, report.as_json()
    written = stored_hashes(store).items() - before.items()
    return sorted(str(record).removeprefix(BASE) for record, _ in written)


@pytest.fixture(scope="session")
def ontology_store() -> OxigraphStore:
    """The ontology alone; never written to."""
    store = OxigraphStore(None)
    load_ontology(store)
    return store


@pytest.fixture(scope="session")
def record_store(prepared_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OxigraphStore]:
    """The ontology and the records beside this file; never written to (see ``own_store``)."""
    path = tmp_path_factory.mktemp("records") / "graph"
    shutil.copytree(prepared_folder / "graph", path)
    store = OxigraphStore(path)
    ingest(store, *sorted(RECORDS.glob("*.csv")), *sorted(RECORDS.glob("*.txt")))
    yield store
    store.close()


@pytest.fixture
def own_store(record_store: OxigraphStore, tmp_path: Path) -> Iterator[OxigraphStore]:
    """A copy of ``record_store`` that the test may write to."""
    record_store.snapshot(tmp_path / "own")
    store = OxigraphStore(tmp_path / "own")
    yield store
    store.close()


@pytest.fixture(scope="session")
def concepts(ontology_store: OxigraphStore) -> ConceptGraph:
    return ConceptGraph.from_store(ontology_store)


@pytest.fixture(scope="session")
def evidence_finder(ontology_store: OxigraphStore, concepts: ConceptGraph) -> EvidenceFinder:
    return EvidenceFinder(concepts, MentionMatcher(concept_terms(Vocabulary.from_store(ontology_store))))


@pytest.fixture
def embedder() -> CountingEmbedder:
    return CountingEmbedder()


@pytest.fixture
def open_index(tmp_path: Path, embedder: CountingEmbedder) -> Iterator[Opener]:
    """Opens indexes on one folder (``tmp_path/index`` unless told), and closes them at the end."""
    opened: list[SearchIndex] = []

    def open_(folder: Path | None = None, *, ontology: str = "1", read_only: bool = False) -> SearchIndex:
        reference = reference_means(embedder.dimension)
        place = folder or tmp_path / "index"
        index = SearchIndex(place, embedder, reference, ontology=ontology, read_only=read_only)
        opened.append(index)
        return index

    yield open_
    for index in opened:
        index.close()


@pytest.fixture(scope="session")
def engine(
    record_store: OxigraphStore,
    concepts: ConceptGraph,
    evidence_finder: EvidenceFinder,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[SearchEngine]:
    """The search engine over ``record_store``."""
    embedder = HashingEmbedder(256)
    index = SearchIndex(tmp_path_factory.mktemp("index"), embedder, reference_means(256), ontology="1")
    synchronise(record_store, index, BASE)
    yield SearchEngine(index, embedder, concepts, evidence_finder, BASE)
    index.close()
