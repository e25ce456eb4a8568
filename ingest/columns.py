"""The documented, extensible table of headers: which column of an office's file means which field."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from ingest.normalise.amounts import is_unit, split_header
from ingest.readers.headers import header_key, header_keys, header_parts, loose_key
from kg.errors import MeguriError

# fields that are read to be left out: they say nothing that is stored
IGNORED = frozenset({"serial"})
_HEADERS_KEPT = 10_000


@dataclass(frozen=True)
class Columns:
    """Headers (as keys) to fields, and fields to the way their cells are read."""

    field_of: Mapping[str, str]
    type_of: Mapping[str, str]
    _found: dict[str, str | None] = dataclass_field(default_factory=dict, repr=False, compare=False)

    def known(self) -> Mapping[str, str]:
        """The header keys by which a reader recognises the header row."""
        return self.field_of

    def field(self, header: str) -> str | None:
        """The canonical field of a header, None for an unknown one."""
        if header not in self._found:
            # keys of a JSON file may be of any number
            if len(self._found) > _HEADERS_KEPT:
                self._found.clear()
            self._found[header] = self._direct(header) or self._joined(header)
        return self._found[header]

    def _direct(self, header: str) -> str | None:
        field = next((self.field_of[key] for key in header_keys(header) if key in self.field_of), None)
        named = split_header(header) if field is None else None
        if named and is_unit(named[1]):
            # 目標値（t）: a number's unit may stand in its header; other headers with a unit are amounts of their own
            numeric = next((self.field_of[key] for key in header_keys(named[0]) if key in self.field_of), None)
            return numeric if numeric and self.type_of[numeric] == "number" else None
        return field

    def _joined(self, header: str) -> str | None:
        """The field of a header made of several that all mean it (企業名／団体名, 対象地域 Target region)."""
        for parts in header_parts(header):
            fields = {self._direct(part) for part in parts}
            if len(fields) == 1:
                return fields.pop()
        return None

    def unknown(self, headers: Iterable[str]) -> list[str]:
        """The headers that mean nothing here and are not amounts with a unit either."""
        return [h for h in headers if h and self.field(h) is None and not _names_a_unit(h)]

    def reading(self, headers: Iterable[str], title: str) -> Columns:
        """The table for records named by ``title`` in a file with these headers.

        Where no column is the title's own, テーマ names an issue, and a column that names things in general
        (名称, title, name) names this one.
        """
        fields = {header: self.field(header) for header in headers}
        if title in fields.values():
            return self
        if title == "commitment" and "organisation" not in fields.values():
            # whoever lists only names, kinds and days of joining lists members
            title = "organisation"
        theme = (h for h, f in fields.items() if f == "themes" and header_key(h) in _THEME_TITLES and title == "issue")
        general = (h for h, f in fields.items() if f == "title")
        chosen = next(theme, None) or next(general, None)
        if chosen is None:
            return self
        english = [header for header, field in fields.items() if field == "title_en"]
        made = dict.fromkeys((key for header in english for key in header_keys(header)), f"{title}_en")
        return Columns({**self.field_of, **made, **dict.fromkeys(header_keys(chosen), title)}, self.type_of)


def _names_a_unit(header: str) -> bool:
    named = split_header(header)
    return named is not None and is_unit(named[1])


# beside the title of an issue a theme is its subject; alone it is what the issue is called
_THEME_TITLES = frozenset({"テーマ", "テーマ名", "theme"})


@cache
def load_columns(mapping: Path | None = None) -> Columns:
    """The packaged table, with the headers of a mapping file (same form) taking precedence.

    Raises MeguriError (``mapping_invalid``) where the file is none.
    """
    table = _packaged()
    extra = _parse_mapping(mapping, table) if mapping else {}
    field_of: dict[str, str] = {}
    type_of: dict[str, str] = {}
    for source in (table, extra):
        for field, entry in source.items():
            type_of.setdefault(field, entry.get("type", "text"))
            for header in map(str, (field, *entry["headers"])):
                field_of[header_key(header)] = field
        # spellings without marks come second, so that none of them takes the place of a header as it is listed
        for field, entry in source.items():
            for header in map(str, (field, *entry["headers"])):
                field_of.setdefault(loose_key(header) or header_key(header), field)
    return Columns(field_of, type_of)


def header_ja(field: str) -> str:
    """The first Japanese header that the packaged table lists for a field; KeyError for none of ours."""
    headers = _packaged()[field]["headers"]
    return next((str(header) for header in headers if not str(header).isascii()), str(headers[0]))


@cache
def _packaged() -> dict[str, dict[str, Any]]:
    return _parse((files("ingest") / "columns.yaml").read_text(encoding="utf-8"))


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
