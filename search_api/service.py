"""Opens a data folder as a service: graph, index, model and matcher put together, for reading or for writing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from ingest.mentions.matcher import MentionMatcher
from ingest.mentions.terms import concept_terms
from ingest.vocabulary import Vocabulary
from kg.folder import DataFolder
from kg.ontology_load import require_current_ontology
from kg.store import GraphStore
from search_api.engine.evidence import EvidenceFinder
from search_api.engine.index.search_index import Progress, SearchIndex, forget_index
from search_api.engine.lexicon import Lexicon, load_lexicon
from search_api.engine.models.loading import LoadedModel, background_model, load_model
from search_api.engine.reading import MatcherReader
from search_api.engine.region_facts import GraphFacts
from search_api.engine.search import SearchEngine
from search_api.engine.sync import Difference, synchronise
from search_api.settings import Settings


@dataclass(frozen=True)
class Service:
    """An open data folder. ``healed`` says what the index lacked when it was opened for writing."""

    folder: DataFolder
    store: GraphStore
    index: SearchIndex
    engine: SearchEngine
    vocabulary: Vocabulary
    healed: Difference


@contextmanager
def reading(settings: Settings) -> Iterator[Service]:
    """The newest snapshot and the index as they stand, for any number of processes.

    The model loads in a process of its own meanwhile: for a single search that is most of the time.
    """
    folder = DataFolder.open(settings.data, settings.remote_graph)
    with (
        background_model(settings.model, settings.models) as model,
        folder.reader() as store,
    ):
        language = _language(folder, store)
        with _index(folder, model, language, read_only=True) as index:
            yield _service(folder, store, index, model, language, Difference((), ()))


@contextmanager
def writing(settings: Settings, progress: Progress | None = None) -> Iterator[Service]:
    """The live store, owned by this process; the index is healed from the graph first, and saved at the end."""
    folder = DataFolder.open(settings.data, settings.remote_graph)
    model = load_model(settings.model, settings.models)
    with folder.writer() as store:
        language = _language(folder, store)
        with _index(folder, model, language, read_only=False) as index:
            healed = synchronise(store, index, folder.base, progress)
            try:
                yield _service(folder, store, index, model, language, healed)
            finally:
                if index.unsaved:
                    index.save()


def rebuild_index(settings: Settings, progress: Progress | None = None) -> int:
    """Make the index anew from the graph alone and return its number of entries; cached embeddings are reused."""
    folder = DataFolder.open(settings.data, settings.remote_graph)
    model = load_model(settings.model, settings.models)
    with folder.writer() as store:
        language = _language(folder, store)
        # readers compare the index with the newest checkpoint, so that one must be current too
        folder.snapshots.publish(store)
        forget_index(folder.index_path)
        with _index(folder, model, language, read_only=False) as index:
            synchronise(store, index, folder.base, progress)
            index.save(refit=True)
            return len(index)


@dataclass(frozen=True)
class _Language:
    """What the store's ontology makes of texts: its version, its concepts, and the matcher of its labels."""

    version: str
    lexicon: Lexicon
    matcher: MentionMatcher


def _language(folder: DataFolder, store: GraphStore) -> _Language:
    version = require_current_ontology(store)
    lexicon = load_lexicon(store, version, folder.cache_path)
    return _Language(version, lexicon, MentionMatcher(concept_terms(lexicon.vocabulary), folder.cache_path))


@contextmanager
def _index(folder: DataFolder, model: LoadedModel, language: _Language, *, read_only: bool) -> Iterator[SearchIndex]:
    with ExitStack() as stack:
        index = SearchIndex(
            folder.index_path,
            model.embedder,
            model.reference_means,
            ontology=language.version,
            reader=MatcherReader(language.matcher, language.version),
            read_only=read_only,
        )
        stack.callback(index.close)
        yield index


def _service(
    folder: DataFolder,
    store: GraphStore,
    index: SearchIndex,
    model: LoadedModel,
    language: _Language,
    healed: Difference,
) -> Service:
    concepts = language.lexicon.concepts
    evidence = EvidenceFinder(concepts, language.matcher)
    engine = SearchEngine(index, model.embedder, concepts, evidence, folder.base, GraphFacts(store))
    return Service(folder, store, index, engine, language.lexicon.vocabulary, healed)


__all__ = ["Service", "reading", "rebuild_index", "writing"]
