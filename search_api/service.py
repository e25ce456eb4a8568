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
from search_api.engine.lexicon import load_lexicon
from search_api.engine.models.loading import LoadedModel, background_model, load_model
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
        _index(folder, store, model, read_only=True) as index,
    ):
        yield _service(folder, store, index, model, Difference((), ()))


@contextmanager
def writing(settings: Settings, progress: Progress | None = None) -> Iterator[Service]:
    """The live store, owned by this process; the index is healed from the graph first, and saved at the end."""
    folder = DataFolder.open(settings.data, settings.remote_graph)
    model = load_model(settings.model, settings.models)
    with folder.writer() as store, _index(folder, store, model, read_only=False) as index:
        healed = synchronise(store, index, folder.base, progress)
        try:
            yield _service(folder, store, index, model, healed)
        finally:
            if index.unsaved:
                index.save()


def rebuild_index(settings: Settings, progress: Progress | None = None) -> int:
    """Make the index anew from the graph alone and return its number of entries; cached embeddings are reused."""
    folder = DataFolder.open(settings.data, settings.remote_graph)
    model = load_model(settings.model, settings.models)
    with folder.writer() as store:
        version = require_current_ontology(store)
        # readers compare the index with the newest checkpoint, so that one must be current too
        folder.snapshots.publish(store)
        forget_index(folder.index_path)
        index = SearchIndex(folder.index_path, model.embedder, model.reference_means, ontology=version)
        synchronise(store, index, folder.base, progress)
        index.save(refit=True)
        count = len(index)
        index.close()
    return count


@contextmanager
def _index(folder: DataFolder, store: GraphStore, model: LoadedModel, *, read_only: bool) -> Iterator[SearchIndex]:
    version = require_current_ontology(store)
    with ExitStack() as stack:
        index = SearchIndex(
            folder.index_path, model.embedder, model.reference_means, ontology=version, read_only=read_only
        )
        stack.callback(index.close)
        yield index


def _service(
    folder: DataFolder, store: GraphStore, index: SearchIndex, model: LoadedModel, healed: Difference
) -> Service:
    lexicon = load_lexicon(store, index.manifest.ontology, folder.cache_path)
    matcher = MentionMatcher(concept_terms(lexicon.vocabulary), folder.cache_path)
    evidence = EvidenceFinder(lexicon.concepts, matcher)
    engine = SearchEngine(index, model.embedder, lexicon.concepts, evidence, folder.base)
    return Service(folder, store, index, engine, lexicon.vocabulary, healed)


__all__ = ["Service", "reading", "rebuild_index", "writing"]
