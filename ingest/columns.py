"""The documented, extensible table of headers: which column of an office's file means which field."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from ingest.normalise.amounts import split_header
from ingest.readers.table import header_key
from kg.errors import MeguriError


@dataclass(frozen=True)
class Columns:
    """Headers (as keys) to fields, and fields to the way their cells are read."""

    field_of: Mapping[str, str]
    type_of: Mapping[str, str]

    def known(self) -> frozenset[str]:
        """The header keys by which a reader recognises the header row."""
        return frozenset(self.field_of)

    def field(self, header: str) -> str | None:
        """The canonical field of a header, None for an unknown one."""
        return self.field_of.get(header_key(header))

    def unknown(self, headers: Iterable[str]) -> list[str]:
        """The headers that mean nothing here and are not amounts with a unit either."""
        return [h for h in headers if h and self.field(h) is None and split_header(h) is None]


@cache
def load_columns(mapping: Path | None = None) -> Columns:
    """The packaged table, with the headers of a mapping file (same form) taking precedence.

    Raises MeguriError (``mapping_invalid``) where the file is none.
    """
    table = _parse((files("ingest") / "columns.yaml").read_text(encoding="utf-8"))
    extra = _parse_mapping(mapping, table) if mapping else {}
    field_of: dict[str, str] = {}
    type_of: dict[str, str] = {}
    for source in (table, extra):
        for field, entry in source.items():
            type_of.setdefault(field, entry.get("type", "text"))
            field_of.update((header_key(header), field) for header in (field, *entry["headers"]))
    return Columns(field_of, type_of)


def _parse(text: str) -> dict[str, dict[str, Any]]:
    import yaml  # noqa: PLC0415

    parsed: dict[str, dict[str, Any]] = yaml.safe_load(text)
    return parsed


def _parse_mapping(path: Path, fields: Collection[str]) -> dict[str, dict[str, Any]]:
    import yaml  # noqa: PLC0415

    try:
        parsed = _parse(path.read_text(encoding="utf-8"))
        if all(field in fields and isinstance(entry["headers"], list) for field, entry in parsed.items()):
            return parsed
    except (OSError, ValueError, TypeError, KeyError, AttributeError, yaml.YAMLError):
        pass
    raise MeguriError(
        code="mapping_invalid",
        en=f"{path} is not a mapping of known fields to headers.",
        ja=f"{path} は既知の項目と見出しの対応表ではありません。",
        remedy_en="Write it as ingest/columns.yaml is written: FIELD: {headers: [header, …]}.",
        remedy_ja="ingest/columns.yaml と同じ形（項目: {headers: [見出し, …]}）で書いてください。",
    )
