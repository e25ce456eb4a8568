"""The examination of an ontology as a person reads it at a terminal: each fault with its place, then the counts."""

from __future__ import annotations

from collections.abc import Iterator

from kg.ontology_check.report import OntologyReport

MAX_FINDINGS = 50


def ontology_lines(report: OntologyReport) -> Iterator[str]:
    """Lines for one ontology folder."""
    for finding in report.findings[:MAX_FINDINGS]:
        yield f"    {finding.severity} {finding.place} [{finding.rule}]: {finding.en}"
        yield f"        {finding.ja}"
    if len(report.findings) > MAX_FINDINGS:
        yield f"    … {len(report.findings) - MAX_FINDINGS} more: --json / 続きは --json で"
    terms, shapes = report.counts.get("terms", {}), report.counts["shapes"]
    yield f"{report.root}: {report.files} files / ファイル"
    yield f"  terms / 用語: {_listed(terms)}"
    yield from _scheme_lines(report)
    yield f"  relations between concepts / 概念間の関係: {_listed(report.counts.get('relations', {}))}"
    yield f"  regions / 地域: {_listed(report.counts.get('regions', {}))}"
    yield f"  regions with facts / 事実のある地域: {_listed(report.counts.get('region facts', {}))}"
    yield f"  shapes / シェイプ: {_listed(shapes)}"
    yield f"  reasoner (OWL 2 RL) / 推論: {_reasoned(report)}"
    errors = sum(finding.severity == "error" for finding in report.findings)
    yield f"  {errors} errors, {len(report.findings) - errors} warnings / エラー {errors} 件"


def _scheme_lines(report: OntologyReport) -> Iterator[str]:
    concepts, top = report.counts.get("concepts", {}), report.counts.get("top", {})
    yield f"  concepts / 概念: {sum(concepts.values())} in {len(concepts)} schemes / 体系"
    for name, number in sorted(concepts.items()):
        yield f"    {name:16} {number:5}  (top / 最上位 {top.get(name, 0)})"


def _reasoned(report: OntologyReport) -> str:
    if report.reasoned:
        found = sum(finding.rule == "contradiction" for finding in report.findings)
        return f"{found} contradictions / 矛盾 {found} 件"
    if report.rejected:
        return "not asked, since the files are broken / 誤りがあるため未実施"
    return "not asked: owlrl is not installed (it comes with the `dev` extra) / owlrl がないため未実施"


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {number}" for name, number in sorted(counts.items())) or "0"
