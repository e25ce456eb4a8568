"""The full examination of an ontology folder: what loading asks, the shapes, a reasoner, and counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from rdflib import Graph

from kg.ontology_check.check import broken_rules, read_files
from kg.ontology_check.findings import OntologyFinding, short
from kg.ontology_check.reasoner import contradictions, reasoner_is_there
from kg.ontology_check.shapes import count_shapes, shape_faults
from kg.oxigraph_store import OxigraphStore
from kg.queries import load_query

Counts = dict[str, dict[str, int]]
_REGISTER = ("regions.ttl", "region-facts.ttl")


@dataclass(frozen=True)
class OntologyReport:
    """``counts`` holds, under concepts, top, terms, relations, regions, region facts and shapes, the number of each;
    ``reasoned`` says whether a reasoner was there to ask.
    """

    root: Path
    files: int
    counts: Counts
    findings: list[OntologyFinding] = field(default_factory=list)
    reasoned: bool = False

    @property
    def rejected(self) -> bool:
        """Whether there is any error."""
        return any(finding.severity == "error" for finding in self.findings)

    def as_json(self) -> dict[str, object]:
        """For the report of the command."""
        return {
            "file": str(self.root),
            "kind": "ontology",
            "files": self.files,
            "counts": self.counts,
            "reasoner": "owlrl" if self.reasoned else None,
            "findings": [finding.as_json() for finding in self.findings],
            "summary": {
                "errors": sum(f.severity == "error" for f in self.findings),
                "warnings": sum(f.severity == "warning" for f in self.findings),
            },
        }


def is_ontology_folder(path: Path) -> bool:
    """Whether a folder is laid out as an ontology: classes in ces.ttl, or concept schemes in schemes/."""
    return (path / "ces.ttl").is_file() or any((path / "schemes").glob("*.ttl"))


def turtle_files(root: Path) -> list[Path]:
    """The files that are loaded, in the order in which they are."""
    register = [root / name for name in _REGISTER if (root / name).exists()]
    return [root / "ces.ttl", *sorted((root / "schemes").glob("*.ttl")), *register]


def examine(root: Path, step: Callable[[int, int, str], None] = lambda *_: None) -> OntologyReport:
    """Check a folder whole. Later steps are left out where an earlier one makes them meaningless."""
    files, shapes = turtle_files(root), sorted((root / "shapes").glob("*.ttl"))
    store = OxigraphStore(None)
    try:
        step(0, 3, "rules / 規則")
        findings = read_files(store, root, files)
        counts = _counts(store)
        findings = findings or broken_rules(store, root, files)
    finally:
        store.close()
    step(1, 3, "shapes / シェイプ")
    findings += shape_faults(root, shapes, root / "ces.ttl")
    counts["shapes"] = count_shapes(shapes)
    report = OntologyReport(root, len(files) + len(shapes), counts, findings)
    if report.rejected or not reasoner_is_there():
        return report
    step(2, 3, "reasoner / 推論")
    return OntologyReport(root, report.files, counts, findings + _contradictions(files), reasoned=True)


def _counts(store: OxigraphStore) -> Counts:
    counts: Counts = defaultdict(dict)
    for row in store.select(load_query("ontology_counts")):
        kind = short(str(row["of"])).removeprefix("scheme/").rpartition("#")[2]
        counts[str(row["what"])][kind] = int(str(row["number"]))
    return dict(counts)


def _contradictions(files: list[Path]) -> list[OntologyFinding]:
    """The register is left out: it holds no class of things that the schemes speak of, and 1,800 regions alike."""
    graph = Graph()
    for path in files:
        if path.name not in _REGISTER:
            graph.parse(path, format="turtle")
    return [_contradiction(said) for said in contradictions(graph)]


def _contradiction(said: str) -> OntologyFinding:
    return OntologyFinding(
        file="ces.ttl",
        term=None,
        line=None,
        rule="contradiction",
        severity="error",
        en=f"The OWL 2 RL reasoner finds a contradiction: {said}",
        ja=f"OWL 2 RL の推論で矛盾が見つかりました: {said}",
    )
