"""The ontology's concepts and labels, cached: reading 10,000 labels by SPARQL would cost each start a second."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from rdflib import URIRef

from ingest.mentions.matcher import MentionMatcher
from ingest.mentions.terms import concept_terms
from ingest.vocabulary import Label, Vocabulary
from kg.files import write_atomically
from kg.store import GraphStore
from search_api.engine.concepts import Concept, ConceptGraph, Step
from search_api.engine.models.prepare import default_cache_dir

# the number grows with what is kept
_PREFIX = "lexicon-3-"


@dataclass(frozen=True)
class Lexicon:
    """The concepts with their relations, and the vocabulary of all their labels."""

    concepts: ConceptGraph
    vocabulary: Vocabulary


def load_lexicon(store: GraphStore, ontology: str, cache: Path) -> Lexicon:
    """The lexicon of the ontology version in the store, from the cache where it is that version's."""
    file = cache / f"{_PREFIX}{ontology}.json"
    with suppress(OSError, ValueError, KeyError, TypeError):
        return _from_json(json.loads(file.read_text(encoding="utf-8")))
    lexicon = Lexicon(ConceptGraph.from_store(store), Vocabulary.from_store(store))
    # a folder that may only be read costs time at each start, no more
    with suppress(OSError):
        cache.mkdir(parents=True, exist_ok=True)
        write_atomically(file, json.dumps(_to_json(lexicon), ensure_ascii=False).encode())
        for old in cache.glob("lexicon*.json"):
            if old != file:
                old.unlink(missing_ok=True)
    return lexicon


@cache
def packaged_lexicon() -> tuple[Lexicon, MentionMatcher, str]:
    """The lexicon, the label matcher and the version of the ontology that comes with this version of Meguri.

    What is derived from it lies beside the prepared models, so that only the first call takes long.
    """
    from kg.ontology_load import load_ontology, require_current_ontology  # noqa: PLC0415
    from kg.oxigraph_store import OxigraphStore  # noqa: PLC0415

    folder = default_cache_dir() / "lexicon"
    store = OxigraphStore(None)
    load_ontology(store)
    version = require_current_ontology(store)
    lexicon = load_lexicon(store, version, folder)
    return lexicon, MentionMatcher(concept_terms(lexicon.vocabulary), folder), version


def _to_json(lexicon: Lexicon) -> dict[str, object]:
    return {
        "concepts": [asdict(concept) for concept in lexicon.concepts.all()],
        "steps": [asdict(step) for step in lexicon.concepts.steps()],
        "labels": [asdict(label) for label in lexicon.vocabulary.labels],
    }


def _from_json(stored: dict[str, list[dict[str, object]]]) -> Lexicon:
    concepts = {str(fields["iri"]): Concept(**fields) for fields in stored["concepts"]}  # type: ignore[arg-type]
    steps = [Step(**fields) for fields in stored["steps"]]  # type: ignore[arg-type]
    labels = [_label(fields) for fields in stored["labels"]]
    return Lexicon(ConceptGraph(concepts, steps), Vocabulary(labels))


def _label(fields: dict[str, object]) -> Label:
    return Label(
        URIRef(str(fields["concept"])),
        str(fields["scheme"]),
        str(fields["text"]),
        str(fields["lang"]),
        bool(fields["preferred"]),
    )
