"""A running server on loopback over a small data folder, for whatever must be seen from outside."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np
import uvicorn

from ingest.mentions.matcher import MentionMatcher
from ingest.mentions.terms import concept_terms
from ingest.vocabulary import Vocabulary
from kg.folder import DataFolder
from kg.ontology_load import require_current_ontology
from search_api.engine.concepts import ConceptGraph
from search_api.engine.evidence import EvidenceFinder
from search_api.engine.index.search_index import SearchIndex
from search_api.engine.models.double import HashingEmbedder
from search_api.engine.search import SearchEngine
from search_api.engine.sync import synchronise
from search_api.http.server import server_config
from search_api.service import Service
from search_api.settings import Settings


@contextmanager
def served(folder: DataFolder, graphs: Mapping[str, Path]) -> Iterator[str]:
    """The address of a server on a folder with further named graphs; its embedding model is the double."""
    import pyoxigraph

    live = pyoxigraph.Store(str(folder.path / "graph"))
    for name, file in graphs.items():
        live.load(path=str(file), base_iri=name, to_graph=pyoxigraph.NamedNode(name))
    live.flush()
    del live
    with opened(folder) as service, running(Settings(data=folder.path), service) as address:
        yield address


@contextmanager
def opened(folder: DataFolder) -> Iterator[Service]:
    """The folder as a service, with a checkpoint of all that is in it."""
    embedder = HashingEmbedder(64)
    means = {("passage", lang): np.zeros(64, dtype=np.float32) for lang in ("ja", "en")}
    with folder.writer() as store:
        folder.snapshots.publish(store)
        version = require_current_ontology(store)
        with closing(SearchIndex(folder.index_path, embedder, means, ontology=version)) as index:
            healed = synchronise(store, index, folder.base)
            concepts, vocabulary = ConceptGraph.from_store(store), Vocabulary.from_store(store)
            evidence = EvidenceFinder(concepts, MentionMatcher(concept_terms(vocabulary)))
            engine = SearchEngine(index, embedder, concepts, evidence, folder.base)
            yield Service(folder, store, index, engine, vocabulary, healed)


@contextmanager
def running(settings: Settings, service: Service) -> Iterator[str]:
    """The application under its real server, in a thread."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    config = server_config(settings.model_copy(update={"port": port}), service)
    config.log_level = "warning"
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 30
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.02)
    assert server.started
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(15)
