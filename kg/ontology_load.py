"""Puts the packaged ontology, concept schemes and region register into a store, and says which version stands there."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib.resources import as_file, files
from pathlib import Path

from rdflib import Graph, Literal, URIRef

from kg.errors import MeguriError
from kg.namespaces import CES, DCTERMS, REGION, SCHEME
from kg.ontology_check.check import faults
from kg.ontology_check.findings import OntologyFinding, ontology_invalid
from kg.store import GraphChange, GraphStore

ONTOLOGY = URIRef("https://w3id.org/meguri/ces")
_RECORD_OF_LOAD = URIRef("https://w3id.org/meguri/ces/loaded")


def ontology_files() -> list[tuple[URIRef, Path]]:
    """Each packaged Turtle file (shapes apart, which are no statements about the world) with its graph's name."""
    with as_file(files("ontology")) as root:
        schemes = sorted((root / "schemes").glob("*.ttl"))
        named = [(URIRef(f"{SCHEME}{path.stem}"), path) for path in schemes]
        regions = [(REGION[""], root / "regions.ttl"), (REGION["facts"], root / "region-facts.ttl")]
        return [(ONTOLOGY, root / "ces.ttl"), *named, *(pair for pair in regions if pair[1].exists())]


def packaged_version() -> str:
    """sha256 (16 hex digits) over all packaged ontology files: changes whenever a term or label does."""
    digest = hashlib.sha256()
    for name, path in ontology_files():
        digest.update(str(name).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def stored_version(store: GraphStore) -> str | None:
    """The version of the ontology that the store holds, None where it holds none."""
    hashes = store.graph(_RECORD_OF_LOAD).objects(ONTOLOGY, CES.contentHash)
    return next((str(value) for value in hashes), None)


def load_ontology(store: GraphStore) -> bool:
    """Bring the store to the packaged version; False where it was there already.

    A broken ontology is refused before the store is touched: MeguriError (``ontology_invalid``) names the places.
    The version is written last: after a crash in between, the next call loads again. What an earlier
    version brought goes first, so that a file that was renamed or dropped leaves nothing behind.
    """
    version, named = packaged_version(), ontology_files()
    if stored_version(store) == version:
        return False
    if errors := [finding for finding in _faults(version) if finding.severity == "error"]:
        raise ontology_invalid(package_folder(), errors)
    names = {name for name, _ in named}
    former = _loaded_graphs(store)
    store.apply([_record_of_load(former | names, None), *(GraphChange(name, None) for name in former)])
    store.load(named)
    store.apply([_record_of_load(names, version)])
    store.flush()
    return True


def package_folder() -> Path:
    """The folder of the packaged ontology."""
    with as_file(files("ontology")) as root:
        return root


@lru_cache(maxsize=8)
def _faults(version: str) -> tuple[OntologyFinding, ...]:
    """What is wrong with the packaged version; asked once a version, however many stores are filled with it."""
    return tuple(faults(package_folder(), [path for _, path in ontology_files()]))


def _loaded_graphs(store: GraphStore) -> set[URIRef]:
    return {URIRef(str(name)) for name in store.graph(_RECORD_OF_LOAD).objects(ONTOLOGY, DCTERMS.hasPart)}


def _record_of_load(names: set[URIRef], version: str | None) -> GraphChange:
    record = Graph()
    for name in names:
        record.add((ONTOLOGY, DCTERMS.hasPart, name))
    if version is not None:
        record.add((ONTOLOGY, CES.contentHash, Literal(version)))
    return GraphChange(_RECORD_OF_LOAD, record, published=False)


def require_current_ontology(store: GraphStore) -> str:
    """The stored version, which must be the packaged one; MeguriError (``ontology_outdated``) otherwise."""
    stored, packaged = stored_version(store), packaged_version()
    if stored != packaged:
        raise MeguriError(
            code="ontology_outdated",
            en=f"The data folder holds ontology version {stored}, this program brings {packaged}.",
            ja=f"データフォルダのオントロジーは {stored} 版ですが、このプログラムは {packaged} 版です。",
            remedy_en="Run `meguri init` to update it, then `meguri reindex`.",
            remedy_ja="`meguri init` で更新し、その後 `meguri reindex` を実行してください。",
        )
    return stored
