"""What loading asks of an ontology: that each file parses, and that no rule is broken."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kg.ontology_check.findings import OntologyFinding, line_of
from kg.ontology_check.rules import rules
from kg.oxigraph_store import OxigraphStore


def faults(root: Path, files: Sequence[Path]) -> list[OntologyFinding]:
    """Everything wrong with these Turtle files of a folder, errors first; without any they may be loaded together."""
    store = OxigraphStore(None)
    try:
        return read_files(store, root, files) or broken_rules(store, root, files)
    finally:
        store.close()


def read_files(store: OxigraphStore, root: Path, files: Sequence[Path]) -> list[OntologyFinding]:
    """Put the files into a store's default graph; a finding for each that is no Turtle."""
    findings = []
    for path in files:
        try:
            store.add_file(path)
        except (SyntaxError, OSError) as error:
            findings.append(unreadable(root, path, error))
    return findings


def broken_rules(store: OxigraphStore, root: Path, files: Sequence[Path]) -> list[OntologyFinding]:
    """A finding for each term at which a rule is broken, errors first, then by place."""
    texts: dict[Path, str] = {}
    found = []
    for rule in rules():
        for term, en, ja in rule.broken_by(store):
            texts = texts or {path: path.read_text(encoding="utf-8") for path in files}
            path, line = _place(str(term), texts)
            file = path.relative_to(root).as_posix() if path else "?"
            found.append(OntologyFinding(file, str(term), line, rule.name, rule.severity, en, ja))
    return sorted(set(found), key=lambda f: (f.severity, f.file, f.line or 0, f.rule, f.en))


def unreadable(root: Path, path: Path, error: Exception) -> OntologyFinding:
    """The finding for a file that is no Turtle."""
    return OntologyFinding(
        file=path.relative_to(root).as_posix(),
        term=None,
        line=getattr(error, "lineno", None),
        rule="unreadable",
        severity="error",
        en=f"The file is not valid Turtle: {error}. Correct it at this line.",
        ja=f"Turtle として読めません: {error}。この行を直してください。",
    )


def _place(term: str, texts: dict[Path, str]) -> tuple[Path | None, int | None]:
    """Where the files speak of a term: on a line that begins with it, else in any file that names it."""
    for path, text in texts.items():
        # a local name may stand in several schemes: the prefix must be bound to the right one in this file
        if (line := line_of(term, text)) is not None and term[: -len(_local(term))] in text:
            return path, line
    return next((path for path, text in texts.items() if _local(term) in text), None), None


def _local(term: str) -> str:
    return term.replace("#", "/").rpartition("/")[2]
