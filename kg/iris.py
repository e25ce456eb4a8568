"""Ids and IRIs of records: deterministic, stable under corrections of the text, and never shared by two records."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import Literal, get_args

from rdflib import URIRef

Kind = Literal[
    "technology",
    "issue",
    "partner",
    "resource",
    "scheme",
    "project",
    "commitment",
    "followup",
    "event",
    "document",
]
KINDS: tuple[Kind, ...] = get_args(Kind)

_PLAIN_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_HASHED_KEY = re.compile(r"h[0-9a-f]{20}")


def record_key(declared_id: str | None, source: str, organisation: str, title: str) -> str:
    """The key of a record: its declared id, else a hash of source, organisation and normalised title.

    A declared id of plain characters is kept as it is; any other one (and one that looks like our own
    hashes) is hashed, so two different ids never meet in one key.
    """
    if declared_id:
        if _PLAIN_KEY.fullmatch(declared_id) and not _HASHED_KEY.fullmatch(declared_id):
            return declared_id
        return _hashed("id", declared_id)
    return _hashed("title", source, normalise_title(organisation), normalise_title(title))


def record_id(kind: Kind, key: str) -> str:
    """The id under which the API knows a record, for example ``technology-T001``."""
    return f"{kind}-{key}"


def kind_of(id_: str) -> Kind | None:
    """The kind that a record id names, or None where it is no record id."""
    prefix, _, key = id_.partition("-")
    return prefix if _PLAIN_KEY.fullmatch(key) and prefix in KINDS else None


def record_iri(base: str, id_: str) -> URIRef:
    """The IRI of a record, which is also the name of its graph."""
    return URIRef(base + id_)


def provenance_iri(base: str, id_: str) -> URIRef:
    """The graph that says where the record came from."""
    return URIRef(f"{base}provenance/{id_}")


# graphs beside a record's own that speak of it: BASE + NAME + / + ID
RECORD_GRAPHS = ("provenance", "history")


def withdrawn_iri(base: str, id_: str) -> URIRef:
    """The graph that says that a record was withdrawn."""
    return URIRef(f"{base}withdrawn/{id_}")


def review_iri(base: str, id_: str) -> URIRef:
    """The graph of what people decided about the statements that were read from a document."""
    return URIRef(f"{base}review/{id_}")


def source_iri(base: str, sha256: str) -> URIRef:
    """The PROV entity of a source file, named by its content."""
    return URIRef(f"{base}source/{sha256}")


def fragment(record: URIRef, name: str) -> URIRef:
    """A part of a record, such as ``#amount-1``."""
    return URIRef(f"{record}#{name}")


def normalise_title(text: str) -> str:
    """Titles that differ only in width, case or spacing are one title."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return unicodedata.normalize("NFKC", re.sub(r"\s+", "", folded))


def _hashed(*parts: str) -> str:
    # each part carries its length, so that ("ab", "c") and ("a", "bc") differ
    joined = "".join(f"{len(part)}:{part}" for part in parts)
    return "h" + hashlib.sha256(joined.encode()).hexdigest()[:20]
