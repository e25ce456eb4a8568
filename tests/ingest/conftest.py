"""One graph in memory with the whole ontology, and one run of an ingestion over it, shared by all tests here.

Building them takes seconds, so they live for the session; each test uses ids and names of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.kinds import expand
from ingest.limits import DEFAULT_LIMITS, Limits
from ingest.model import Modeller, Organisations
from ingest.pipeline import Ingestion, Options
from ingest.report import FileReport
from ingest.vocabulary import Vocabulary
from kg.iris import Kind
from kg.ontology_load import load_ontology
from kg.oxigraph_store import OxigraphStore
from tests.ingest.support import BASE, COLUMNS

CORPUS = Path(__file__).parents[2] / "corpus"
Ingest = Callable[[str, str | bytes], FileReport]


@pytest.fixture(scope="session")
def store() -> OxigraphStore:
    """An Oxigraph in memory that holds ontology, schemes and regions."""
    store = OxigraphStore(None)
    load_ontology(store)
    return store


@pytest.fixture(scope="session")
def vocabulary(store: OxigraphStore) -> Vocabulary:
    """The labels of all schemes."""
    return Vocabulary.from_store(store)


@pytest.fixture
def modeller(vocabulary: Vocabulary) -> Modeller:
    """A modeller that knows no partner yet."""
    return Modeller(BASE, vocabulary, Organisations(BASE))


@pytest.fixture(scope="session")
def label_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the norms of labels are kept between runs."""
    return tmp_path_factory.mktemp("labels")


@pytest.fixture(scope="session")
def run(store: OxigraphStore, label_cache: Path) -> Ingestion:
    """One run over many files, as ``meguri ingest`` makes it."""
    return Ingestion(store, BASE, Options(COLUMNS, cache=label_cache), "tests")


@pytest.fixture(scope="session")
def corpus_reports(run: Ingestion) -> list[FileReport]:
    """What became of each file of the corpus, in one run."""
    return [run.ingest(path) for path in expand([CORPUS])]


@pytest.fixture
def ingest(run: Ingestion, tmp_path: Path) -> Ingest:
    """Writes a file and ingests it in the shared run."""

    def write_and_ingest(name: str, content: str | bytes) -> FileReport:
        return run.ingest(written(tmp_path / name, content))

    return write_and_ingest


@pytest.fixture
def new_run(store: OxigraphStore, label_cache: Path) -> Callable[..., Ingestion]:
    """Another run over the same graph (a second to build: for what only a new one can show)."""

    def build(*, kind: Kind | None = None, dry_run: bool = False, limits: Limits = DEFAULT_LIMITS) -> Ingestion:
        options = Options(COLUMNS, kind=kind, dry_run=dry_run, limits=limits, cache=label_cache)
        return Ingestion(store, BASE, options, "tests")

    return build


def written(path: Path, content: str | bytes) -> Path:
    """The file with this content."""
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path
