"""Are the shapes well formed, do they speak of terms that exist, and do they speak to a clerk in both languages?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from rdflib import Graph, Literal, URIRef
from rdflib.term import Node

from kg.namespaces import CES, RDF
from kg.ontology_check.check import unreadable
from kg.ontology_check.findings import OntologyFinding, line_of, short
from kg.validation import SH, malformed

_REFERENCES = (SH.path, SH["class"], SH.targetClass, SH.equals, SH.disjoint, SH.lessThan, SH.lessThanOrEquals)


def shape_faults(root: Path, files: Sequence[Path], classes: Path) -> list[OntologyFinding]:
    """Findings on the shapes' files; ``classes`` is the file that defines the terms they may speak of."""
    found, graphs = [], {}
    for path in files:
        try:
            graphs[path] = Graph().parse(path, format="turtle")
        except (SyntaxError, ValueError, OSError) as error:
            found.append(unreadable(root, path, error))
    if found or not classes.exists():
        return found
    defined = set(_defined(classes))
    for path, graph in graphs.items():
        found += [*_undefined(root, path, graph, defined), *_half_spoken(root, path, graph)]
    return found or _malformed(root, graphs)


def count_shapes(files: Sequence[Path]) -> dict[str, int]:
    """Node and property shapes in these files; what does not parse counts nothing."""
    graph = Graph()
    for path in files:
        try:
            graph.parse(path, format="turtle")
        except (SyntaxError, ValueError, OSError):
            continue
    return {kind: len(set(graph.subjects(RDF.type, SH[kind]))) for kind in ("NodeShape", "PropertyShape")}


def _defined(classes: Path) -> Iterator[Node]:
    try:
        yield from Graph().parse(classes, format="turtle").subjects(RDF.type, None)
    except (SyntaxError, ValueError):  # reported where the file was read for its rules
        return


def _undefined(root: Path, path: Path, graph: Graph, defined: set[Node]) -> Iterator[OntologyFinding]:
    for reference in _REFERENCES:
        for shape, value in graph.subject_objects(reference):
            if isinstance(value, URIRef) and value.startswith(str(CES)) and defined and value not in defined:
                yield _finding(
                    root,
                    path,
                    shape,
                    "shapeTerm",
                    f"The shape speaks of {short(value)}, which ces.ttl does not define. Check its spelling.",
                    f"シェイプが {short(value)} に触れていますが、ces.ttl に定義がありません。綴りを確かめてください。",
                )


def _half_spoken(root: Path, path: Path, graph: Graph) -> Iterator[OntologyFinding]:
    for shape in set(graph.subjects(SH.message, None)):
        languages = sorted(str(m.language) for m in graph.objects(shape, SH.message) if isinstance(m, Literal))
        if languages != ["en", "ja"]:
            yield _finding(
                root,
                path,
                shape,
                "shapeMessage",
                "The shape needs exactly one sh:message in Japanese and one in English.",
                "シェイプには日本語と英語の sh:message が一つずつ必要です。",
            )


def _malformed(root: Path, graphs: dict[Path, Graph]) -> list[OntologyFinding]:
    whole = Graph()
    for graph in graphs.values():
        whole += graph
    found = []
    for shape, said in malformed(whole):
        path = next((p for p, graph in graphs.items() if (shape, None, None) in graph), root)
        en = f"The shape is not well-formed SHACL: {said}"
        found.append(_finding(root, path, shape, "shapeMalformed", en, f"SHACL の書き方に誤りがあります: {said}"))
    return found


def _finding(root: Path, path: Path, shape: Node, rule: str, en: str, ja: str) -> OntologyFinding:
    term = str(shape) if isinstance(shape, URIRef) else None
    line = line_of(term, path.read_text(encoding="utf-8")) if term and path.is_file() else None
    return OntologyFinding(path.relative_to(root).as_posix(), term, line, rule, "error", en, ja)
