"""The files that describe the exchange format, made anew from the ontology and the shapes whenever they are asked for.

They are not kept in the repository: making all of them takes about a second, and so they can never be out of date.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from ingest.exchange.context import context_document
from ingest.exchange.schemas import record_schema
from ingest.exchange.terms import KIND_CLASSES
from ingest.exchange.writing import record_to_json
from ingest.kinds import ORDER
from kg.files import write_atomically
from kg.iris import kind_of, record_iri
from kg.ontology_terms import ontology_text
from kg.provenance import stored_hashes
from kg.store import GraphStore


def export_exchange(folder: Path) -> list[Path]:
    """Write context, JSON Schemas, shapes and ontology below a folder; returns the files."""
    contents = {
        "context.jsonld": json_text(context_document()),
        **{f"schemas/{kind}.json": json_text(record_schema(kind)) for kind in KIND_CLASSES},
        "shapes.ttl": shapes_text(),
        "ontology.ttl": ontology_text(),
    }
    written = []
    for name, content in contents.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, content.encode())
        written.append(path)
    return written


def export_records(store: GraphStore, base: str, path: Path) -> int:
    """Write every record of a store as one list, those first that others refer to; returns how many."""
    ids = (str(iri).removeprefix(base) for iri in stored_hashes(store))
    ranked = sorted((ORDER.index(kind), id_) for id_ in ids if (kind := kind_of(id_)))
    records = [record_iri(base, id_) for _, id_ in ranked]
    documents = [record_to_json(store.graph(iri), iri) for iri in records]
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, (json.dumps(documents, ensure_ascii=False, indent=1) + "\n").encode())
    return len(documents)


def json_text(document: dict[str, Any]) -> str:
    """A document as people can read it."""
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


@cache
def shapes_text() -> str:
    """All shapes in one Turtle document, as they are written."""
    entries = sorted((files("ontology") / "shapes").iterdir(), key=lambda entry: entry.name)
    return "\n".join(entry.read_text(encoding="utf-8") for entry in entries if entry.name.endswith(".ttl"))
