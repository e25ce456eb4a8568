"""What is wrong with an ontology, and where: file, line and term."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from kg.errors import MeguriError

Severity = Literal["error", "warning"]
# a message that lists every concept of a broken file hides the first
MAX_SHOWN = 5


@dataclass(frozen=True)
class OntologyFinding:
    """One fault. ``file`` is the Turtle file's path inside the ontology folder, ``term`` the IRI at fault (None
    where the file does not parse), ``line`` counts from 1 (None where the term was not found as a line's beginning).
    """

    file: str
    term: str | None
    line: int | None
    rule: str
    severity: Severity
    en: str
    ja: str

    @property
    def place(self) -> str:
        """``schemes/themes.ttl:34 theme/energy``."""
        line = "" if self.line is None else f":{self.line}"
        return f"{self.file}{line}" + (f" {short(self.term)}" if self.term else "")

    def as_json(self) -> dict[str, object]:
        """For the report."""
        return {
            "file": self.file,
            "line": self.line,
            "term": self.term,
            "rule": self.rule,
            "severity": self.severity,
            "message": {"ja": self.ja, "en": self.en},
        }


def short(iri: str) -> str:
    """An IRI of ours without what all of them share."""
    return re.sub(r"^https://w3id\.org/meguri/(concept/|id/|ces#)?", "", iri)


def line_of(term: str, text: str) -> int | None:
    """The line on which a Turtle text begins to speak of a term, None where no line begins with it."""
    local = re.escape(re.split(r"[/#]", term)[-1])
    pattern = re.compile(rf"^(?:[\w-]*:{local}|<{re.escape(term)}>)(?=\s)", re.MULTILINE)
    found = pattern.search(text)
    return None if found is None else text.count("\n", 0, found.start()) + 1


def ontology_invalid(root: Path, findings: Sequence[OntologyFinding]) -> MeguriError:
    """The error for an ontology that is not loaded; it names the first places."""
    more = len(findings) - MAX_SHOWN
    shown = findings[:MAX_SHOWN]
    tail_en, tail_ja = (f" … and {more} more", f" …ほか {more} 件") if more > 0 else ("", "")
    return MeguriError(
        code="ontology_invalid",
        en="The ontology is broken and was not loaded. " + " ".join(f"{f.place}: {f.en}" for f in shown) + tail_en,
        ja="オントロジーに誤りがあるため読み込みませんでした。"
        + " ".join(f"{f.place}: {f.ja}" for f in shown)
        + tail_ja,
        remedy_en=f"Mend it, and check with `meguri validate {root}`.",
        remedy_ja=f"修正し、`meguri validate {root}` で確かめてください。",
    )
