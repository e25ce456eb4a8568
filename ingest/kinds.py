"""Which kind of record a file holds: said on the command line, by its folder, or by its columns."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from ingest.columns import Columns
from ingest.makers import MAKERS
from ingest.normalise.text import fold
from ingest.readers.documents.formats import DOCUMENT_TYPES
from ingest.readers.errors import FileRejected
from ingest.readers.open_file import SUFFIXES
from kg.iris import Kind

FOLDERS: dict[str, Kind] = {
    "partners": "partner",
    "resources": "resource",
    "technologies": "technology",
    "issues": "issue",
    "schemes": "scheme",
    "projects": "project",
    "events": "event",
    "commitments": "commitment",
    "followups": "followup",
    "documents": "document",
}
# records are stored before those that refer to them
ORDER: tuple[Kind, ...] = (
    "partner",
    "resource",
    "technology",
    "issue",
    "scheme",
    "project",
    "event",
    "commitment",
    "followup",
    "document",
)
# an organisation names a partner only where nothing else is named beside it
_TELLING: tuple[Kind, ...] = (
    "technology",
    "issue",
    "resource",
    "scheme",
    "project",
    "event",
    "commitment",
    "followup",
)
_PLACES = {"regions", "jis_code", "municipality", "prefecture", "department"}
# what a sheet, or a list in a JSON file, is called that names its records only in general (名称, name)
_SHEET_NAMES: tuple[tuple[str, Kind], ...] = (
    (r"技術|ソリューション|シーズ|製品|サービス|technolog|solution|offer", "technology"),
    (r"課題|ニーズ|困りごと|issue|challenge|need", "issue"),
    (r"資源|特産|resource", "resource"),
    (r"制度|補助金|scheme|subsid", "scheme"),
    (r"プロジェクト|project", "project"),
    (r"催し|イベント|event", "event"),
    (r"目標|コミットメント|commitment|goal", "commitment"),
    (r"企業|団体|会員|組織|partner|organi[sz]ation|compan|member", "partner"),
)
# folders that lie beside the registrations and hold none
_SKIPPED_FOLDERS = {"evaluation", "extraction", "needs", "sources"}


def expand(paths: Iterable[Path]) -> list[Path]:
    """All files that the paths name, folders searched through, in an order that respects references."""
    files: list[Path] = []
    for path in paths:
        files += _files_below(path) if path.is_dir() else [path]
    unique = list(dict.fromkeys(files))
    return sorted(unique, key=lambda file: (_rank(file), str(file)))


def folder_kind(path: Path) -> Kind | None:
    """The kind that a file's folder, or its being a text, says."""
    if path.suffix.lower() in DOCUMENT_TYPES:
        return "document"
    return FOLDERS.get(path.parent.name)


def columns_kind(headers: Iterable[str], columns: Columns, name: str) -> Kind:
    """The kind of ``fields_kind``; FileRejected where no column tells one."""
    kind = fields_kind(headers, columns)
    if kind is None:
        raise kind_unknown(name)
    return kind


def fields_kind(headers: Iterable[str], columns: Columns) -> Kind | None:
    """The kind whose title column is there, the most telling one first; None where no column tells one.

    A commitment may go without a name of its own: nothing else states the day of joining. テーマ names an issue
    where a place or a department stands beside it, and nothing else is named.
    """
    fields = {field for header in headers if (field := columns.field(header))}
    for kind in _TELLING:
        if MAKERS[kind].title in fields:
            return kind
    if {"joined", "member_kind"} <= fields:
        return "commitment"
    of_an_office = "organisation" not in fields or "department" in fields
    if "themes" in fields and fields & _PLACES and of_an_office and not fields & {"member_kind", "corporate_number"}:
        return "issue"
    return "partner" if "organisation" in fields else None


def sheet_kind(name: str | None) -> Kind | None:
    """The kind that the name of a sheet or list says; None where it says none."""
    folded = fold(name or "")
    return next((kind for words, kind in _SHEET_NAMES if re.search(words, folded, re.IGNORECASE)), None)


def kind_unknown(name: str) -> FileRejected:
    """No column says what the file registers."""
    return FileRejected(
        code="kind_unknown",
        en=f"{name} has no column that says what it registers.",
        ja=f"{name} には、何の登録か分かる列がありません。",
        remedy_en="Name the kind with --kind, or check that the header row is there (see `meguri ingest --help`).",
        remedy_ja="--kind で種類を指定するか、見出し行があるか確認してください（`meguri ingest --help`）。",
    )


def _files_below(folder: Path) -> list[Path]:
    return [p for p in sorted(folder.rglob("*")) if p.is_file() and _is_input(p, folder)]


def _is_input(path: Path, root: Path) -> bool:
    inside = path.relative_to(root).parts
    hidden = any(part.startswith(("~$", ".")) or part in _SKIPPED_FOLDERS for part in inside)
    is_readme = path.name.lower().startswith("readme")
    return not hidden and not is_readme and not path.name.endswith(".meta.yaml") and path.suffix.lower() in SUFFIXES


def _rank(path: Path) -> int:
    kind = folder_kind(path)
    return ORDER.index(kind) if kind else len(ORDER)
