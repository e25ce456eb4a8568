"""In which format an answer is sent: by the ``format`` parameter, else by Accept, for results and for graphs apart.

Both are chosen before the query runs, because only the engine says which of the two it gives.
"""

from __future__ import annotations

from dataclasses import dataclass

from kg.errors import MeguriError
from search_api.http.negotiation import HTML, choose

RESULTS = {
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
}
GRAPHS = {
    "ttl": "text/turtle",
    "nt": "application/n-triples",
    "jsonld": "application/ld+json",
    "rdf": "application/rdf+xml",
}
# other names under which clients ask for the same
_RESULT_ALIASES = {"application/json": "json", "application/xml": "xml", "text/xml": "xml"}
_GRAPH_ALIASES = {
    "application/x-turtle": "ttl",
    "text/n3": "ttl",
    "text/plain": "nt",
    "application/json": "jsonld",
    "application/xml": "rdf",
    "text/xml": "rdf",
}
# what libraries send as ``format``: for results, for graphs
_NAMES: dict[str, tuple[str | None, str | None]] = {
    "csv": ("csv", None),
    "tsv": ("tsv", None),
    **{name: (None, name) for name in GRAPHS},
    "json": ("json", "jsonld"),
    "xml": ("xml", "rdf"),
    "turtle": (None, "ttl"),
    "n3": (None, "ttl"),
    "ntriples": (None, "nt"),
    "n-triples": (None, "nt"),
    "json-ld": (None, "jsonld"),
    "rdf+xml": (None, "rdf"),
    "rdfxml": (None, "rdf"),
}


@dataclass(frozen=True)
class Formats:
    """The format for results and the one for graphs; None where the client takes none of that kind."""

    results: str | None
    graphs: str | None

    def media_type(self, form: str) -> str:
        """The media type of an answer of this form; MeguriError (``form_unknown``) where the client takes none."""
        name = self.graphs if form == "graph" else self.results
        if name is None:
            raise not_acceptable(form)
        return (GRAPHS if form == "graph" else RESULTS)[name]


def asked_formats(name: str | None, accept: str | None) -> Formats:
    """The formats that a client wants; MeguriError (``form_unknown``) where we have none of them."""
    if name:
        results, graphs = _NAMES.get(name.strip().lower(), (None, None))
    else:
        results = _chosen(accept, RESULTS, _RESULT_ALIASES)
        graphs = _chosen(accept, GRAPHS, _GRAPH_ALIASES)
    if results is None and graphs is None:
        raise not_acceptable(None)
    return Formats(results, graphs)


def wants_html(accept: str | None) -> bool:
    """Whether the client is a browser that shows pages."""
    return choose(accept, [*RESULTS.values(), *GRAPHS.values(), HTML]) == HTML


def not_acceptable(form: str | None) -> MeguriError:
    """None of the formats that a client takes can be given for an answer of this form (None: for any)."""
    graphs, results = ", ".join(GRAPHS.values()), ", ".join(RESULTS.values())
    names = {"graph": graphs, None: f"{results}, {graphs}"}.get(form, results)
    return MeguriError(
        code="form_unknown",
        en="The answer of this query cannot be sent in any format that was asked for.",
        ja="指定された形式では、このクエリの結果を出力できません。",
        remedy_en=f"Ask for one of these in the Accept header: {names}.",
        remedy_ja=f"Accept ヘッダーに次のいずれかを指定してください: {names}",
    )


def _chosen(accept: str | None, own: dict[str, str], aliases: dict[str, str]) -> str | None:
    names = {media_type: name for name, media_type in own.items()} | aliases
    found = choose(accept, list(names))
    return names[found] if found else None
