"""What ``ces:matches`` in a SPARQL query finds: the search engine's own answer, as addresses with their closeness."""

from __future__ import annotations

from search_api.engine.query import Request
from search_api.engine.search import SearchEngine


def searched(engine: SearchEngine, text: str, kind: str, limit: int) -> list[tuple[str, float]]:
    """The records closest to a text, the best first, with their cosine; MeguriError for an unknown kind."""
    answer = engine.search(Request(text, find=kind, limit=limit))
    return [(result.iri, round(result.evidence.dense, 4)) for result in answer.results]
