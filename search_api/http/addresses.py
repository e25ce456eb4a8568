"""IRIs of the graph and the local addresses that answer for them; the namespace need not be where we run."""

from __future__ import annotations

import re

from kg.iris import kind_of
from kg.namespaces import CONCEPT, REGION

_RECORD_ID = re.compile(r"[a-z]+-[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_CONCEPT = re.compile(r"[a-z][a-z-]{0,40}/[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


def is_record_id(id_: str) -> bool:
    """Whether this could be a record's id; anything else must not become part of an IRI."""
    return bool(_RECORD_ID.fullmatch(id_)) and kind_of(id_) is not None


def is_concept_name(name: str) -> bool:
    """Whether ``SCHEME/slug`` could name a concept."""
    return bool(_CONCEPT.fullmatch(name))


def local_path(iri: str, base: str) -> str | None:
    """The address on this server that shows an IRI: a record (or a part of one), region or concept."""
    whole, hash_, part = iri.partition("#")
    anchor = f"{hash_}{part}"
    if whole.startswith(base) and is_record_id(whole.removeprefix(base)):
        return f"/id/{whole.removeprefix(base)}{anchor}"
    if whole.startswith(str(REGION)):
        code = whole.removeprefix(str(REGION))
        return f"/region/{code}" if re.fullmatch(r"[A-Za-z0-9-]{1,40}", code) else None
    if whole.startswith(str(CONCEPT)) and is_concept_name(whole.removeprefix(str(CONCEPT))):
        return f"/concept/{whole.removeprefix(str(CONCEPT))}"
    return None
