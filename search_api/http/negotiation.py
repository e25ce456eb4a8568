"""Which form of a thing a client gets, by its Accept header (RFC 9110, 12.5.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from search_api.http.language import quality

HTML = "text/html"


@dataclass(frozen=True)
class Form:
    """An RDF form: the suffix of its address, its media type and rdflib's name for it."""

    suffix: str
    media_type: str
    serializer: str
    name: str


FORMS = (
    Form("ttl", "text/turtle", "turtle", "Turtle"),
    Form("jsonld", "application/ld+json", "json-ld", "JSON-LD"),
    Form("nt", "application/n-triples", "nt", "N-Triples"),
    Form("rdf", "application/rdf+xml", "xml", "RDF/XML"),
)
# other names under which clients ask for the same forms
_ALIASES = {
    "application/xhtml+xml": HTML,
    "application/json": "application/ld+json",
    "application/x-turtle": "text/turtle",
    "application/xml": "application/rdf+xml",
}


def choose(accept: str | None, offered: Sequence[str]) -> str | None:
    """The offered type that the client likes best, the first of equals; None where it likes none of them."""
    if not accept or not accept.strip():
        return offered[0]
    ranges = [_range(part) for part in accept.split(",")]
    weighted = [(_weight(ranges, media_type), media_type) for media_type in offered]
    best = max(weighted, key=lambda pair: pair[0])
    return best[1] if best[0] > 0 else None


def form_for(accept: str | None) -> str | None:
    """The media type (HTML or an RDF form) in which a thing of the graph is sent; None for 406."""
    offered = [HTML, *(form.media_type for form in FORMS)]
    found = choose(accept, [*offered, *_ALIASES])
    return _ALIASES.get(found, found) if found else None


def _range(part: str) -> tuple[str, float]:
    media_type, *parameters = part.split(";")
    weights = [quality(p) for p in parameters if p.strip().lower().startswith("q=")]
    return media_type.strip().lower(), weights[0] if weights else 1.0


def _weight(ranges: Sequence[tuple[str, float]], media_type: str) -> float:
    """The weight of the most specific range that covers a type."""
    for wanted in (media_type, f"{media_type.partition('/')[0]}/*", "*/*"):
        found = [weight for name, weight in ranges if name == wanted]
        if found:
            return found[0]
    return 0.0
